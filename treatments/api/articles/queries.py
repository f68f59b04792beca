"""Which public articles a list has: filters and search on the article index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from wagtail.models import Locale

from snippets.models import Condition, Treatment
from treatments.api.http.parameters import ParameterError
from treatments.api.resolve.sites import build_readable_condition, get_readable_pages
from treatments.content.code_systems import get_code_fields, list_code_systems
from treatments.models import IndexedArticle, IndexedCondition
from treatments.ports.states import TranslationStatus
from treatments.search.among import is_among
from treatments.search.backends import get_backend

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

#: parameter → column
CHOICES = {
    "kind": "kind",
    "audience": "audience",
    "intent": "intent",
    "review_state": "review_status",
    "translation_status": "public_status",
}
FLAGS = ("has_criteria", "has_steps")
BOUNDS = {
    "reviewed_since": "last_reviewed__gte",
    "reviewed_before": "last_reviewed__lt",
    "published_since": "last_published_at__gte",
    "published_before": "last_published_at__lt",
}


def get_public_articles(request: HttpRequest) -> QuerySet[IndexedArticle]:
    """Return the public articles of the site that was asked, in all languages."""
    return IndexedArticle.objects.filter(
        build_readable_condition(request, "page__"), page__alias_of__isnull=True
    )


def add_public_status(
    articles: QuerySet[IndexedArticle], request: HttpRequest
) -> QuerySet[IndexedArticle]:
    """Return a query with ``public_status``: the status of the translation, empty while its source is not public.

    How a translation stands to a source that is not public would tell of the source.
    """
    source = get_readable_pages(request).filter(
        translation_key=OuterRef("translation_key"),
        locale__language_code=OuterRef("source_locale"),
        alias_of__isnull=True,
    )
    is_source = Q(translation_status=TranslationStatus.SOURCE)
    return articles.annotate(
        public_status=Case(
            When(is_source | Q(Exists(source)), then=F("translation_status")),
            default=Value(""),
        )
    )


class ArticleFilter:
    """The filters of one request, each of which can be left out to count a facet."""

    def __init__(self, given: Any, language: str | None):
        self.conditions: dict[str, Q] = {}
        if language is not None:
            # Not by a join: only a value of the column itself leads to the rows in their order.
            locale = Locale.objects.filter(language_code=language).values("pk")[:1]
            self.conditions["locale"] = Q(locale_id=Subquery(locale))
        for name, column in CHOICES.items():
            self.add(name, f"{column}__in", getattr(given, name))
        for name in FLAGS:
            self.add(name, name, getattr(given, name))
        for name, lookup in BOUNDS.items():
            self.add(name, lookup, getattr(given, name))
        self.add("ids", "pk__in", given.ids)
        if given.condition:
            entries = Condition.objects.filter(slug__in=given.condition)
            self.conditions["condition"] = build_condition_filter(entries)
        if given.treatment:
            entries = Treatment.objects.filter(slug__in=given.treatment)
            self.conditions["treatment"] = build_treatment_filter(entries)

    def add(self, name: str, lookup: str, value: Any) -> None:
        """Note a filter that was asked for."""
        if value is not None:
            self.conditions[name] = Q(**{lookup: value})

    def apply(
        self, articles: QuerySet[IndexedArticle], *, leave_out: str | None = None
    ) -> QuerySet[IndexedArticle]:
        """Return the articles that pass every filter, or every other one."""
        for name, condition in self.conditions.items():
            if name != leave_out:
                articles = articles.filter(condition)
        return articles


def build_condition_filter(entries: QuerySet[Any]) -> Q:
    """Return the filter for articles that show one of some conditions to readers."""
    rows = IndexedCondition.objects.filter(
        is_shown(Condition, "condition_key", "article__locale_id"),
        condition_key__in=get_public_keys(entries),
    )
    return Q(pk__in=rows.values("article"))


def build_treatment_filter(entries: QuerySet[Any]) -> Q:
    """Return the filter for articles that show one of some treatments to readers."""
    return is_shown(Treatment, "treatment_key", "locale_id") & Q(
        treatment_key__in=get_public_keys(entries)
    )


def get_public_keys(entries: QuerySet[Any]) -> QuerySet[Any]:
    """Return the translation keys of those entries of a vocabulary that are public, for use inside another query.

    Read before it, they could be those of another state of the store than what is cached with them.
    """
    return entries.filter(is_public=True).order_by().values("translation_key")


def is_shown(model: Any, key: str, locale: str) -> Q:
    """Return the condition that an article shows an entry: one that its own language hides is not shown."""
    own = model.objects.filter(
        translation_key=OuterRef(key), locale_id=OuterRef(locale)
    )
    return ~Q(Exists(own.filter(is_public=False)))


def find_by_code(system: str, code: str) -> Q:
    """Return the condition for articles whose treatment or conditions have a code.

    Raises:
        ParameterError: no code of this system is kept.
    """
    fields = get_code_fields()
    known = list_code_systems()
    if not code:
        raise ParameterError("The parameter code is empty.")
    if system not in known:
        raise ParameterError(
            f"The parameter system is unknown; known are: {', '.join(known)}."
        )
    filters = Q(pk__in=())
    for model, build in (
        (Condition, build_condition_filter),
        (Treatment, build_treatment_filter),
    ):
        if system in fields[model]:
            entries = model.objects.filter(**{fields[model][system]: code})
            filters |= build(entries)
    return filters


def rank_articles(
    articles: QuerySet[IndexedArticle], words: str, language: str | None
) -> tuple[list[int], list[int]]:
    """Return the ids of articles with all of some words, the best first; with any when none has all.

    Args:
        articles: Those that may be shown. What is not among them decides nothing.
        words: What was asked for.
        language: The language to search in, or None for all.

    Returns:
        The ids of all that were found, and of those among them that may be shown.
    """
    if language is not None:
        codes = [language]
    else:
        codes = list(Locale.objects.values_list("language_code", flat=True))
    backend = get_backend()
    for any_word in (False, True):
        found = backend.find(words, codes, any_word=any_word)
        shown = set(articles.filter(is_among(found)).values_list("pk", flat=True))
        if shown:
            return found, [pk for pk in found if pk in shown]
    return found, []
