"""``/api/v3/articles/``: lists of cards, whole articles, sections on their own, criteria as FHIR."""

from __future__ import annotations

import uuid  # noqa: TC003 - ninja reads the annotations
from typing import Any, cast

from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations
from ninja import NinjaAPI, Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from treatments.api.answers import FHIR_JSON, answer_checked
from treatments.api.article_cards import represent_cards
from treatments.api.article_facets import count_facets
from treatments.api.article_parameters import (
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
from treatments.api.indexing import ensure_indexed
from treatments.api.moves import find_move
from treatments.api.parameters import get_locale
from treatments.api.paths import find_public_page
from treatments.api.schema_types import one_of
from treatments.api.selection import shape_answer
from treatments.api.standalone import build_fhir, build_section

NOT_PUBLIC = "There is no public article here."


#: What the installed article types and the settings make of the parameters.
ListQuery = get_list_parameters()
ShapeQuery = get_shape_parameters()


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
    given: Query[ShapeQuery],  # ty: ignore[invalid-type-form]
) -> HttpResponse:
    """Return one article."""
    return answer_checked(
        request,
        ShapeQuery.model_fields,
        lambda: build_article(request, article_id, given),
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
        lambda: build_found(request, path, given),
    )


def build_found(request: HttpRequest, path: str, given: Any) -> dict[str, Any]:
    """Return the article at a path, or the move of the path.

    Raises:
        HttpError: 404 when the path leads to no public article and never did.
    """
    page = find_public_page(request, path)
    if page is not None:
        return build_article(request, page.pk, given)
    move = find_move(request, path)
    if move is None:
        raise HttpError(404, "There is no public article at this path.")
    return move


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
    ensure_indexed()
    locale = get_locale(given.locale)
    articles = get_public_articles(request)
    if code is not None:
        articles = articles.filter(find_by_code(*code))
    article_filter = ArticleFilter(given, locale)
    words = given.search or ""
    ranking = None
    if given.search is not None:
        ranking = find_articles(article_filter.apply(articles), words, locale)
        articles = articles.filter(pk__in=ranking)
    page = read_page(article_filter.apply(articles), given, ranking)
    return {
        "count": page.count,
        "items": [shape(item, given) for item in build_items(page, given, words)],
        "next": get_next_address(request, page),
        "next_cursor": page.next_cursor,
        "facets": count_facets(articles, article_filter, given.facets, locale)
        if given.facets
        else None,
    }


def build_items(page: ArticlePage, given: Any, words: str) -> list[dict[str, Any]]:
    """Return the entries of a list; whole articles are built where a card has not what was asked for."""
    cards = represent_cards(page.entries, words)
    if given.fields is None or set(given.fields) <= set(CARD_FIELDS):
        return cards
    documents = load_documents(card["id"] for card in cards)
    return [
        {**card, **documents[card["id"]]} for card in cards if card["id"] in documents
    ]


def get_next_address(request: HttpRequest, page: ArticlePage) -> str | None:
    """Return the path of the next page of a list."""
    if page.next_cursor is None:
        return None
    query = request.GET.copy()
    query.pop("offset", None)
    query["cursor"] = page.next_cursor
    return f"{request.path}?{query.urlencode()}"
