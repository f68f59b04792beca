"""What previews add to the v3 API: the draft that a link shows, and what has changed in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations
from ninja import Query, Schema
from ninja.errors import HttpError
from pydantic import BaseModel, Field

from treatments.api.articles.schemas import get_article_types
from treatments.api.drafts.answers import build_draft_router
from treatments.api.drafts.requests import (
    NO_DRAFT,
    SECURITY,
    DraftQuery,
    register_draft_scheme,
)
from treatments.api.http.answers import answer
from treatments.api.http.errors import ProblemError
from treatments.api.http.own_views import mount
from treatments.api.http.problems import ProblemType
from treatments.comparison.answers import ArticleDifference
from treatments.content.shape_types import IsoDateTime, LanguageCode, build_model
from treatments.preview import drafts, snapshots
from treatments.preview.gate import open_draft, read_token

if TYPE_CHECKING:
    from pydantic import BaseModel
from ninja import NinjaAPI

NOT_TYPED = "The preview was not refreshed for some time. Refresh it in the editor."
NO_REVISION = "This link has not shown such a version, or it was deleted."


class DraftDiffQuery(DraftQuery):
    """With what the draft is compared."""

    start: int = Field(
        alias="from",
        ge=1,
        lt=2**63,
        description="`revision.id` of an answer that this link gave before.",
    )


class DraftLinkInfo(Schema):
    """What the holder of a link may know of it."""

    recipient: str
    purpose: str
    expires_at: IsoDateTime
    is_pinned: bool = Field(description="Whether it stays with this revision.")
    locale: LanguageCode
    locales: list[LanguageCode]
    may_comment: bool
    may_decide: bool


class DraftSection(Schema):
    """A part of the article with a hash of its own."""

    id: str = Field(
        description="Block id of a section; or `summary`, `key_points`, `intro`, `questions`, `about` for all the "
        "rest, `order` for the order of the sections."
    )
    heading: str = Field(description="Empty outside of sections.")
    hash: str


class DraftRevision(Schema):
    """Which state of the article it is."""

    id: int
    created_at: IsoDateTime
    content_hash: str = Field(description="A decision names it: what was read.")
    previous_id: int | None = Field(
        description="The last other revision that this link has shown, for `from` of `diff/`; null at first."
    )
    sections: list[DraftSection]


class ManifestItem(Schema):
    """Something that the article has chosen."""

    kind: str = Field(
        description="`glossary_term`, `reference`, `contributor`, `condition`, `treatment`, `image`, `document`, "
        "`page`, or a snippet of the project's own."
    )
    id: int
    title: str = Field(description="Empty where it is missing.")
    state: Literal["draft", "live", "missing"]


class ComparedRevision(Schema):
    """A revision of a draft."""

    revision: int
    created_at: IsoDateTime


DraftDiff = build_model(
    "DraftDiff",
    {
        "id": (int, Field()),
        "locale": (LanguageCode, Field()),
        "from": (ComparedRevision, Field()),
        "to": (ComparedRevision, Field()),
        "differences": (
            list[ArticleDifference],
            Field(
                description="In the order of the article; empty where nothing differs."
            ),
        ),
    },
    "What is not the same in two revisions that a link has shown.",
)


class EditLink(Schema):
    """Where a block is edited."""

    pointer: str = Field(
        description="A JSON pointer (RFC 6901) into `article`, such as `/body/0/value/content/2`."
    )
    block_id: str
    url: str = Field(
        description="The block in Wagtail's editor; empty while the page was never saved."
    )


class EditLinks(Schema):
    """The way back to the editor."""

    origin: str = Field(
        description="Of Wagtail's admin, for `postMessage`; empty where it is not known."
    )
    url: str
    blocks: list[EditLink]


def build_preview_schema() -> type[BaseModel]:
    """Return the shape of what is typed, with the installed article types in it."""
    return build_model(
        "ArticlePreview",
        {
            "locale": (LanguageCode, Field()),
            "expires_at": (IsoDateTime, Field()),
            "article": (get_article_types(), Field()),
            "manifest": (list[ManifestItem], Field()),
            "edit": (EditLinks, Field()),
        },
        "An article as somebody is typing it.",
    )


def build_draft_schema() -> type[BaseModel]:
    """Return the shape of a draft, with the installed article types in it."""
    return build_model(
        "ArticleDraft",
        {
            "link": (DraftLinkInfo, Field()),
            "revision": (DraftRevision, Field()),
            "article": (get_article_types(), Field()),
            "manifest": (list[ManifestItem], Field()),
        },
        "The draft of an article, in the same shape as the published one.",
    )


def register_routers(api: NinjaAPI) -> None:
    """Put the drafts on the API object. Call it once, before ``api.urls`` is read."""
    register_draft_scheme()
    router = build_draft_router()
    operations: list[tuple[str, Any, Any, str]] = [
        ("/", get_draft, build_draft_schema(), "drafts_detail"),
        ("/diff/", get_diff, DraftDiff, "drafts_diff"),
        ("/preview/", get_preview, build_preview_schema(), "drafts_preview"),
    ]
    for path, view, shape, operation_id in operations:
        router.add_api_operation(
            path,
            ["GET"],
            view,
            response=shape,
            operation_id=operation_id,
            auth=None,
            openapi_extra=SECURITY,
        )
    mount(api, "/drafts/", router)


def get_draft(request: HttpRequest, given: Query[DraftQuery]) -> HttpResponse:
    """Return the draft that a link shows now. It is never the published article instead."""
    return answer(build_draft(request, drafts.build_answer))


def get_diff(request: HttpRequest, given: Query[DraftDiffQuery]) -> HttpResponse:
    """Return what has changed since a revision that the link has shown before, told for people."""
    return answer(
        build_draft(request, lambda access: drafts.build_diff(access, given.start))
    )


def get_preview(request: HttpRequest) -> HttpResponse:
    """Return an article as somebody is typing it, to the frontend in that person's preview panel."""
    token = read_token(request)
    try:
        return answer(snapshots.read_snapshot(token))
    except snapshots.UnknownSnapshotError as error:
        raise ProblemError(404, NO_DRAFT) from error
    except snapshots.ExpiredSnapshotError as error:
        raise ProblemError(
            410, NOT_TYPED, ProblemType.GONE, extra={"reason": "expired"}
        ) from error


def build_draft(request: HttpRequest, build: Any) -> dict[str, Any]:
    """Return what is built for the holder of a link.

    Raises:
        HttpError: 404 for a revision that the link has not shown.
        ProblemError: the token opens nothing.
    """
    access = open_draft(request)
    try:
        return build(access)
    except drafts.UnknownRevisionError as error:
        raise HttpError(404, NO_REVISION) from error
