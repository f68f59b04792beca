"""Tells the API views of this package, and those of Wagtail's v3, from the views of a host project.

A host may have an API of its own below ``/api/``, and may add routers to the same v3 API. What this
package does to answers, such as to let caches keep them, is not done to a host's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from wagtail.api.v3.api import api as v3_api

if TYPE_CHECKING:
    from django.urls import ResolverMatch
    from ninja import NinjaAPI, Router

PACKAGES = frozenset(("treatments", "snippets"))
#: The first part of each address below the root of the v3 API that Wagtail's own apps use.
WAGTAIL_SEGMENTS = frozenset(
    (
        "documents",
        "images",
        "locales",
        "pages",
        "redirects",
        "schema",
        "sites",
        "snippets",
        "whoami",
    )
)
#: The same of our routers.
_own_segments: set[str] = set()


def mount(api: NinjaAPI, prefix: str, router: Router) -> None:
    """Put a router of this package on an API, and remember its addresses as ours.

    Args:
        api: The API.
        prefix: Where the router stands, with slashes: ``/articles/``, or ``/`` for the root.
        router: The router, complete.
    """
    api.add_router(prefix, router)
    _own_segments.update(
        f"{prefix}{path.lstrip('/')}".strip("/").partition("/")[0]
        for path in router.path_operations
    )


def is_own(match: ResolverMatch | None) -> bool:
    """Return whether a view is one of ours or of Wagtail's v3 API.

    Args:
        match: What the address resolved to; None where nothing did.
    """
    if match is None:
        return False
    # Django REST framework names the class of a view set, whose module a host's subclass does not share.
    view = getattr(match.func, "cls", match.func)
    if getattr(view, "__module__", "").partition(".")[0] in PACKAGES:
        return True
    if isinstance(view, type) and vars(view).get("keeps_details"):
        # A host's subclass that says of itself that its answers are public.
        return True
    return v3_api.urls_namespace in match.namespaces and is_own_route(match.route)


def is_own_route(route: str) -> bool:
    """Return whether an address of the v3 API is one of ours or of Wagtail's."""
    try:
        root = reverse(f"{v3_api.urls_namespace}:api-root").lstrip("/")
    except NoReverseMatch:
        return False
    segment = route.removeprefix(root).partition("/")[0]
    return segment in WAGTAIL_SEGMENTS | _own_segments


API_PREFIX = "/api/"
