"""The public articles that use a reference, a term or a contributor, as cards in their own language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treatments.api.articles.queries import add_public_status, get_public_articles
from treatments.content.cards import represent_cards
from treatments.content.uses import build_use_filter
from treatments.search.index.indexing import ensure_indexed

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest
    from wagtail.models import Locale

    from treatments.api.openapi.query_schemas import ArticlesQuery


def list_articles_using(
    request: HttpRequest, instance: Model, query: ArticlesQuery, locale: Locale | None
) -> dict[str, Any]:
    """Return ``{"count", "items"}``: the cards of the public articles that use an object, by title."""
    ensure_indexed()
    articles = get_public_articles(request).filter(build_use_filter(instance))
    if locale is not None:
        articles = articles.filter(locale=locale)
    entries = add_public_status(articles, request).order_by("sort_title", "pk")
    entries = entries.select_related("locale")
    return {
        "count": articles.count(),
        "items": represent_cards(entries[query.offset : query.offset + query.limit]),
    }
