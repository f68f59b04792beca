"""What a cache may do with a public answer: entity tags, dates, tags, how long it may be kept."""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import http_date, parse_http_date_safe

from treatments.conf import get_conf

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from treatments.ports.store import Stored

JSON = "application/json"
#: The cache tag of every public answer without tags of its own, such as lists: it is forgotten at each change.
SHARED_TAG = "articles"
#: What the entity tag ends with in each encoding: another representation has another tag (RFC 9110, 8.8.3).
SUFFIXES = {"br": "-br", "gzip": "-gz", "": ""}
HASH_LENGTH = 64
ENTITY_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def choose_encoding(request: HttpRequest) -> str:
    """Return the encoding to send by ``Accept-Encoding``: ``br``, ``gzip``, or nothing for none.

    What the client refuses with ``q=0`` is not chosen (RFC 9110, 12.5.3).
    """
    accepted = request.META.get("HTTP_ACCEPT_ENCODING", "").lower()
    if not accepted:
        return ""
    weights = {}
    for part in accepted.split(","):
        name, _, parameters = part.partition(";")
        weight = parameters.replace(" ", "").partition("q=")[2] or "1"
        try:
            weights[name.strip()] = float(weight)
        except ValueError:
            continue
    for name in ("br", "gzip"):
        if weights.get(name, weights.get("*", 0)) > 0:
            return name
    return ""


def get_known_etag(request: HttpRequest, encoding: str, variant: str = "") -> str:
    """Return the hash of the representation that the client has, from ``If-None-Match``; else nothing."""
    header = request.META.get("HTTP_IF_NONE_MATCH", "")
    ending = f"{variant}{SUFFIXES[encoding]}"
    return next(
        (
            tag.removesuffix(ending)
            for tag in ENTITY_TAG.findall(header)
            if len(tag) == HASH_LENGTH + len(ending) and tag.endswith(ending)
        ),
        "",
    )


def build_etag(stored: Stored, variant: str = "") -> str:
    """Return the entity tag of one representation of a document, with its quotation marks.

    Args:
        stored: The document.
        variant: What tells a part of the document, or another form of it, from the whole.
    """
    return f'"{stored.etag}{variant}{SUFFIXES[stored.encoding]}"'


def is_unchanged(request: HttpRequest, etag: str, changed_at: datetime | None) -> bool:
    """Tell whether the client has the answer already (RFC 9110, 13.1): by its tag, else by its date."""
    header = request.META.get("HTTP_IF_NONE_MATCH")
    if header is not None:
        if header.strip() == "*":
            return True
        return etag.strip('"') in ENTITY_TAG.findall(header)
    since = request.META.get("HTTP_IF_MODIFIED_SINCE")
    if since is None or changed_at is None:
        return False
    known = parse_http_date_safe(since)
    return known is not None and int(changed_at.timestamp()) <= known


def build_cache_control(
    valid_until: datetime | None = None, max_age: int | None = None
) -> str:
    """Return how long a cache may answer by itself: never beyond the instant at which the answer changes."""
    conf = get_conf()
    age = conf.cache_max_age if max_age is None else max_age
    stale = conf.cache_stale_while_revalidate
    if valid_until is not None:
        left = max(int((valid_until - timezone.now()).total_seconds()), 0)
        age = min(age, left)
        stale = min(stale, left - age)
    parts = ["public", f"max-age={age}"]
    if stale > 0:
        parts.append(f"stale-while-revalidate={stale}")
    return ", ".join(parts)


def set_end(response: HttpResponseBase, ends_at: datetime | None) -> None:
    """Say when an answer becomes another one with time alone: ``ApiCacheMiddleware`` lets no cache keep it longer."""
    response.treatments_ends_at = ends_at  # ty: ignore[missing-attribute]


def get_end(response: HttpResponseBase) -> datetime | None:
    """Return what ``set_end`` has said."""
    return getattr(response, "treatments_ends_at", None)


def find_first(instants: Iterable[datetime | None]) -> datetime | None:
    """Return the first of some instants, where there is one."""
    return min((each for each in instants if each is not None), default=None)


def set_cache_headers(
    response: HttpResponse,
    *,
    etag: str,
    changed_at: datetime | None,
    valid_until: datetime | None,
    tags: str,
) -> None:
    """Write what a cache needs to know."""
    headers = response.headers
    headers["ETag"] = etag
    if changed_at is not None:
        headers["Last-Modified"] = http_date(changed_at.timestamp())
    headers["Cache-Control"] = build_cache_control(valid_until)
    headers["Vary"] = "Accept-Encoding"
    set_cache_tags(response, tags)


def set_cache_tags(response: HttpResponse, tags: str) -> None:
    """Write by what names a shared cache can forget an answer.

    Args:
        response: The answer.
        tags: The names, separated by spaces.
    """
    response.headers["Surrogate-Key"] = tags
    response.headers["Cache-Tag"] = tags.replace(" ", ",")


def build_content_etag(content: bytes) -> str:
    """Return the strong entity tag of an answer by its bytes, with quotation marks."""
    return f'"{hashlib.sha256(content).hexdigest()}"'


def answer_public(
    request: HttpRequest, answer: HttpResponse, etag: str, ends_at: datetime | None
) -> HttpResponse:
    """Say what a cache may do with an answer that has no document of its own; 304 where the client has it.

    Args:
        request: What was asked.
        answer: The answer.
        etag: Its strong entity tag, with quotation marks.
        ends_at: When it becomes another one with time alone.
    """
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = build_cache_control(ends_at)
    set_cache_tags(answer, SHARED_TAG)
    if not is_unchanged(request, etag, None):
        return answer
    unchanged = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    del unchanged.headers["Content-Type"]
    for name in ("ETag", "Cache-Control", "Vary"):
        if name in answer.headers:
            unchanged.headers[name] = answer.headers[name]
    set_cache_tags(unchanged, SHARED_TAG)
    return unchanged


def answer_stored(
    request: HttpRequest,
    stored: Stored,
    content: bytes | None = None,
    variant: str = "",
) -> HttpResponse:
    """Answer with a document, or with 304 where the client has it.

    Args:
        request: What was asked.
        stored: The document; its bytes are sent, unless ``content`` is given.
        content: Another form of the document, not compressed.
        variant: See ``build_etag``.
    """
    etag = build_etag(stored, variant)
    if is_unchanged(request, etag, stored.changed_at):
        response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
        del response.headers["Content-Type"]
    else:
        body = stored.content if content is None else content
        response = HttpResponse(body, content_type=JSON)
        # Without it a server sends the body in chunks.
        response.headers["Content-Length"] = str(len(response.content))
        if stored.encoding:
            response.headers["Content-Encoding"] = stored.encoding
    set_cache_headers(
        response,
        etag=etag,
        changed_at=stored.changed_at,
        valid_until=stored.valid_until,
        tags=stored.tags,
    )
    return response
