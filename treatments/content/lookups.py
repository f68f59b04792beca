"""Everything that a batch of pages refers to, loaded in a fixed number of queries.

``Needs`` collects ids while the raw content is walked; ``load_lookups`` fetches them; a ``Scope`` (see
``scopes``) gives one page its view on them: in its own language, and only what is public.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from django.apps import apps
from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Locale, Page, PageLogEntry, TranslatableMixin

from snippets.models import Contributor, GlossaryTerm, Promotion
from treatments.article_fields import LINKED_FIELDS
from treatments.content.images import load_images
from treatments.content.needs import Needs
from treatments.content.published_blocks import ANCHOR, read_anchors, select_anchors
from treatments.content.visibility import (
    build_alias_condition,
    build_public_condition,
    build_public_file_condition,
    is_published,
)
from treatments.models import PublisherSettings, TreatmentArticleMixin
from treatments.ports.states import (
    TranslationState,
    TranslationStatus,
    get_review_states,
    get_translation_states,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db import models

    from treatments.models.anchors import GivenAnchors
    from treatments.ports.states import ReviewState


class Drafts(Protocol):
    """What shows drafts in the place of what is public; see ``treatments.content.drafts.DraftView``."""

    def show_objects(self, model: type[models.Model], rows: list[Any]) -> list[Any]: ...
    def show_pages(self, needs: Needs, lookups: Lookups, hidden: set[Any]) -> None: ...


@dataclass
class Lookups:
    """What was loaded for a batch of pages."""

    #: locale id → locale
    locales: dict[int, Locale] = field(default_factory=dict)
    #: page id → translation key, of every page that is referred to
    page_keys: dict[int, Any] = field(default_factory=dict)
    #: (translation key, locale id) → public page that is no alias
    pages_by_key: dict[tuple[Any, int], Page] = field(default_factory=dict)
    #: page id → public page
    pages: dict[int, Page] = field(default_factory=dict)
    #: page id → summary, kind and image of the pages that are articles
    cards: dict[int, dict[str, Any]] = field(default_factory=dict)
    images: dict[int, Any] = field(default_factory=dict)
    documents: dict[int, Any] = field(default_factory=dict)
    #: model → id → object, published ones only
    objects: dict[type[models.Model], dict[int, Any]] = field(default_factory=dict)
    #: model → (translation key, locale id) → object, published ones only
    objects_by_key: dict[type[models.Model], dict[tuple[Any, int], Any]] = field(
        default_factory=dict
    )
    #: model → id → translation key, published or not
    object_keys: dict[type[models.Model], dict[int, Any]] = field(default_factory=dict)
    #: locale id → promotions that are due there, by title
    promotions: dict[int, list[Promotion]] = field(default_factory=dict)
    #: page id → how often it was published
    publications: dict[int, int] = field(default_factory=dict)
    #: site id → who publishes it
    organizations: dict[int, str] = field(default_factory=dict)
    review_states: dict[int, ReviewState] = field(default_factory=dict)
    #: article id → the anchors of its sections
    anchors: dict[int, GivenAnchors] = field(default_factory=dict)
    #: page id → state, of the pages themselves and of their public translations
    translation_states: dict[int, TranslationState] = field(default_factory=dict)
    #: What was represented already: most pages of a list refer to the same few things.
    memo: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def get_public_state(self, page_id: int | None, key: Any) -> TranslationState:
        """Return how a language version stands to its source, as far as the source is public."""
        state = self.translation_states.get(page_id or 0, TranslationState())
        if state.status in (None, TranslationStatus.SOURCE):
            return state
        is_public = any(
            page.locale.language_code == state.source_locale
            for (known, _locale), page in self.pages_by_key.items()
            if known == key
        )
        return state if is_public else TranslationState()

    def remember(self, key: tuple[Any, ...], build: Callable[[], Any]) -> Any:
        """Return a value that is built once."""
        if key not in self.memo:
            self.memo[key] = build()
        return self.memo[key]


def load_lookups(
    needs: Needs, translation_keys: set[Any], drafts: Drafts | None = None
) -> Lookups:
    """Load everything in a number of queries that depends on the kinds of content only.

    Args:
        needs: What the content refers to.
        translation_keys: Keys of the pages themselves, whose translations are loaded too.
        drafts: Whose drafts take the place of what is public; by default nobody's.
    """
    lookups = Lookups()
    _load_names(lookups, needs.anchor_ids)
    lookups.review_states = get_review_states(needs.article_ids)
    for state in lookups.review_states.values():
        for pk in state.reviewer_ids:
            needs.add_object(Contributor, pk)
    for model, ids in needs.object_ids.items():
        _load_objects(model, ids, lookups, drafts)
    _load_promotions(lookups)
    _collect_from_objects(needs, lookups)
    rows = _load_pages(needs, translation_keys, lookups)
    if drafts is not None:
        drafts.show_pages(needs, lookups, translation_keys)
    if needs.article_ids:
        versions = {
            page.pk
            for (key, _locale), page in lookups.pages_by_key.items()
            if key in translation_keys
        }
        lookups.translation_states = get_translation_states(
            versions | needs.article_ids, rows
        )
    lookups.images = load_images(needs.image_ids)
    if needs.document_ids:
        documents = get_document_model()._default_manager
        public = documents.filter(build_public_file_condition())
        lookups.documents = public.in_bulk(needs.document_ids)
    return lookups


def _load_names(lookups: Lookups, article_ids: set[int]) -> None:
    """Load what languages and publishers are called, and the anchors of articles; one query for all."""
    locales = Locale.objects.order_by().values_list(
        Value("locale"), "pk", "language_code"
    )
    publishers = PublisherSettings.objects.values_list(
        Value("publisher"), "site_id", "organization"
    )
    others = [publishers, *([select_anchors(article_ids)] if article_ids else [])]
    rows = list(locales.union(*others, all=True))
    anchors = [(pk, name) for kind, pk, name in rows if kind == ANCHOR]
    lookups.anchors = read_anchors(anchors)
    for kind, pk, name in sorted(rows, key=lambda row: row[2]):
        if kind == "locale":
            lookups.locales[pk] = Locale(pk=pk, language_code=name)
        elif kind != ANCHOR:
            lookups.organizations[pk] = name


def _load_promotions(lookups: Lookups) -> None:
    """Load the promotions that are due, by the languages that they are shown in."""
    due = Promotion.objects.active(timezone.now())  # ty: ignore[missing-attribute]
    shown = Promotion.locales.through.objects.filter(promotion__in=due)
    for row in shown.select_related("promotion").order_by(
        "promotion__title", "promotion"
    ):
        lookups.promotions.setdefault(row.locale_id, []).append(row.promotion)


def _load_objects(
    model: type[models.Model],
    ids: set[int],
    lookups: Lookups,
    drafts: Drafts | None,
) -> None:
    rows: list[Any]
    manager = model._default_manager
    if issubclass(model, TranslatableMixin):
        keys = manager.filter(pk__in=ids).values("translation_key")
        rows = list(manager.filter(translation_key__in=keys).order_by())
        lookups.object_keys[model] = {row.pk: row.translation_key for row in rows}
    else:
        rows = list(manager.filter(pk__in=ids).order_by())
    if drafts is not None:
        rows = drafts.show_objects(model, rows)
    else:
        rows = [row for row in rows if is_published(row)]
    lookups.objects[model] = {row.pk: row for row in rows}
    if issubclass(model, TranslatableMixin):
        lookups.objects_by_key[model] = {
            (row.translation_key, row.locale_id): row for row in rows
        }


def _collect_from_objects(needs: Needs, lookups: Lookups) -> None:
    """Note what the loaded terms and promotions refer to."""
    from treatments.content.rich_text import collect_rich_text

    inner = Needs(
        page_ids=needs.page_ids,
        image_ids=needs.image_ids,
        document_ids=needs.document_ids,
    )
    for term in lookups.objects.get(GlossaryTerm, {}).values():
        collect_rich_text(term.definition, inner)
        if term.image_id:
            needs.image_ids.add(term.image_id)
    needs.image_ids.update(
        promotion.image_id
        for promotions in lookups.promotions.values()
        for promotion in promotions
        if promotion.image_id
    )


#: What is read of a page that is referred to, or that is a translation.
PAGE_COLUMNS = (
    "title",
    "search_description",
    "url_path",
    "translation_key",
    "locale_id",
    "alias_of_id",
    "live_revision_id",
    "last_published_at",
)


def _load_pages(
    needs: Needs, translation_keys: set[Any], lookups: Lookups
) -> dict[int, Page]:
    """Load pages in all their languages with what their cards show; return them by id, public or not. One query."""
    meant = Q(pk__in=needs.page_ids) | Q(translation_key__in=translation_keys)
    keys = Page.objects.filter(meant).order_by().values("translation_key")
    is_public = build_public_condition() & build_alias_condition()
    pages = (
        Page.objects.filter(translation_key__in=keys)
        .annotate(
            is_public=ExpressionWrapper(is_public, BooleanField()),
            publications=count_publications(needs.article_ids),
            **build_card_fields(),
        )
        .only(*PAGE_COLUMNS)
        .order_by()
    )
    rows = {}
    for page in pages:
        rows[page.pk] = page
        page.locale = lookups.locales[page.locale_id]
        if page.pk in needs.page_ids:
            lookups.page_keys[page.pk] = page.translation_key
        if page.pk in needs.article_ids:
            lookups.publications[page.pk] = page.publications
        if not page.is_public:
            continue
        lookups.pages[page.pk] = page
        if page.alias_of_id is None:
            lookups.pages_by_key[page.translation_key, page.locale_id] = page
        if page.card_kind is not None:
            card = {name: getattr(page, f"card_{name}") for name in LINKED_FIELDS}
            lookups.cards[page.pk] = card
            if card["hero_image"]:
                needs.image_ids.add(card["hero_image"])
    return rows


def count_publications(page_ids: set[int]) -> Case:
    """Return, in a query of pages, how often each of some pages was published, by Wagtail's log."""
    entries = PageLogEntry.objects.filter(
        page_id=OuterRef("pk"), action="wagtail.publish"
    )
    counts = entries.order_by().values("page_id").annotate(total=Count("pk"))
    total = Coalesce(Subquery(counts.values("total")), 0)
    return Case(When(pk__in=page_ids, then=total), default=0)


def build_card_fields() -> dict[str, Coalesce]:
    """Return what a card shows of an article of any type, in a query of pages; null for another page."""
    prefixes = [
        "__".join(
            step.join_field.name for step in model._meta.get_path_from_parent(Page)
        )
        for model in get_article_models()
        # Of a type that inherits from another one, the other one has the columns.
        if model._meta.get_field("summary").model is model
    ]
    return {
        f"card_{name}": Coalesce(
            *(F(f"{prefix}__{name}") for prefix in prefixes), Value(None)
        )
        for name in LINKED_FIELDS
    }


def get_article_models() -> list[type[Any]]:
    """Return the installed article page types, a project's own among them."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, TreatmentArticleMixin) and issubclass(model, Page)
    ]
