"""Gives templates the readable form of a block value."""

from __future__ import annotations

from typing import Any

from django import template

from treatments.blocks.previews import Node, build_node

register = template.Library()


@register.simple_tag
def preview_node(bound_block: Any) -> Node | None:
    """Return how the value of a bound block is shown; its own label is left to the page around it."""
    return build_node(bound_block.block, bound_block.value, "")
