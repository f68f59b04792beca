"""What an API request needs, and does not need, before it reaches its view."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.middleware.locale import LocaleMiddleware as DjangoLocaleMiddleware
from django.utils import translation

from treatments.api.errors import problem_response

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

API_PREFIX = "/api/"


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


class NullCharacterMiddleware:
    """Refuses API requests with a null character, which PostgreSQL does not take in any text."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 400 before a query can fail."""
        is_api = request.path_info.startswith(API_PREFIX)
        if is_api and (
            "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", "")
        ):
            return problem_response(
                HTTPStatus.BAD_REQUEST, "The address contains a null character."
            )
        return self.get_response(request)
