"""The differences of two versions of an article, as the API gives them to everybody."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Q
from django.utils import translation
from ninja import Schema
from ninja.errors import HttpError
from pydantic import Field

from treatments.api.resolve.sites import get_host
from treatments.comparison.answers import ArticleDifference, represent_difference
from treatments.comparison.documents import compare
from treatments.content.shape_types import IsoDateTime, LanguageCode, build_model
from treatments.delivery import history, reading
from treatments.delivery.models import Document, Version

if TYPE_CHECKING:
    from django.http import HttpRequest

MAX_NUMBER = 2**31 - 1
NO_VERSIONS = (
    "There is no public article here, or the public never got both of these versions."
)


class DiffQuery(Schema):
    """Which versions are compared."""

    start: int = Field(
        alias="from",
        ge=1,
        le=MAX_NUMBER,
        description="Number of the version before.",
    )
    end: int = Field(
        default=cast("Any", None),
        alias="to",
        ge=1,
        le=MAX_NUMBER,
        description="Number of the version after; the present one where it is left out.",
    )


class ComparedVersion(Schema):
    """A version of an article."""

    number: int
    public_from: IsoDateTime


ArticleDiff = build_model(
    "ArticleDiff",
    {
        "id": (int, Field()),
        "locale": (LanguageCode, Field()),
        "from": (ComparedVersion, Field()),
        "to": (ComparedVersion, Field()),
        "differences": (
            list[ArticleDifference],
            Field(
                description="In the order of the article; empty where nothing differs."
            ),
        ),
    },
    "What is not the same in two versions of an article.",
)


def read_document(version: Version) -> dict[str, Any]:
    """Return the document of a version.

    Raises:
        ValueError: it is a withdrawal, which has none.
    """
    if version.body is None:
        raise ValueError("A withdrawal has no document.")
    return json.loads(gzip.decompress(bytes(version.body)))


def find_versions(
    request: HttpRequest, page_id: int, start: int, end: int | None
) -> tuple[Version, Version] | None:
    """Return two versions that the public got of an article which it may read now, or None; two queries.

    Args:
        request: What was asked.
        page_id: The article.
        start: Number of the one.
        end: Number of the other; None for the present one.
    """
    found = reading.find_by_id(get_host(request), page_id, column="card")
    if (
        found is None
        or not found.is_public
        or found.state != Document.State.PUBLIC
        or found.position is None
    ):
        return None
    wanted = Q(position=found.position) if end is None else Q(number=end)
    versions = history.get_versions(request).filter(
        Q(number=start) | wanted, page_id=page_id, body__isnull=False
    )
    by_number = {version.number: version for version in versions}
    last = max(by_number, default=0) if end is None else end
    if start not in by_number or last not in by_number:
        return None
    return by_number[start], by_number[last]


def build_diff(
    request: HttpRequest, page_id: int, start: int, end: int | None
) -> dict[str, Any]:
    """Return the differences of two versions, in the language of the article.

    Raises:
        HttpError: 404 when one of them is not there, or nobody may see it now.
    """
    pair = find_versions(request, page_id, start, end) if page_id < 2**63 else None
    if pair is None:
        raise HttpError(404, NO_VERSIONS)
    before, after = pair
    with translation.override(after.locale):
        differences = [
            represent_difference(each)
            for each in compare(read_document(before), read_document(after))
        ]
    return {
        "id": page_id,
        "locale": after.locale,
        "from": represent_version(before),
        "to": represent_version(after),
        "differences": differences,
    }


def represent_version(version: Version) -> dict[str, Any]:
    """Return what is said of a compared version."""
    return {
        "number": version.number,
        "public_from": version.public_from.isoformat(),
    }
