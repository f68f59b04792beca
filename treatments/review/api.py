"""What a guest with a draft link does beyond reading: comments and decisions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations
from ninja import NinjaAPI, Query, Schema
from ninja.errors import HttpError
from pydantic import AwareDatetime, ConfigDict, Field

from treatments.api.drafts.answers import build_draft_router
from treatments.api.drafts.requests import (
    NO_DRAFT,
    SECURITY,
    DraftQuery,
    register_draft_scheme,
)
from treatments.api.http.answers import answer
from treatments.api.http.errors import problem_response
from treatments.api.http.own_views import mount
from treatments.ports.drafts import DRAFTS_PREFIX, note_use, read_draft
from treatments.review.comment_api import comments_router
from treatments.review.contents import Content, read_content, recognize
from treatments.review.decisions import decide
from treatments.review.guests import open_draft, refuse, throttle
from treatments.review.models import Decision, Verdict
from treatments.review.people import get_guest_actor
from treatments.review.refusals import (
    DecisionError,
    IndependenceError,
    OutdatedTextError,
)
from treatments.review.texts import Text

if TYPE_CHECKING:
    from treatments.ports.drafts import DraftGrant

OUTDATED = "The text has changed since you read it. Read it again, then decide about what it says now."

decisions_router = build_draft_router()


class DecisionInput(Schema):
    """What a guest decides."""

    model_config = ConfigDict(extra="forbid")

    verdict: Literal["approved", "approved_sections", "changes_requested"]
    sections: list[str] = Field(
        default_factory=list,
        max_length=100,
        description="Which sections; required for `approved_sections`, not possible for `approved`.",
    )
    statement: str = Field(
        default="", description="Plain text; required for `changes_requested`."
    )
    content_hash: str = Field(
        max_length=80,
        description="`revision.content_hash` of the draft that was read.",
    )


class DecisionAnswer(Schema):
    """A decision about the article in this language."""

    id: int
    verdict: Literal["approved", "approved_sections", "changes_requested", "editorial"]
    sections: list[str] = Field(description="Empty for the whole page.")
    statement: str = Field(
        description="What was said, by guests. What the office's own reviewers say is for the office: empty."
    )
    name: str
    credentials: str
    decided_at: AwareDatetime
    content_hash: str
    is_current: bool = Field(
        description="Whether it is about what the link shows now: for sections, each of them unchanged."
    )


def read_present(grant: DraftGrant) -> Content:
    """Return what a link shows now.

    Raises:
        HttpError: 404 where it shows nothing.
    """
    try:
        return read_content(read_draft(grant))
    except LookupError as error:
        raise HttpError(404, NO_DRAFT) from error


def represent_decision(decision: Decision, present: Content) -> dict[str, Any]:
    """Return what a guest learns about a decision."""
    if decision.scope:
        is_current = all(
            decision.sections.get(name) == present.sections.get(name)
            for name in decision.scope
        )
    else:
        is_current = decision.content_hash == present.content_hash
    return {
        "id": decision.pk,
        "verdict": decision.verdict,
        "sections": decision.scope,
        "statement": decision.statement if decision.link_id else "",
        "name": decision.name,
        "credentials": decision.credentials,
        "decided_at": decision.decided_at,
        "content_hash": decision.content_hash,
        "is_current": is_current,
    }


@decisions_router.get(
    "/",
    response=list[DecisionAnswer],
    summary="List the decisions about a draft",
    operation_id="drafts_decisions_list",
    auth=None,
    openapi_extra=SECURITY,
)
def list_decisions(request: HttpRequest, query: Query[DraftQuery]) -> HttpResponse:
    """Return who decided what about the article in this language, the newest first."""
    grant = open_draft(request)
    present = read_present(grant)
    decisions = Decision.objects.filter(page_id=grant.page_id).order_by("-pk")[:200]
    known = recognize(list(decisions), present)
    return answer([represent_decision(each, present) for each in known])


@decisions_router.post(
    "/",
    response=DecisionAnswer,
    summary="Decide about a draft",
    operation_id="drafts_decisions_create",
    auth=None,
    openapi_extra=SECURITY,
)
def create_decision(
    request: HttpRequest, data: DecisionInput, query: Query[DraftQuery]
) -> HttpResponse:
    """Approve exactly what was read, some sections of it, or ask for changes. It cannot be taken back, only followed by another one."""
    grant = open_draft(request, "may_decide")
    if refusal := throttle(grant):
        return refusal
    try:
        decision = decide(
            grant.page_id,
            get_guest_actor(grant),
            Verdict(data.verdict),
            data.content_hash,
            scope=data.sections,
            statement=data.statement,
            read=partial(read_text, grant),
        )
    except OutdatedTextError:
        return refuse_outdated(grant)
    except IndependenceError as error:
        return problem_response(403, str(error))
    except DecisionError as error:
        return refuse(error)
    note_use(grant, "decided")
    decided = Content(decision.content_hash, decision.sections)
    return answer(represent_decision(decision, decided))


def read_text(grant: DraftGrant, latest: int | None) -> Text | None:
    """Return the text that a link shows now; None where it would show a later revision.

    Raises:
        HttpError: 404 where it shows nothing any more.
    """
    if not grant.is_pinned and latest != grant.revision_id:
        return None
    present = read_present(grant)
    return Text(grant.revision, grant.draft, present)


def refuse_outdated(grant: DraftGrant) -> HttpResponse:
    """Return the 409 of a decision about another text, with the way to the one that the link shows now."""
    query = urlencode({"locale": grant.locale})
    links = {"draft": f"{DRAFTS_PREFIX}?{query}"}
    return problem_response(409, OUTDATED, extra={"links": links})


def register_routers(api: NinjaAPI) -> None:
    """Put the routers on the API object. Call it once, before ``api.urls`` is read."""
    register_draft_scheme()
    mount(api, "/drafts/decisions/", decisions_router)
    mount(api, "/drafts/comments/", comments_router)
