"""Caches articles as v2 gives them in this process, until something changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.permissions import AllowAny
from wagtail.models import Site

from treatments.api.http.caching import answer_public, find_first, get_end, set_end
from treatments.api.http.process_cache import V2_ARTICLES, build_expiries, measure
from treatments.models import TreatmentArticleMixin
from treatments.ports.store import get_store

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import datetime

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """A response as it was sent.

    Attributes:
        content: Its bytes.
        etag: Its strong entity tag, with quotation marks.
        headers: Those of the view and of the middleware.
    """

    content: bytes
    etag: str
    headers: dict[str, str]


#: ``Accept`` is a part of the key. Django REST framework looks for a session, whose cookie the API does not read.
KNOWN_VARIATIONS = frozenset(["", "accept", "cookie"])


def build_key(request: HttpRequest) -> Hashable:
    """Return all that an answer depends on: the whole address with host and port, and the form that is asked for."""
    return (
        request.scheme,
        request.get_host(),
        request.get_port(),
        request.get_full_path(),
        request.META.get("HTTP_ACCEPT", ""),
    )


def answer_from_cache(request: HttpRequest, page_id: int) -> HttpResponse | None:
    """Return an article as v2 gave it before; None if that is not cached, or no longer true.

    Checks each time whether the article is public. One query, or none if nothing is cached.

    Args:
        request: What was asked, by anybody.
        page_id: The article in its address.
    """
    store = get_store()
    entry = V2_ARTICLES.get(build_key(request))
    if store is None or entry is None:
        return None
    state, _valid_until = store.find_state(request, page_id)
    if state != entry.state:
        return None
    cached: CachedResponse = entry.value
    answer = HttpResponse(cached.content, headers=cached.headers)
    return answer_public(request, answer, cached.etag, entry.valid_until)


class DetailCacheMixin:
    """Caches the answers about articles; ``answer_from_cache`` gives them again while the store says that nothing has changed.

    It caches only what depends on nothing but what the store follows: answers of our own views (``keeps_details``
    says so; a project's subclass has to say it anew), about articles without fields of the project, and without nested
    fields, which may be those of any page. The view is not asked again: if it asks for permissions or counts requests,
    nothing is cached. It needs ``StoredDocumentMiddleware`` before ``ApiCacheMiddleware``, and an address below ``/api/``.
    """

    keeps_details = False

    def detail_view(self, request: HttpRequest, pk: int) -> Any:
        """Answer as usual, and say how the answer may be cached."""
        asked_at = timezone.now()
        state, valid_until = self.find_state(request, pk)
        forget_moved_sites(state.rpartition(" ")[2])
        response = super().detail_view(request, pk)  # ty: ignore[missing-attribute]
        page = self.get_object()  # ty: ignore[missing-attribute]
        is_article = isinstance(page, TreatmentArticleMixin) and not page.alias_of_id
        if is_article and not state:
            # Its document was built just now.
            _state, valid_until = self.find_state(request, pk)
        ends_at = find_first([valid_until, page.expire_at])
        is_cacheable = is_article and state and self.is_for_everybody()
        if is_cacheable and not self.get_project_fields(type(page)):  # ty: ignore[missing-attribute]
            ends_at = find_first([ends_at, build_expiries(asked_at).first()])
            mark_cacheable(response, build_key(request), state)
        set_end(response, ends_at)
        return response

    def is_for_everybody(self) -> bool:
        """Tell whether the view answers whoever asks, as often as they ask."""
        permissions = self.get_permissions()  # ty: ignore[missing-attribute]
        return all(type(each) is AllowAny for each in permissions) and not (
            self.get_throttles()  # ty: ignore[missing-attribute]
        )

    def find_state(self, request: HttpRequest, pk: int) -> tuple[str, datetime | None]:
        """Return the state that an answer can be cached with and until when; nothing if it cannot."""
        store = get_store()
        if (
            store is None
            or "keeps_details" not in vars(type(self))
            or "(" in request.GET.get("fields", "")
            or pk >= 2**63
        ):
            return "", None
        return store.find_state(request, pk)


#: The state of the store in which this process last asked where the sites are.
_asked_in = ""


def forget_moved_sites(state: str = "") -> None:
    """Refresh Wagtail's cache of site addresses, unless nothing has changed since this process read them.

    Wagtail caches their hostnames, and processes need not share that cache.

    Args:
        state: Of the store, where it was read already; else it is read, in one query.
    """
    store = get_store()
    if store is None:
        return
    state = state or store.read_state()
    if state != _asked_in:
        Site.clear_site_root_paths_cache()
        transaction.on_commit(partial(remember_asking, state))


def remember_asking(state: str) -> None:
    """Note in which state Wagtail was asked where the sites are; see ``ProcessCache.set_on_commit``."""
    global _asked_in
    _asked_in = state


def mark_cacheable(response: HttpResponseBase, key: Hashable, state: str) -> None:
    """Say that an answer may be cached once all middleware has seen it.

    Args:
        response: The answer.
        key: What was asked; see ``build_key``.
        state: As it was before the answer was made: a change meanwhile makes another one.
    """
    response.treatments_cached_as = (key, state)  # ty: ignore[missing-attribute]


def cache_response(response: HttpResponse, etag: str) -> None:
    """Cache a response that ``mark_cacheable`` has marked, unless middleware has made it one for this client.

    Args:
        response: The response.
        etag: Its strong entity tag, with quotation marks.
    """
    key, state = getattr(response, "treatments_cached_as", (None, ""))
    varies_by = {name.strip().lower() for name in response.get("Vary", "").split(",")}
    if state and varies_by <= KNOWN_VARIATIONS and not response.cookies:
        content = response.content
        cached = CachedResponse(content, etag, dict(response.headers))
        size = measure(key) + len(content)
        V2_ARTICLES.set_on_commit(key, cached, state, get_end(response), size=size)
