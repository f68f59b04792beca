"""How our own blocks give their text to wagtail-localize where its general rule does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail import blocks
from wagtail_localize.segments import StringSegmentValue

if TYPE_CHECKING:
    from treatments.blocks.text import FlatStructBlock


def get_flat_segments(block: FlatStructBlock, value: Any) -> list[StringSegmentValue]:
    """Return the texts of a struct whose children are plain leaves."""
    return [
        StringSegmentValue(name, value[name])
        for name, child in block.child_blocks.items()
        if isinstance(child, (blocks.CharBlock, blocks.TextBlock))
    ]
