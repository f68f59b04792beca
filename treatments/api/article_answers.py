"""Answers with one article: now, at a path, in the past, or gone; stored where there is a store."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from ninja.errors import HttpError

from treatments.api.answers import write_json
from treatments.api.article_queries import (
    get_public_articles,
)
from treatments.api.articles import load_documents
from treatments.api.caching import answer_stored, choose_encoding, get_known_etag
from treatments.api.errors import problem_response
from treatments.api.indexing import ensure_indexed
from treatments.api.moves import find_move
from treatments.api.parameters import ParameterError
from treatments.api.paths import find_public_page
from treatments.api.problems import ProblemType
from treatments.api.representation import format_time
from treatments.api.rich_text_formats import RichTextFormat
from treatments.api.selection import shape_as_asked
from treatments.api.stores import Gone, Stored, get_store

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

NOT_PUBLIC = "There is no public article here."
NOT_PUBLIC_THEN = (
    "There was no public article here at that instant, or it may not be read now."
)


def answer_path(request: HttpRequest, path: str, given: Any) -> Any:
    """Answer with the article at a path, or with where it has moved to.

    A stored document is found by its path at once; what has a new path, or is written otherwise, is
    found in the page tree.

    Raises:
        HttpError: 404 when the path leads to no public article and never did.
    """
    store = get_store()
    if store is not None:
        form = Form(request, given)
        stored = store.find_by_path(
            request, path, encoding=form.encoding, known_etag=form.known_etag
        )
        if stored is not None:
            return form.answer(stored)
    page = find_public_page(request, path)
    if page is not None:
        return answer_article(request, page.pk, given)
    move = find_move(request, path)
    if move is None:
        raise HttpError(404, "There is no public article at this path.")
    return move


class Form:
    """In which form one request wants a document: a part of it, and how it is compressed.

    Attributes:
        variant: What tells the form from the whole document; see ``caching.build_etag``.
        encoding: Stored bytes are compressed; a part of a document is not.
        known_etag: The hash of what the client has in this very form.
    """

    def __init__(self, request: HttpRequest, given: Any):
        self.request, self.given = request, given
        self.variant = get_variant(given)
        self.encoding = "" if self.variant else choose_encoding(request)
        self.known_etag = get_known_etag(request, self.encoding, self.variant)

    def answer(self, stored: Stored) -> HttpResponse:
        """Answer with a document."""
        content = None
        if self.variant and stored.content is not None:
            document = shape_as_asked(json.loads(stored.content), self.given)
            content = write_json(document)
        return answer_stored(self.request, stored, content, self.variant)


def get_variant(given: Any) -> str:
    """Return what tells the form that was asked for from the whole document; nothing for the whole one."""
    asked = [
        sorted(given.fields) if given.fields is not None else None,
        sorted(given.renditions) if given.renditions else None,
        given.rich_text.value,
    ]
    if asked == [None, None, RichTextFormat.HTML.value]:
        return ""
    return f"-{hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:12]}"


def answer_article(request: HttpRequest, article_id: int, given: Any) -> Any:
    """Answer with a public article as it was asked for.

    Raises:
        HttpError: 404 when there is no public article with this id and never was.
    """
    store = get_store()
    if store is None:
        return build_article(request, article_id, given)
    form = Form(request, given)
    found = None
    if article_id < 2**63:
        found = store.find_by_id(
            request, article_id, encoding=form.encoding, known_etag=form.known_etag
        )
    if found is None:
        raise HttpError(404, NOT_PUBLIC)
    return answer_gone(found) if isinstance(found, Gone) else form.answer(found)


def answer_past(request: HttpRequest, article_id: int, given: Any) -> HttpResponse:
    """Answer with what the public got of an article at an instant.

    Raises:
        HttpError: 404 when it got nothing, or may not read the article now.
        ParameterError: the instant cannot be read, or nothing is remembered here.
    """
    store = get_store()
    if store is None:
        raise ParameterError("The parameter as_of needs the ledger of documents.")
    form = Form(request, given)
    found = None
    if article_id < 2**63:
        found = store.find_past(
            request, article_id, given.as_of, encoding=form.encoding
        )
    if found is None:
        raise HttpError(404, NOT_PUBLIC_THEN)
    stored, headers = found
    response = form.answer(stored)
    for name, value in headers.items():
        response.headers[name] = value
    return response


def answer_gone(gone: Gone) -> HttpResponse:
    """Answer that an article was withdrawn, with what is known of it."""
    detail = "The article was withdrawn."
    if gone.replacement_path:
        detail += f" Read instead: {gone.replacement_path}"
    return problem_response(
        410,
        detail,
        ProblemType.WITHDRAWN,
        extra={
            "reason": gone.reason,
            "withdrawn_at": format_time(gone.since),
            "note": gone.note,
            "replacement_path": gone.replacement_path,
        },
    )


def build_article(request: HttpRequest, article_id: int, given: Any) -> dict[str, Any]:
    """Return a public article as it was asked for.

    Raises:
        HttpError: 404 when there is no public article with this id.
    """
    ensure_indexed()
    is_public = (
        article_id < 2**63
        and get_public_articles(request).filter(pk=article_id).exists()
    )
    documents = load_documents([article_id]) if is_public else {}
    if article_id not in documents:
        raise HttpError(404, NOT_PUBLIC)
    return shape_as_asked(documents[article_id], given)
