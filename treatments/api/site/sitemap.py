"""The public pages of a site with their language versions: the data of a frontend's sitemap."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import translation
from wagtail.models import Locale, Site

from treatments.content.representation import format_time
from treatments.content.visibility import get_listed_pages
from treatments.headless import get_frontend_url

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.models import Page
    from wagtail.query import PageQuerySet


def build_sitemap(
    request: HttpRequest, locale: Locale | None, limit: int, offset: int
) -> dict[str, Any]:
    """Return ``{"count", "items"}``: a part of the public pages, in the order of the tree.

    An alias is no page of its own; a page outside the site is left out.
    """
    site = Site.find_for_request(request)
    if site is None:
        return {"count": 0, "items": []}
    public = get_site_pages(site)
    wanted = public.filter(locale=locale) if locale is not None else public
    codes = dict(Locale.objects.values_list("pk", "language_code"))
    pages = list(load(wanted.order_by("path")[offset : offset + limit]))
    versions = defaultdict(list)
    keys = {page.translation_key for page in pages}
    for version in load(public.filter(translation_key__in=keys)):
        address = represent_address(version, codes[version.locale_id], request)
        if address is not None:
            versions[version.translation_key].append(address)
    default = codes[site.root_page.locale_id]
    items = []
    for page in pages:
        alternates = sorted(
            versions[page.translation_key], key=lambda version: version["locale"]
        )
        by_locale = {version["locale"]: version for version in alternates}
        own = by_locale.get(codes[page.locale_id])
        if own is not None:
            items.append(
                {
                    **own,
                    "last_modified": format_time(page.last_published_at),
                    "alternates": alternates,
                    "x_default": by_locale.get(default, {}).get("html_url"),
                }
            )
    return {"count": wanted.count(), "items": items}


def get_site_pages(site: Site) -> PageQuerySet:
    """Return the public pages below the site's home page in any language, without aliases."""
    below = Q(pk__in=())
    for root in Site.get_site_root_paths():
        if root.site_id == site.pk:
            below |= Q(url_path__startswith=root.root_path)
    return get_listed_pages().filter(below, alias_of__isnull=True)


def load(pages: PageQuerySet) -> PageQuerySet:
    """Load pages as their own types, which may decide on their address, without a query for each."""
    return pages.select_related("content_type").specific(defer=True)


def represent_address(
    page: Page, code: str, request: HttpRequest
) -> dict[str, Any] | None:
    """Return where a page of a language is; None where it has no address.

    The request remembers the sites' paths, so that they are not read from the cache for each page.
    """
    with translation.override(code):
        parts = page.get_url_parts(request)
    if not parts or not parts[2]:
        return None
    _site_id, root_url, path = parts
    return {
        "locale": code,
        "path": path,
        "html_url": get_frontend_url(path) or f"{root_url}{path}",
    }
