"""Finds reference content: by words, by letter, by code, by slug, always in a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.text import slugify
from wagtail.search.backends import get_search_backend

from treatments.api.http.parameters import ParameterError
from treatments.content.index_page import get_letter, sort_letter
from treatments.content.snippets import (
    SnippetEndpoint,
    get_public_snippets,
    represent_snippets,
)

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from wagtail.models import Locale

    from snippets.models import GlossaryTerm
    from treatments.api.openapi.query_schemas import ListQuery


def list_entries(
    endpoint: SnippetEndpoint, query: ListQuery, locale: Locale | None
) -> dict[str, Any]:
    """Return ``{"count", "items"}``: the published entries that a query asks for.

    Raises:
        ParameterError: a system without a code.
    """
    queryset = filter_entries(endpoint, query, locale)
    letter = getattr(query, "letter", None)
    words = query.search.strip()
    end = query.offset + query.limit
    if words:
        hits = get_search_backend().search(words, queryset)
        if letter is None:
            count, instances = hits.count(), list(hits[query.offset : end])
        else:
            of_letter = [hit for hit in hits if get_letter(hit.term) == letter]
            count, instances = len(of_letter), of_letter[query.offset : end]
    elif endpoint.is_translatable:
        ids = sort_ids(queryset, endpoint.order[0], letter)
        count = len(ids)
        found = queryset.in_bulk(ids[query.offset : end])
        instances = [found[pk] for pk in ids[query.offset : end] if pk in found]
    else:
        count = queryset.count()
        instances = list(queryset.order_by(*endpoint.order)[query.offset : end])
    answers = represent_snippets(instances)
    return {"count": count, "items": [answers[instance.pk] for instance in instances]}


def filter_entries(
    endpoint: SnippetEndpoint, query: ListQuery, locale: Locale | None
) -> QuerySet[Any]:
    """Return the published entries with the given columns and codes."""
    queryset = get_public_snippets(endpoint.model)
    if locale is not None:
        queryset = queryset.filter(locale=locale)
    given = {
        name: value
        for name in endpoint.filters
        if (value := getattr(query, name)) is not None
    }
    return queryset.filter(build_code_filter(endpoint, query), **given)


def build_code_filter(endpoint: SnippetEndpoint, query: ListQuery) -> Q:
    """Return the filter by a code, in one system or in any.

    Raises:
        ParameterError: a system without a code.
    """
    system, code = getattr(query, "system", None), getattr(query, "code", None)
    if code is None:
        if system is not None:
            raise ParameterError("The parameter system needs the parameter code.")
        return Q()
    wanted = Q()
    vocabulary: Any = endpoint.model
    for field, uri in vocabulary.code_fields:
        if system in {None, uri}:
            wanted |= Q(**{field: code})
    return wanted


def sort_ids(queryset: QuerySet[Any], field: str, letter: str | None) -> list[int]:
    """Return the ids by name without regard to case and accents, which databases treat differently."""
    rows = queryset.values_list("pk", field)
    ordered = sorted(
        (slugify(name), pk)
        for pk, name in rows
        if letter is None or get_letter(name) == letter
    )
    return [pk for _name, pk in ordered]


def count_letters(
    queryset: QuerySet[GlossaryTerm], locale: Locale | None
) -> list[dict[str, Any]]:
    """Return ``{"letter", "count"}`` for every letter that has terms, ``#`` last."""
    if locale is not None:
        queryset = queryset.filter(locale=locale)
    counts = Counter(get_letter(term) for term in queryset.values_list("term", flat=True))  # fmt: skip
    return [
        {"letter": letter, "count": counts[letter]}
        for letter in sorted(counts, key=sort_letter)
    ]


def find_by_slug(
    model: type[Model], slug: str, locale: Locale
) -> tuple[Any | None, list[str]]:
    """Return the published entry with a slug in a language, or None and the languages that it has.

    The second part is for people: ``["en (cryoablation)", …]``, empty where the slug is not known at all.
    """
    public = get_public_snippets(model)
    own = public.filter(slug=slug, locale=locale).first()
    if own is not None:
        return own, []
    keys = public.filter(slug=slug).values("translation_key")
    others = public.filter(translation_key__in=keys)
    names = sorted(f"{other.locale.language_code} ({other.slug})" for other in others)
    return None, names
