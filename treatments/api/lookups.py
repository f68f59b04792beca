"""Everything that a batch of pages refers to, loaded in a fixed number of queries.

``Needs`` collects ids while the raw content is walked; ``load_lookups`` fetches them; ``Scope`` gives
one page its view on them: in its own language, and only what is public.
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

from snippets import representation as public_fields
from snippets.models import (
    Condition,
    Contributor,
    GlossaryTerm,
    Promotion,
    Reference,
    Treatment,
    VocabularyMixin,
)
from treatments.api.addresses import get_path
from treatments.api.images import represent_image
from treatments.api.rich_text import represent_rich_text
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


class Scope:
    """The lookups as one page sees them."""

    def __init__(
        self,
        lookups: Lookups,
        locale_id: int,
        language_code: str,
        reference_ids: list[int],
        term_ids: list[int],
    ):
        self.lookups = lookups
        self.locale_id = locale_id
        self.language_code = language_code
        published = lookups.objects.get(Reference, {})
        #: reference id → number in reading order
        self.numbers = {
            pk: index
            for index, pk in enumerate(
                (pk for pk in reference_ids if pk in published), start=1
            )
        }
        self.term_ids = term_ids

    def get_reference_number(self, pk: int | None) -> int | None:
        """Return the number of a published reference."""
        return self.numbers.get(pk) if pk is not None else None

    def localize(self, model: type[models.Model], pk: int | None) -> Any:
        """Return the published object in the page's language, or the chosen one where it has none."""
        published = self.lookups.objects.get(model, {})
        key = self.lookups.object_keys.get(model, {}).get(pk)
        own = (
            self.lookups.objects_by_key.get(model, {}).get((key, self.locale_id))
            if key
            else None
        )
        return own or published.get(pk)

    def get_term(self, pk: int | None) -> GlossaryTerm | None:
        """Return a published glossary term in the page's language."""
        return self.localize(GlossaryTerm, pk) if pk is not None else None

    def get_page(self, pk: int | None) -> dict[str, Any] | None:
        """Return a public page in the page's language, or the chosen one as a fallback."""
        key = self.lookups.page_keys.get(pk) if pk is not None else None
        if key is None:
            return None
        page = self.lookups.pages_by_key.get(
            (key, self.locale_id)
        ) or self.lookups.pages.get(pk)
        return self.represent_page(page) if page else None

    def represent_page(self, page: Page) -> dict[str, Any]:
        """Return the card of a public page."""
        card = self.lookups.cards.get(page.pk, {})
        return {
            "id": page.pk,
            "title": page.title,
            "path": self.lookups.remember(("path", page.pk), lambda: get_path(page)),
            "locale": page.locale.language_code,
            "fallback": page.locale_id != self.locale_id
            or page.alias_of_id is not None,
            "summary": card.get("summary", page.search_description),
            "kind": card.get("kind"),
            "image": self.get_image(
                card.get("hero_image_id"), card.get("hero_image_alt", "")
            ),
        }

    def get_document(self, pk: int | None) -> Any:
        """Return a document that is not private."""
        return self.lookups.documents.get(pk)

    def get_image(self, pk: int | None, alt: str = "") -> dict[str, Any] | None:
        """Return an image with its renditions, or None where it is private or missing."""
        image = self.lookups.images.get(pk)
        if image is None:
            return None
        value = self.lookups.remember(("image", pk), lambda: represent_image(image))
        return {**value, "alt": alt}

    def get_object(self, model: type[models.Model], pk: int) -> dict[str, Any] | None:
        """Return the public fields of a snippet in the page's language."""
        instance = self.localize(model, pk)
        return self.represent_object(instance) if instance is not None else None

    def represent_object(self, instance: models.Model) -> dict[str, Any]:
        """Return the public fields of a published object, and its language where it has one."""
        value = self.represent_fields(instance)
        if isinstance(instance, TranslatableMixin):
            value["locale"] = self.lookups.locales[instance.locale_id].language_code
        return value

    def represent_fields(self, instance: models.Model) -> dict[str, Any]:
        """Return the public fields of a published object."""
        if isinstance(instance, Reference):
            value = self.lookups.remember(
                ("reference", instance.pk),
                lambda: public_fields.represent_reference(instance),
            )
            return {"number": self.numbers.get(instance.pk), **value}
        if isinstance(instance, GlossaryTerm):
            return self.represent_term(instance)
        if isinstance(instance, Contributor):
            return public_fields.represent_contributor(instance)
        if isinstance(instance, Condition):
            return public_fields.represent_condition(instance)
        if isinstance(instance, Treatment):
            return public_fields.represent_treatment(instance)
        return {"id": instance.pk, "title": str(instance)}

    def represent_term(self, term: GlossaryTerm) -> dict[str, Any]:
        """Return a glossary term with its definition in display form."""
        return public_fields.represent_term(
            term,
            definition=represent_rich_text(term.definition, self),
            image=self.get_image(term.image_id, term.image_alt),
        )

    def get_references(self) -> list[dict[str, Any]]:
        """Return the cited references in the order of their numbers."""
        published = self.lookups.objects.get(Reference, {})
        return [self.represent_object(published[pk]) for pk in self.numbers]

    def get_glossary(self) -> list[dict[str, Any]]:
        """Return the terms that the page uses, by name."""
        terms = {term.pk: term for pk in self.term_ids if (term := self.get_term(pk))}
        return [
            self.represent_object(term)
            for term in sorted(terms.values(), key=lambda term: term.term.casefold())
        ]

    def get_promotions(self, placement: str) -> list[dict[str, Any]]:
        """Return the promotions that are due for a placement in the page's language."""
        return [
            {
                "id": promotion.pk,
                "title": promotion.title,
                "text": promotion.text,
                "placement": promotion.placement,
                "image": self.get_image(promotion.image_id, promotion.image_alt),
                "link_url": promotion.link_url,
                "link_text": promotion.link_text,
                "is_sponsored": promotion.is_sponsored,
            }
            for promotion in self.lookups.promotions
            if promotion.placement == placement
            and any(locale.pk == self.locale_id for locale in promotion.locales.all())
        ]
