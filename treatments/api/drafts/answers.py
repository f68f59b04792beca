"""Answers to the holder of a draft link: nobody keeps, finds or passes on what they say."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.utils.cache import patch_vary_headers
from ninja import Router

from treatments.ports.drafts import LINK_HEADER

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase


def build_draft_router() -> Router:
    """Return a router whose answers, errors among them, are hidden from caches and search engines."""
    router = Router(tags=["drafts"])
    router.add_decorator(hide_answers, mode="view")
    return router


def hide_answers(
    run: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Hide each answer of an operation."""

    @wraps(run)
    def run_hidden(*args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = run(*args, **kwargs)
        hide_draft(answer)
        return answer

    return run_hidden


def hide_draft(answer: HttpResponseBase) -> None:
    """Keep a response to the holder of a draft link, errors included, out of caches, search engines and referrers."""
    headers = answer.headers
    headers["Cache-Control"] = "private, no-store"
    headers["X-Robots-Tag"] = "noindex"
    headers["Referrer-Policy"] = "no-referrer"
    for name in ("ETag", "Last-Modified", "Surrogate-Key", "Cache-Tag"):
        headers.pop(name, None)
    patch_vary_headers(answer, [LINK_HEADER])
