"""How the API lets guests in, and how often they may write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ninja.errors import HttpError

from treatments.api.drafts.requests import NO_DRAFT
from treatments.api.http.errors import problem_response
from treatments.api.http.pointers import build_entry
from treatments.api.http.throttling import count_write
from treatments.conf import get_conf
from treatments.content.pointers import join_pointer
from treatments.ports.drafts import get_grant

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from treatments.ports.drafts import DraftGrant
    from treatments.review.refusals import DecisionError


def open_draft(request: HttpRequest, permission: str = "") -> DraftGrant:
    """Return what the token of a request grants.

    Args:
        request: Holds the token.
        permission: Name of the attribute of the grant that must be true.

    Raises:
        HttpError: 404 where no app shares drafts, 403 where the link is not for this.
    """
    try:
        grant = get_grant(request)
    except LookupError as error:
        raise HttpError(404, NO_DRAFT) from error
    if permission and not getattr(grant, permission):
        raise HttpError(403, "This link is for reading. Ask who sent it for another.")
    return grant


def throttle(grant: DraftGrant) -> HttpResponse | None:
    """Return a 429 where the holder of a link has written too often."""
    wait = count_link_write(grant.link_id)
    if not wait:
        return None
    return problem_response(
        429,
        f"Too many messages with this link. Wait {wait} seconds.",
        headers={"Retry-After": str(wait)},
    )


def refuse(error: DecisionError) -> HttpResponse:
    """Return the 422 of a comment or decision that is not possible, with the place of the mistake."""
    message = str(error)
    entry = build_entry(join_pointer(error.place), error.place, "invalid", message)
    return problem_response(422, message, errors=[entry])


def count_link_write(link_id: int) -> int:
    """Count one write, and return for how many seconds the holder has to wait: 0 where it may go on."""
    return count_write(f"draft link {link_id}", get_conf().comment_rate)
