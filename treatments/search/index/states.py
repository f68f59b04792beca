"""What the article index holds of the review and the translation of articles, which their own rows do not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treatments.models import IndexedArticle
from treatments.ports.states import get_review_states, get_translation_states

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

STATE_FIELDS = (
    "review_status",
    "last_reviewed",
    "next_review_due",
    "review_changes_on",
    "translation_status",
    "source_locale",
    "behind_since",
)


def load_states(page_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return what the index should hold of the review and the translation of pages: id → columns."""
    reviews = get_review_states(page_ids)
    translations = get_translation_states(page_ids)
    return {
        pk: {
            "review_status": str(reviews[pk].status),
            "last_reviewed": reviews[pk].last_reviewed,
            "next_review_due": reviews[pk].next_review_due,
            "review_changes_on": reviews[pk].changes_on,
            "translation_status": str(translations[pk].status or ""),
            "source_locale": translations[pk].source_locale or "",
            "behind_since": translations[pk].behind_since,
        }
        for pk in page_ids
    }


def load_stored_states(translation_keys: Iterable[Any]) -> dict[int, dict[str, Any]]:
    """Return what the index holds of articles in all languages: id → columns. One query."""
    stored = IndexedArticle.objects.filter(translation_key__in=translation_keys)
    return {row.pop("pk"): row for row in stored.values("pk", *STATE_FIELDS)}
