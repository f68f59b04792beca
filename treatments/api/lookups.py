"""Everything that a batch of pages refers to, loaded in a fixed number of queries.

``Needs`` collects ids while the raw content is walked; ``load_lookups`` fetches them; a ``Scope`` (see
``scopes``) gives one page its view on them: in its own language, and only what is public.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Count
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    DraftStateMixin,
    Locale,
    Page,
    PageLogEntry,
    TranslatableMixin,
)

from snippets.models import (
    Contributor,
    GlossaryTerm,
    Promotion,
    Reference,
    VocabularyMixin,
)
from treatments.api.visibility import get_private_collection_ids, get_public_pages
from treatments.conf import get_conf
from treatments.models import PublisherSettings, TreatmentArticleMixin
from treatments.states import (
    TranslationState,
    TranslationStatus,
    get_review_states,
    get_translation_states,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db import models

    from treatments.states import ReviewState


@dataclass
class Needs:
    """The ids that raw content refers to. References and terms keep their order, page by page."""

    page_ids: set[int] = field(default_factory=set)
    image_ids: set[int] = field(default_factory=set)
    document_ids: set[int] = field(default_factory=set)
    object_ids: dict[type[models.Model], set[int]] = field(default_factory=dict)
    #: page key → reference ids in reading order; the current page is ``current``.
    references: dict[int, dict[int, None]] = field(default_factory=dict)
    terms: dict[int, dict[int, None]] = field(default_factory=dict)
    #: The articles themselves, whose reviews are looked up.
    article_ids: set[int] = field(default_factory=set)
    current: int = 0

    def add_object(self, model: type[models.Model], pk: int) -> None:
        """Note an object of any other model."""
        if issubclass(model, Reference):
            self.references.setdefault(self.current, {})[pk] = None
        elif issubclass(model, GlossaryTerm):
            self.terms.setdefault(self.current, {})[pk] = None
        self.object_ids.setdefault(model, set()).add(pk)

    def add_reference(self, pk: int) -> None:
        """Note a citation."""
        self.add_object(Reference, pk)

    def add_term(self, pk: int) -> None:
        """Note the use of a glossary term."""
        self.add_object(GlossaryTerm, pk)


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
    promotions: list[Promotion] = field(default_factory=list)
    #: page id → how often it was published
    publications: dict[int, int] = field(default_factory=dict)
    #: site id → who publishes it
    organizations: dict[int, str] = field(default_factory=dict)
    review_states: dict[int, ReviewState] = field(default_factory=dict)
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


def load_lookups(needs: Needs, translation_keys: set[Any]) -> Lookups:
    """Load everything in a number of queries that depends on the kinds of content only.

    Args:
        needs: What the content refers to.
        translation_keys: Keys of the pages themselves, whose translations are loaded too.
    """
    lookups = Lookups()
    lookups.locales = Locale.objects.in_bulk()
    lookups.review_states = get_review_states(needs.article_ids)
    for state in lookups.review_states.values():
        for pk in state.reviewer_ids:
            needs.add_object(Contributor, pk)
    for model, ids in needs.object_ids.items():
        _load_objects(model, ids, lookups)
    lookups.promotions = list(
        Promotion.objects.active(timezone.now())  # ty: ignore[missing-attribute]
        .prefetch_related("locales")
        .order_by("title", "pk")
    )
    _collect_from_objects(needs, lookups)
    _load_pages(needs, translation_keys, lookups)
    if needs.article_ids:
        lookups.publications = count_publications(needs.article_ids)
        lookups.organizations = dict(
            PublisherSettings.objects.values_list("site_id", "organization")
        )
        versions = {
            page.pk
            for (key, _locale), page in lookups.pages_by_key.items()
            if key in translation_keys
        }
        lookups.translation_states = get_translation_states(
            versions | needs.article_ids
        )
    private_collections = get_private_collection_ids()
    specs = list(get_conf().image_renditions.values())
    images = get_image_model()._default_manager.exclude(
        collection__in=private_collections
    )
    lookups.images = {
        image.pk: image
        for image in images.filter(pk__in=needs.image_ids).prefetch_renditions(*specs)
    }
    if needs.document_ids:
        documents = get_document_model()._default_manager.exclude(
            collection__in=private_collections
        )
        lookups.documents = documents.in_bulk(needs.document_ids)
    return lookups


def _load_objects(model: type[models.Model], ids: set[int], lookups: Lookups) -> None:
    rows: list[Any]
    manager = model._default_manager
    if issubclass(model, TranslatableMixin):
        keys = manager.filter(pk__in=ids).values("translation_key")
        rows = list(manager.filter(translation_key__in=keys))
        lookups.object_keys[model] = {row.pk: row.translation_key for row in rows}
    else:
        rows = list(manager.filter(pk__in=ids))
    if issubclass(model, DraftStateMixin):
        rows = [row for row in rows if row.live]
    if issubclass(model, VocabularyMixin):
        rows = [row for row in rows if row.is_public]
    lookups.objects[model] = {row.pk: row for row in rows}
    if issubclass(model, TranslatableMixin):
        lookups.objects_by_key[model] = {
            (row.translation_key, row.locale_id): row for row in rows
        }


def _collect_from_objects(needs: Needs, lookups: Lookups) -> None:
    """Note what the loaded terms and promotions refer to."""
    from treatments.api.block_values import collect_rich_text

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
        promotion.image_id for promotion in lookups.promotions if promotion.image_id
    )


def _load_pages(needs: Needs, translation_keys: set[Any], lookups: Lookups) -> None:
    lookups.page_keys = dict(
        Page.objects.filter(pk__in=needs.page_ids).values_list("pk", "translation_key")
    )
    keys = translation_keys | set(lookups.page_keys.values())
    pages = (
        get_public_pages()
        .filter(translation_key__in=keys)
        .select_related("locale", "content_type")
    )
    for page in pages.defer_streamfields():
        lookups.pages[page.pk] = page
        if page.alias_of_id is None:
            lookups.pages_by_key[page.translation_key, page.locale_id] = page
    for model in get_article_models():
        rows = model._default_manager.filter(pk__in=lookups.pages).values(
            "pk", "summary", "kind", "hero_image_id", "hero_image_alt"
        )
        for row in rows:
            lookups.cards[row["pk"]] = row
            if row["hero_image_id"]:
                needs.image_ids.add(row["hero_image_id"])


def count_publications(page_ids: set[int]) -> dict[int, int]:
    """Return how often each page was published, by Wagtail's log."""
    entries = PageLogEntry.objects.filter(
        page_id__in=page_ids, action="wagtail.publish"
    )
    counts = entries.order_by().values_list("page_id").annotate(total=Count("pk"))
    return dict(counts)


def get_article_models() -> list[type[Any]]:
    """Return the installed article page types, a project's own among them."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, TreatmentArticleMixin) and issubclass(model, Page)
    ]
