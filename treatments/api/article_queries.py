"""Lists of public articles from the article index: filters, facets, search, order and pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from wagtail.models import Locale

from snippets.models import Condition, Treatment
from treatments.api.article_parameters import encode_cursor
from treatments.api.parameters import ParameterError
from treatments.api.visibility import get_readable_pages
from treatments.models import (
    IndexedArticle,
    IndexedCondition,
)
from treatments.search.backends import get_backend
from treatments.states import TranslationStatus

if TYPE_CHECKING:
    from collections.abc import Callable

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
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
#: order → (column, what stands for a missing value, how it is read from a cursor)
ORDERS: dict[str, tuple[str, Any, Any]] = {
    "title": ("sort_title", "", str),
    "published_at": (
        "last_published_at",
        LONG_AGO,
        datetime.fromisoformat,
    ),
    "first_published_at": (
        "first_published_at",
        LONG_AGO,
        datetime.fromisoformat,
    ),
    "last_reviewed": ("last_reviewed", LONG_AGO.date(), date.fromisoformat),
}
RELEVANCE = "relevance"


@dataclass(frozen=True)
class ArticlePage:
    """A page of a list: the entries in order, how many there are in all, and where to go on."""

    entries: list[IndexedArticle]
    count: int
    next_cursor: str | None


def get_public_articles(request: HttpRequest) -> QuerySet[IndexedArticle]:
    """Return the public articles of the site that was asked, in all languages.

    ``public_status`` is the status of the translation, empty while its source is not public.
    """
    public = get_readable_pages(request)
    source = public.filter(
        translation_key=OuterRef("translation_key"),
        locale__language_code=OuterRef("source_locale"),
        alias_of__isnull=True,
    )
    is_source = Q(translation_status=TranslationStatus.SOURCE)
    return IndexedArticle.objects.filter(page__in=public.values("pk")).annotate(
        # How a translation stands to a source that is not public would tell of the source.
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
            self.conditions["locale"] = Q(locale__language_code=language)
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


def get_public_keys(entries: QuerySet[Any]) -> list[Any]:
    """Return the translation keys of those entries of a vocabulary that are public."""
    public = entries.filter(is_public=True)
    return list(public.order_by().values_list("translation_key", flat=True).distinct())


def is_shown(model: Any, key: str, locale: str) -> Q:
    """Return the condition that an article shows an entry: one that its own language hides is not shown."""
    own = model.objects.filter(
        translation_key=OuterRef(key), locale_id=OuterRef(locale)
    )
    return ~Q(Exists(own.filter(is_public=False)))


def get_code_fields() -> dict[Any, dict[str, str]]:
    """Return, for each vocabulary, the column of each code system that it keeps codes of."""
    return {
        model: {uri: name for name, uri in model.code_fields}
        for model in (Condition, Treatment)
    }


def list_code_systems() -> list[str]:
    """Return the code systems by which articles are found."""
    return sorted({uri for names in get_code_fields().values() for uri in names})


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


def find_articles(
    articles: QuerySet[IndexedArticle], words: str, language: str | None
) -> list[int]:
    """Return the ids of articles with all of some words, the best first; with any when none has all.

    Args:
        articles: Those that may be shown. What is not among them decides nothing.
        words: What was asked for.
        language: The language to search in, or None for all.
    """
    if language is not None:
        codes = [language]
    else:
        codes = list(Locale.objects.values_list("language_code", flat=True))
    backend = get_backend()
    found = backend.find(words, codes)
    if found and articles.filter(pk__in=found).exists():
        return found
    return backend.find(words, codes, any_word=True)


def read_page(
    articles: QuerySet[IndexedArticle],
    given: Any,
    ranking: list[int] | None,
    *,
    add_cards: Callable[[QuerySet[IndexedArticle]], QuerySet[IndexedArticle]] | None,
) -> ArticlePage:
    """Return one page of a list.

    Args:
        articles: All that match.
        given: The parameters: order, limit, offset, cursor.
        ranking: The ids that a search found, the best first; None without a search.
        add_cards: Adds stored cards to the query of the entries.

    Raises:
        ParameterError: the order does not exist, or the cursor belongs to another order.
    """
    order = given.order or (RELEVANCE if ranking is not None else "title")
    if given.cursor and given.offset:
        raise ParameterError(
            "The parameter cursor takes the place of offset: give one of them."
        )
    if given.cursor and given.cursor[0] != order:
        raise ParameterError("The parameter cursor belongs to a list in another order.")
    if order == RELEVANCE:
        return read_ranked_page(articles, given, ranking, add_cards)
    name = order.removeprefix("-")
    if name not in ORDERS:
        known = ", ".join([*ORDERS, *(f"-{known}" for known in ORDERS), RELEVANCE])
        raise ParameterError(
            f"The parameter order has an unknown value; known are: {known}."
        )
    column, missing, read = ORDERS[name]
    is_descending = order.startswith("-")
    count = articles.count()
    rows = articles.annotate(position=Coalesce(F(column), Value(missing)))
    if given.cursor:
        rows = rows.filter(after_cursor(given.cursor, read, is_descending))
    expression = F("position").desc() if is_descending else F("position").asc()
    rows = rows.order_by(expression, "-pk" if is_descending else "pk")
    if add_cards:
        rows = add_cards(rows)
    entries = list(
        rows.select_related("locale")[given.offset : given.offset + given.limit + 1]
    )
    next_cursor = None
    if len(entries) > given.limit:
        last = entries[given.limit - 1]
        position = last.position
        text = position if isinstance(position, str) else position.isoformat()
        next_cursor = encode_cursor(order, [text, last.pk])
    return ArticlePage(entries[: given.limit], count, next_cursor)


def after_cursor(cursor: list[Any], read: Any, is_descending: bool) -> Q:
    """Return the condition for what comes after a cursor."""
    _order, *position = cursor
    if len(position) != 2 or not isinstance(position[0], str):
        raise ParameterError(
            "The parameter cursor is not a cursor that this list has given."
        )
    try:
        value = read(position[0])
    except ValueError as error:
        raise ParameterError(
            "The parameter cursor is not a cursor that this list has given."
        ) from error
    comparison = "lt" if is_descending else "gt"
    return Q(**{f"position__{comparison}": value}) | Q(
        position=value, **{f"pk__{comparison}": position[1]}
    )


def read_ranked_page(
    articles: QuerySet[IndexedArticle],
    given: Any,
    ranking: list[int] | None,
    add_cards: Callable[[QuerySet[IndexedArticle]], QuerySet[IndexedArticle]] | None,
) -> ArticlePage:
    """Return a page of the articles that a search found, the best first."""
    if ranking is None:
        raise ParameterError("The parameter order takes relevance with search only.")
    if given.cursor and len(given.cursor) != 2:
        raise ParameterError(
            "The parameter cursor is not a cursor that this list has given."
        )
    matching = set(articles.values_list("pk", flat=True))
    found = [pk for pk in ranking if pk in matching]
    start = given.cursor[1] if given.cursor else given.offset
    wanted = found[max(start, 0) : max(start, 0) + given.limit]
    chosen = articles.filter(pk__in=wanted).select_related("locale")
    if add_cards:
        chosen = add_cards(chosen)
    rows = {entry.pk: entry for entry in chosen}
    end = start + given.limit
    return ArticlePage(
        [rows[pk] for pk in wanted if pk in rows],
        len(found),
        encode_cursor(RELEVANCE, [end]) if end < len(found) else None,
    )
