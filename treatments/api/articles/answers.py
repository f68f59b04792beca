"""Answers with one article: now, at a path, in the past, or gone; stored where there is a store."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from ninja.errors import HttpError

from treatments.api.articles.queries import get_public_articles
from treatments.api.http.answers import answer
from treatments.api.http.caching import (
    answer_stored,
    choose_encoding,
    get_known_etag,
    set_end,
)
from treatments.api.http.errors import problem_response
from treatments.api.http.parameters import ParameterError
from treatments.api.http.problems import ProblemType
from treatments.api.resolve.moves import find_move
from treatments.api.resolve.paths import find_public_page, split_path
from treatments.api.resolve.sites import build_site_condition
from treatments.api.resolve.standing import (
    describe_gone,
    find_gone,
    find_gone_at,
    represent_gone,
)
from treatments.content.addresses import get_path
from treatments.content.documents import build_documents, load_documents
from treatments.content.formats import RichTextFormat
from treatments.content.representation import find_source, represent_alias
from treatments.content.selection import shape_as_asked
from treatments.content.visibility import get_public_pages
from treatments.hashes.json import write_json
from treatments.models import TreatmentArticleMixin
from treatments.ports.store import Gone, Stored, get_store
from treatments.search.index.indexing import ensure_indexed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from wagtail.models import Page

NOT_PUBLIC = "There is no public article here."
NOT_PUBLIC_THEN = (
    "There was no public article here at that instant, or it may not be read now."
)


def answer_path(request: HttpRequest, path: str, given: Any) -> Any:
    """Answer with the page at a path, that it is gone, or where it has moved to.

    A stored document is found by its path at once; what has a new path, or is written otherwise, is
    found in the page tree, and so are an index and the home page.

    Raises:
        HttpError: 404 when the path leads to no public page and never did.
    """
    store = get_store()
    if store is not None:
        form = Form(request, given)
        stored = store.find_by_path(
            request, path, encoding=form.encoding, known_etag=form.known_etag
        )
        if isinstance(stored, Stored):
            return form.answer(stored)
    page = find_public_page(request, path)
    if page is not None and is_article(page):
        return answer_article(request, page.pk, given)
    if page is not None and split_path(path) == split_path(get_path(page)):
        return answer_other_page(page.specific, given)
    gone = find_gone_at(request, path)
    if gone is not None:
        return answer_gone(gone)
    move = find_move(request, path)
    if move is None:
        raise HttpError(404, "There is no public page at this path.")
    return move.represent()


def is_article(page: Page) -> bool:
    """Tell whether a page is an article."""
    model = page.specific_class
    return model is not None and issubclass(model, TreatmentArticleMixin)


def answer_other_page(page: Page, given: Any) -> HttpResponse:
    """Answer with a page that is no article: an index, the home page, or one of the project's own."""
    document = shape_as_asked(build_documents([page])[page.pk], given)
    response = answer(document)
    set_end(response, page.expire_at)
    return response


class Form:
    """In which form one request wants a document: a part of it, and how it is compressed.

    Attributes:
        variant: What tells the form from the whole document; see ``caching.build_etag``.
        encoding: Stored bytes are compressed; a part of a document is not.
        known_etag: The hash of what the client has in this very form.
    """

    def __init__(self, request: HttpRequest, given: Any, alias: Page | None = None):
        self.request, self.given, self.alias = request, given, alias
        self.variant = get_variant(given) + (f"-{alias.pk}" if alias else "")
        self.encoding = "" if self.variant else choose_encoding(request)
        self.known_etag = get_known_etag(request, self.encoding, self.variant)

    def answer(self, stored: Stored) -> HttpResponse:
        """Answer with a document."""
        content = None
        if self.variant and stored.content is not None:
            document = json.loads(stored.content)
            if self.alias is not None:
                document |= represent_alias(self.alias)
            document = shape_as_asked(document, self.given)
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
    if isinstance(found, Stored):
        return form.answer(found)
    alias = find_public_alias(request, article_id) if found is None else None
    if alias is not None:
        form = Form(request, given, alias)
        source_id = find_source(alias).pk
        source = store.find_by_id(request, source_id, known_etag=form.known_etag)
        if isinstance(source, Stored):
            return form.answer(source)
    return refuse(request, article_id, found)


def refuse(
    request: HttpRequest, article_id: int, gone: Gone | None = None
) -> HttpResponse:
    """Answer that an article is gone.

    Raises:
        HttpError: 404 when it never was public.
    """
    gone = gone or find_gone(request, article_id)
    if gone is None:
        raise HttpError(404, NOT_PUBLIC)
    return answer_gone(gone)


def find_public_alias(request: HttpRequest, page_id: int) -> Page | None:
    """Return a public page of the asked site that is the alias of an article, or None."""
    if page_id >= 2**63:
        return None
    pages = get_public_pages().filter(
        build_site_condition(request), pk=page_id, alias_of__isnull=False
    )
    page = pages.select_related("locale", "alias_of").first()
    return page if page is not None and is_article(page) else None


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
    return problem_response(
        410, describe_gone(gone), ProblemType.WITHDRAWN, extra=represent_gone(gone)
    )


def build_article(
    request: HttpRequest, article_id: int, given: Any
) -> dict[str, Any] | HttpResponse:
    """Return a public article as it was asked for, or that it is gone.

    Raises:
        HttpError: 404 when there is no public article with this id and never was.
    """
    ensure_indexed()
    is_public = article_id < 2**63 and (
        get_public_articles(request).filter(pk=article_id).exists()
        or find_public_alias(request, article_id) is not None
    )
    documents = load_documents([article_id]) if is_public else {}
    if article_id not in documents:
        return refuse(request, article_id)
    return shape_as_asked(documents[article_id], given)
