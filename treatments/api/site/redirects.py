"""Redirects as the public may see them: never the old or new address of an unpublished page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import Resolver404, URLResolver, path
from django.urls.resolvers import RegexPattern
from pydantic import ValidationError as PydanticValidationError
from wagtail.api.v3.api import api as v3_api
from wagtail.api.v3.pagination import WagtailLimitOffsetPagination
from wagtail.api.v3.schemas.params import APIFieldFilterSchema, OrderingSchema
from wagtail.contrib.redirects.api.v3.router import RedirectSchema
from wagtail.contrib.redirects.models import Redirect
from wagtail.permissions import policy_registry

from treatments.api.http.answers import answer
from treatments.api.http.errors import not_found, problem_response
from treatments.api.http.parameters import ParameterError, read_int, read_limit_offset
from treatments.api.http.tokens import has_valid_token
from treatments.api.openapi.document import serve_openapi
from treatments.api.openapi.filters import REDIRECT_FIELDS
from treatments.api.resolve.old_paths import get_listed_redirects, match_redirect

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from ninja import NinjaAPI

#: With one of these on redirects, a user sees all of them in the admin.
PERMISSIONS = ("add", "change", "delete", "view")


def build_v3_urlpatterns(api: NinjaAPI) -> list:
    """Return URL patterns that stand before those of ``api`` and keep its redirects from leaking.

    The token of a user who may see all redirects goes on to Wagtail's own view; everybody else gets the public ones.
    """
    stock = URLResolver(RegexPattern(r"^"), api.urls[0])

    def guard(anonymous_view):
        def view(request: HttpRequest, **kwargs) -> HttpResponse:
            if request.method not in {"GET", "HEAD"} or may_see_all(request):
                try:
                    match = stock.resolve(request.path_info.split("/api/v3/", 1)[-1])
                except Resolver404:
                    return not_found(request)
                return match.func(request, *match.args, **match.kwargs)
            return anonymous_view(request, **kwargs)

        view.csrf_exempt = True  # ty: ignore[missing-attribute]
        return view

    return [
        path("openapi.json", serve_openapi, {"api": api}),
        path("redirects/", guard(list_redirects)),
        path("redirects/find/", guard(find_redirect)),
        path("redirects/<int:redirect_id>/", guard(get_redirect_detail)),
    ]


def may_see_all(request: HttpRequest) -> bool:
    """Tell whether a request brings the token of a user with rights on redirects."""
    policy = policy_registry.get_by_type(Redirect)
    return has_valid_token(request) and policy.user_has_any_permission(
        request.user, PERMISSIONS
    )


def _represent(redirect: Redirect) -> dict:
    return RedirectSchema.from_orm(redirect).model_dump(mode="json")


def list_redirects(request: HttpRequest) -> HttpResponse:
    """Answer with the public redirects, in Wagtail's shape."""
    try:
        limit, offset = read_limit_offset(request.GET)
        redirects = filter_redirects(request, offset)
    except (ParameterError, PydanticValidationError) as error:
        return v3_api.on_exception(request, error)
    return answer(
        {
            "items": [_represent(item) for item in redirects[offset : offset + limit]],
            "count": redirects.count(),
        }
    )


def filter_redirects(request: HttpRequest, offset: int) -> QuerySet[Redirect]:
    """Return the public redirects that a query asks for, filtered and ordered by Wagtail's own rules."""
    redirects = APIFieldFilterSchema.with_exclude_schemas(
        raw_params=request.GET, schemas=(OrderingSchema,), base_fields=REDIRECT_FIELDS
    ).filter_queryset(get_listed_redirects(request))
    return OrderingSchema(order=request.GET.getlist("order")).order_queryset(
        redirects,
        WagtailLimitOffsetPagination.Input(offset=offset),
        base_fields=REDIRECT_FIELDS,
    )


def find_redirect(request: HttpRequest) -> HttpResponse:
    """Answer with the public redirect of a path, or of an id."""
    try:
        redirect_id = read_int(request.GET, "id", 0, 0, None)
    except ParameterError as error:
        return v3_api.on_exception(request, error)
    found = match_redirect(request, request.GET.get("html_path", ""))
    if found is None and redirect_id:
        found = Redirect.objects.filter(pk=redirect_id).first()
    if found is None or not get_listed_redirects(request).filter(pk=found.pk).exists():
        return problem_response(404, "There is no public redirect from this path.")
    return answer(_represent(found))


def get_redirect_detail(request: HttpRequest, redirect_id: int) -> HttpResponse:
    """Answer with one public redirect."""
    found = get_listed_redirects(request).filter(pk=redirect_id).first()
    if found is None:
        return problem_response(404, "There is no public redirect with this id.")
    return answer(_represent(found))
