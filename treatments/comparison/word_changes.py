"""Which words of a text have changed, and which numbers stand in it."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: With what stands above or below the line behind it: of “10⁹” and “10⁶” neither is a part of the other.
NUMBER = r"\d+(?:[.,:/]\d+)*(?:[⁺⁻₊₋]?[⁰¹²³⁴-⁹₀-₉]+)*"
#: Space, numbers with their decimals, words, signs.
TOKEN = re.compile(rf"\s+|{NUMBER}|\w+|[^\w\s]")
#: A number with its sign and with the word or the sign behind it, which may be its unit.
QUANTITY = re.compile(
    rf"([<>≤≥±−-]?)\s*({NUMBER})\s*([–-]?)\s*(%|°?\w+(?:/\w+)?|[^\w\s]?)"
)
#: Beyond so many comparisons the changed part is shown as a whole.
MAX_COMPARISONS = 4_000_000


Mark: TypeAlias = Literal["same", "removed", "added"]


MarkedTokens: TypeAlias = tuple[Mark, list[str]]


class Run(NamedTuple):
    """Some words in a row, and what has happened to them."""

    mark: Mark
    text: str


def mark_words(old: str, new: str) -> list[Run]:
    """Return both texts as one: what is the same, what was removed, what was added, in reading order."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    start = 0
    shortest = min(len(before), len(after))
    while start < shortest and before[start] == after[start]:
        start += 1
    end = 0
    while end < shortest - start and before[-1 - end] == after[-1 - end]:
        end += 1
    runs: list[MarkedTokens] = [("same", before[:start])]
    runs += mark_tokens(
        before[start : len(before) - end], after[start : len(after) - end]
    )
    runs.append(("same", before[len(before) - end :]))
    return list(join_runs(runs))


def mark_tokens(old: Sequence[str], new: Sequence[str]) -> list[MarkedTokens]:
    """Return the runs of two lists of words."""
    if len(old) * len(new) > MAX_COMPARISONS:
        return [("removed", list(old)), ("added", list(new))]
    runs: list[MarkedTokens] = []
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            runs.append(("same", list(old[start:end])))
        else:
            runs.append(("removed", list(old[start:end])))
            runs.append(("added", list(new[new_start:new_end])))
    return bridge_spaces(runs)


def bridge_spaces(runs: list[MarkedTokens]) -> list[MarkedTokens]:
    """Join changes that only a space separates: “two words” reads better than “two” and “words”."""
    joined: list[MarkedTokens] = []
    removed: list[str] = []
    added: list[str] = []
    waiting: list[str] = []

    def flush() -> None:
        joined.extend(
            [("removed", removed[:]), ("added", added[:]), ("same", waiting[:])]
        )
        for words in (removed, added, waiting):
            words.clear()

    for mark, words in runs:
        if mark == "same":
            if "".join(words).isspace() and (removed or added):
                waiting.extend(words)
            else:
                flush()
                joined.append((mark, words))
            continue
        if not words:
            continue
        if waiting:
            removed.extend(waiting)
            added.extend(waiting)
            waiting.clear()
        (removed if mark == "removed" else added).extend(words)
    flush()
    return joined


def join_runs(runs: list[MarkedTokens]) -> Iterator[Run]:
    """Yield runs without empty ones, neighbors of one kind joined."""
    mark: Mark = "same"
    text = ""
    for next_mark, words in runs:
        if not words:
            continue
        if next_mark != mark and text:
            yield Run(mark, text)
            text = ""
        mark = next_mark
        text += "".join(words)
    if text:
        yield Run(mark, text)


def find_quantities(text: str) -> list[tuple[str, ...]]:
    """Return the numbers of a text with what may be their units, in reading order."""
    return QUANTITY.findall(text)


def has_number(text: str) -> bool:
    """Tell whether a text has a number in it."""
    return any(sign.isdecimal() for sign in text)
