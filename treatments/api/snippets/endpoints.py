"""The reads of reference content in v3: lists, details, slugs, and the articles that use an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations
from ninja import Query, Router
from ninja.errors import HttpError

from snippets.models import Condition, Contributor, GlossaryTerm, Reference, Treatment
from treatments.api.articles.schemas import ArticleCardList
from treatments.api.articles.uses import list_articles_using
from treatments.api.http.answers import answer
from treatments.api.openapi.query_schemas import (
    ArticlesQuery,
    ConditionQuery,
    ContributorQuery,
    GlossaryQuery,
    LettersQuery,
    ListQuery,
    LocaleQuery,
    ReferenceQuery,
    TreatmentQuery,
    find_locale,
)
from treatments.api.site.reads import get_default_locale
from treatments.api.snippets.lists import count_letters, find_by_slug, list_entries
from treatments.api.snippets.schemas import (
    ConditionEntry,
    ConditionList,
    ContributorEntry,
    ContributorList,
    GlossaryEntry,
    GlossaryLetters,
    GlossaryList,
    ReferenceList,
    TreatmentEntry,
    TreatmentList,
)
from treatments.content.shapes import ReferenceFields
from treatments.content.snippets import (
    ENDPOINTS,
    get_public_snippets,
    represent_snippets,
)

if TYPE_CHECKING:
    from django.db.models import Model

#: The largest id that a database column holds.
MAX_ID = 2**63 - 1

glossary = Router(tags=["glossary"])
references = Router(tags=["references"])
contributors = Router(tags=["contributors"])
conditions = Router(tags=["conditions"])
treatments = Router(tags=["treatments"])
ROUTERS = {
    "glossary": glossary,
    "references": references,
    "contributors": contributors,
    "conditions": conditions,
    "treatments": treatments,
}


@glossary.get(
    "/",
    response=GlossaryList,
    summary="List glossary terms",
    operation_id="glossary_list",
    auth=None,
)
def list_terms(request: HttpRequest, query: Query[GlossaryQuery]) -> HttpResponse:
    """Give the published terms, by name; with `search`, the best hits first."""
    return answer_list("glossary", query)


@glossary.get(
    "/letters/",
    response=GlossaryLetters,
    summary="Letters of the glossary",
    operation_id="glossary_letters",
    auth=None,
)
def list_letters(request: HttpRequest, query: Query[LettersQuery]) -> HttpResponse:
    """Give the letters that have terms, and how many."""
    locale = find_locale(query)
    letters = count_letters(get_public_snippets(GlossaryTerm), locale)
    return answer({"items": letters})


@glossary.get(
    "/by-slug/{slug:slug}/",
    response=GlossaryEntry,
    summary="A glossary term by its slug",
    operation_id="glossary_by_slug",
    auth=None,
)
def get_term_by_slug(
    request: HttpRequest, slug: str, query: Query[LocaleQuery]
) -> HttpResponse:
    """Give the term of one language; 404 where that language has none, never another one."""
    return answer_slug(GlossaryTerm, slug, request, query)


@glossary.get(
    "/{int:term_id}/",
    response=GlossaryEntry,
    summary="A glossary term",
    operation_id="glossary_detail",
    auth=None,
)
def get_term(request: HttpRequest, term_id: int) -> HttpResponse:
    """Give one term."""
    return answer_detail(GlossaryTerm, term_id)


@glossary.get(
    "/{int:term_id}/articles/",
    response=ArticleCardList,
    summary="Articles that use a glossary term",
    operation_id="glossary_articles",
    auth=None,
)
def list_articles_of_term(
    request: HttpRequest, term_id: int, query: Query[ArticlesQuery]
) -> HttpResponse:
    """Give the public articles that use the term, in all languages or in one."""
    return answer_articles(GlossaryTerm, term_id, request, query)


@references.get(
    "/",
    response=ReferenceList,
    summary="List references",
    operation_id="references_list",
    auth=None,
)
def list_references(request: HttpRequest, query: Query[ReferenceQuery]) -> HttpResponse:
    """Give the published references, by title; with `search`, the best hits first."""
    return answer_list("references", query)


@references.get(
    "/{int:reference_id}/",
    response=ReferenceFields,
    summary="A reference",
    operation_id="references_detail",
    auth=None,
)
def get_reference(request: HttpRequest, reference_id: int) -> HttpResponse:
    """Give one reference."""
    return answer_detail(Reference, reference_id)


@references.get(
    "/{int:reference_id}/articles/",
    response=ArticleCardList,
    summary="Articles that cite a reference",
    operation_id="references_articles",
    auth=None,
)
def list_articles_of_reference(
    request: HttpRequest, reference_id: int, query: Query[ArticlesQuery]
) -> HttpResponse:
    """Give the public articles that cite the reference, in all languages or in one."""
    return answer_articles(Reference, reference_id, request, query)


@contributors.get(
    "/",
    response=ContributorList,
    summary="List contributors",
    operation_id="contributors_list",
    auth=None,
)
def list_contributors(
    request: HttpRequest, query: Query[ContributorQuery]
) -> HttpResponse:
    """Give the published contributors, by name; with `search`, the best hits first."""
    return answer_list("contributors", query)


@contributors.get(
    "/{int:contributor_id}/",
    response=ContributorEntry,
    summary="A contributor",
    operation_id="contributors_detail",
    auth=None,
)
def get_contributor(request: HttpRequest, contributor_id: int) -> HttpResponse:
    """Give one contributor."""
    return answer_detail(Contributor, contributor_id)


@contributors.get(
    "/{int:contributor_id}/articles/",
    response=ArticleCardList,
    summary="Articles of a contributor",
    operation_id="contributors_articles",
    auth=None,
)
def list_articles_of_contributor(
    request: HttpRequest, contributor_id: int, query: Query[ArticlesQuery]
) -> HttpResponse:
    """Give the public articles that the contributor wrote, in all languages or in one."""
    return answer_articles(Contributor, contributor_id, request, query)


@conditions.get(
    "/",
    response=ConditionList,
    summary="List conditions",
    operation_id="conditions_list",
    auth=None,
)
def list_conditions(request: HttpRequest, query: Query[ConditionQuery]) -> HttpResponse:
    """Give the conditions, by name; with `search`, the best hits first."""
    return answer_list("conditions", query)


@conditions.get(
    "/by-slug/{slug:slug}/",
    response=ConditionEntry,
    summary="A condition by its slug",
    operation_id="conditions_by_slug",
    auth=None,
)
def get_condition_by_slug(
    request: HttpRequest, slug: str, query: Query[LocaleQuery]
) -> HttpResponse:
    """Give the condition of one language; 404 where that language has none, never another one."""
    return answer_slug(Condition, slug, request, query)


@conditions.get(
    "/{int:condition_id}/",
    response=ConditionEntry,
    summary="A condition",
    operation_id="conditions_detail",
    auth=None,
)
def get_condition(request: HttpRequest, condition_id: int) -> HttpResponse:
    """Give one condition."""
    return answer_detail(Condition, condition_id)


@treatments.get(
    "/",
    response=TreatmentList,
    summary="List treatments",
    operation_id="treatments_list",
    auth=None,
)
def list_treatments(request: HttpRequest, query: Query[TreatmentQuery]) -> HttpResponse:
    """Give the treatments, by name; with `search`, the best hits first."""
    return answer_list("treatments", query)


@treatments.get(
    "/by-slug/{slug:slug}/",
    response=TreatmentEntry,
    summary="A treatment by its slug",
    operation_id="treatments_by_slug",
    auth=None,
)
def get_treatment_by_slug(
    request: HttpRequest, slug: str, query: Query[LocaleQuery]
) -> HttpResponse:
    """Give the treatment of one language; 404 where that language has none, never another one."""
    return answer_slug(Treatment, slug, request, query)


@treatments.get(
    "/{int:treatment_id}/",
    response=TreatmentEntry,
    summary="A treatment",
    operation_id="treatments_detail",
    auth=None,
)
def get_treatment(request: HttpRequest, treatment_id: int) -> HttpResponse:
    """Give one treatment."""
    return answer_detail(Treatment, treatment_id)


def answer_list(name: str, query: ListQuery) -> HttpResponse:
    """Answer with a part of a list."""
    return answer(list_entries(ENDPOINTS[name], query, find_locale(query)))


def answer_detail(model: type[Model], instance_id: int) -> HttpResponse:
    """Answer with one published entry."""
    return answer_one(get_instance(model, instance_id))


def answer_slug(
    model: type[Model], slug: str, request: HttpRequest, query: LocaleQuery
) -> HttpResponse:
    """Answer with the entry that has a slug in a language; otherwise say which languages have it."""
    locale = find_locale(query) or get_default_locale(request)
    found, others = find_by_slug(model, slug, locale)
    if found is None:
        languages = f" It exists in: {', '.join(others)}." if others else ""
        raise HttpError(
            404,
            f"There is nothing public with this slug in {locale.language_code}.{languages}",
        )
    return answer_one(found)


def answer_articles(
    model: type[Model], instance_id: int, request: HttpRequest, query: ArticlesQuery
) -> HttpResponse:
    """Answer with the cards of the public articles that use a published entry."""
    locale = find_locale(query)
    instance = get_instance(model, instance_id)
    return answer(list_articles_using(request, instance, query, locale))


def answer_one(instance: Model) -> HttpResponse:
    """Answer with the public fields of an entry."""
    return answer(represent_snippets([instance])[instance.pk])


def get_instance(model: type[Model], instance_id: int) -> Model:
    """Return a published entry.

    Raises:
        HttpError: 404 where nothing public has this id.
    """
    found = (
        get_public_snippets(model).filter(pk=instance_id).first()
        if instance_id <= MAX_ID
        else None
    )
    if found is None:
        raise HttpError(404, "There is nothing public with this id.")
    return found
