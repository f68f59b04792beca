"""What the ledger adds to the v3 API: changes, the manifest, and versions of the past."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations
from ninja import NinjaAPI, Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from treatments.api.articles.schemas import get_article_types
from treatments.api.http.answers import answer
from treatments.api.http.caching import answer_stored, choose_encoding
from treatments.api.http.own_views import mount
from treatments.content.shape_types import (
    IsoDate,
    IsoDateTime,
    LanguageCode,
    Path,
    Uuid,
)
from treatments.delivery import feeds, history, streams
from treatments.delivery.article_diff import ArticleDiff, DiffQuery, build_diff
from treatments.ports.states import ReviewStatus, TranslationStatus

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_POSITION = 2**63 - 1
NOT_PUBLIC = "There is no public article here."
NO_VERSION = "The public never got a version of an article with this hash, or may not read the article now."


class ChangesQuery(Schema):
    """From where a feed goes on."""

    since: int = Field(
        default=0,
        ge=0,
        le=MAX_POSITION,
        description="The last position that the caller knows; `next` of the answer before.",
    )
    limit: int = Field(default=100, ge=1, le=1000, description="Entries at most.")


class StreamQuery(Schema):
    """From where a stream goes on."""

    since: int = Field(
        default=0,
        ge=0,
        le=MAX_POSITION,
        description="The last position that the caller knows. `Last-Event-ID` goes before it.",
    )
    seconds: int = Field(
        default=cast("Any", None),
        ge=0,
        le=300,
        description="When the stream ends at the latest; the server may end it sooner.",
    )


class ManifestQuery(Schema):
    """From where the manifest goes on."""

    after: int = Field(
        default=0,
        ge=0,
        le=MAX_POSITION,
        description="The last id that the caller knows; `next` of the answer before.",
    )
    limit: int = Field(default=500, ge=1, le=1000, description="Entries at most.")


class ChangeEntry(Schema):
    """What has happened to one article: it was published, updated, moved or withdrawn.

    Of an article that may not be read now, the title and former paths are empty.
    """

    position: int = Field(description="Where the entry stands in the feed.")
    kind: Literal["published", "updated", "moved", "withdrawn"]
    id: int
    type: str
    locale: LanguageCode
    translation_key: Uuid
    number: int = Field(description="The number of the version.")
    title: str
    path: str
    previous_path: str = Field(description="Where it was before; empty unless moved.")
    etag: str | None
    content_hash: str | None
    public_from: IsoDateTime
    reason: Literal["unpublished", "expired", "deleted", "moved"] | None
    note: str
    replacement_path: str


class ChangeList(Schema):
    """A part of the change feed, in order."""

    items: list[ChangeEntry]
    next: int = Field(description="For `since` of the next request.")
    has_more: bool = Field(description="Whether to ask again at once.")


class ManifestEntry(Schema):
    """An article that is public now."""

    id: int
    type: str
    locale: LanguageCode
    translation_key: Uuid
    path: Path
    number: int
    etag: str
    content_hash: str
    public_from: IsoDateTime
    published_at: IsoDateTime | None
    review_state: ReviewStatus
    last_reviewed: IsoDate | None
    next_review_due: IsoDate | None
    translation_status: TranslationStatus | None


class Manifest(Schema):
    """A part of all that is public now, by id."""

    position: int = Field(
        description="For `since` of the change feed, to go on from here."
    )
    items: list[ManifestEntry]
    next: int = Field(description="For `after` of the next request.")
    has_more: bool


class VersionEntry(Schema):
    """What the public got of an article for some time."""

    number: int
    kind: Literal["published", "updated", "moved", "withdrawn"]
    position: int
    etag: str | None
    content_hash: str | None
    public_from: IsoDateTime
    public_until: IsoDateTime | None = Field(
        description="Null while the public gets it."
    )
    reason: str | None


class VersionList(Schema):
    """The versions of an article, the newest first."""

    items: list[VersionEntry]


def register_routers(api: NinjaAPI) -> None:
    """Put the feeds and the past on the API."""
    router = Router(tags=["articles"])
    article = get_article_types()
    operations: list[tuple[str, Callable, Any, str]] = [
        ("/changes/", get_changes, ChangeList, "articles_changes"),
        ("/changes/stream/", get_stream, Any, "articles_changes_stream"),
        ("/manifest/", get_manifest, Manifest, "articles_manifest"),
        ("/versions/{etag}/", get_version, article, "articles_version"),
        (
            "/{int:article_id}/versions/",
            get_versions,
            VersionList,
            "articles_versions",
        ),
        ("/{int:article_id}/diff/", get_diff, ArticleDiff, "articles_diff"),
    ]
    for path, view, shape, operation_id in operations:
        router.add_api_operation(
            path, ["GET"], view, response=shape, operation_id=operation_id, auth=None
        )
    mount(api, "/articles/", router)


def get_changes(request: HttpRequest, given: Query[ChangesQuery]) -> HttpResponse:
    """Give everything that was published, updated, moved or withdrawn, in order and without gaps."""
    return answer(feeds.list_changes(request, given.since, given.limit))


def get_stream(request: HttpRequest, given: Query[StreamQuery]) -> Any:
    """Give the change feed as Server-Sent Events, as it happens."""
    last = request.headers.get("Last-Event-ID", "")
    since = (
        int(last)
        if last.isascii() and last.isdecimal() and int(last) <= MAX_POSITION
        else given.since
    )
    return streams.answer_stream(request, since, given.seconds)


def get_manifest(request: HttpRequest, given: Query[ManifestQuery]) -> HttpResponse:
    """Give all articles that are public now, with hashes and review dates."""
    return answer(feeds.list_manifest(request, given.after, given.limit))


def get_version(request: HttpRequest, etag: str) -> HttpResponse:
    """Give the very bytes that the public got, by the entity tag of the document."""
    period = history.find_by_hash(request, etag.strip('"').lower())
    if period is None:
        raise HttpError(404, NO_VERSION)
    return answer_period(request, period)


def answer_period(request: HttpRequest, period: history.Period) -> HttpResponse:
    """Answer with a version of the past, and when the public got it."""
    encoding = "gzip" if choose_encoding(request) else ""
    response = answer_stored(request, history.build_stored(period, encoding))
    for name, value in history.get_headers(period).items():
        response.headers[name] = value
    return response


def get_diff(
    request: HttpRequest, article_id: int, given: Query[DiffQuery]
) -> HttpResponse:
    """Give the differences of two versions that the public got, told for people."""
    return answer(build_diff(request, article_id, given.start, given.end))


def get_versions(request: HttpRequest, article_id: int) -> HttpResponse:
    """Give the versions of an article that the public got, the newest first, without their documents."""
    periods = history.list_periods(request, article_id) if article_id < 2**63 else []
    if not periods:
        raise HttpError(404, NOT_PUBLIC)
    return answer({"items": [represent_period(period) for period in periods]})


def represent_period(period: history.Period) -> dict[str, Any]:
    """Return what is said of one version."""
    version = period.version
    return {
        "number": version.number,
        "kind": version.kind,
        "position": version.position,
        "etag": f'"{version.etag}"' if version.etag else None,
        "content_hash": version.content_hash or None,
        "public_from": version.public_from.isoformat(),
        "public_until": period.until.isoformat() if period.until else None,
        "reason": version.reason or None,
    }
