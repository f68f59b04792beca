"""Where readers find a page, and what its language is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation

from treatments.headless import get_frontend_url

if TYPE_CHECKING:
    from wagtail.models import Page


def get_path(page: Page, sites: Any = None) -> str:
    """Return the path of a page below its site, with the locale's prefix; empty outside every site.

    ``sites``: see ``get_addresses``.
    """
    return get_addresses(page, sites)[0]


def get_addresses(page: Page, sites: Any = None) -> tuple[str, str | None]:
    """Return the path of a page below its site, and its address for readers.

    The address is in the frontend when one is configured. Outside every site they are empty and None.

    Args:
        page: Any page.
        sites: An object that remembers the roots of the sites; for many pages they are then asked for once.
    """
    with translation.override(page.locale.language_code):
        parts = page.get_url_parts(sites)
    if not parts or not parts[2]:
        return "", None
    return parts[2], get_frontend_url(parts[2]) or f"{parts[1]}{parts[2]}"


def get_language_name(code: str) -> str:
    """Return a language's own name; the project's name for it where Django does not know it."""
    try:
        return translation.get_language_info(code)["name_local"]
    except KeyError:
        return dict(settings.WAGTAIL_CONTENT_LANGUAGES).get(code, code)
