"""The short way to a stored document: one query, and none of the middleware that only the admin needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from wagtail.api.v3.urls import api

from treatments.api.http.caching import answer_stored, choose_encoding, get_known_etag
from treatments.api.http.own_views import API_PREFIX
from treatments.api.v2.detail_cache import answer_from_cache
from treatments.ports.store import Stored, get_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

#: Ids that a database column holds.
ARTICLE = re.compile(r"([1-9][0-9]{0,17})/")
#: The end of an address where v2 gives one page.
V2_DETAIL = re.compile(r"/([1-9][0-9]{0,17})/$")


class StoredDocumentMiddleware:
    """Answers the simplest reads: a whole article by its id or by its path, and what v2 has cached, for everybody.

    Stands behind what protects every answer (hosts, HTTPS, CORS) and before sessions and languages. What it
    does not answer, such as an article that is not there, takes the usual way.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response
        self.prefix: str | None = None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer from the ledger, or pass the request on."""
        return self.answer(request) or self.get_response(request)

    def get_prefix(self) -> str:
        """Return the address of the articles; nothing where the project does not serve them."""
        if self.prefix is None:
            try:
                self.prefix = reverse(f"{api.urls_namespace}:list_articles")
            except NoReverseMatch:
                self.prefix = ""
        return self.prefix

    def answer(self, request: HttpRequest) -> HttpResponseBase | None:
        """Return a document, or None."""
        prefix = self.get_prefix()
        path = request.path_info
        store = get_store()
        if (
            store is None
            or request.method not in ("GET", "HEAD")
            or "HTTP_AUTHORIZATION" in request.META
        ):
            return None
        if not prefix or not path.startswith(prefix):
            match = V2_DETAIL.search(path) if path.startswith(API_PREFIX) else None
            return answer_from_cache(request, int(match[1])) if match else None
        rest = path[len(prefix) :]
        encoding = choose_encoding(request)
        known = get_known_etag(request, encoding)
        found = None
        if rest == "find/":
            asked = request.GET
            if set(asked) == {"path"} and len(asked.getlist("path")) == 1:
                text = asked["path"]
                if "\0" not in text:
                    found = store.find_by_path(
                        request, text, encoding=encoding, known_etag=known
                    )
        elif not request.META.get("QUERY_STRING"):
            match = ARTICLE.fullmatch(rest)
            if match:
                found = store.find_by_id(
                    request, int(match[1]), encoding=encoding, known_etag=known
                )
        return answer_stored(request, found) if isinstance(found, Stored) else None
