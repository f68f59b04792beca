"""How many articles of a list have which value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale

from snippets.models import Condition, Treatment
from treatments.api.articles.queries import CHOICES, FLAGS, is_shown
from treatments.content.addresses import get_language_name
from treatments.models import IndexedCondition, TreatmentArticleMixin
from treatments.ports.states import ReviewStatus, TranslationStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from treatments.api.articles.queries import ArticleFilter
    from treatments.models import IndexedArticle

#: facet → words for its codes
STATUS_LABELS = {
    "review_state": {
        ReviewStatus.NEVER_REVIEWED: _("Never reviewed"),
        ReviewStatus.CURRENT: _("Reviewed"),
        ReviewStatus.DUE_SOON: _("Review due soon"),
        ReviewStatus.OVERDUE: _("Review overdue"),
        ReviewStatus.CHANGED_SINCE_REVIEW: _("Changed since the review"),
        ReviewStatus.ON_HOLD: _("On hold"),
    },
    "translation_status": {
        TranslationStatus.SOURCE: _("Source of translations"),
        TranslationStatus.CURRENT: _("Translation is current"),
        TranslationStatus.BEHIND_EDITORIAL: _("Small changes are missing"),
        TranslationStatus.BEHIND_CLINICAL: _("Medical changes are missing"),
        TranslationStatus.INCOMPLETE: _("Translation is incomplete"),
        TranslationStatus.HELD: _("Translation is held"),
    },
}


def count_facets(
    articles: QuerySet[IndexedArticle],
    article_filter: ArticleFilter,
    names: Iterable[str],
    language: str | None,
) -> dict[str, list[dict[str, Any]]]:
    """Return the values of each facet, the most frequent first; one or two queries for each."""
    with translation.override(language or translation.get_language()):
        return {
            name: count_facet(
                article_filter.apply(articles, leave_out=name), name, language
            )
            for name in names
        }


def count_facet(
    articles: QuerySet[IndexedArticle], name: str, language: str | None
) -> list[dict[str, Any]]:
    """Return the values of one facet."""
    ids = articles.order_by().values("pk")
    rows = articles.order_by()
    if name == "condition":
        shown = IndexedCondition.objects.filter(
            is_shown(Condition, "condition_key", "article__locale_id"),
            article__in=ids,
        )
        return count_vocabulary(shown, "condition_key", Condition, language)
    if name == "treatment":
        shown = rows.filter(is_shown(Treatment, "treatment_key", "locale_id"))
        return count_vocabulary(shown, "treatment_key", Treatment, language)
    column = {"locale": "locale__language_code", **CHOICES}.get(name, name)
    counts = rows.values_list(column).annotate(total=Count("pk")).order_by()
    labels = get_labels(name)
    values = [
        {
            "value": str(value).lower() if isinstance(value, bool) else value,
            "label": labels.get(value, str(value)),
            "count": total,
        }
        for value, total in counts
        if value not in ("", None)
    ]
    return sort_facet(values)


def count_vocabulary(
    rows: QuerySet[Any], column: str, model: Any, language: str | None
) -> list[dict[str, Any]]:
    """Return the public entries of a vocabulary that articles name, by slug, in a language."""
    counts = dict(
        rows.exclude(**{column: None})
        .values_list(column)
        .annotate(total=Count("pk", distinct=True))
        .order_by()
    )
    entries = model.objects.filter(
        translation_key__in=list(counts), is_public=True
    ).select_related("locale")
    chosen: dict[Any, Any] = {}
    for entry in entries.order_by("locale_id", "pk"):
        is_wanted = entry.locale.language_code == language
        if is_wanted or entry.translation_key not in chosen:
            chosen[entry.translation_key] = entry
    return sort_facet(
        [
            {"value": entry.slug, "label": entry.name, "count": counts[key]}
            for key, entry in chosen.items()
        ]
    )


def get_labels(name: str) -> dict[Any, str]:
    """Return the words for the codes of a facet, in the active language."""
    choices = {
        "kind": TreatmentArticleMixin.Kind,
        "audience": TreatmentArticleMixin.Audience,
        "intent": TreatmentArticleMixin.Intent,
    }
    if name == "locale":
        codes = Locale.objects.values_list("language_code", flat=True)
        return {code: get_language_name(code) for code in codes}
    if name in STATUS_LABELS:
        return {code: str(label) for code, label in STATUS_LABELS[name].items()}
    if name in choices:
        return {code: str(label) for code, label in choices[name].choices}
    if name in FLAGS:
        return {
            True: translation.gettext("Yes"),
            False: translation.gettext("No"),
        }
    return {}


def sort_facet(values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the values of a facet, the most frequent first."""
    return sorted(values, key=lambda value: (-value["count"], value["label"]))
