"""The only place where a page becomes JSON: live page, draft, list card and index come from here.

``represent_pages`` takes any number of pages of any type and loads what they refer to in a fixed
number of queries. What a page type adds to the common fields is registered with ``register``.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, prefetch_related_objects
from django.utils.text import slugify
from wagtail.models import Locale, Page

from snippets.models import Condition, Contributor, Promotion, Treatment
from treatments.api.block_values import (
    collect,
    collect_rich_text,
    get_raw_stream,
    represent,
)
from treatments.api.lookups import (
    Lookups,
    Needs,
    Scope,
    get_article_models,
    get_html_url,
    get_language_name,
    get_path,
    load_lookups,
)
from treatments.api.rich_text import represent_rich_text
from treatments.api.visibility import get_public_pages
from treatments.models import TreatmentArticleMixin, TreatmentIndexPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: Raised when the shape of an article changes in a way that a client must know of.
SCHEMA_VERSION = "1.0"
STREAMS = ("key_points", "also_known_as", "regulatory_status", "questions")
#: The namespace of article uuids: the same article and language has the same uuid everywhere.
UUID_NAMESPACE = uuid.UUID("5f0b7c52-7a39-5c3e-9d3c-2f8f2f1a6b10")

COMMON_FIELDS = ("path", "translation_key", "translations")
ARTICLE_FIELDS = (
    "uuid",
    "summary",
    "kind",
    "audience",
    "intent",
    "treatment",
    "conditions",
    "also_known_as",
    "body_site",
    "hero",
    "key_points",
    "intro",
    "toc",
    "body",
    "questions",
    "regulatory_status",
    "related",
    "references",
    "glossary",
    "governance",
    "promotions",
    "seo",
    "version",
)
INDEX_FIELDS = ("intro", "entries", "by_condition")


@dataclass(frozen=True)
class PageType:
    """How a page type is represented beside the common fields.

    Attributes:
        fields: The names of the fields, in the order of the answer.
        collect: Notes what a page refers to; called before anything is loaded.
        represent: Returns the fields; called afterwards.
    """

    fields: tuple[str, ...]
    collect: Callable[[Any, Needs], None]
    represent: Callable[[Any, Scope], dict[str, Any]]


_page_types: dict[type, PageType] = {}


def register(model: type, page_type: PageType) -> None:
    """Say how the pages of a model, and of its subclasses, are represented."""
    _page_types[model] = page_type


def get_page_type(model: type) -> PageType | None:
    """Return the registration that is nearest in the inheritance of a model."""
    return next(
        (_page_types[base] for base in model.__mro__ if base in _page_types), None
    )


def represent_page(page: Page) -> dict[str, Any]:
    """Return the common fields of one page and those of its type."""
    return represent_pages([page])[page.pk]


def represent_pages(pages: Iterable[Page]) -> dict[int, dict[str, Any]]:
    """Return the representation of each page by its id.

    The pages are specific instances, live or built from a revision. What they refer to is public, or
    left out, whoever asks.
    """
    pages = list(pages)
    needs = Needs()
    by_type: dict[type, list[Page]] = defaultdict(list)
    for page in pages:
        by_type[type(page)].append(page)
    for model, group in by_type.items():
        if issubclass(model, TreatmentArticleMixin):
            _prefetch_children(group)
        if issubclass(model, TreatmentIndexPage):
            list_articles(group)
    for page in pages:
        page_type = get_page_type(type(page))
        if page_type:
            needs.current = page.pk or 0
            page_type.collect(page, needs)
    lookups = load_lookups(needs, {page.translation_key for page in pages})
    languages = {locale.pk: locale.language_code for locale in Locale.objects.all()}
    answers = {}
    for page in pages:
        key = page.pk or 0
        scope = Scope(
            lookups,
            page.locale_id,
            languages[page.locale_id],
            list(needs.references.get(key, {})),
            list(needs.terms.get(key, {})),
        )
        page_type = get_page_type(type(page))
        answers[page.pk] = {
            **represent_common(page, scope),
            **(page_type.represent(page, scope) if page_type else {}),
        }
    return answers


def _prefetch_children(pages: list[Any]) -> None:
    """Load the child relations of live pages at once; a page from a revision has its own."""
    relations = ("article_conditions", "article_contributors", "related_articles")
    live = [
        page for page in pages if not getattr(page, "_cluster_related_objects", None)
    ]
    if live:
        prefetch_related_objects(live, *relations)


def represent_common(page: Page, scope: Scope) -> dict[str, Any]:
    """Return what every page has: where it is, and in which languages."""
    return {
        "path": get_path(page),
        "html_url": get_html_url(page),
        "translation_key": str(page.translation_key),
        "translations": represent_translations(page, scope.lookups),
    }


def represent_translations(page: Page, lookups: Lookups) -> list[dict[str, Any]]:
    """Return the other languages in which the page is public; an alias is no translation."""
    others = [
        other
        for (key, locale_id), other in lookups.pages_by_key.items()
        if key == page.translation_key and locale_id != page.locale_id
    ]
    return [
        {
            "id": other.pk,
            "locale": other.locale.language_code,
            "language": get_language_name(other.locale.language_code),
            "title": other.title,
            "path": get_path(other),
        }
        for other in sorted(others, key=lambda other: other.locale.language_code)
    ]


def collect_article(page: Any, needs: Needs) -> None:
    """Note what an article refers to, in reading order."""
    collect_rich_text(page.intro, needs)
    for name in ("key_points", "body", *STREAMS[1:]):
        collect(
            page._meta.get_field(name).stream_block, get_raw_stream(page, name), needs
        )
    if page.treatment_id:
        needs.add_object(Treatment, page.treatment_id)
    if page.hero_image_id:
        needs.image_ids.add(page.hero_image_id)
    for row in page.article_conditions.all():
        needs.add_object(Condition, row.condition_id)
    for row in page.article_contributors.all():
        needs.add_object(Contributor, row.contributor_id)
    needs.page_ids.update(
        row.related_page_id
        for row in page.related_articles.all()
        if row.related_page_id
    )


def represent_article(page: Any, scope: Scope) -> dict[str, Any]:
    """Return the fields of an article."""
    streams = {
        name: represent(
            page._meta.get_field(name).stream_block, get_raw_stream(page, name), scope
        )
        for name in (*STREAMS, "body")
    }
    hero = scope.get_image(page.hero_image_id, page.hero_image_alt)
    contributors = [
        scope.get_object(Contributor, row.contributor_id)
        for row in page.article_contributors.all()
    ]
    conditions = [
        scope.get_object(Condition, row.condition_id)
        for row in page.article_conditions.all()
    ]
    related = [
        {"relation": row.relation, "page": target}
        for row in page.related_articles.all()
        if (target := scope.get_page(row.related_page_id))
    ]
    values = {
        **streams,
        "uuid": str(
            uuid.uuid5(UUID_NAMESPACE, f"{page.translation_key}/{scope.language_code}")
        ),
        "summary": page.summary,
        "kind": page.kind,
        "audience": page.audience,
        "intent": page.intent or None,
        "treatment": scope.get_object(Treatment, page.treatment_id)
        if page.treatment_id
        else None,
        "conditions": [condition for condition in conditions if condition],
        "body_site": page.body_site,
        "hero": hero,
        "intro": represent_rich_text(page.intro, scope),
        "toc": build_toc(streams["body"]),
        "related": related,
        "references": scope.get_references(),
        "glossary": scope.get_glossary(),
        "governance": {
            "authors": [contributor for contributor in contributors if contributor]
        },
        "promotions": [
            promotion
            for placement in (Promotion.Placement.SIDEBAR, Promotion.Placement.FOOTER)
            for promotion in scope.get_promotions(placement)
        ],
        "seo": {
            "title": page.seo_title or page.title,
            "description": page.search_description or page.summary,
            "image": hero,
        },
        "version": {
            "published_at": page.last_published_at.isoformat()
            if page.last_published_at
            else None,
            "schema": SCHEMA_VERSION,
        },
    }
    return {name: values[name] for name in ARTICLE_FIELDS}


def build_toc(body: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the table of contents: the sections with anchors that are unique within the page."""
    seen: dict[str, int] = {}
    entries = []
    for section in body:
        title = section["value"].get("heading", "")
        anchor = slugify(title) or "section"
        seen[anchor] = seen.get(anchor, 0) + 1
        if seen[anchor] > 1:
            anchor = f"{anchor}-{seen[anchor]}"
        entries.append({"id": section["id"], "anchor": anchor, "title": title})
    return entries


def list_articles(indexes: list[Any]) -> None:
    """Give each index the public articles below it, as ``page.listed_articles``.

    Loads those of all indexes together: ``{"pk", "path", "conditions"}``, two queries per article type.
    """
    below = Q()
    for page in indexes:
        below |= Q(path__startswith=page.path)
    public = get_public_pages().filter(below)
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
    TreatmentArticleMixin, PageType(ARTICLE_FIELDS, collect_article, represent_article)
)
register(TreatmentIndexPage, PageType(INDEX_FIELDS, collect_index, represent_index))
