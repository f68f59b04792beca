"""Wagtail's preview panel: the reader, or a frontend elsewhere, with what is being typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect

from treatments.api.drafts.preview import find_version, hide, is_mode, render_preview
from treatments.conf import get_conf
from treatments.models import TreatmentArticleMixin
from treatments.preview.snapshots import store_snapshot

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from wagtail.models import Page


def preview_page(page: Page, request: HttpRequest, mode_name: str) -> HttpResponse:
    """Show the unsaved page to whoever types it.

    The reader of this project gets it with its shell. A frontend in ``PREVIEW_URL`` gets a token behind ``#``, with
    which it asks ``/api/v3/drafts/preview/``.
    """
    if not is_mode(page, mode_name):
        mode_name = ""
    shown = find_version(page, request.user, mode_name)
    if shown is None:
        return hide(page.render_reader(request, is_preview_missing=True))  # ty: ignore[missing-attribute]
    address = get_conf().preview_url
    # Wagtail shows old revisions in the same way.
    is_editing = getattr(request, "is_editing", False)
    session_key = request.session.session_key
    is_elsewhere = address is not None and isinstance(shown, TreatmentArticleMixin)
    if not is_elsewhere or not session_key or not request.user.is_authenticated:
        is_typed = shown is page and is_editing
        context = {"page_id": shown.pk, "mode": mode_name, "is_typed": is_typed}
        return render_preview(shown, request, preview_context=context)
    token = store_snapshot(
        shown, request.user, session_key, mode_name, is_editing=is_editing
    )
    url = str(address).replace("{locale}", shown.locale.language_code)
    response = HttpResponseRedirect(f"{url.partition('#')[0]}#{token}")
    response["Referrer-Policy"] = "no-referrer"
    return hide(response)
