"""Language negotiation that leaves the API alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.middleware.locale import LocaleMiddleware as DjangoLocaleMiddleware
from django.utils import translation

if TYPE_CHECKING:
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
