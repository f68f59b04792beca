"""The comments of guests by the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations
from ninja import Query, Schema
from ninja.errors import HttpError
from pydantic import AwareDatetime, ConfigDict, Field

from treatments.api.drafts.answers import build_draft_router
from treatments.api.drafts.requests import SECURITY, DraftQuery
from treatments.api.http.answers import answer
from treatments.api.http.errors import problem_response
from treatments.ports.drafts import note_use
from treatments.review import comments
from treatments.review.guests import open_draft, refuse, throttle

if TYPE_CHECKING:
    from treatments.ports.drafts import DraftGrant

NO_COMMENT = "There is no such comment on this draft."

comments_router = build_draft_router()


class CommentInput(Schema):
    """What a guest writes: a comment, or a reply to one."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(description="Plain text: HTML is shown as it was typed.")
    block_id: str | None = Field(
        default=None,
        max_length=64,
        description="Id of a block, a criterion or a step; `summary` or `intro`; null for the whole article. "
        "A reply stands where its thread stands.",
    )
    parent: int | None = Field(
        default=None,
        ge=1,
        lt=2**63,
        description="The thread that is replied to; a resolved one is open again then.",
    )


class ReplyAnswer(Schema):
    """A reply in a thread, by a guest or by an editor."""

    id: int
    text: str
    author: str
    is_yours: bool
    created_at: AwareDatetime


class ThreadAnswer(Schema):
    """A comment of a guest, with its replies."""

    id: int
    block_id: str | None
    quote: str = Field(description="The first words that were commented on.")
    text: str
    author: str
    is_yours: bool
    created_at: AwareDatetime
    is_resolved: bool
    replies: list[ReplyAnswer]


def represent_thread(thread: comments.Thread) -> dict[str, Any]:
    """Return what a guest sees of a thread."""
    guest = thread.guest
    return {
        "id": guest.pk,
        "block_id": guest.block_id or None,
        "quote": guest.quote,
        "text": guest.text,
        "author": guest.name,
        "is_yours": thread.is_yours,
        "created_at": guest.comment.created_at,
        "is_resolved": guest.comment.resolved_at is not None,
        "replies": list(thread.replies),
    }


def answer_thread(grant: DraftGrant, pk: int) -> HttpResponse:
    """Answer with one thread."""
    thread = next(each for each in comments.load_threads(grant) if each.guest.pk == pk)
    return answer(represent_thread(thread))


@comments_router.get(
    "/",
    response=list[ThreadAnswer],
    summary="List the comments on a draft",
    operation_id="drafts_comments_list",
    auth=None,
    openapi_extra=SECURITY,
)
def list_comments(request: HttpRequest, query: Query[DraftQuery]) -> HttpResponse:
    """Return what guests wrote about the article in this language and what was answered, the oldest first."""
    grant = open_draft(request)
    threads = comments.load_threads(grant)
    return answer([represent_thread(each) for each in threads])


@comments_router.post(
    "/",
    response=ThreadAnswer,
    summary="Comment on a draft",
    operation_id="drafts_comments_create",
    auth=None,
    openapi_extra=SECURITY,
)
def create_comment(
    request: HttpRequest, data: CommentInput, query: Query[DraftQuery]
) -> HttpResponse:
    """Write a comment, or a reply; the answer is the whole thread. The editors find it in Wagtail at that block."""
    grant = open_draft(request, "may_comment")
    if refusal := throttle(grant):
        return refusal
    try:
        if data.parent is not None:
            comments.add_reply(grant, data.parent, data.text)
            thread_id = data.parent
        else:
            thread_id = comments.add_comment(grant, data.block_id or "", data.text).pk
    except comments.UnknownCommentError as error:
        raise HttpError(404, NO_COMMENT) from error
    except comments.CommentError as error:
        return refuse(error)
    note_use(grant, "commented")
    return answer_thread(grant, thread_id)


@comments_router.post(
    "/{comment_id}/resolve/",
    response=ThreadAnswer,
    summary="Settle a comment",
    operation_id="drafts_comments_resolve",
    auth=None,
    openapi_extra=SECURITY,
)
def resolve_comment(
    request: HttpRequest, comment_id: int, query: Query[DraftQuery]
) -> HttpResponse:
    """Say that an own comment is settled. Saying it again changes nothing."""
    grant = open_draft(request, "may_comment")
    if refusal := throttle(grant):
        return refusal
    try:
        comments.resolve(grant, comment_id)
    except comments.UnknownCommentError as error:
        raise HttpError(404, NO_COMMENT) from error
    except comments.CommentError as error:
        return problem_response(403, str(error))
    return answer_thread(grant, comment_id)
