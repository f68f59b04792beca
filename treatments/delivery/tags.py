"""Cache tags: short names of a document and of all that it contains, by which caches forget answers."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def get_article_tag(page_id: int) -> str:
    """Return the tag of one article."""
    return f"article-{page_id}"


def get_tag(key: str) -> str:
    """Return the tag of something that documents contain.

    ``image:5`` becomes ``image-5``. Of a long key, such as a UUID, a hash of eight digits is enough: when two
    keys share a tag, a cache forgets too much and never too little.
    """
    name, _, value = key.partition(":")
    if not value:
        return name
    short = (
        value if value.isdecimal() else hashlib.sha256(value.encode()).hexdigest()[:8]
    )
    return f"{name.rpartition('.')[2]}-{short}"


def build_tags(page_id: int, keys: Iterable[str]) -> list[str]:
    """Return the tags of a document, its own first."""
    return [get_article_tag(page_id), *sorted(set(map(get_tag, keys)))]
