"""An index of articles as JSON: the public articles below it, from A to Z and by condition."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.text import slugify
from pydantic import BaseModel

from snippets.models import Condition
from treatments.content import shapes
from treatments.content.lookups import get_article_models
from treatments.content.representation import PageType, register
from treatments.content.rich_text import collect_rich_text, represent_rich_text
from treatments.content.rich_text_shapes import RichText
from treatments.content.visibility import get_listed_pages
from treatments.models import TreatmentIndexPage

if TYPE_CHECKING:
    from treatments.content.needs import Needs
    from treatments.content.scopes import Scope


class IndexLetter(BaseModel):
    """The articles whose titles start with a letter; ``#`` for anything but a letter."""

    letter: str
    articles: list[shapes.PageCard]


class IndexCondition(BaseModel):
    """The articles about a condition."""

    condition: shapes.Condition
    articles: list[shapes.PageCard]


INDEX_SHAPES: dict[str, Any] = {
    "intro": RichText,
    "entries": list[IndexLetter],
    "by_condition": list[IndexCondition],
}


def list_articles(indexes: list[Any]) -> None:
    """Give each index the public articles below it, as ``page.listed_articles``.

    Loads those of all indexes together: ``{"pk", "path", "conditions"}``, two queries per article type.
    """
    below = Q()
    for page in indexes:
        below |= Q(path__startswith=page.path)
    public = get_listed_pages().filter(below)
    found = []
    for model in get_article_models():
        rows = model._default_manager.filter(pk__in=public.values("pk"))
        paths = dict(rows.order_by("title", "pk").values_list("pk", "path"))
        conditions = defaultdict(list)
        relation = model._meta.get_field("article_conditions").related_model
        links = relation.objects.filter(page_id__in=list(paths))
        for page_id, condition_id in links.values_list("page_id", "condition_id"):
            conditions[page_id].append(condition_id)
        found += [
            {"pk": pk, "path": path, "conditions": conditions[pk]}
            for pk, path in paths.items()
        ]
    for page in indexes:
        page.listed_articles = [
            article for article in found if article["path"].startswith(page.path)
        ]


def collect_index(page: Any, needs: Needs) -> None:
    """Note what an index lists: every public article below it."""
    collect_rich_text(page.intro, needs)
    needs.page_ids.update(article["pk"] for article in page.listed_articles)
    for article in page.listed_articles:
        for condition_id in article["conditions"]:
            needs.add_object(Condition, condition_id)


def represent_index(page: Any, scope: Scope) -> dict[str, Any]:
    """Return an index from A to Z and by condition."""
    cards = {}
    for article in page.listed_articles:
        target = scope.lookups.pages.get(article["pk"])
        if target is not None:
            cards[article["pk"]] = scope.represent_page(target)
    by_letter: dict[str, list[dict[str, Any]]] = defaultdict(list)
    by_condition: dict[int, list[dict[str, Any]]] = defaultdict(list)
    conditions = {}
    for article in page.listed_articles:
        card = cards.get(article["pk"])
        if card is None:
            continue
        by_letter[get_letter(card["title"])].append(card)
        for condition_id in article["conditions"]:
            condition = scope.get_object(Condition, condition_id)
            if condition:
                conditions[condition["id"]] = condition
                if card not in by_condition[condition["id"]]:
                    by_condition[condition["id"]].append(card)
    return {
        "intro": represent_rich_text(page.intro, scope),
        "entries": [
            {"letter": letter, "articles": sort_cards(by_letter[letter])}
            for letter in sorted(by_letter, key=sort_letter)
        ],
        "by_condition": [
            {
                "condition": condition,
                "articles": sort_cards(by_condition[condition["id"]]),
            }
            for condition in sorted(
                conditions.values(), key=lambda condition: condition["name"].casefold()
            )
        ],
    }


def sort_cards(cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return cards by title, without regard to case and accents."""
    return sorted(cards, key=lambda card: (slugify(card["title"]), card["id"]))


def get_letter(title: str) -> str:
    """Return the letter under which a title is listed; ``#`` for anything but a letter."""
    first = slugify(title)[:1].upper()
    return first if first.isalpha() else "#"


def sort_letter(letter: str) -> tuple[bool, str]:
    """Sort ``#`` behind the letters."""
    return letter == "#", letter


register(
    TreatmentIndexPage,
    PageType(
        fields=tuple(INDEX_SHAPES),
        collect=collect_index,
        represent=represent_index,
        prepare=list_articles,
        get_shapes=lambda model: INDEX_SHAPES,
    ),
)
