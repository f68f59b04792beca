"""The words of a text, as a search takes them.

A sign above or below the line is like any other behind a letter, so that “CO2” finds “CO₂”; behind
a digit it makes another number: “10⁹”, found by “10^9” too, is not 109, and “2½” is not “21/2”.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.text import slugify

if TYPE_CHECKING:
    from collections.abc import Iterator

LEVELS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉₊₋−", "0123456789+-0123456789+--")
#: How ``snippets.plain_text`` writes what Unicode has no signs for, and how people type it.
WRITTEN_LEVEL = r"[_^]\([+−-]?\d+\)|\^[+−-]?\d+|(?<=[^\W\d_])[_^]\([^\W_]+\)"
#: A number above or below the line, a fraction.
LEVEL = re.compile(
    r"([⁺⁻]?[⁰¹²³⁴-⁹]+)|([₊₋]?[₀-₉]+)|([¼-¾⅐-⅞])|\^\(?([+−-]?\d+)\)?|_\(([+−-]?\d+)\)"
)
#: It makes another number of the digit before it.
NUMBER_END = re.compile(rf"(?<=\d)(?:{LEVEL.pattern})")
BETWEEN_DIGITS = re.compile(r"(?<=\d)[^\w\s]+(?=\d)")
LEVEL_MARKS = re.compile(r"[_^()⁺⁻₊₋+−-]")


@lru_cache(maxsize=1)
def _get_word_pattern() -> re.Pattern[str]:
    # Marks (accents, vowel signs) belong to the word, which \w does not know.
    marks = "".join(
        chr(code)
        for code in range(0x300, 0x10000)
        if unicodedata.category(chr(code)).startswith("M")
    )
    return re.compile(
        rf"[^\W_]+(?:[{marks}]+[^\W_]*)*(?:[⁺⁻₊₋]+[⁰¹²³⁴-⁹₀-₉]*)?(?:{WRITTEN_LEVEL})*"
    )


def find_words(text: str) -> Iterator[tuple[int, int]]:
    """Return the start and the end of every word of a text: a run of letters, digits and marks."""
    return map(re.Match.span, _get_word_pattern().finditer(text))


def spell(word: str) -> str:
    """Return a word in letters and digits on the line: “10⁻⁹” and “10^-9” are “10supm9”, “CO₂” is “CO2”.

    Args:
        word: As ``find_words`` finds it.
    """
    if word.isascii() and word.isalnum():
        return word
    word = NUMBER_END.sub(_spell_level, word)
    return LEVEL_MARKS.sub("", word)


def _spell_level(match: re.Match[str]) -> str:
    above, below, fraction, written_above, written_below = match.groups()
    if fraction:
        top, bottom = unicodedata.normalize("NFKD", fraction).split(
            "\N{FRACTION SLASH}"
        )
        return f"frac{top}x{bottom}"
    name = "sup" if above or written_above else "sub"
    signs = (above or below or written_above or written_below).translate(LEVELS)
    return name + signs.replace("-", "m").replace("+", "")


def spell_text(text: str) -> str:
    """Return a text with every word as ``spell`` writes it, for a search that has words of its own."""
    return _get_word_pattern().sub(lambda match: spell(match.group()), text)


def build_slug(text: str) -> str:
    """Return a text for an address or a name, its numbers apart: “5×10⁹” is ``5-10-sup9``, “6.5” ``6-5``."""
    text = LEVEL.sub(lambda match: f" {_spell_level(match)} ", text)
    return slugify(BETWEEN_DIGITS.sub(" ", text))
