"""``/api/v3/articles/``: lists of cards, whole articles, sections on their own, criteria as FHIR."""

from __future__ import annotations

import uuid  # noqa: TC003 - ninja reads the annotations
from typing import Any, cast

from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations
from ninja import NinjaAPI, Query, Router, Schema
from pydantic import Field

from treatments.api.articles.answers import answer_article, answer_past, answer_path
from treatments.api.articles.lists import answer_list
from treatments.api.articles.parameters import (
    get_detail_parameters,
    get_list_parameters,
    get_shape_parameters,
)
from treatments.api.articles.schemas import (
    ArticleMoved,
    EvidenceVariable,
    get_article_types,
    get_list_schema,
    get_other_page_schema,
    get_partial_schema,
    get_section_schema,
)
from treatments.api.articles.standalone import build_fhir, build_section
from treatments.api.http.answers import FHIR_JSON, answer
from treatments.api.http.own_views import mount
from treatments.content.shape_types import one_of

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
    found = one_of(
        (
            get_article_types(),
            get_partial_schema(),
            get_other_page_schema(),
            ArticleMoved,
        )
    )
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
    mount(api, "/articles/", articles)
    mount(api, "/", blocks)


def get_section(
    request: HttpRequest,
    block_id: uuid.UUID,
    given: Query[BlockQuery],
) -> HttpResponse:
    """Return a section that may be shown without its article."""
    return answer(build_section(request, block_id, given))


def get_criteria_as_fhir(
    request: HttpRequest,
    block_id: uuid.UUID,
    given: Query[BlockQuery],
) -> HttpResponse:
    """Return a criteria list as a FHIR R5 EvidenceVariable."""
    return answer(build_fhir(request, block_id, given), FHIR_JSON)


def list_articles(
    request: HttpRequest,
    given: Query[ListQuery],  # ty: ignore[invalid-type-form]
) -> HttpResponse:
    """List, filter and search articles."""
    return answer_list(request, given)


def list_by_code(
    request: HttpRequest,
    system: str,
    code: str,
    given: Query[ListQuery],  # ty: ignore[invalid-type-form]
) -> HttpResponse:
    """List the articles about what has a code, such as a MeSH or SNOMED CT concept."""
    return answer_list(request, given, (system, code))


def get_article(
    request: HttpRequest,
    article_id: int,
    given: Query[DetailQuery],  # ty: ignore[invalid-type-form]
) -> HttpResponse:
    """Return one article, as it is now or as it was at an instant."""
    if given.as_of is not None:
        return answer_past(request, article_id, given)
    return answer(answer_article(request, article_id, given))


def find_article(
    request: HttpRequest,
    path: str,
    given: Query[ShapeQuery],  # ty: ignore[invalid-type-form]
) -> HttpResponse:
    """Return the page at a path, or where it has moved to."""
    return answer(answer_path(request, path, given))
