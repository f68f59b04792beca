"""Documents that could not be built: which, since when, and the way to try again at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treatments.delivery.building import rebuild
from treatments.delivery.models import Document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet


def get_failures() -> QuerySet[Document]:
    """Return the documents that could not be built, the longest failing first, without their bytes."""
    return (
        Document.objects.filter(failed_at__isnull=False)
        .defer("body", "body_gzip", "body_br", "card")
        .order_by("failed_at", "pk")
    )


def retry(page_ids: Iterable[int]) -> list[int]:
    """Build documents that could not be built, and return the ids of those that still cannot."""
    failures = get_failures().filter(pk__in=list(page_ids))
    ids = list(failures.values_list("pk", flat=True))
    Document.objects.filter(pk__in=ids).update(retry_at=None)
    rebuild(ids)
    return list(failures.values_list("pk", flat=True))
