"""What no API can be faster than: a view that returns constant bytes, and one that reads bytes by their id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.http import Http404, HttpResponse

if TYPE_CHECKING:
    from django.http import HttpRequest

JSON = "application/json"
CONSTANT = b'{"constant":"' + b"x" * 60_000 + b'"}'


def get_constant(request: HttpRequest) -> HttpResponse:
    """Return the same bytes, about as many as an article has."""
    return HttpResponse(CONSTANT, content_type=JSON)


def get_stored_bytes(request: HttpRequest, page_id: int) -> HttpResponse:
    """Return the bytes of a document by its primary key: one query, no questions asked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT body FROM treatments_delivery_document WHERE page_id = %s",
            [page_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise Http404
    return HttpResponse(bytes(row[0]), content_type=JSON)
