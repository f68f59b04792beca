"""Where readers find a page, and what its language is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from treatments.headless import get_frontend_url

if TYPE_CHECKING:
    from wagtail.models import Page


def get_path(page: Page) -> str:
    """Return the path of a page below its site, with the locale's prefix; empty outside every site."""
    with translation.override(page.locale.language_code):
        parts = page.get_url_parts()
    return parts[2] if parts and parts[2] else ""


def get_language_name(code: str) -> str:
    """Return a language's own name; the project's name for it where Django does not know it."""
    try:
        return translation.get_language_info(code)["name_local"]
    except KeyError:
        return dict(settings.WAGTAIL_CONTENT_LANGUAGES).get(code, code)


def get_html_url(page: Page) -> str | None:
    """Return the address of a page for readers: in the frontend when one is configured."""
    with translation.override(page.locale.language_code):
        parts = page.get_url_parts()
    if not parts or not parts[2]:
        return None
    return get_frontend_url(parts[2]) or f"{parts[1]}{parts[2]}"
