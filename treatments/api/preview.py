"""The preview of a page that is not published yet: the reader with the draft's representation in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treatments.api.representation import represent_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from wagtail.models import Page


def preview_page(page: Page, request: HttpRequest, mode_name: str) -> HttpResponse:
    """Render the reader with the unsaved page, in the shape of the v2 API.

    Called by Wagtail for somebody who may edit the page. The answer must not be stored anywhere.
    """
    document = {
        "id": page.pk,
        "meta": {
            "type": page._meta.label,
            "locale": page.locale.language_code,
            "slug": page.slug,
        },
        "title": page.title,
        **represent_page(page),
    }
    response = page.render_reader(request, preview_document=document)  # ty: ignore[missing-attribute]
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
