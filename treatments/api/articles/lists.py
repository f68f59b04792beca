"""A page of a list of articles: its cards, what was asked for beside them, its facets, the next page."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils import timezone, translation

from treatments.api.articles.facets import count_facets
from treatments.api.articles.pages import ArticlePage, PageReader, check_order
from treatments.api.articles.queries import (
    ArticleFilter,
    add_public_status,
    find_by_code,
    get_public_articles,
    rank_articles,
)
from treatments.api.articles.schemas import get_card_shapes
from treatments.api.http.answers import answer
from treatments.api.http.caching import find_first, set_end
from treatments.api.http.parameters import check_language
from treatments.api.http.process_cache import LISTS, measure
from treatments.api.resolve.sites import get_host
from treatments.content.cards import represent_cards
from treatments.content.documents import load_documents
from treatments.content.selection import shape_as_asked
from treatments.ports.store import get_store
from treatments.search.among import is_among
from treatments.search.backends.base import FIELDS
from treatments.search.highlighting import highlight
from treatments.search.index.indexing import ensure_indexed_lately

if TYPE_CHECKING:
    from collections.abc import Hashable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from treatments.models import IndexedArticle
    from treatments.ports.store import Store

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

#: A value of a facet takes as much room as so many ids.
FACET_NUMBERS = 64


def answer_list(
    request: HttpRequest, given: Any, code: tuple[str, str] | None = None
) -> HttpResponse:
    """Answer with a page of a list.

    Raises:
        ParameterError: a parameter has a value that does not exist.
    """
    ensure_indexed_lately()
    asked_at = timezone.now()
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
        asked_at=asked_at,
        has_words=given.search is not None,
        has_documents=needs_documents(given),
    )
    if given.search is None:
        page = reader.read(key)
    else:
        ranking, page = reader.read_found(
            key, partial(rank_articles, reader.articles, given.search, language)
        )
        articles = articles.filter(is_among(ranking.found))
    document = {
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
    response = answer(document)
    set_end(response, find_end(page, given))
    return response


def find_end(page: ArticlePage, given: Any) -> datetime | None:
    """Return when a list becomes another one with time alone; at once where a card was built just now."""
    if any(getattr(entry, "is_stale", False) for entry in page.entries):
        return timezone.now()
    ends = [getattr(entry, "valid_until", None) for entry in page.entries]
    if given.review_state or "review_state" in (given.facets or ()):
        tomorrow = timezone.localdate() + timedelta(days=1)
        ends.append(timezone.make_aware(datetime.combine(tomorrow, time.min)))
    return find_first([page.ends_at, *ends])


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
    """Return the facets of a list, from the cache while they are true."""
    facets_key = ("facets", key, given.facets, translation.get_language())
    cached = LISTS.get(facets_key) if page.state else None
    if cached is not None and cached.state == page.state:
        return cached.value
    facets = count_facets(articles, article_filter, given.facets, language)
    if page.state:
        values = sum(map(len, facets.values()))
        size = measure(facets_key, values * FACET_NUMBERS)
        LISTS.set_on_commit(facets_key, facets, page.state, page.ends_at, size)
    return facets


def needs_documents(given: Any) -> bool:
    """Tell whether cards have not all that was asked for."""
    return (
        given.fields is not None and not set(given.fields) <= get_card_shapes().keys()
    )


def build_items(page: ArticlePage, given: Any, words: str) -> list[dict[str, Any]]:
    """Return the entries of a list; whole articles are built where a card has not what was asked for."""
    store = get_store()
    if store is None:
        cards = represent_cards(page.entries)
    else:
        cards = read_cards(store, page.entries)
    if words:
        add_highlights(cards, page.entries, words)
    if not needs_documents(given):
        return cards
    if store is None:
        documents = load_documents([card["id"] for card in cards])
    else:
        documents = read_documents(store, page.entries)
    return [
        {**card, **documents[card["id"]]} for card in cards if card["id"] in documents
    ]


def read_cards(store: Store, entries: list[IndexedArticle]) -> list[dict[str, Any]]:
    """Return the stored cards of some articles; those that are not up to date are built first."""
    stale = [entry.pk for entry in entries if entry.is_stale]  # ty: ignore[missing-attribute]
    fresh = store.load_cards(stale) if stale else {}
    cards = []
    for entry in entries:
        content = fresh.get(entry.pk) if entry.is_stale else entry.stored_card  # ty: ignore[missing-attribute]
        if content is not None:
            cards.append(json.loads(bytes(content)))
    return cards


def add_highlights(
    cards: list[dict[str, Any]], entries: list[IndexedArticle], words: str
) -> None:
    """Put into each card where the words of a search stand in its article."""
    by_id = {entry.pk: entry for entry in entries}
    for card in cards:
        entry = by_id[card["id"]]
        card["highlights"] = find_highlights(entry, words, card["locale"])


def read_documents(
    store: Store, entries: list[IndexedArticle]
) -> dict[int, dict[str, Any]]:
    """Return the stored documents of some articles by their ids; those that are not up to date are read anew."""
    fresh = [entry for entry in entries if not entry.is_stale]  # ty: ignore[missing-attribute]
    documents = {
        entry.pk: store.read_document(entry.stored_document)  # ty: ignore[missing-attribute]
        for entry in fresh
        if entry.stored_document is not None  # ty: ignore[missing-attribute]
    }
    others = [entry.pk for entry in entries if entry.pk not in documents]
    return {**documents, **store.load(others)} if others else documents


def get_next_address(request: HttpRequest, page: ArticlePage) -> str | None:
    """Return the path of the next page of a list."""
    if page.next_cursor is None:
        return None
    query = request.GET.copy()
    query.pop("offset", None)
    query["cursor"] = page.next_cursor
    return f"{request.path}?{query.urlencode()}"


def find_highlights(
    entry: IndexedArticle, words: str, language: str
) -> list[dict[str, str]]:
    """Return where the words of a search stand in an article, the weightiest field first."""
    found = []
    for name in FIELDS:
        # Names and headings stand on lines of their own.
        lines = getattr(entry, name).splitlines()
        snippet = highlight(" · ".join(lines), words, language)
        if snippet is not None:
            found.append({"field": name, "html": snippet})
    return found
