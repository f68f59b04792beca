"""Where an old path leads to today: the redirects of the site, never one to what is not public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect

from treatments.api.addresses import get_path
from treatments.api.redirects import get_public_redirects

if TYPE_CHECKING:
    from django.http import HttpRequest

#: What a redirect's address can have at most.
MAX_PATH_CHARACTERS = 255


def find_move(request: HttpRequest, path: str) -> dict[str, Any] | None:
    """Return ``{"type": "moved", "moved_to", "is_permanent"}`` for an old path, or None.

    ``moved_to`` is a path of this site, or the address that the redirect gives.
    """
    if not path or "\0" in path or len(path) > MAX_PATH_CHARACTERS:
        return None
    redirect = get_redirect(request, Redirect.normalise_path(path))
    if (
        redirect is None
        or not get_public_redirects(request).filter(pk=redirect.pk).exists()
    ):
        return None
    if redirect.redirect_page_id is None:
        target = redirect.redirect_link
    else:
        route = redirect.redirect_page_route_path.lstrip("/")
        target = f"{get_path(redirect.redirect_page)}{route}"
    return (
        {
            "type": "moved",
            "moved_to": target,
            "is_permanent": redirect.is_permanent,
        }
        if target
        else None
    )
