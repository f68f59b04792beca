"""What one page sees of the lookups: objects in its own language, and only what is public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import translation
from wagtail.models import TranslatableMixin

from snippets import representation as public_fields
from snippets.models import Condition, Contributor, GlossaryTerm, Reference, Treatment
from treatments.content.addresses import get_path
from treatments.content.dependencies import (
    COLLECTIONS,
    SHARED_KEYS,
    get_document_key,
    get_image_key,
    get_object_key,
    get_page_key,
)
from treatments.content.images import represent_image
from treatments.content.rich_text import represent_rich_text

if TYPE_CHECKING:
    from django.db import models
    from wagtail.models import Page

    from treatments.content.lookups import Lookups


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
        #: Keys of all that the page was found to contain, or would contain if it were public.
        self.uses: set[str] = {
            *SHARED_KEYS,
            *(get_object_key(Reference, pk) for pk in reference_ids),
        }

    def get_reference_number(self, pk: int | None) -> int | None:
        """Return the number of a published reference."""
        return self.numbers.get(pk) if pk is not None else None

    def localize(self, model: type[models.Model], pk: int | None) -> Any:
        """Return the published object in the page's language, or the chosen one where it has none."""
        published = self.lookups.objects.get(model, {})
        key = self.lookups.object_keys.get(model, {}).get(pk)
        self.uses.add(get_object_key(model, key or pk))
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
        self.uses.add(get_page_key(key))
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
            "path": self.lookups.remember(
                ("path", page.pk), lambda: get_path(page, self.lookups)
            ),
            "locale": page.locale.language_code,
            "fallback": page.locale_id != self.locale_id
            or page.alias_of_id is not None,
            "summary": card.get("summary", page.search_description),
            "kind": card.get("kind"),
            "image": self.get_image(
                card.get("hero_image"), card.get("hero_image_alt", "")
            ),
        }

    def get_document(self, pk: int | None) -> Any:
        """Return a document that is not private."""
        if pk is not None:
            self.uses |= {get_document_key(pk), COLLECTIONS}
        return self.lookups.documents.get(pk)

    def get_image(self, pk: int | None, alt: str = "") -> dict[str, Any] | None:
        """Return an image with its renditions, or None where it is private or missing."""
        if pk is not None:
            self.uses |= {get_image_key(pk), COLLECTIONS}
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
            with translation.override(self.language_code):
                value = self.lookups.remember(
                    ("reference", instance.pk, self.language_code),
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
            for promotion in self.lookups.promotions.get(self.locale_id, ())
            if promotion.placement == placement
        ]
