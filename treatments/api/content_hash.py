"""Hashes of what readers see: the same words, numbers and choices have the same hash."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from treatments.api.answers import write_json

#: The fields of an article that are its content; the rest says where it is and how it stands.
CONTENT_FIELDS = (
    "summary",
    "kind",
    "audience",
    "intent",
    "treatment",
    "conditions",
    "also_known_as",
    "body_site",
    "hero",
    "key_points",
    "intro",
    "body",
    "questions",
    "regulatory_status",
    "references",
    "glossary",
)
#: Where a link leads within the site is its id; the address can change.
OWN_ADDRESS = re.compile(r'<a href="[^"]*" (data-(?:page|document)-id=)')
#: Addresses and sizes, what changes with the day, and when somebody looked.
VOLATILE_KEYS = frozenset(["renditions", "path", "promotions", "checked_on"])


def hash_content(title: str, article: dict[str, Any]) -> str:
    """Return ``sha256-…`` of an article's content, without addresses and without promotions."""
    content = {name: article[name] for name in CONTENT_FIELDS if name in article}
    return hash_json({"title": title, **content})


def hash_document(document: dict[str, Any]) -> str:
    """Return 64 hexadecimal digits that change with any byte of a document.

    The number of its version and the hash itself do not count.
    """
    version = {**document["version"], "number": 0, "etag": ""}
    content = write_json({**document, "version": version})
    return hashlib.sha256(content).hexdigest()


def hash_json(value: Any) -> str:
    """Return ``sha256-…`` of a JSON value in canonical form, without what is volatile."""
    text = json.dumps(
        prune(value),
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        cls=DjangoJSONEncoder,
    )
    return f"sha256-{hashlib.sha256(text.encode()).hexdigest()}"


def prune(value: Any) -> Any:
    """Return a JSON value without its volatile keys; 3.0 is 3."""
    if isinstance(value, dict):
        return {
            key: prune(inner)
            for key, inner in value.items()
            if key not in VOLATILE_KEYS
        }
    if isinstance(value, list):
        return [prune(inner) for inner in value]
    if isinstance(value, str):
        return OWN_ADDRESS.sub(r"<a \1", value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
