"""The one form of plain text: how its lines break, or that it is a single line.

Browsers send two signs for a line break, programs one; an input of one line drops what breaks it, and would
glue the number behind it to the word before it.
"""

from __future__ import annotations

import re
import unicodedata

LINE_BREAK = re.compile(r"\r\n?")
SPACE = re.compile(r"\s+")
#: What no single line has: line breaks of any kind, tabs and the separators of data.
BREAKING = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")

#: Letters and signs of Unicode that show nothing.
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
#: Categories of Unicode that show nothing by themselves: spaces, controls, joiners, marks.
INVISIBLE = frozenset(["Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me"])


def shows_nothing(text: str) -> bool:
    """Tell whether a text has no sign that can be seen, such as a single zero-width space."""
    return all(
        sign in FILLERS or unicodedata.category(sign) in INVISIBLE for sign in text
    )


def normalize_text(text: str | None) -> str:
    """Return plain text with one sign for each line break."""
    return LINE_BREAK.sub("\n", text) if text else ""


def join_lines(text: str | None) -> str:
    """Return plain text as one line: a space stands for each line break and the spaces around it."""
    if not text or not BREAKING.search(text):
        return text or ""
    return SPACE.sub(lambda match: " " if BREAKING.search(match[0]) else match[0], text)


def normalize_line(text: str | None) -> str:
    """Return plain text as one line, without the spaces around it."""
    return join_lines(text).strip()
