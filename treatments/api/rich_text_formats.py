"""From the display HTML of an answer to the other formats that a client can ask for.

Works on the finished JSON: ``convert_rich_text`` finds every ``{"html", "text"}`` in it.
"""

from __future__ import annotations

import re
from enum import StrEnum
from html.parser import HTMLParser
from typing import Any


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
#: Mark, and the HTML that stands for it where the mark would not be understood next to punctuation.
MARKDOWN_MARKS = {"bold": ("**", "strong"), "italic": ("_", "em")}
HTML_MARKS = {"subscript": "sub", "superscript": "sup"}
MARKDOWN_SPECIAL = re.compile(r"([\\`*_\[\]<>]|&(?=#?\w+;))")
#: What would start a heading or a list at the start of a line: what stands before the backslash, and after.
MARKDOWN_LINE_START = re.compile(r"^(\s*|\s*\d+)(#{1,6}\s|[-+]\s|[.)]\s)", re.MULTILINE)


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


def write_markdown(nodes: list[dict[str, Any]], indent: str = "") -> str:
    """Return nodes as CommonMark; terms become their words, citations a footnote reference ``[^1]``."""
    parts = []
    inline: list[str] = []
    for node in nodes:
        block = write_block(node, indent)
        if block is None:
            inline.append(write_inline(node))
            continue
        if "".join(inline).strip():
            parts.append("".join(inline).strip())
        inline = []
        parts.append(block)
    if "".join(inline).strip():
        parts.append("".join(inline).strip())
    return f"\n\n{indent}".join(part for part in parts if part)


def write_block(node: dict[str, Any], indent: str) -> str | None:
    """Return a block of Markdown, or None for a node that stands within a line."""
    children = node.get("children", [])
    if node["type"] == "paragraph":
        return MARKDOWN_LINE_START.sub(r"\1\\\2", write_line(children))
    if node["type"] == "heading":
        return f"{'#' * node['level']} {write_line(children)}"
    if node["type"] == "rule":
        return "---"
    if node["type"] == "quote":
        inner = write_markdown(children)
        return "\n".join(f"{indent}> {line}" for line in inner.split("\n")).lstrip()
    if node["type"] == "list":
        items = []
        for number, item in enumerate(children, start=1):
            mark = f"{number}. " if node["ordered"] else "- "
            inner = write_markdown(item.get("children", []), indent + " " * len(mark))
            items.append(f"{mark}{inner}")
        return f"\n{indent}".join(items)
    return None


def write_line(nodes: list[dict[str, Any]]) -> str:
    """Return nodes within a line."""
    return "".join(write_inline(node) for node in nodes).strip()


def write_inline(node: dict[str, Any]) -> str:
    """Return one node within a line; marks stand next to words and not next to spaces."""
    if node["type"] == "text":
        return MARKDOWN_SPECIAL.sub(r"\\\1", node["text"])
    if node["type"] == "break":
        return "\\\n"
    if node["type"] == "citation":
        return f"[^{node['number']}]"
    inner = "".join(write_inline(child) for child in node.get("children", []))
    if node["type"] == "link":
        address = node["href"].replace("<", "%3C").replace(">", "%3E")
        return (
            f"[{inner}](<{address}>)"
            if re.search(r"[\s()]", address)
            else f"[{inner}]({address})"
        )
    if node["type"] == "code":
        return write_code(node["children"])
    return write_marks(node["type"], inner)


def write_code(nodes: list[dict[str, Any]]) -> str:
    """Return code as it is, between more backticks than it has in a row."""
    code = get_text(nodes)
    fence = "`" * (max(map(len, re.findall("`+", code)), default=0) + 1)
    space = " " if code.startswith("`") or code.endswith("`") else ""
    return f"{fence}{space}{code}{space}{fence}" if code.strip() else code


def get_text(nodes: list[dict[str, Any]]) -> str:
    """Return the words of nodes."""
    return "".join(
        node.get("text", "") + get_text(node.get("children", [])) for node in nodes
    )


def write_marks(kind: str, inner: str) -> str:
    """Return words that stand out; the marks stand next to words and not next to spaces."""
    words = inner.strip()
    before = inner[: len(inner) - len(inner.lstrip())]
    after = inner[len(inner.rstrip()) :]
    if not words:
        return inner
    if kind in HTML_MARKS:
        return f"{before}<{HTML_MARKS[kind]}>{words}</{HTML_MARKS[kind]}>{after}"
    if kind not in MARKDOWN_MARKS:
        return inner
    mark, tag = MARKDOWN_MARKS[kind]
    if words[0].isalnum() and words[-1].isalnum():
        return f"{before}{mark}{words}{mark}{after}"
    return f"{before}<{tag}>{words}</{tag}>{after}"
