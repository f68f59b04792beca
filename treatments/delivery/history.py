"""What the public saw, and when: versions of an article by number, by hash and by instant.

Past versions of an article that the public may not read now are not shown either.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from treatments.api.http.parameters import ParameterError
from treatments.delivery.building import refresh
from treatments.delivery.causes import get_privacy_key
from treatments.delivery.freshness import list_public_documents
from treatments.delivery.models import Change, Mark, Version
from treatments.delivery.tags import get_article_tag
from treatments.ports.store import Stored

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
LEAP_SECOND = re.compile(r":60(?=[.,Z+-]|$)")


@dataclass(frozen=True, slots=True)
class Period:
    """A version with the time in which the public got it.

    Attributes:
        version: What the public got.
        until: When the next version took its place; None while it is what the public gets.
    """

    version: Version
    until: datetime | None


def get_versions(request: HttpRequest) -> QuerySet[Version]:
    """Return the versions of all articles that a reader of the asked site may read now, with ``until``."""
    following = Version.objects.filter(
        page_id=OuterRef("page_id"), position__gt=OuterRef("position")
    )
    public = list_public_documents(request).filter(pk=OuterRef("page_id"))
    return Version.objects.filter(Exists(public)).annotate(
        until=Subquery(following.order_by("position").values("public_from")[:1])
    )


def read_instant(text: str) -> datetime:
    """Return the instant of an ISO 8601 text; a day means its end, in the project's time zone.

    What lies before 1900 is read as 1900; Python has no leap seconds.

    Raises:
        ParameterError: the text is no instant.
    """
    text = text.strip().upper()
    if "T" in text:
        # A plus sign that was not encoded arrives as a space.
        text = LEAP_SECOND.sub(":59", text.replace(" ", "+"))
    try:
        instant = parse_datetime(text) if "T" in text else None
        day = parse_date(text) if "T" not in text else None
    except ValueError:
        instant = day = None
    if day is not None and day == timezone.localdate():
        return timezone.now()
    if day is not None:
        instant = datetime.combine(day, time.max)
    if instant is None:
        raise ParameterError(
            "The parameter as_of takes a date or a time in ISO 8601, such as 2026-05-01T12:00:00Z."
        )
    if not EARLIEST.year < instant.year < LATEST.year:
        return EARLIEST if instant.year <= EARLIEST.year else LATEST
    return timezone.make_aware(instant) if timezone.is_naive(instant) else instant


def find_as_of(request: HttpRequest, page_id: int, instant: datetime) -> Period | None:
    """Return what the public got of an article at an instant; None where it got nothing.

    One query, unless something has changed that the past does not know of yet. Of the future nothing is known.
    """
    if instant > timezone.now():
        return None
    versions = get_versions(request).filter(page_id=page_id, public_from__lte=instant)
    # An instant at which several versions begin belongs to the last of them.
    versions = versions.order_by("-public_from", "-position")
    versions = versions.annotate(is_behind=is_behind(page_id))
    found = versions.first()
    if found is not None and found.is_behind:  # ty: ignore[missing-attribute]
        refresh([page_id])
        found = versions.first()
        if found is not None and found.is_behind:  # ty: ignore[missing-attribute]
            # It could not be built, and may have been private.
            return None
    if found is None or found.kind == Version.Kind.WITHDRAWN:
        return None
    return Period(found, found.until)  # ty: ignore[missing-attribute]


def is_behind(page_id: int) -> Exists:
    """Return the condition that a page was hidden or shown since its document was built."""
    marked = Mark.objects.filter(page_id=page_id).values("change_id")
    turns = Change.objects.filter(pk__in=marked).values("generation")
    waits = Q(generation__isnull=True) | Q(generation__in=turns)
    return Exists(Change.objects.filter(waits, key=get_privacy_key(page_id)))


def find_by_hash(request: HttpRequest, etag: str) -> Period | None:
    """Return the last version with a hash; one query."""
    found = get_versions(request).filter(etag=etag).order_by("-position").first()
    return Period(found, found.until) if found else None  # ty: ignore[missing-attribute]


def list_periods(request: HttpRequest, page_id: int) -> list[Period]:
    """Return the versions of an article, the newest first, without their documents; one query, as ``find_as_of``."""
    versions = get_versions(request).filter(page_id=page_id).defer("body")
    versions = versions.annotate(is_behind=is_behind(page_id)).order_by("-position")
    found = list(versions)
    if any(version.is_behind for version in found):  # ty: ignore[missing-attribute]
        refresh([page_id])
        found = list(versions.all())
    return [
        Period(version, version.until)  # ty: ignore[missing-attribute]
        for version in found
    ]


def build_stored(period: Period, encoding: str) -> Stored:
    """Return the very bytes that the public got, in the encoding that was asked for."""
    version = period.version
    compressed = bytes(version.body or b"")
    is_compressed = encoding == "gzip"
    return Stored(
        page_id=version.page_id,
        etag=version.etag,
        content=compressed if is_compressed else gzip.decompress(compressed),
        encoding="gzip" if is_compressed else "",
        changed_at=version.public_from,
        valid_until=None,
        tags=get_article_tag(version.page_id),
    )


def get_headers(period: Period) -> dict[str, str]:
    """Return when the public got a version, as headers."""
    headers = {"Public-From": period.version.public_from.isoformat()}
    if period.until is not None:
        headers["Public-Until"] = period.until.isoformat()
    return headers
