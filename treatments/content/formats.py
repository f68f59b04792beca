"""From the display HTML of an answer to the other formats that a client can ask for.

Works on the finished JSON: ``convert_rich_text`` finds every ``{"html", "text"}`` in it.
"""

from __future__ import annotations

import re
from enum import StrEnum
from html.parser import HTMLParser
from typing import Any

from treatments.content.markdown import write_markdown


class RichTextFormat(StrEnum):
    """How rich text arrives."""

    HTML = "html"
    JSON = "json"
    TEXT = "text"
    MARKDOWN = "markdown"


ELEMENTS = {
    "p": "paragraph",
    "li": "list_item",
    "blockquote": "quote",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "sub": "subscript",
    "sup": "superscript",
    "code": "code",
}
VOID_ELEMENTS = {"br": "break", "hr": "rule"}


def convert_rich_text(value: Any, rich_text_format: RichTextFormat) -> Any:
    """Return a JSON value in which rich text has one format beside plain text; ``html`` is emptied."""
    if rich_text_format == RichTextFormat.HTML:
        return value
    if isinstance(value, dict):
        if value.keys() == {"html", "text"}:
            return convert(value, rich_text_format)
        return {
            key: convert_rich_text(inner, rich_text_format)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [convert_rich_text(inner, rich_text_format) for inner in value]
    return value


def convert(value: dict[str, str], rich_text_format: RichTextFormat) -> dict[str, Any]:
    """Return one rich text in a format."""
    answer: dict[str, Any] = {"html": "", "text": value["text"]}
    if rich_text_format == RichTextFormat.JSON:
        answer["nodes"] = build_nodes(value["html"])
    elif rich_text_format == RichTextFormat.MARKDOWN:
        answer["markdown"] = write_markdown(build_nodes(value["html"]))
    return answer


class _NodeBuilder(HTMLParser):
    """Builds the tree of ``rich_text_schemas.RichTextNode``; the input is our own balanced HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: list[dict[str, Any]] = []
        self.open_lists: list[list[dict[str, Any]]] = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID_ELEMENTS:
            self.open_lists[-1].append({"type": VOID_ELEMENTS[tag]})
            return
        node = build_node(tag, {name: value or "" for name, value in attrs})
        self.open_lists[-1].append(node)
        # The number of a citation is a field of its own.
        self.open_lists.append(node.get("children", []))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID_ELEMENTS and len(self.open_lists) > 1:
            self.open_lists.pop()

    def handle_data(self, data: str) -> None:
        self.open_lists[-1].append({"type": "text", "text": data})


def build_nodes(html: str) -> list[dict[str, Any]]:
    """Return display HTML as a tree of nodes."""
    builder = _NodeBuilder()
    numbered = re.sub(
        r'<sup data-reference="(\d+)">(\d+)</sup>',
        r'<sup data-reference="\1" data-number="\2"></sup>',
        html,
    )
    builder.feed(numbered)
    builder.close()
    return builder.root


def build_node(tag: str, attrs: dict[str, str]) -> dict[str, Any]:
    """Return an element without its children."""
    if tag == "sup" and "data-reference" in attrs:
        return {
            "type": "citation",
            "reference_id": int(attrs["data-reference"]),
            "number": int(attrs["data-number"]),
        }
    if tag == "dfn":
        return {"type": "term", "id": int(attrs["data-term"]), "children": []}
    if tag == "a":
        return {
            "type": "link",
            "href": attrs.get("href", ""),
            "page_id": read_id(attrs.get("data-page-id")),
            "document_id": read_id(attrs.get("data-document-id")),
            "hreflang": attrs.get("hreflang"),
            "children": [],
        }
    if tag in ("ul", "ol"):
        return {"type": "list", "ordered": tag == "ol", "children": []}
    if re.fullmatch(r"h[2-6]", tag):
        return {"type": "heading", "level": int(tag[1]), "children": []}
    return {"type": ELEMENTS[tag], "children": []}


def read_id(value: str | None) -> int | None:
    """Return the number in an attribute."""
    return int(value) if value else None
