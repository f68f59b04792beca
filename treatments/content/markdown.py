"""From nodes of rich text to CommonMark that every parser reads back as the same words.

Marks are Markdown's own where it is sure that they are understood, else HTML, which CommonMark takes within a line.
What means something in Markdown, or in GitHub's tables and strikethrough, is escaped.
"""

from __future__ import annotations

import re
import string
from itertools import groupby
from typing import Any

BLOCKS = frozenset(["paragraph", "heading", "list", "list_item", "quote", "rule"])
#: Mark, and the HTML that stands for it where the mark would not be understood.
MARKS = {"bold": ("**", "strong"), "italic": ("_", "em")}
HTML_MARKS = {"subscript": "sub", "superscript": "sup"}
BREAK = "\\\n"
#: Two lists that follow each other have different marks, or they would be one list.
BULLETS = ("-", "+")
NUMBER_ENDS = (".", ")")

SPACES = re.compile(r"[ \t\r\n\f\v]+")
SPECIAL = re.compile(r"([\\`*_\[\]<>~|#]|&(?=[#\w]))")
#: What would begin a list, underline a heading or rule off a table at the start of a line.
LINE_START = re.compile(r"^(?=[-+](?: |$)|[-=:][-=: ]*$)|^(\d{1,9})(?=[.)](?: |$))")
#: What would make a link of a citation, or its definition.
AFTER_CITATION = re.compile(r"^(?=[(:])")
EDGES = re.compile(r"((?: |\\\n)*)(.*?)((?: |\\\n)*)", re.DOTALL)


def write_markdown(nodes: list[dict[str, Any]]) -> str:
    """Return nodes as CommonMark; terms become their words, citations a footnote reference ``[^1]``."""
    parts: list[str] = []
    #: What kind of list stands last, and how many of its kind stand in a row.
    last, count = None, 0
    for is_block, group in groupby(flatten(nodes), lambda node: node["type"] in BLOCKS):
        for node in (
            group if is_block else [{"type": "paragraph", "children": [*group]}]
        ):
            kind = node.get("ordered")
            count = count + 1 if kind is not None and kind == last else 0
            block = write_block(node, count, is_block=is_block)
            if block:
                parts.append(block)
                last = kind
    return "\n\n".join(parts)


def flatten(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return nodes with the words of terms among them; neighboring texts are one, spaces are one space."""
    flat: list[dict[str, Any]] = []
    for node in nodes:
        for each in flatten(node["children"]) if node["type"] == "term" else [node]:
            if each["type"] == "text":
                before = (
                    flat.pop()["text"] if flat and flat[-1]["type"] == "text" else ""
                )
                each = {"type": "text", "text": SPACES.sub(" ", before + each["text"])}
            flat.append(each)
    return flat


def write_block(node: dict[str, Any], number: int, *, is_block: bool) -> str:
    """Return a block.

    Args:
        node: The block.
        number: How many lists of its kind stand directly before it.
        is_block: Whether it is more than words that stand between blocks.
    """
    children = node.get("children", [])
    if not is_block:
        return write_lines(children)
    if node["type"] == "rule":
        return "***"
    if node["type"] == "heading":
        return f"{'#' * node['level']} {write_lines(children).replace(BREAK, '<br>')}"
    if node["type"] == "quote":
        return indent(write_markdown(children), "> ", "> ")
    if node["type"] == "list":
        return write_list(node, number)
    return write_markdown(children)


def write_list(node: dict[str, Any], number: int) -> str:
    """Return a list; what stands in it outside of an item is an item of its own."""
    items: list[str] = []
    for child in flatten(node["children"]):
        if child["type"] == "text" and not child["text"].strip():
            continue
        end = NUMBER_ENDS[number % 2]
        mark = (
            f"{len(items) + 1}{end} " if node["ordered"] else f"{BULLETS[number % 2]} "
        )
        words = write_markdown(
            child["children"] if child["type"] == "list_item" else [child]
        )
        items.append(indent(words, mark, " " * len(mark)))
    return "\n".join(items)


def indent(text: str, first: str, rest: str) -> str:
    """Return text with something before its first line and before each of the others."""
    lines = [
        f"{rest if number else first}{line}"
        for number, line in enumerate(text.split("\n"))
    ]
    return "\n".join(line if line.strip() else "" for line in lines)


def write_lines(nodes: list[dict[str, Any]]) -> str:
    """Return nodes within a paragraph; none of its lines is taken for anything else."""
    _before, words, _after = split_edges(write_inline(nodes))
    lines = [line.strip(" ") for line in words.split(BREAK)]
    return BREAK.join(LINE_START.sub(r"\1\\", line) for line in lines)


def split_edges(written: str) -> tuple[str, str, str]:
    """Return the spaces and breaks before the words, the words, and those behind them."""
    match = EDGES.fullmatch(written)
    return match.groups() if match else ("", written, "")  # ty: ignore[invalid-explicit-return]


def write_inline(nodes: list[dict[str, Any]]) -> str:
    """Return nodes within a line, each by what stands beside it."""
    nodes = flatten(nodes)
    written = ""
    for number, node in enumerate(nodes):
        following = nodes[number + 1] if number + 1 < len(nodes) else None
        if node["type"] == "text":
            after_citation = number > 0 and nodes[number - 1]["type"] == "citation"
            written += write_text(node["text"], after_citation, following)
        elif node["type"] == "citation":
            written += f"[^{node['number']}]"
        elif node["type"] == "break":
            written += BREAK
        elif node["type"] in BLOCKS:
            # Blocks do not belong here: what they say stays a line of its own.
            written += f"{BREAK}{write_inline(node.get('children', []))}{BREAK}"
        elif node["type"] == "code":
            is_beside_code = written.endswith("`") or is_kind(following, "code")
            written += write_code(flatten(node["children"]), is_beside_code)
        else:
            written += write_element(node, written[-1:], following)
    return written


def is_kind(node: dict[str, Any] | None, *kinds: str) -> bool:
    """Tell whether there is a node, and of one of some types."""
    return node is not None and node["type"] in kinds


def write_text(
    text: str, after_citation: bool, following: dict[str, Any] | None
) -> str:
    """Return a text without a meaning in Markdown."""
    words = SPECIAL.sub(r"\\\1", text)
    if after_citation:
        words = AFTER_CITATION.sub(r"\\", words)
    # In front of a link, it would make an image of it.
    return f"{words[:-1]}\\!" if following and words.endswith("!") else words


def write_element(
    node: dict[str, Any], before: str, following: dict[str, Any] | None
) -> str:
    """Return an element within a line; marks stand next to words and not next to spaces.

    Args:
        node: The element.
        before: The sign before it; empty at the start.
        following: The node behind it.
    """
    spaces, words, spaces_after = split_edges(write_inline(node["children"]))
    if not words:
        return spaces + spaces_after
    if node["type"] == "link":
        return f"{spaces}[{words}]({write_address(node['href'])}){spaces_after}"
    mark, tag = MARKS.get(node["type"]) or ("", HTML_MARKS[node["type"]])
    if is_kind(following, *MARKS):
        after = "*"
    else:
        after = following["text"][:1] if is_kind(following, "text") else ""  # ty: ignore[not-subscriptable]
    if mark and is_understood(mark, words, spaces or before, spaces_after or after):
        return f"{spaces}{mark}{words}{mark}{spaces_after}"
    return f"{spaces}<{tag}>{words}</{tag}>{spaces_after}"


def is_understood(mark: str, words: str, before: str, after: str) -> bool:
    """Tell whether every parser takes a mark for one: it stands next to letters and digits, and no other mark is near."""
    near = {*words, before[-1:], after[:1]}
    if "*" in near or "_" in near or not (words[0].isalnum() and words[-1].isalnum()):
        return False
    return mark == "**" or all(
        not sign or sign.isspace() or sign in string.punctuation
        for sign in (before[-1:], after[:1])
    )


def write_address(address: str) -> str:
    """Return the address of a link, in which nothing has a meaning in Markdown."""
    address = re.sub(r"&(?=[#\w]+;)", "&amp;", address.replace("\\", "%5C"))
    address = re.sub(r"[\t\r\n]", "", address)
    address = address.replace("<", "%3C").replace(">", "%3E")
    return f"<{address}>" if re.search(r"[\s()]", address) else address


def write_code(nodes: list[dict[str, Any]], is_beside_code: bool) -> str:
    """Return code between more backticks than it has in a row; as HTML beside other code, and with marks in it."""
    if is_beside_code or not all(node["type"] == "text" for node in nodes):
        spaces, words, spaces_after = split_edges(write_inline(nodes))
        code = f"<code>{words}</code>" if words else ""
        return f"{spaces}{code}{spaces_after}"
    code = "".join(node["text"] for node in nodes)
    if not code.strip():
        return code
    fence = "`" * (max(map(len, re.findall("`+", code)), default=0) + 1)
    space = " " if code.startswith("`") or code.endswith("`") else ""
    return f"{fence}{space}{code}{space}{fence}"
