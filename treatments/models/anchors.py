"""The anchors of sections: made from their headings once, and then kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from snippets.words import build_slug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: Leaves room for a number in the column of ``PublishedBlock``.
LENGTH = 180


@dataclass
class GivenAnchors:
    """The anchors that one article has given.

    Attributes:
        by_block: Block id → the anchor that leads to it.
        taken: All that were ever given; none of them is given again.
    """

    by_block: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def add(self, block_id: str, anchor: str) -> None:
        """Note an anchor; the first one of a block stays."""
        self.by_block.setdefault(block_id, anchor)
        self.taken.add(anchor)


def choose_anchors(
    sections: Iterable[tuple[str | None, str]],
    given: GivenAnchors,
    spell: Callable[[str], str] = build_slug,
) -> list[str]:
    """Return the anchor of each section: the one that it has, or the one that it would get.

    Args:
        sections: Id and heading, in reading order.
        given: What the article has given before; it is not changed.
        spell: Makes an anchor of a heading.
    """
    taken = set(given.taken)
    anchors = []
    for block_id, heading in sections:
        anchor = given.by_block.get(block_id or "")
        if anchor is None:
            base = anchor = spell(heading)[:LENGTH] or "section"
            number = 1
            while anchor in taken:
                number += 1
                anchor = f"{base}-{number}"
            taken.add(anchor)
        anchors.append(anchor)
    return anchors
