"""The reads of reference content in v3: lists, details, slugs, and the articles that use an entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations
from ninja import Query, Router
from ninja.errors import HttpError
from ninja.params.functions import Path

from snippets.models import GlossaryTerm
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
    from collections.abc import Callable, Iterator

    from django.db.models import Model
    from pydantic import BaseModel

#: The largest id that a database column holds.
MAX_ID = 2**63 - 1


@dataclass(frozen=True)
class Kind:
    """A kind of reference content, and what the OpenAPI document says of its reads.

    Attributes:
        name: The first part of the addresses; ``ENDPOINTS`` has the model.
        noun: An entry in a word, which names the parameter of the id, too.
        query: The parameters of the list.
        shapes: The answers: the list, and one entry.
        contents: What the list holds, and how it is ordered.
        title: An entry in full, where the noun alone does not say it.
        use: What articles do with an entry, as a title and as a clause; empty where nobody can ask for them.
    """

    name: str
    noun: str
    query: type[ListQuery]
    shapes: tuple[type[BaseModel], type[BaseModel]]
    contents: str
    title: str = ""
    use: tuple[str, str] | tuple[()] = ()

    @property
    def model(self) -> type[Model]:
        """The model of the entries."""
        return ENDPOINTS[self.name].model

    @property
    def has_slug(self) -> bool:
        """Whether an entry can be found by its slug."""
        return "slug" in ENDPOINTS[self.name].fields


KINDS = (
    Kind(
        "glossary",
        "term",
        GlossaryQuery,
        (GlossaryList, GlossaryEntry),
        "published terms, by name",
        title="glossary term",
        use=("Articles that use a glossary term", "use the term"),
    ),
    Kind(
        "references",
        "reference",
        ReferenceQuery,
        (ReferenceList, ReferenceFields),
        "published references, by title",
        use=("Articles that cite a reference", "cite the reference"),
    ),
    Kind(
        "contributors",
        "contributor",
        ContributorQuery,
        (ContributorList, ContributorEntry),
        "published contributors, by name",
        use=("Articles of a contributor", "the contributor wrote"),
    ),
    Kind(
        "conditions",
        "condition",
        ConditionQuery,
        (ConditionList, ConditionEntry),
        "conditions, by name",
    ),
    Kind(
        "treatments",
        "treatment",
        TreatmentQuery,
        (TreatmentList, TreatmentEntry),
        "treatments, by name",
    ),
)


def build_router(kind: Kind) -> Router:
    """Return the reads of a kind."""
    router = Router(tags=[kind.name])
    for name, path, view, shape, summary, text in list_operations(kind):
        router.add_api_operation(
            path,
            ["GET"],
            view,
            response=shape,
            summary=summary,
            description=text,
            operation_id=f"{kind.name}_{name}",
            url_name=f"{kind.name}_{name}",
            auth=None,
        )
    return router


def list_operations(
    kind: Kind,
) -> Iterator[tuple[str, str, Callable, type[BaseModel], str, str]]:
    """Yield name, path, view, answer, summary and description of each read of a kind."""
    title, noun = kind.title or kind.noun, kind.noun
    listed, entry = kind.shapes
    text = f"Give the {kind.contents}; with `search`, the best hits first."
    yield "list", "/", build_list_view(kind), listed, f"List {title}s", text
    if "letter" in kind.query.model_fields:
        summary = "Letters of the glossary"
        text = "Give the letters that have terms, and how many."
        yield "letters", "/letters/", list_letters, GlossaryLetters, summary, text
    if kind.has_slug:
        path, summary = "/by-slug/{slug:slug}/", f"A {title} by its slug"
        text = f"Give the {noun} of one language; 404 where that language has none, never another one."
        yield "by_slug", path, build_slug_view(kind), entry, summary, text
    path = f"/{{int:{noun}_id}}/"
    text = f"Give one {noun}."
    yield "detail", path, build_detail_view(kind), entry, f"A {title}", text
    if kind.use:
        summary, clause = kind.use
        view = build_articles_view(kind)
        text = f"Give the public articles that {clause}, in all languages or in one."
        yield "articles", f"{path}articles/", view, ArticleCardList, summary, text


def build_list_view(kind: Kind) -> Callable:
    """Return the view of a part of a list."""

    def view(request: HttpRequest, query: Query[ListQuery]) -> HttpResponse:
        return answer(list_entries(ENDPOINTS[kind.name], query, find_locale(query)))

    view.__annotations__["query"] = Query[kind.query]  # ty: ignore[invalid-type-form]
    return view


def list_letters(request: HttpRequest, query: Query[LettersQuery]) -> HttpResponse:
    """Answer with the letters of the glossary."""
    locale = find_locale(query)
    letters = count_letters(get_public_snippets(GlossaryTerm), locale)
    return answer({"items": letters})


def build_detail_view(kind: Kind) -> Callable:
    """Return the view of one published entry."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return answer_one(get_instance(kind.model, pk))

    return take_id(kind, view)


def build_slug_view(kind: Kind) -> Callable:
    """Return the view of the entry that has a slug in a language; otherwise it says which languages have it."""

    def view(
        request: HttpRequest, slug: str, query: Query[LocaleQuery]
    ) -> HttpResponse:
        locale = find_locale(query) or get_default_locale(request)
        found, others = find_by_slug(kind.model, slug, locale)
        if found is None:
            languages = f" It exists in: {', '.join(others)}." if others else ""
            raise HttpError(
                404,
                f"There is nothing public with this slug in {locale.language_code}.{languages}",
            )
        return answer_one(found)

    return view


def build_articles_view(kind: Kind) -> Callable:
    """Return the view of the cards of the public articles that use a published entry."""

    def view(
        request: HttpRequest, pk: int, query: Query[ArticlesQuery]
    ) -> HttpResponse:
        locale = find_locale(query)
        instance = get_instance(kind.model, pk)
        return answer(list_articles_using(request, instance, query, locale))

    return take_id(kind, view)


def take_id(kind: Kind, view: Callable) -> Callable:
    """Give a view the id under the name that it has in the addresses of a kind."""
    given = Path(..., alias=f"{kind.noun}_id")
    view.__annotations__["pk"] = Annotated[int, given]
    return view


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


ROUTERS = {kind.name: build_router(kind) for kind in KINDS}
