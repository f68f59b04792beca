"""The preview of a page that is not published yet: the reader with the draft's representation in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from wagtail.models import Locale, Page

from treatments.content.drafts import DraftView
from treatments.content.representation import represent_pages

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def preview_page(page: Page, request: HttpRequest, mode_name: str) -> HttpResponse:
    """Render the reader with the unsaved page, in the shape of the v2 API.

    Called by Wagtail for somebody who may edit the page. The answer must not be stored anywhere.
    """
    shown = find_version(page, request.user, mode_name)
    if shown is None:
        return hide(page.render_reader(request, is_preview_missing=True))  # ty: ignore[missing-attribute]
    return render_preview(shown, request)


def find_version(page: Page, user: Any, mode_name: str) -> Page | None:
    """Return what a preview shows: the page as it is typed, or the latest draft of another language.

    Args:
        page: The unsaved page.
        user: Who looks at it.
        mode_name: A language code; anything else is the page itself.

    Raises:
        PermissionDenied: the user may not edit the version in the other language.
    """
    if mode_name in ("", page.locale.language_code) or not is_mode(page, mode_name):
        return page
    locale = Locale.objects.filter(language_code=mode_name).first()
    if locale is None:
        return page
    version = Page.objects.filter(
        translation_key=page.translation_key, locale=locale, alias_of__isnull=True
    ).first()
    if version is None:
        return None
    if not version.permissions_for_user(user).can_edit():
        raise PermissionDenied
    return version.get_latest_revision_as_object()


def is_mode(page: Page, mode_name: str) -> bool:
    """Tell whether a page has a preview of this name; Wagtail passes on whatever was asked."""
    return any(mode_name == name for name, _label in page.preview_modes)


def build_preview(page: Page, drafts: DraftView | None) -> dict[str, Any]:
    """Return a page in the shape of the v2 API, with the drafts of what it has chosen; without any where there are none."""
    return {
        "id": page.pk,
        "meta": {
            "type": page._meta.label,
            "locale": page.locale.language_code,
            "slug": page.slug,
        },
        "title": page.title,
        **represent_pages([page], None, drafts)[page.pk],
    }


def render_preview(page: Page, request: HttpRequest, **context: Any) -> HttpResponse:
    """Return the reader with a page in it, and with the drafts that its reader may edit, for nobody else to keep or to find."""
    user: Any = request.user
    drafts = DraftView(user) if user.is_authenticated else None
    return render_document(page, request, build_preview(page, drafts), **context)


def render_text(page: Page, request: HttpRequest) -> HttpResponse:
    """Return the reader with a page as readers would get it today: what it has chosen is shown as it is published."""
    return render_document(page, request, build_preview(page, None))


def render_document(
    page: Page, request: HttpRequest, document: dict[str, Any], **context: Any
) -> HttpResponse:
    """Return the reader with a document in it."""
    return hide(
        page.render_reader(request, preview_document=document, **context)  # ty: ignore[missing-attribute]
    )


def hide(response: HttpResponse) -> HttpResponse:
    """Keep a response out of caches and search engines."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
