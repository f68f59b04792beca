"""Gives Wagtail's screen that withdraws a page, which has no hook, the articles that lead there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from treatments.admin.removal_guards import find_links, group_uses

if TYPE_CHECKING:
    from collections.abc import Iterable

register = template.Library()


@register.simple_tag
def links_to_pages(pages: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the public articles that lead to pages, each with its title, its address and the places."""
    return group_uses(find_links(pages))
