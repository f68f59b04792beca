"""Which entry of one list is which entry of another."""

from __future__ import annotations

import json
from bisect import bisect_left
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from treatments.comparison.plain_texts import BLOCK_KEYS, is_object

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence


def align(
    old: Sequence[Any], new: Sequence[Any]
) -> list[tuple[int | None, int | None]]:
    """Return pairs of places in two lists, in reading order; None for an entry that the other list has not.

    Entries that are the same are paired; what stands between two such pairs is paired in its order.
    """
    matcher = SequenceMatcher(
        a=[write_key(entry) for entry in old],
        b=[write_key(entry) for entry in new],
        autojunk=False,
    )
    pairs: list[tuple[int | None, int | None]] = []
    for _tag, start, end, new_start, new_end in matcher.get_opcodes():
        for step in range(max(end - start, new_end - new_start)):
            before, after = start + step, new_start + step
            pairs.append(
                (
                    before if before < end else None,
                    after if after < new_end else None,
                )
            )
    return pairs


def write_key(entry: Any) -> str:
    """Return the same text for the same JSON value."""
    return json.dumps(entry, sort_keys=True, ensure_ascii=False)


def write_content(value: Any) -> str:
    """Return the same text for two values that differ in the ids of their blocks only."""
    return write_key(drop_ids(value))


def drop_ids(value: Any) -> Any:
    """Return a value without the ids of the blocks in it."""
    if isinstance(value, list):
        return [drop_ids(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    is_block = set(value) == BLOCK_KEYS
    return {
        key: drop_ids(part)
        for key, part in value.items()
        if not (is_block and key == "id")
    }


def find_moved(old: Sequence[Hashable], new: Sequence[Hashable]) -> set[Hashable]:
    """Return the fewest entries that have to be moved to turn one order into the other.

    Entries that only one of the lists has do not count.
    """
    places = {entry: place for place, entry in enumerate(old)}
    common = [entry for entry in new if entry in places]
    # The longest rising run of old places stays where it is.
    ends: list[int] = []
    chain: list[int] = []
    before: list[int] = [-1] * len(common)
    for number, entry in enumerate(common):
        place = places[entry]
        length = bisect_left(ends, place)
        if length == len(ends):
            ends.append(place)
            chain.append(number)
        else:
            ends[length] = place
            chain[length] = number
        before[number] = chain[length - 1] if length else -1
    staying: set[Hashable] = set()
    number = chain[-1] if chain else -1
    while number >= 0:
        staying.add(common[number])
        number = before[number]
    return set(common) - staying


def identify(entry: Any) -> tuple[Any, ...] | None:
    """Return what an entry is known by: its id, or the ids of what was chosen in it; None for neither."""
    if is_object(entry):
        return (entry["id"],)
    if not isinstance(entry, dict):
        return None
    chosen = tuple(
        (key, part["id"]) for key, part in sorted(entry.items()) if is_object(part)
    )
    return chosen or None


def identify_all(entries: Sequence[Any]) -> dict[tuple[Any, ...], Any] | None:
    """Return what is known by which id, or None where not every entry has one of its own."""
    known = {identify(entry): entry for entry in entries}
    if None in known or len(known) != len(entries):
        return None
    return {key: entry for key, entry in known.items() if key is not None}
