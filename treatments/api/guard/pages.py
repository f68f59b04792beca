"""Wagtail's v3 reads of pages, for anonymous callers: what is public by our own rule, and what is gone.

A caller with a token is answered by Wagtail's views, after a write with what is stored.
"""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from ninja import Status
from ninja.pagination import paginate
from wagtail.api.v3.errors import as_validation_error
from wagtail.api.v3.pagination import WagtailLimitOffsetPagination
from wagtail.api.v3.querysets import get_pages_queryset
from wagtail.api.v3.routers.pages import BASE_PAGE_READ_FIELDS, PageFilterSchema
from wagtail.api.v3.routers.pages import router as pages_router
from wagtail.api.v3.schemas.params import (
    APIFieldFilterSchema,
    OrderingSchema,
    SearchSchema,
)
from wagtail.api.validators import SiteFilterValidator
from wagtail.models import Page

from treatments.api.http.errors import ProblemError
from treatments.api.http.problems import ProblemType
from treatments.api.resolve.moves import find_move
from treatments.api.resolve.paths import find_public_page
from treatments.api.resolve.standing import (
    describe_gone,
    find_gone,
    find_gone_at,
    represent_gone,
)
from treatments.content.visibility import get_listed_pages, get_public_pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from wagtail.query import PageQuerySet

    from treatments.ports.store import Gone

#: The filters that name a page to look around.
RELATIVES = ("ancestor_of", "child_of", "descendant_of", "translation_of")
NOT_FOUND = "No Page matches the given query."


def register_public_pages() -> None:
    """Put our reads before Wagtail's, and answer writes with what is stored. Call it before ``api.urls`` is read."""
    pages_router.add_decorator(answer_anonymous, mode="operation")
    pages_router.add_decorator(answer_stored, mode="operation")


def answer_anonymous(stock: Any) -> Callable[..., Any]:
    """Return a view that answers anonymous callers by ours, and all others by the stock one."""
    ours = READS.get(stock.__name__)
    if ours is None:
        return stock

    @wraps(stock)
    def view(request: HttpRequest, *args, **kwargs) -> Any:
        is_known = request.user.is_authenticated
        return (stock if is_known else ours)(request, *args, **kwargs)

    return view


def answer_stored(stock: Any) -> Callable[..., Any]:
    """Return a view that answers with the row of the page that it has created or published.

    Wagtail answers with the page of its form, which was not published itself: the times are missing.
    """
    if stock.__name__ not in WRITES:
        return stock

    @wraps(stock)
    def view(request: HttpRequest, *args, **kwargs) -> Any:
        given = stock(request, *args, **kwargs)
        is_new = isinstance(given, Status)
        page = given.value if is_new else given
        stored = type(page)._default_manager.get(pk=page.pk)
        if is_new:
            return Status(given.status_code, stored)
        return given if stored.has_unpublished_changes else stored

    return view


def keep_public(pages: PageQuerySet, public: PageQuerySet) -> PageQuerySet:
    """Return those of some pages that are public, by their ids: Wagtail's search knows some of the columns only."""
    return pages.filter(pk__in=public.order_by().values("pk"))


@paginate(
    WagtailLimitOffsetPagination,
    pass_parameter="pagination_info",  # noqa: S106 - no password
)
def list_public_pages(
    request: HttpRequest,
    filters: PageFilterSchema,
    ordering: OrderingSchema,
    search: SearchSchema,
    **kwargs,
) -> Any:
    """List pages as Wagtail does, those that stand in lists."""
    models = cast("list[Any]", filters.type)
    pages = get_pages_queryset(request, models[0] if len(models) == 1 else Page)
    check_relatives(request, filters)
    pages = filters.filter(keep_public(pages, get_listed_pages()), request)
    pages = APIFieldFilterSchema.with_exclude_schemas(
        raw_params=request.GET,
        schemas=(PageFilterSchema, OrderingSchema, SearchSchema),
        base_fields=BASE_PAGE_READ_FIELDS,
    ).filter_queryset(pages)
    pages = ordering.order_queryset(
        pages, kwargs["pagination_info"], base_fields=BASE_PAGE_READ_FIELDS
    )
    return search.search_queryset(request, pages)


def check_relatives(request: HttpRequest, filters: PageFilterSchema) -> None:
    """Refuse to look around a page that is not public as Wagtail does around a draft.

    Raises:
        ValidationError: its place is the parameter.
    """
    pages = keep_public(get_pages_queryset(request), get_public_pages())
    for name in RELATIVES:
        pk = getattr(filters, name)
        if not isinstance(pk, int) or pages.filter(pk=pk).exists():
            continue
        message = f"No Page matches the given {name} value."
        raise as_validation_error(Page.DoesNotExist(message), message, loc=(name,))


def get_public_page(request: HttpRequest, page_id: int, **kwargs) -> Page:
    """Return a public page.

    Raises:
        Http404: it never was public.
        ProblemError: it is gone.
    """
    pages = keep_public(get_pages_queryset(request), get_public_pages())
    page = pages.filter(pk=page_id).first() if page_id < 2**63 else None
    return refuse(find_gone(request, page_id)) if page is None else page.specific


def find_page(
    request: HttpRequest,
    id: int | None = None,
    html_path: str | None = None,
    site: str | None = None,
    **kwargs,
) -> HttpResponse:
    """Lead to the page with a path or an id, and say in the body where it has moved to.

    Raises:
        Http404: there never was a public one.
        ProblemError: it is gone.
    """
    pages = keep_public(get_pages_queryset(request), get_public_pages())
    gone = move = None
    named = SiteFilterValidator(site=site, request=request).site_obj
    if html_path:
        page = find_public_page(request, html_path, named)
        if page is not None and pages.filter(pk=page.pk).exists():
            return lead_to(request, page.pk)
    if html_path and site is None:
        gone = find_gone_at(request, html_path)
        move = None if gone else find_move(request, html_path)
    if move is not None:
        response = JsonResponse(move.represent())
        if pages.filter(pk=move.page_id).exists():
            response.status_code = HTTPStatus.FOUND
            response["Location"] = lead_to(request, move.page_id)["Location"]
        return response
    if id and gone is None:
        if pages.filter(pk=id).exists():
            return lead_to(request, id)
        gone = find_gone(request, id)
    return refuse(gone)


def lead_to(request: HttpRequest, page_id: int | None) -> HttpResponse:
    """Return the redirect to a page, with the other parameters of the request."""
    url = reverse("wagtailapi_v3:detail_page", kwargs={"page_id": page_id})
    query = request.GET.copy()
    query.pop("id", None)
    query.pop("html_path", None)
    return redirect(f"{url}?{query.urlencode()}")


def refuse(gone: Gone | None) -> Any:
    """Raise what is answered where no page is public.

    Raises:
        Http404: none ever was.
        ProblemError: it is gone.
    """
    if gone is None:
        raise Http404(NOT_FOUND)
    raise ProblemError(
        HTTPStatus.GONE,
        describe_gone(gone),
        ProblemType.WITHDRAWN,
        extra=represent_gone(gone),
    )


#: The names of Wagtail's views → ours.
READS: dict[str, Callable[..., Any]] = {
    "list_pages": list_public_pages,
    "find_page": find_page,
    "get_page": get_public_page,
}
#: The names of Wagtail's views that create pages, or publish them if they are asked to.
WRITES = ("create_page", "update_page", "copy")
