"""Compares lists of blocks: which are new, gone or moved, and what each of the others says."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from treatments.comparison.alignments import find_moved, write_content
from treatments.comparison.block_places import BlockIndex, Spot, get_key, iterate_blocks
from treatments.comparison.findings import (
    Findings,
    Kind,
    Significance,
    weigh,
    weigh_block,
)
from treatments.comparison.plain_texts import write_value


class BlockComparison(Findings):
    """Compares the blocks of two documents."""

    old_blocks: BlockIndex
    new_blocks: BlockIndex

    def compare(self, old: Any, new: Any, spot: Spot) -> None:
        """Compare any two values."""
        raise NotImplementedError

    def compare_streams(
        self, old: list[dict[str, Any]], new: list[dict[str, Any]], spot: Spot
    ) -> None:
        """Compare two lists of blocks: which are new, gone, moved, and what each says."""
        before = list(spot.enter_blocks(old))
        after = list(spot.enter_blocks(new))
        pairs, old_rest, new_rest = self.pair_blocks(old, new)
        moved = find_moved(
            [number for number, _new in sorted(pairs.items())],
            [
                number
                for number, _new in sorted(pairs.items(), key=lambda pair: pair[1])
            ],
        )
        partners = {place: number for number, place in pairs.items()}
        for place, (child, inner) in enumerate(after):
            number = partners.get(place)
            if number is None:
                if place in new_rest:
                    self.add_block(child, inner)
                else:
                    self.move_block(child, inner)
                continue
            if number in moved:
                self.add(
                    Kind.MOVED,
                    inner,
                    write_position(number, len(old)),
                    write_position(place, len(new)),
                    weigh(inner.definition.weight),
                )
            self.compare_blocks(before[number][0], child, inner)
        for number in old_rest:
            self.remove_block(*before[number])

    def pair_blocks(
        self, old: list[dict[str, Any]], new: list[dict[str, Any]]
    ) -> tuple[dict[int, int], list[int], list[int]]:
        """Return which place is which, and the places of what is gone and of what is new in the whole document."""
        known = {
            get_key(child): number
            for number, child in enumerate(old)
            if self.old_blocks.find(child) and self.new_blocks.find(child)
        }
        pairs = {
            known[get_key(child)]: place
            for place, child in enumerate(new)
            if get_key(child) in known
        }
        old_rest = [
            number
            for number, child in enumerate(old)
            if number not in pairs and not self.is_kept(child)
        ]
        new_rest = [
            place
            for place, child in enumerate(new)
            if place not in pairs.values() and not self.is_kept(child)
        ]
        self.pair_rest(old, new, pairs, old_rest, new_rest)
        return pairs, old_rest, new_rest

    def pair_rest(
        self,
        old: list[dict[str, Any]],
        new: list[dict[str, Any]],
        pairs: dict[int, int],
        old_rest: list[int],
        new_rest: list[int],
    ) -> None:
        """Pair what has the same content under another id; then, where ids do not tell, what is of one kind."""
        old_texts = {number: write_content(old[number]) for number in old_rest}
        new_texts = {place: write_content(new[place]) for place in new_rest}
        for is_same in (
            lambda number, place: old_texts[number] == new_texts[place],
            lambda number, place: is_same_kind(old[number], new[place]),
        ):
            for number in list(old_rest):
                place = next((each for each in new_rest if is_same(number, each)), None)
                if place is not None:
                    pairs[number] = place
                    old_rest.remove(number)
                    new_rest.remove(place)

    def is_kept(self, child: dict[str, Any]) -> bool:
        """Tell whether a block is in both documents, wherever."""
        return bool(self.old_blocks.find(child) and self.new_blocks.find(child))

    def compare_blocks(
        self, old: dict[str, Any], new: dict[str, Any], spot: Spot
    ) -> None:
        """Compare two states of one block."""
        if old["id"] != new["id"]:
            self.add(
                Kind.CHANGED,
                spot,
                str(old["id"] or ""),
                str(new["id"] or ""),
                Significance.TECHNICAL,
                "id",
            )
        self.compare(old["value"], new["value"], spot)

    def move_block(self, child: dict[str, Any], spot: Spot) -> None:
        """Note a block that stood elsewhere, and what has changed in it."""
        before, after = self.old_blocks.find(child), self.new_blocks.find(child)
        if before is None or after is None:
            return
        weight = weigh(spot.definition.weight)
        self.add(Kind.MOVED, spot, before.container, after.container, weight)
        self.compare(before.child["value"], child["value"], spot)

    def add_block(self, child: dict[str, Any], spot: Spot) -> None:
        """Note a new block; blocks in it that were elsewhere before have moved."""
        text = write_value(child["value"], spot.definition, self.is_kept)
        weight = weigh_block(child["value"], spot.definition, self.is_kept)
        self.add(Kind.ADDED, spot, "", text, weight)
        for located in iterate_blocks(child["value"], spot, self.is_kept):
            if self.is_kept(located.child):
                self.move_block(located.child, located.spot)

    def remove_block(self, child: dict[str, Any], spot: Spot) -> None:
        """Note that a block is gone; those in it that are elsewhere now are told of there."""
        text = write_value(child["value"], spot.definition, self.is_kept)
        weight = weigh_block(child["value"], spot.definition, self.is_kept)
        self.add(Kind.REMOVED, spot, text, "", weight)


def is_same_kind(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Tell whether two blocks can be the same one: of a kind, and with no ids that tell them apart."""
    has_other_id = old["id"] and new["id"] and old["id"] != new["id"]
    return old["type"] == new["type"] and not has_other_id


def write_position(place: int, count: int) -> str:
    """Return ``2 of 5`` for the second of five."""
    return _("%(place)d of %(count)d") % {"place": place + 1, "count": count}
