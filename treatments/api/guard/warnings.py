"""Says in the answer to a write that something was published of which an app warns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from wagtail.models import Page

from treatments.api.guard.operations import find_request_operation
from treatments.api.http.pointers import read_body
from treatments.api.openapi.operations import (
    PUBLISHING,
    PUBLISHING_WRITES,
    WARNING_HEADER,
)
from treatments.models import TreatmentArticleMixin
from treatments.ports.publication import find_warning

if TYPE_CHECKING:
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
    pages: Any = Page.objects.filter(pk=written.get("id"), live=True)
    page = pages.specific().first()
    if isinstance(page, TreatmentArticleMixin) and not page.has_unpublished_changes:
        warning = find_warning(page)
        if warning:
            answer.headers[WARNING_HEADER] = warning
