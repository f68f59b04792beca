"""The site as a whole: its languages, its menu, who publishes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.models import Locale, Page, Site

from treatments.content.addresses import get_language_name, get_path
from treatments.content.visibility import get_public_pages
from treatments.models import PublisherSettings

if TYPE_CHECKING:
    from django.http import HttpRequest


def get_default_locale(request: HttpRequest) -> Locale:
    """Return the language of the site's home page, or that of the project where there is no site."""
    site = Site.find_for_request(request)
    return site.root_page.locale if site else Locale.get_default()


def get_root_page(request: HttpRequest, locale: Locale | None) -> Page | None:
    """Return the public home page in a language, by default the site's own."""
    site = Site.find_for_request(request)
    root = site.root_page if site else None
    if root is not None and locale is not None and locale.pk != root.locale_id:
        root = root.get_translation_or_none(locale)
    if root is None or not get_public_pages().filter(pk=root.pk).exists():
        return None
    return root


def represent_locales(site: Site | None) -> list[dict[str, Any]]:
    """Return the languages in which the site has a public home page."""
    if site is None:
        return []
    key = site.root_page.translation_key
    pages = (
        get_public_pages()
        .filter(translation_key=key, alias_of__isnull=True)
        .select_related("locale")
        .order_by("locale_id")
    )
    return [
        {
            "code": page.locale.language_code,
            "language": get_language_name(page.locale.language_code),
            "is_default": page.locale_id == site.root_page.locale_id,
        }
        for page in pages
    ]


def represent_navigation(root: Page) -> list[dict[str, Any]]:
    """Return the public pages below ``root`` that are shown in menus, as a tree."""
    pages = list(
        get_public_pages()
        .descendant_of(root)
        .filter(show_in_menus=True)
        .select_related("locale")
        .order_by("path")
    )
    items: list[dict[str, Any]] = []
    open_items: list[tuple[str, dict[str, Any]]] = []
    for page in pages:
        item = {
            "id": page.pk,
            "title": page.title,
            "path": get_path(page),
            "children": [],
        }
        while open_items and not page.path.startswith(open_items[-1][0]):
            open_items.pop()
        (open_items[-1][1]["children"] if open_items else items).append(item)
        open_items.append((page.path, item))
    return items


def represent_publisher(site: Site, locale: Locale | None) -> dict[str, Any]:
    """Return the publisher's settings in one language; empty texts where there are none."""
    publisher = PublisherSettings.for_site(site)
    code = (locale or site.root_page.locale).language_code
    texts = {child.value["language"]: child.value for child in publisher.texts}.get(
        code, {}
    )
    return {
        "organization": publisher.organization,
        "tagline": texts.get("tagline", ""),
        "disclaimer": texts.get("disclaimer", ""),
        "emergency_note": texts.get("emergency_note", ""),
        "contact_email": publisher.contact_email,
        "license": represent_license(publisher),
        "locale": code,
        "locales": represent_locales(site),
    }


def represent_license(publisher: PublisherSettings) -> dict[str, str] | None:
    """Return the license of the articles, or None where the settings name none."""
    if not publisher.license_name:
        return None
    return {"name": publisher.license_name, "url": publisher.license_url}
