"""``/api/v3/articles/``: lists of cards, whole articles, sections on their own, criteria as FHIR."""

from __future__ import annotations

import hashlib
import json
import uuid  # noqa: TC003 - ninja reads the annotations
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations
from ninja import NinjaAPI, Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from treatments.api.answers import FHIR_JSON, answer_checked, write_json
from treatments.api.article_cards import find_highlights, represent_cards
from treatments.api.article_facets import count_facets
from treatments.api.article_parameters import (
    get_detail_parameters,
    get_list_parameters,
    get_shape_parameters,
)
from treatments.api.article_queries import (
    ArticleFilter,
    ArticlePage,
    find_articles,
    find_by_code,
    get_public_articles,
    read_page,
)
from treatments.api.article_schemas import (
    CARD_FIELDS,
    ArticleMoved,
    EvidenceVariable,
    get_article_types,
    get_list_schema,
    get_partial_schema,
    get_section_schema,
)
from treatments.api.articles import load_documents
from treatments.api.caching import answer_stored, choose_encoding, get_known_etag
from treatments.api.errors import problem_response
from treatments.api.indexing import ensure_indexed, ensure_indexed_lately
from treatments.api.moves import find_move
from treatments.api.parameters import ParameterError, check_language
from treatments.api.paths import find_public_page
from treatments.api.problems import ProblemType
from treatments.api.representation import format_time
from treatments.api.rich_text_formats import RichTextFormat
from treatments.api.schema_types import one_of
from treatments.api.selection import shape_answer
from treatments.api.standalone import build_fhir, build_section
from treatments.api.stores import Gone, Stored, get_store

if TYPE_CHECKING:
    from treatments.api.stores import Store
    from treatments.models import IndexedArticle

NOT_PUBLIC = "There is no public article here."
NOT_PUBLIC_THEN = (
    "There was no public article here at that instant, or it may not be read now."
)


#: What the installed article types and the settings make of the parameters.
ListQuery = get_list_parameters()
ShapeQuery = get_shape_parameters()
DetailQuery = get_detail_parameters()


class BlockQuery(Schema):
    """Which of the articles that hold a block is meant."""

    locale: str = Field(
        default=cast("Any", None),
        description="Language code; the site's default language where there is a choice.",
    )
    article: int = Field(
        default=cast("Any", None), ge=1, lt=2**63, description="Id of the article."
    )


def register_article_routers(api: NinjaAPI) -> None:
    """Put the articles, sections and criteria on the API."""
    one = one_of((get_article_types(), get_partial_schema()))
    found = one_of((get_article_types(), get_partial_schema(), ArticleMoved))
    articles, blocks = Router(tags=["articles"]), Router(tags=["articles"])
    operations: list[tuple[Router, str, Any, Any, str]] = [
        (articles, "/", list_articles, get_list_schema(), "articles_list"),
        (articles, "/find/", find_article, found, "articles_find"),
        (articles, "/by-code/", list_by_code, get_list_schema(), "articles_by_code"),
        (articles, "/{int:article_id}/", get_article, one, "articles_detail"),
        (
            blocks,
            "/sections/{uuid:block_id}/",
            get_section,
            get_section_schema(),
            "sections_detail",
        ),
        (
            blocks,
            "/criteria/{uuid:block_id}/fhir/",
            get_criteria_as_fhir,
            EvidenceVariable,
            "criteria_fhir",
        ),
    ]
    for router, path, view, shape_of_answer, operation_id in operations:
        router.add_api_operation(
            path,
            ["GET"],
            view,
            response=shape_of_answer,
            operation_id=operation_id,
            auth=None,
        )
    api.add_router("/articles/", articles)
    api.add_router("/", blocks)


def get_section(
    request: HttpRequest,
    block_id: uuid.UUID,
    given: Query[BlockQuery],
) -> HttpResponse:
    """Return a section that may be shown without its article."""
    return answer_checked(
        request,
        BlockQuery.model_fields,
        lambda: build_section(request, block_id, given),
    )


def get_criteria_as_fhir(
    request: HttpRequest,
    block_id: uuid.UUID,
    given: Query[BlockQuery],
) -> HttpResponse:
    """Return a criteria list as a FHIR R5 EvidenceVariable."""
    return answer_checked(
        request,
        BlockQuery.model_fields,
        lambda: build_fhir(request, block_id, given),
        content_type=FHIR_JSON,
    )


def list_articles(
    request: HttpRequest,
    given: Query[ListQuery],  # ty: ignore[invalid-type-form]
) -> HttpResponse:
    """List, filter and search articles."""
    return answer_checked(
        request, ListQuery.model_fields, lambda: build_list(request, given)
    )


def list_by_code(
    request: HttpRequest,
    system: str,
    code: str,
    given: Query[ListQuery],  # ty: ignore[invalid-type-form]
) -> HttpResponse:
    """List the articles about what has a code, such as a MeSH or SNOMED CT concept."""
    return answer_checked(
        request,
        {"system", "code", *ListQuery.model_fields},
        lambda: build_list(request, given, (system, code)),
    )


def get_article(
    request: HttpRequest,
    article_id: int,
    given: Query[DetailQuery],  # ty: ignore[invalid-type-form]
) -> HttpResponse:
    """Return one article, as it is now or as it was at an instant."""
    return answer_checked(
        request,
        DetailQuery.model_fields,
        lambda: (
            answer_article(request, article_id, given)
            if given.as_of is None
            else answer_past(request, article_id, given)
        ),
    )


def find_article(
    request: HttpRequest,
    path: str,
    given: Query[ShapeQuery],  # ty: ignore[invalid-type-form]
) -> HttpResponse:
    """Return the article at a path, or where it has moved to."""
    return answer_checked(
        request,
        {"path", *ShapeQuery.model_fields},
        lambda: answer_path(request, path, given),
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
            document = shape(json.loads(stored.content), self.given)
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
    return shape(documents[article_id], given)


def shape(document: dict[str, Any], given: Any) -> dict[str, Any]:
    """Return a document with the fields, renditions and rich text that were asked for."""
    renditions = frozenset(given.renditions) if given.renditions else None
    return shape_answer(document, given.fields, renditions, given.rich_text)


def build_list(
    request: HttpRequest, given: Any, code: tuple[str, str] | None = None
) -> dict[str, Any]:
    """Return a page of a list.

    Raises:
        ParameterError: a parameter has a value that does not exist.
    """
    ensure_indexed_lately()
    language = check_language(given.locale)
    articles = get_public_articles(request)
    if code is not None:
        articles = articles.filter(find_by_code(*code))
    article_filter = ArticleFilter(given, language)
    words = given.search or ""
    ranking = None
    if given.search is not None:
        ranking = find_articles(article_filter.apply(articles), words, language)
        articles = articles.filter(pk__in=ranking)
    store = get_store()
    page = read_page(
        article_filter.apply(articles),
        given,
        ranking,
        add_cards=store.add_cards if store else None,
    )
    return {
        "count": page.count,
        "items": [shape(item, given) for item in build_items(page, given, words)],
        "next": get_next_address(request, page),
        "next_cursor": page.next_cursor,
        "facets": count_facets(articles, article_filter, given.facets, language)
        if given.facets
        else None,
    }


def build_items(page: ArticlePage, given: Any, words: str) -> list[dict[str, Any]]:
    """Return the entries of a list; whole articles are built where a card has not what was asked for."""
    store = get_store()
    if store is None:
        cards = represent_cards(page.entries, words)
    else:
        cards = read_cards(store, page.entries, words)
    if given.fields is None or set(given.fields) <= set(CARD_FIELDS):
        return cards
    ids = [card["id"] for card in cards]
    documents = store.load(ids) if store else load_documents(ids)
    return [
        {**card, **documents[card["id"]]} for card in cards if card["id"] in documents
    ]


def read_cards(
    store: Store, entries: list[IndexedArticle], words: str
) -> list[dict[str, Any]]:
    """Return the stored cards of some articles; those that are not up to date are built first."""
    stale = [entry.pk for entry in entries if entry.is_stale]  # ty: ignore[missing-attribute]
    fresh = store.load_cards(stale) if stale else {}
    cards = []
    for entry in entries:
        content = fresh.get(entry.pk) if entry.is_stale else entry.stored_card  # ty: ignore[missing-attribute]
        if content is None:
            continue
        card = json.loads(bytes(content))
        if words:
            card["highlights"] = find_highlights(entry, words, card["locale"])
        cards.append(card)
    return cards


def get_next_address(request: HttpRequest, page: ArticlePage) -> str | None:
    """Return the path of the next page of a list."""
    if page.next_cursor is None:
        return None
    query = request.GET.copy()
    query.pop("offset", None)
    query["cursor"] = page.next_cursor
    return f"{request.path}?{query.urlencode()}"
