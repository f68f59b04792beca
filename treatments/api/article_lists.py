"""A page of a list of articles: its cards, what was asked for beside them, its facets, the next page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from treatments.api.article_cards import find_highlights, represent_cards
from treatments.api.article_facets import count_facets
from treatments.api.article_queries import (
    ArticleFilter,
    ArticlePage,
    find_articles,
    find_by_code,
    get_public_articles,
    read_page,
)
from treatments.api.article_schemas import CARD_FIELDS
from treatments.api.articles import load_documents
from treatments.api.indexing import ensure_indexed_lately
from treatments.api.parameters import check_language
from treatments.api.selection import shape_as_asked
from treatments.api.stores import get_store

if TYPE_CHECKING:
    from django.http import HttpRequest

    from treatments.api.stores import Store
    from treatments.models import IndexedArticle


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
        "items": [
            shape_as_asked(item, given) for item in build_items(page, given, words)
        ],
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
