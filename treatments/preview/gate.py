"""Lets guests in: from the token of a request to what it grants, or to the problem that says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treatments.api.drafts.requests import NO_DRAFT
from treatments.api.http.errors import ProblemError
from treatments.api.http.problems import ProblemType
from treatments.ports.drafts import LINK_HEADER, DraftGrant
from treatments.preview.access import (
    Access,
    EndedLinkError,
    UnknownLocaleError,
    UnknownTokenError,
    find_access,
    record_use,
)
from treatments.preview.models import DraftLinkUse, EndReason

if TYPE_CHECKING:
    from django.http import HttpRequest

NO_LOCALE = "This link does not show the article in this language."
WRONG_PLACE = (
    f"The token of a draft link is sent in the header {LINK_HEADER} only; "
    "the header Authorization is for API tokens, and is not read here."
)
#: Schemes in which a server in front of the API may ask for a password, which is no business of ours.
FOREIGN_SCHEMES = frozenset(("basic", "digest", "negotiate"))
#: What the last part of the address asks for → reading it. What is sent is noted again when it was accepted.
KINDS = {
    "": DraftLinkUse.Kind.READ,
    "diff": DraftLinkUse.Kind.COMPARED,
    "comments": DraftLinkUse.Kind.COMMENTS,
    "decisions": DraftLinkUse.Kind.DECISIONS,
}
#: Why a link is over, in a sentence for its holder.
ENDINGS = {
    EndReason.EXPIRED: ("expired", "This link has expired. Ask for a new one."),
    EndReason.REVOKED: ("revoked", "This link was withdrawn by those who shared it."),
    # Whether somebody left is not for guests to know.
    EndReason.SHARER: ("revoked", "This link was withdrawn by those who shared it."),
    EndReason.UNPUBLISHED: (
        "unpublished",
        "The article was taken offline, and its drafts with it.",
    ),
    EndReason.DELETED: ("deleted", "The article, or this version of it, was deleted."),
    EndReason.LOCKED: ("locked", "The article was locked by its editors."),
}


def let_in(request: HttpRequest) -> DraftGrant:
    """Return what the token of a request grants, and note the use.

    Raises:
        ProblemError: 400 for a token in the wrong place, 404 for one that nobody ever had, 410 for one that ended.
    """
    return build_grant(open_draft(request))


def open_draft(request: HttpRequest) -> Access:
    """Return what the token of a request opens, and note the use.

    Raises:
        ProblemError: see ``let_in``.
    """
    token = read_token(request)
    try:
        access = find_access(token, request.GET.get("locale"))
    except UnknownTokenError as error:
        raise ProblemError(404, NO_DRAFT) from error
    except UnknownLocaleError as error:
        record_use(error.link.pk, DraftLinkUse.Kind.OTHER)
        raise ProblemError(404, NO_LOCALE) from error
    except EndedLinkError as error:
        record_use(error.link.pk, DraftLinkUse.Kind.REFUSED)
        reason, detail = ENDINGS[error.reason]
        raise ProblemError(
            410, detail, ProblemType.GONE, extra={"reason": reason}
        ) from error
    record_use(access.link.pk, find_kind(request), access.locale, access.revision_id)
    return access


def read_token(request: HttpRequest) -> str:
    """Return the token of a request; nothing where none was sent.

    Raises:
        ProblemError: something stands where a token must not stand.
    """
    scheme = request.headers.get("Authorization", "").strip().partition(" ")[0]
    if scheme and scheme.lower() not in FOREIGN_SCHEMES:
        raise ProblemError(400, WRONG_PLACE, ProblemType.MALFORMED_REQUEST)
    return request.headers.get(LINK_HEADER, "").strip()


def find_kind(request: HttpRequest) -> DraftLinkUse.Kind:
    """Return what a request does with a link."""
    if request.method not in ("GET", "HEAD"):
        return DraftLinkUse.Kind.TRIED
    tail = request.path_info.rpartition("/drafts/")[2].partition("/")[0]
    return KINDS.get(tail, DraftLinkUse.Kind.OTHER)


def note_use(grant: DraftGrant, kind: str) -> None:
    """Note what the holder of a link has done: ``commented`` or ``decided``."""
    use = DraftLinkUse.Kind(kind)
    record_use(grant.link_id, use, grant.locale, grant.revision_id)


def build_grant(access: Access) -> DraftGrant:
    """Return what the other apps know of a guest."""
    link = access.link
    return DraftGrant(
        link_id=link.pk,
        page=access.page,
        revision_id=access.revision_id,
        is_pinned=link.is_pinned,
        locale=access.locale,
        recipient_name=link.recipient_name,
        recipient_email=link.recipient_email,
        contributor_id=link.contributor_id,
        sharer=link.created_by,
        may_comment=link.may_comment,
        may_decide=link.may_decide,
        is_sent_only=link.is_sent_only,
    )
