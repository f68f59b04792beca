"""A page of a list of articles: its cards, what was asked for beside them, its facets, the next page."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils import translation

from treatments.api.article_cards import find_highlights, represent_cards
from treatments.api.article_facets import count_facets
from treatments.api.article_pages import ArticlePage, PageReader, check_order
from treatments.api.article_queries import (
    ArticleFilter,
    add_public_status,
    find_by_code,
    get_public_articles,
    rank_articles,
)
from treatments.api.article_schemas import CARD_FIELDS
from treatments.api.articles import load_documents
from treatments.api.indexing import ensure_indexed_lately
from treatments.api.kept_answers import LISTS
from treatments.api.parameters import check_language
from treatments.api.selection import shape_as_asked
from treatments.api.stores import get_store
from treatments.api.visibility import get_host
from treatments.search.among import is_among

if TYPE_CHECKING:
    from collections.abc import Hashable

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from treatments.api.stores import Store
    from treatments.models import IndexedArticle

#: What says which page of an answer is wanted and how it is shaped, not what it counts.
PAGE_PARAMETERS = frozenset(
    (
        "cursor",
        "facets",
        "fields",
        "limit",
        "offset",
        "order",
        "renditions",
        "rich_text",
    )
)


def build_list(
    request: HttpRequest, given: Any, code: tuple[str, str] | None = None
) -> dict[str, Any]:
    """Return a page of a list.

    Raises:
        ParameterError: a parameter has a value that does not exist.
    """
    ensure_indexed_lately()
    language = check_language(given.locale)
    order = check_order(given, is_search=given.search is not None)
    store = get_store()
    articles = get_public_articles(request)
    if (
        store is None
        or given.translation_status
        or "translation_status" in (given.facets or ())
    ):
        articles = add_public_status(articles, request)
    if code is not None:
        articles = articles.filter(find_by_code(*code))
    article_filter = ArticleFilter(given, language)
    key = build_key(request, code)
    reader = PageReader(
        article_filter.apply(articles),
        given,
        order=order,
        store=store,
        has_words=given.search is not None,
    )
    if given.search is None:
        page = reader.read(key)
    else:
        ranking, page = reader.read_found(
            key, partial(rank_articles, reader.articles, given.search, language)
        )
        articles = articles.filter(is_among(ranking.found))
    return {
        "count": page.count,
        "items": [
            shape_as_asked(item, given)
            for item in build_items(page, given, given.search or "")
        ],
        "next": get_next_address(request, page),
        "next_cursor": page.next_cursor,
        "facets": find_facets(key, page, articles, article_filter, given, language)
        if given.facets
        else None,
    }


def build_key(request: HttpRequest, code: tuple[str, str] | None) -> Hashable:
    """Return what was asked, apart from the page and from how the answer is shaped."""
    asked = {
        name: tuple(values)
        for name, values in request.GET.lists()
        if name not in PAGE_PARAMETERS
    }
    return (get_host(request), code, frozenset(asked.items()))


def find_facets(
    key: Hashable,
    page: ArticlePage,
    articles: QuerySet[IndexedArticle],
    article_filter: ArticleFilter,
    given: Any,
    language: str | None,
) -> dict[str, list[dict[str, Any]]]:
    """Return the facets of a list: those that were kept, while they are true."""
    facets_key = ("facets", key, given.facets, translation.get_language())
    kept = LISTS.get(facets_key) if page.state else None
    if kept is not None and kept.state == page.state:
        return kept.value
    facets = count_facets(articles, article_filter, given.facets, language)
    if page.state:
        LISTS.keep(facets_key, facets, page.state, page.ends_at)
    return facets


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
