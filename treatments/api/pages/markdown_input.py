"""Finds what Wagtail's Markdown takes for something else than CommonMark, or leaves as signs in the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from treatments.hashes.normal_forms import join_lists

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = re.compile(r"(`+).+?\1", re.DOTALL)
DESTINATION = re.compile(r"\]\([^)\n]*\)")
#: What would be read as signs; with a backslash before it, it is meant so.
LEFT = {
    "struck_text": (
        re.compile(r"(?<!\\)~~"),
        "Struck-out text is no part of a text. Leave it out.",
    ),
    "markdown_html": (
        re.compile(r"(?<!\\)<(?!/?su[bp]>)(/?[a-z][a-z0-9]*(\s[^<>]*)?/?>|!--)", re.I),
        "Markdown has no HTML here but sub and sup. Use the format db_html.",
    ),
    "markdown_table": (
        re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*\|[-|: \t]*$", re.MULTILINE),
        "A text has no table. Write each row as a paragraph, or use a table block.",
    ),
    "markdown_entity": (
        re.compile(r"(?<!\\)&(#\d+|#x[0-9a-f]+|[a-z]+\d*);", re.IGNORECASE),
        "Markdown has no entities here. Write the sign itself.",
    ),
    "markdown_footnote": (
        re.compile(r"(?<!\\)\[\^[^\]\s]+\]"),
        "A text has no footnotes. Write citations in the format db_html.",
    ),
}
#: Words that are held together by underscores.
JOINED = re.compile(r"(?<![\\\w])[^\W_]+(?:_+[^\W_]+)+(?!\w)")
NUMBERS = (
    "The numbers of a list begin with 1 and leave none out. "
    "Write 5\\. for a number at the start of a paragraph."
)
LISTS = (
    "Two numbered lists in a row would become one, whose numbers go on. "
    "Write a paragraph between them, or one list."
)
NUMBER = re.compile(r"^[ \t]*(\d{1,9})([.)])[ \t]", re.MULTILINE)


def find_markdown_problems(source: str, stored: str) -> Iterator[tuple[str, str]]:
    """Yield the type and the message of each way in which a text in Markdown would say something else.

    Args:
        source: The text in Markdown.
        stored: What Wagtail has made of it.
    """
    bare = DESTINATION.sub("]", CODE.sub("", source))
    for type_, (pattern, message) in LEFT.items():
        if pattern.search(bare):
            yield type_, message
    document = BeautifulSoup(join_lists(stored), "html.parser")
    text = document.get_text()
    for word in JOINED.findall(bare):
        if word not in text:
            yield (
                "markdown_emphasis",
                f"{word[:60]!r} would lose its underscores. Write \\_ for each.",
            )
    for tag in document.find_all(["b", "strong", "i", "em"]):
        words = tag.get_text()
        if words != words.strip():
            yield (
                "markdown_emphasis",
                f"“{words.strip()[:60]}” would lose the signs around it. Write \\* or \\_ for these.",
            )
    if any(tag.get_text()[:1].isspace() for tag in document.find_all("p")):
        yield (
            "markdown_indent",
            "A line is indented that belongs to no item. An item has one paragraph.",
        )
    yield from find_number_problems(source, document)


def find_number_problems(
    source: str, document: BeautifulSoup
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the numbers of lists."""
    # In the order of the text, lists within lists among them.
    items = document.select("ol > li")
    given = NUMBER.findall(source)
    places = [len(item.find_previous_siblings("li")) + 1 for item in items]
    # A list may have 1 before each of its items, which says: count.
    is_counted = len(given) == len(places) and all(
        int(number) in (1, place)
        for (number, _mark), place in zip(given, places, strict=True)
    )
    if not is_counted:
        yield "list_number", NUMBERS
        return
    # Another sign behind the number begins another list.
    marks = {id(item): mark for item, (_, mark) in zip(items, given, strict=True)}
    before = ((item, item.find_previous_sibling("li")) for item in items)
    if any(other and marks[id(item)] != marks[id(other)] for item, other in before):
        yield "list_number", LISTS
