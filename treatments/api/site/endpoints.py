"""The reads about the site as a whole in v3: languages, menu, publisher, sitemap."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations
from ninja import Query, Router
from ninja.errors import HttpError
from wagtail.models import Site

from treatments.api.http.answers import answer
from treatments.api.openapi.query_schemas import LocaleQuery, SitemapQuery, find_locale
from treatments.api.site.reads import (
    get_root_page,
    represent_locales,
    represent_navigation,
    represent_publisher,
)
from treatments.api.site.schemas import Navigation, PublisherInfo, SiteLanguage, Sitemap
from treatments.api.site.sitemap import build_sitemap

router = Router(tags=["site"])


@router.get(
    "/locales/",
    response=list[SiteLanguage],
    summary="List locales",
    operation_id="locales_list",
    auth=None,
)
def list_locales(request: HttpRequest) -> HttpResponse:
    """Give the languages in which the site has a public home page."""
    locales = represent_locales(Site.find_for_request(request))
    return answer(locales)


@router.get(
    "/navigation/",
    response=Navigation,
    summary="Navigation",
    operation_id="navigation",
    auth=None,
)
def get_navigation(request: HttpRequest, query: Query[LocaleQuery]) -> HttpResponse:
    """Give the menu of one language; 404 where that language has no public home page."""
    root = get_root_page(request, find_locale(query))
    if root is None:
        raise HttpError(404, "The site has no public home page in this language.")
    return answer(
        {"locale": root.locale.language_code, "items": represent_navigation(root)}
    )


@router.get(
    "/site/",
    response=PublisherInfo,
    summary="Site settings",
    operation_id="site",
    auth=None,
)
def get_site(request: HttpRequest, query: Query[LocaleQuery]) -> HttpResponse:
    """Say who publishes, in one language."""
    locale = find_locale(query)
    site = Site.find_for_request(request)
    if site is None:
        raise HttpError(404, "There is no site at this host.")
    return answer(represent_publisher(site, locale))


@router.get(
    "/sitemap/",
    response=Sitemap,
    summary="Sitemap",
    operation_id="sitemap",
    auth=None,
)
def get_sitemap(request: HttpRequest, query: Query[SitemapQuery]) -> HttpResponse:
    """Give every public page of the site with its language versions, for a `sitemap.xml` and `hreflang`."""
    locale = find_locale(query)
    return answer(build_sitemap(request, locale, query.limit, query.offset))
