"""What an API request needs before it reaches its view, and what its answer needs afterwards."""

from __future__ import annotations

import json
from contextlib import ExitStack
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.middleware.locale import LocaleMiddleware as DjangoLocaleMiddleware
from django.utils import translation
from wagtail.contrib.redirects.middleware import RedirectMiddleware

from treatments.api.drafts.answers import hide_draft
from treatments.api.guard.operations import check_request, load_operations
from treatments.api.guard.preconditions import finish
from treatments.api.guard.warnings import add_warning
from treatments.api.http.caching import answer_public, build_content_etag, get_end
from treatments.api.http.errors import (
    AUTHENTICATE,
    PROBLEM_JSON,
    STOCK_SHAPE,
    build_problem,
    get_phrase,
    problem_response,
)
from treatments.api.http.own_views import API_PREFIX, is_own
from treatments.api.http.problems import TYPE_BY_STATUS, ProblemType
from treatments.api.resolve.old_paths import find_redirect
from treatments.api.resolve.standing import find_gone_at
from treatments.api.site.gone_pages import answer_gone_page
from treatments.api.v2.detail_cache import cache_response
from treatments.ports.drafts import DRAFTS_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


class LocaleMiddleware(DjangoLocaleMiddleware):
    """Django's, but an answer of the API depends on its address only.

    Without it, an unknown API path is redirected to ``/en/api/…``, and every answer varies with
    ``Accept-Language``.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Use the default language for the API."""
        if request.path_info.startswith(API_PREFIX):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = translation.get_language()
            return
        super().process_request(request)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Redirect and vary page addresses only."""
        if request.path_info.startswith(API_PREFIX):
            return response
        return super().process_response(request, response)


#: No list is longer, and no search needs more words.
MAX_NUMBER_DIGITS = 7
MAX_SEARCH_CHARACTERS = 200


class ApiRequestMiddleware:
    """Prepares API requests: no session, and no value that a database or a search fails on.

    Stands before Django's session middleware. Without the cookie, an answer is the same for everybody,
    also for somebody who has logged in or has given a page's password.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response
        load_operations()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 400 before a query can fail."""
        if not request.path_info.startswith(API_PREFIX):
            return self.get_response(request)
        problem = find_problem(request)
        if problem:
            return problem_response(
                HTTPStatus.BAD_REQUEST, problem, ProblemType.MALFORMED_REQUEST
            )
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        if '"' in request.GET.get("search", ""):
            # The search parser takes a quotation mark for the start of a phrase and misses its end.
            query = request.GET.copy()
            query["search"] = request.GET["search"].replace('"', " ").strip()
            request.GET = query  # ty: ignore[invalid-assignment]
        is_head = request.method == "HEAD"
        if is_head:
            # The views know GET only. Their answer without its body is that to HEAD (RFC 9110).
            request.method = "GET"
        with ExitStack() as stack:
            request.treatments_stack = stack  # ty: ignore[missing-attribute]
            answer = self.get_response(request)
            finish(request, answer)
        if is_head:
            request.method = "HEAD"
        add_warning(request, answer)
        return answer

    def process_view(
        self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict
    ) -> HttpResponseBase | None:
        """Refuse parameters and content types that the operation does not document."""
        if request.path_info.startswith(API_PREFIX) and request.resolver_match:
            return check_request(
                request,
                request.resolver_match,
                request.treatments_stack,  # ty: ignore[missing-attribute]
            )
        return None


class ApiCacheMiddleware:
    """Says of every API answer what a cache may do with it, where the view has not said so.

    What is asked without a token is public. Answers with a token, answers to writes, and errors are not
    kept; what may be found by search engines is the public site, not a draft. Views of a host project
    are left alone: only the host knows what their answers depend on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the headers, and answer 304 where the client has the answer."""
        answer = self.get_response(request)
        if is_draft_request(request) or not is_own(request.resolver_match):
            return answer
        if "HTTP_AUTHORIZATION" in request.META:
            answer.headers["Cache-Control"] = "private, no-store"
            answer.headers["X-Robots-Tag"] = "noindex"
            return answer
        if "Cache-Control" in answer.headers:
            return answer
        if (
            request.method not in ("GET", "HEAD")
            or answer.status_code != HTTPStatus.OK
            or not isinstance(answer, HttpResponse)
        ):
            answer.headers["Cache-Control"] = "no-store"
            return answer
        etag = build_content_etag(answer.content)
        cache_response(answer, etag)
        return answer_public(request, answer, etag, get_end(answer))


def is_draft_request(request: HttpRequest) -> bool:
    """Tell whether a request is below the drafts, or at their address without its last slash."""
    return f"{request.path_info}/".startswith(DRAFTS_PREFIX)


class ApiProblemMiddleware:
    """Turns every error below ``/api/`` that is not a problem document yet into one, and hides drafts.

    What a v2 view answers in Wagtail's own shape stays so: see ``errors.STOCK_SHAPE``.

    Stands first: it also sees what other middleware answers, redirects and Django's own error pages.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Replace the body and the content type; status and other headers stay."""
        answer = self.get_response(request)
        if (
            request.path_info.startswith(API_PREFIX)
            and answer.status_code >= HTTPStatus.BAD_REQUEST
            and isinstance(answer, HttpResponse)
            and not answer.get("Content-Type", "").startswith(PROBLEM_JSON)
            and not getattr(answer, STOCK_SHAPE, False)
        ):
            rewrite_error(request, answer)
        if is_draft_request(request):
            hide_draft(answer)
        return answer


def rewrite_error(request: HttpRequest, answer: HttpResponse) -> None:
    """Put a problem document into an error that has none."""
    status = answer.status_code
    kind = TYPE_BY_STATUS.get(status)
    detail = kind.description if kind else get_phrase(status)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        detail = f"{request.method} is not possible here. Possible are: {answer.get('Allow', 'none')}."
    elif status == HTTPStatus.NOT_FOUND:
        detail = "There is nothing at this API address."
    elif status == HTTPStatus.BAD_REQUEST:
        kind, detail = ProblemType.MALFORMED_REQUEST, "The request could not be read."
    problem = build_problem(status, detail, kind)
    answer.content = json.dumps(problem, ensure_ascii=False).encode()
    answer["Content-Type"] = PROBLEM_JSON
    if "Content-Length" in answer:
        answer["Content-Length"] = str(len(answer.content))
    if status == HTTPStatus.UNAUTHORIZED and "WWW-Authenticate" not in answer:
        answer["WWW-Authenticate"] = AUTHENTICATE


def find_problem(request: HttpRequest) -> str | None:
    """Return what no endpoint can take in a request, as a sentence, or None."""
    query = request.META.get("QUERY_STRING", "")
    if "\0" in request.path_info or "%00" in query or "%2500" in query:
        return "The address contains a null character."
    for name in ("limit", "offset"):
        value = request.GET.get(name, "")
        if len(value) > MAX_NUMBER_DIGITS:
            return f"The parameter {name} is too large."
    if len(request.GET.get("search", "")) > MAX_SEARCH_CHARACTERS:
        return f"The parameter search takes at most {MAX_SEARCH_CHARACTERS} characters."
    return None


class PublicRedirectMiddleware(RedirectMiddleware):
    """Wagtail's, except that it knows what is gone, and leads to and from no page that is not public.

    Its address would tell its title.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Answer 410 where a page of ours was, and redirect where both addresses are public."""
        if response.status_code != HTTPStatus.NOT_FOUND:
            return response
        if is_page_address(request):
            gone = find_gone_at(request, request.path)
            if gone is not None:
                return answer_gone_page(request, gone)
        answer = super().process_response(request, response)
        if answer is response:
            return response
        found = find_redirect(request, request.get_full_path())
        return answer if found is not None else response


def is_page_address(request: HttpRequest) -> bool:
    """Tell whether Wagtail has looked for a page, and the error is not that of another view."""
    match = request.resolver_match
    return match is not None and match.view_name == "wagtail_serve"
