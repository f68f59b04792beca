"""The public articles that use a reference, a term or a contributor, as cards in their own language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from snippets.models import Condition, Contributor, GlossaryTerm, Reference, Treatment
from treatments.api.articles.queries import add_public_status, get_public_articles
from treatments.content.cards import represent_cards
from treatments.content.lookups import get_article_models
from treatments.models import IndexedCitation, IndexedCondition, IndexedTerm
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


def build_use_filter(instance: Model) -> Q:
    """Return the filter of the articles that cite a reference, explain a term, name an author or are about something.

    Raises:
        TypeError: articles do not use such objects.
    """
    if isinstance(instance, Reference):
        uses = IndexedCitation.objects.filter(reference=instance)
        return Q(pk__in=uses.values("article_id"))
    if isinstance(instance, GlossaryTerm):
        uses = IndexedTerm.objects.filter(term_key=instance.translation_key)
        return Q(pk__in=uses.values("article_id"))
    if isinstance(instance, Contributor):
        named = Q()
        for model in get_article_models():
            relation = model._meta.get_field("article_contributors").related_model
            uses = relation._default_manager.filter(
                contributor__translation_key=instance.translation_key
            )
            named |= Q(pk__in=uses.values("page_id"))
        return named
    if isinstance(instance, Condition):
        uses = IndexedCondition.objects.filter(condition_key=instance.translation_key)
        return Q(pk__in=uses.values("article_id"))
    if isinstance(instance, Treatment):
        return Q(treatment_key=instance.translation_key)
    raise TypeError(f"Articles do not use a {type(instance).__name__}")
