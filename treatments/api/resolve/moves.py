"""Where an old path leads to today: the redirects of the site, never one to or from what is not public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from treatments.api.resolve.old_paths import find_redirect
from treatments.content.addresses import get_path

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Move:
    """Where a path leads.

    Attributes:
        target: A path of this site, or the address that the redirect gives.
        is_permanent: Whether the old path will not be used again.
        page_id: The page there; None for an address.
    """

    target: str
    is_permanent: bool
    page_id: int | None

    def represent(self) -> dict[str, Any]:
        """Return ``{"type": "moved", "moved_to", "is_permanent"}``."""
        return {
            "type": "moved",
            "moved_to": self.target,
            "is_permanent": self.is_permanent,
        }


def find_move(request: HttpRequest, path: str) -> Move | None:
    """Return where an old path leads, with or without its last slash and its query, or None."""
    redirect = find_redirect(request, path)
    if redirect is None:
        return None
    target = redirect.redirect_link
    if redirect.redirect_page_id is not None:
        route = redirect.redirect_page_route_path.lstrip("/")
        target = f"{get_path(redirect.redirect_page)}{route}"
    if not target:
        return None
    return Move(target, redirect.is_permanent, redirect.redirect_page_id)
