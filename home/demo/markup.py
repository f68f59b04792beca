"""Turns the rich text of the files into what Wagtail stores.

``[[term:key|words]]``, ``[[ref:key]]`` and ``[[page:key|words]]`` become links with ids; the rest is
HTML already.
"""

from __future__ import annotations

import re
from html import escape
from typing import Protocol

_ENTITY = re.compile(
    r"\[\[(?P<kind>[a-z]+):(?P<key>[a-z0-9-]+)(?:\|(?P<words>[^\]]*))?\]\]"
)
_TAG = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>")
_BLOCK_TAGS = ("p", "ul", "ol", "li", "h3", "h4")
_INLINE_TAGS = ("a", "b", "i")
_SPACE_AROUND_BLOCKS = re.compile(rf"\s*(</?(?:{'|'.join(_BLOCK_TAGS)})>)\s*")


class Lookup(Protocol):
    """Finds what a text refers to; both methods raise ``DemoContentError`` for an unknown key."""

    def get_id(self, kind: str, key: str, where: str) -> int:
        """Return the primary key of what ``key`` stands for."""

    def get_citation_label(self, key: str, where: str) -> str:
        """Return the words that stand for a citation in the editor."""


def find_entities(text: str) -> list[tuple[str, str]]:
    """Return the (kind, key) pairs of a text, in their order."""
    return [(match["kind"], match["key"]) for match in _ENTITY.finditer(text)]


def find_forbidden_tags(text: str) -> list[str]:
    """Return the tags that rich text of the demonstration may not have."""
    return [
        name
        for _closing, name, _rest in _TAG.findall(text)
        if name not in (*_BLOCK_TAGS, *_INLINE_TAGS)
    ]


def render_markup(text: str, lookup: Lookup, where: str) -> str:
    """Return the HTML to store.

    Raises:
        DemoContentError: the text refers to something that does not exist.
    """

    def replace(match: re.Match[str]) -> str:
        kind, key = match["kind"], match["key"]
        pk = lookup.get_id(kind, key, where)
        if kind == "ref":
            label = escape(lookup.get_citation_label(key, where))
            return f'<a linktype="citation" id="{pk}">[{label}]</a>'
        linktype = {"term": "glossary-term", "page": "page"}[kind]
        return f'<a linktype="{linktype}" id="{pk}">{match["words"]}</a>'

    one_line = " ".join(text.split())
    return _ENTITY.sub(replace, _SPACE_AROUND_BLOCKS.sub(r"\1", one_line))
