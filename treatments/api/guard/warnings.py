"""Says in the answer to a write that something was published of which an app warns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from wagtail.models import Page

from treatments.api.guard.operations import find_request_operation
from treatments.api.http.pointers import read_body
from treatments.api.openapi.operations import (
    CONVERSION,
    PUBLISHING,
    PUBLISHING_COPIES,
    PUBLISHING_WRITES,
    WARNING_HEADER,
)
from treatments.models import TreatmentArticleMixin
from treatments.ports.publication import find_warning

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


def add_warning(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Put the header into an answer to a write that has published an article."""
    match = request.resolver_match
    is_write = request.method in ("POST", "PATCH") and answer.status_code in (200, 201)
    if match is None or not is_write:
        return
    operation = find_request_operation(match, request.method or "")
    if operation is None or operation.id not in PUBLISHING:
        return
    if operation.id in PUBLISHING_WRITES:
        body = read_body(request)
        meta = body.get("meta") if isinstance(body, dict) else None
        if not isinstance(meta, dict) or meta.get("action") != "publish":
            return
    written = json.loads(getattr(answer, "content", b"{}"))
    words = find_words(list_published(operation.id, written.get("id")))
    if words:
        answer.headers[WARNING_HEADER] = ", ".join(words)


def list_published(operation_id: str, page_id: Any) -> Iterable[Any]:
    """Return the pages that a write has published."""
    pages: Any = Page.objects.filter(pk=page_id)
    if operation_id in PUBLISHING_COPIES:
        page = pages.first()
        return page.get_descendants(inclusive=True).live().specific() if page else []
    if operation_id != CONVERSION:
        # What is published later has changed nothing yet.
        pages = pages.filter(has_unpublished_changes=False)
    return pages.live().specific()


def find_words(pages: Iterable[Any]) -> list[str]:
    """Return the warnings of the apps about the articles among some pages, each once."""
    found = (
        find_warning(page) for page in pages if isinstance(page, TreatmentArticleMixin)
    )
    return list(
        dict.fromkeys(word for each in found for word in each.split(", ") if word)
    )
