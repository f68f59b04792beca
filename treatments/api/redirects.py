"""Redirects as anonymous callers may see them: never the old or new address of an unpublished page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, URLResolver, path
from django.urls.resolvers import RegexPattern
from wagtail.api.v3.auth import BearerTokenAuth
from wagtail.contrib.redirects.api.v3.router import RedirectSchema
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect

from treatments.api.errors import not_found, problem_response
from treatments.api.parameters import ParameterError, read_limit_offset
from treatments.api.visibility import get_public_pages

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from ninja import NinjaAPI


def get_public_redirects() -> QuerySet[Redirect]:
    """Return the redirects whose target is public, or lies outside the page tree."""
    return Redirect.objects.filter(
        Q(redirect_page__isnull=True)
        | Q(redirect_page__in=get_public_pages().values("pk"))
    ).order_by("pk")


def build_v3_urlpatterns(api: NinjaAPI) -> list:
    """Return URL patterns that stand before those of ``api`` and keep its redirects from leaking.

    A caller with a valid token goes on to Wagtail's own view; everybody else gets the public ones.
    """
    stock = URLResolver(RegexPattern(r"^"), api.urls[0])

    def guard(anonymous_view):
        def view(request: HttpRequest, **kwargs) -> HttpResponse:
            if _has_valid_token(request) or request.method not in {"GET", "HEAD"}:
                try:
                    match = stock.resolve(request.path_info.split("/api/v3/", 1)[-1])
                except Resolver404:
                    return not_found(request)
                return match.func(request, *match.args, **match.kwargs)
            return anonymous_view(request, **kwargs)

        view.csrf_exempt = True  # ty: ignore[missing-attribute]
        return view

    return [
        path("redirects/", guard(list_redirects)),
        path("redirects/find/", guard(find_redirect)),
        path("redirects/<int:redirect_id>/", guard(get_redirect_detail)),
    ]


def _has_valid_token(request: HttpRequest) -> bool:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return (
        scheme.lower() == "bearer"
        and BearerTokenAuth().authenticate(request, token.strip()) is not None
    )


def _represent(redirect: Redirect) -> dict:
    return RedirectSchema.from_orm(redirect).model_dump(mode="json")


def list_redirects(request: HttpRequest) -> HttpResponse:
    """Answer with the public redirects, in Wagtail's shape."""
    try:
        limit, offset = read_limit_offset(request.GET, known={"limit", "offset"})
    except ParameterError as error:
        return problem_response(400, str(error))
    redirects = get_public_redirects()
    return JsonResponse(
        {
            "items": [_represent(item) for item in redirects[offset : offset + limit]],
            "count": redirects.count(),
        }
    )


def find_redirect(request: HttpRequest) -> HttpResponse:
    """Answer with the public redirect of a path."""
    path_given = request.GET.get("html_path", "")
    found = (
        get_redirect(request, path_given)
        if path_given and "\0" not in path_given
        else None
    )
    if found is None or not get_public_redirects().filter(pk=found.pk).exists():
        return problem_response(404, "There is no public redirect from this path.")
    return JsonResponse(_represent(found))


def get_redirect_detail(request: HttpRequest, redirect_id: int) -> HttpResponse:
    """Answer with one public redirect."""
    found = get_public_redirects().filter(pk=redirect_id).first()
    if found is None:
        return problem_response(404, "There is no public redirect with this id.")
    return JsonResponse(_represent(found))
