"""Our routers on Wagtail's v3 API: public reads that stock v3 refuses to anonymous callers."""

from __future__ import annotations

from typing import Any

from django.db import DataError
from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations
from ninja import NinjaAPI, Router, Schema
from ninja.errors import HttpError
from wagtail.models import Locale, Page, Site
from wagtail.search.backends import get_search_backend

from treatments.api.errors import problem_response
from treatments.api.lookups import get_language_name, get_path
from treatments.api.parameters import (
    ParameterError,
    check_known,
    read_limit_offset,
    read_locale,
)
from treatments.api.snippets import (
    ENDPOINTS,
    SnippetEndpoint,
    get_public_snippets,
    represent_snippets,
)
from treatments.api.visibility import get_public_pages
from treatments.models import PublisherSettings


class ItemList(Schema):
    """A page of a list and how many entries it has in all."""

    count: int
    items: list[dict[str, Any]]


class LocaleSchema(Schema):
    """A language in which content is published."""

    code: str
    language: str
    is_default: bool


class NavigationItem(Schema):
    """A page in the menu, with those below it."""

    id: int
    title: str
    path: str
    children: list[NavigationItem]


class Navigation(Schema):
    """The menu of one language."""

    locale: str
    items: list[NavigationItem]


class SiteSchema(Schema):
    """Who publishes, in one language."""

    organization: str
    tagline: str
    disclaimer: str
    emergency_note: str
    contact_email: str
    locale: str
    locales: list[LocaleSchema]


def register_routers(api: NinjaAPI) -> None:
    """Put our routers on the API object. Call it once, before ``api.urls`` is read."""
    for error in (OverflowError, DataError, RecursionError):
        api.add_exception_handler(error, refuse_large_value)
    for endpoint in ENDPOINTS.values():
        api.add_router(f"/{endpoint.name}/", build_snippet_router(endpoint))
    api.add_router("/", build_site_router())


def refuse_large_value(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer a number or a text that no database column takes."""
    return problem_response(400, "A parameter is too large.")


def build_snippet_router(endpoint: SnippetEndpoint) -> Router:
    """Return the list and the detail of one kind of snippet."""
    router = Router(tags=[endpoint.name])
    known = {"limit", "offset", "search", *endpoint.filters}
    if endpoint.is_translatable:
        known |= {"locale"}

    @router.get(
        "/",
        response=ItemList,
        summary=f"List {endpoint.name}",
        operation_id=f"{endpoint.name}_list",
        auth=None,
    )
    def list_snippets(request: HttpRequest) -> dict[str, Any]:
        return list_public_snippets(endpoint, request.GET, known)

    @router.get(
        "/{int:snippet_id}/",
        response=dict[str, Any],
        summary=f"One of {endpoint.name}",
        operation_id=f"{endpoint.name}_detail",
        auth=None,
    )
    def get_snippet(request: HttpRequest, snippet_id: int) -> dict[str, Any]:
        try:
            check_known(request.GET, set())
        except ParameterError as error:
            raise HttpError(400, str(error)) from error
        instance = (
            get_public_snippets(endpoint.model).filter(pk=snippet_id).first()
            if snippet_id < 2**63
            else None
        )
        if instance is None:
            raise HttpError(404, "There is nothing public with this id.")
        return represent_snippets([instance])[instance.pk]

    return router


def list_public_snippets(
    endpoint: SnippetEndpoint, given: Any, known: set[str]
) -> dict[str, Any]:
    """Return a page of published entries.

    Raises:
        HttpError: 400 for an unknown parameter or a bad value.
    """
    try:
        limit, offset = read_limit_offset(given, known)
        locale = read_locale(given) if endpoint.is_translatable else None
    except ParameterError as error:
        raise HttpError(400, str(error)) from error
    queryset = get_public_snippets(endpoint.model).order_by(*endpoint.order)
    if locale is not None:
        queryset = queryset.filter(locale=locale)
    queryset = queryset.filter(
        **{name: given[name] for name in endpoint.filters if name in given}
    )
    words = given.get("search", "").strip()
    if words:
        results = get_search_backend().search(words[:200], queryset)
        count, instances = results.count(), list(results[offset : offset + limit])
    else:
        count, instances = queryset.count(), list(queryset[offset : offset + limit])
    answers = represent_snippets(instances)
    return {"count": count, "items": [answers[instance.pk] for instance in instances]}


def build_site_router() -> Router:
    """Return the reads about the site as a whole."""
    router = Router(tags=["site"])

    @router.get(
        "/locales/",
        response=list[LocaleSchema],
        summary="List locales",
        operation_id="locales_list",
        auth=None,
    )
    def list_locales(request: HttpRequest) -> list[dict[str, Any]]:
        _check(request, set())
        return represent_locales(request)

    @router.get(
        "/navigation/",
        response=Navigation,
        summary="Navigation",
        operation_id="navigation",
        auth=None,
    )
    def get_navigation(request: HttpRequest) -> dict[str, Any]:
        _check(request, {"locale"})
        root = _get_root_page(request)
        return {
            "locale": root.locale.language_code,
            "items": represent_navigation(root),
        }

    @router.get(
        "/site/",
        response=SiteSchema,
        summary="Site settings",
        operation_id="site",
        auth=None,
    )
    def get_site(request: HttpRequest) -> dict[str, Any]:
        _check(request, {"locale"})
        return represent_site(request)

    return router


def _check(request: HttpRequest, known: set[str]) -> None:
    try:
        check_known(request.GET, known)
    except ParameterError as error:
        raise HttpError(400, str(error)) from error


def _get_locale(request: HttpRequest) -> Locale | None:
    try:
        return read_locale(request.GET)
    except ParameterError as error:
        raise HttpError(400, str(error)) from error


def _get_root_page(request: HttpRequest) -> Page:
    site = Site.find_for_request(request)
    locale = _get_locale(request)
    root = site.root_page if site else None
    if root is not None and locale is not None and locale.pk != root.locale_id:
        root = root.get_translation_or_none(locale)
    if root is None or not get_public_pages().filter(pk=root.pk).exists():
        raise HttpError(404, "The site has no public home page in this language.")
    return root


def represent_locales(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the languages in which the site has a public home page."""
    site = Site.find_for_request(request)
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


def represent_site(request: HttpRequest) -> dict[str, Any]:
    """Return the publisher's settings in one language; empty texts where there are none."""
    site = Site.find_for_request(request)
    locale = _get_locale(request)
    if site is None:
        raise HttpError(404, "There is no site at this host.")
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
        "locale": code,
        "locales": represent_locales(request),
    }
