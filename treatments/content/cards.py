"""The cards of lists: what the article index knows, with the image and the names that readers see."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from snippets.models import Condition, Treatment
from treatments.content.addresses import get_addresses
from treatments.content.article import get_uuid
from treatments.content.article_fields import CARD_FIELDS
from treatments.content.lookups import Lookups, get_article_models, load_lookups
from treatments.content.needs import Needs
from treatments.content.representation import format_time
from treatments.content.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treatments.models import IndexedArticle


def represent_cards(entries: Iterable[IndexedArticle]) -> list[dict[str, Any]]:
    """Return the cards of articles, in a fixed number of queries.

    Args:
        entries: From ``get_public_articles``, their locale loaded.
    """
    entries = list(entries)
    choices = load_choices([entry.pk for entry in entries])
    needs = Needs()
    needs.page_ids.update(entry.pk for entry in entries)
    for choice in choices.values():
        if choice.treatment_id:
            needs.add_object(Treatment, choice.treatment_id)
        for condition_id in choice.condition_ids:
            needs.add_object(Condition, condition_id)
    lookups = load_lookups(needs, set())
    return [
        represent_card(entry, choices[entry.pk], lookups)
        for entry in entries
        if entry.pk in lookups.pages
    ]


@dataclass
class Choice:
    """What an article is about: ids in the editor's order."""

    treatment_id: int | None = None
    condition_ids: list[int] = field(default_factory=list)


def load_choices(page_ids: list[int]) -> dict[int, Choice]:
    """Return what each article is about; two queries for each installed article type."""
    choices: dict[int, Choice] = defaultdict(Choice)
    for model in get_article_models():
        pages = model._default_manager.filter(pk__in=page_ids)
        for pk, treatment_id in pages.values_list("pk", "treatment_id"):
            choices[pk].treatment_id = treatment_id
        relation = model._meta.get_field("article_conditions").related_model
        rows = relation._default_manager.filter(page_id__in=page_ids)
        for pk, condition_id in rows.order_by("sort_order", "pk").values_list(
            "page_id", "condition_id"
        ):
            choices[pk].condition_ids.append(condition_id)
    return choices


def represent_card(
    entry: IndexedArticle, choice: Choice, lookups: Lookups
) -> dict[str, Any]:
    """Return one card."""
    page = lookups.pages[entry.pk]
    language = entry.locale.language_code
    scope = Scope(lookups, entry.locale_id, language, [], [])
    card = lookups.cards.get(entry.pk, {})
    conditions = [scope.get_object(Condition, pk) for pk in choice.condition_ids]
    path, html_url = get_addresses(page, lookups)
    return {
        "id": entry.pk,
        "type": entry.type,
        "uuid": get_uuid(entry.translation_key, language),
        "translation_key": str(entry.translation_key),
        "locale": language,
        "path": path,
        "html_url": html_url,
        "title": page.title,
        "summary": card.get("summary", ""),
        "kind": entry.kind,
        "audience": entry.audience,
        "intent": entry.intent or None,
        "image": scope.get_image(
            card.get("hero_image"), card.get("hero_image_alt", "")
        ),
        "treatment": scope.get_object(Treatment, choice.treatment_id)
        if choice.treatment_id
        else None,
        "conditions": [condition for condition in conditions if condition],
        "has_criteria": entry.has_criteria,
        "has_steps": entry.has_steps,
        "published_at": format_time(entry.last_published_at),
        "first_published_at": format_time(entry.first_published_at),
        "review_state": entry.review_status,
        "last_reviewed": format_time(entry.last_reviewed),
        "next_review_due": format_time(entry.next_review_due),
        "translation_status": entry.public_status or None,  # ty: ignore[missing-attribute]
        "highlights": [],
    }


def build_card(
    document: dict[str, Any], entry: IndexedArticle | None
) -> dict[str, Any]:
    """Return the card of a whole article: the same as ``represent_card`` gives, without a search.

    Args:
        document: The article as the API gives it.
        entry: Its row in the article index, which knows what its blocks are.
    """
    version, governance = document["version"], document["governance"]
    return {
        **{key: document[name] for key, name in CARD_FIELDS.items()},
        "has_criteria": bool(entry and entry.has_criteria),
        "has_steps": bool(entry and entry.has_steps),
        "published_at": version["published_at"],
        "first_published_at": version["first_published_at"],
        "review_state": governance["review_state"],
        "last_reviewed": governance["last_reviewed"],
        "next_review_due": governance["next_review_due"],
        "translation_status": document["translation"]["status"],
        "highlights": [],
    }
