"""Where a search found something, as a snippet of text with the words marked."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from snippets.words import find_words
from treatments.search.stemming import stem_query, stem_word

if TYPE_CHECKING:
    from collections.abc import Sequence

ELLIPSIS = "…"


def highlight(text: str, words: str, language: str, length: int = 200) -> str | None:
    """Return a snippet of plain text around the best match, as HTML; None when nothing matches.

    The snippet is escaped, and the words that match are in ``<mark>``. The best match is where the
    most different words of the query stand together.

    Args:
        text: Plain text.
        words: What the reader asked for.
        language: Code of the language of the text, by whose stems words are compared.
        length: The most characters of text that the snippet has, beside marks and ellipses. A longer
            word that matches is shown whole.
    """
    asked = stem_query(words, language)
    if not asked:
        return None
    spans = list(find_words(text))
    matches = _find_matches(text, spans, asked, language)
    if not matches:
        return None
    first, last = _choose_window(spans, matches, length)
    start = 0 if first == 0 else spans[first][0]
    end = len(text) if last == len(spans) - 1 else spans[last][1]
    if end - start > length:
        start, end = spans[first][0], spans[last][1]
    parts = []
    position = start
    for index in range(first, last + 1):
        if index in matches:
            word_start, word_end = spans[index]
            parts.append(escape(text[position:word_start]))
            parts.append(f"<mark>{escape(text[word_start:word_end])}</mark>")
            position = word_end
    parts.append(escape(text[position:end]))
    snippet = " ".join("".join(parts).split())
    before = ELLIPSIS if text[:start].strip() else ""
    after = ELLIPSIS if text[end:].strip() else ""
    return f"{before}{snippet}{after}"


def _find_matches(
    text: str,
    spans: Sequence[tuple[int, int]],
    asked: Sequence[tuple[str, ...]],
    language: str,
) -> dict[int, int]:
    """Return the number of a word in the text → the number of the word in the query."""
    numbers = {stem: number for number, stems in enumerate(asked) for stem in stems}
    words = [text[start:end] for start, end in spans]
    # A text has each of its words many times.
    found = {}
    for word in set(words):
        for stem in stem_word(word, language):
            if stem in numbers:
                found[word] = numbers[stem]
                break
    return {index: found[word] for index, word in enumerate(words) if word in found}


def _choose_window(
    spans: Sequence[tuple[int, int]], matches: dict[int, int], length: int
) -> tuple[int, int]:
    """Return the first and the last word of the snippet: the best matches, with what stands around."""
    indexes = sorted(matches)
    best = (0, 0, 0)
    chosen = (indexes[0], indexes[0])
    counts: dict[int, int] = {}
    left = 0
    for right, index in enumerate(indexes):
        counts[matches[index]] = counts.get(matches[index], 0) + 1
        while left < right and spans[index][1] - spans[indexes[left]][0] > length:
            counts[matches[indexes[left]]] -= 1
            left += 1
        different = sum(1 for count in counts.values() if count)
        score = (different, right - left, -indexes[left])
        if score > best:
            best, chosen = score, (indexes[left], index)
    first, last = chosen
    # Grow by whole words, a third of the room before the match and the rest behind it.
    room = length - (spans[last][1] - spans[first][0])
    wanted = spans[first][0] - room // 3
    while first > 0 and spans[first - 1][0] >= wanted:
        first -= 1
    while last < len(spans) - 1 and spans[last + 1][1] - spans[first][0] <= length:
        last += 1
    while first > 0 and spans[last][1] - spans[first - 1][0] <= length:
        first -= 1
    return first, last
