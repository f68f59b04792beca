"""The public reads of the reference content, shared by v2 and v3."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wagtail.models import DraftStateMixin, TranslatableMixin

from snippets.models import (
    Condition,
    Contributor,
    GlossaryTerm,
    Reference,
    Treatment,
    VocabularyMixin,
)
from treatments.content.lookups import Lookups, load_lookups
from treatments.content.needs import Needs
from treatments.content.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db import models
    from django.db.models import QuerySet


@dataclass(frozen=True)
class SnippetEndpoint:
    """A public list of snippets.

    Attributes:
        name: The last part of the address.
        model: What is listed.
        fields: The public fields beside ``id``.
        filters: Columns that a list can be filtered by, exactly.
        order: How the list is ordered.
    """

    name: str
    model: type[models.Model]
    fields: tuple[str, ...]
    filters: tuple[str, ...]
    order: tuple[str, ...]

    @property
    def is_translatable(self) -> bool:
        """Whether each language has its own entries."""
        return issubclass(self.model, TranslatableMixin)


#: What a link to another language version says of it, where it has that.
TRANSLATION_FIELDS = ("term", "name", "slug")
VOCABULARY_FIELDS = ("slug", "name", "description", "also_known_as", "codes")
ENDPOINTS = {
    endpoint.name: endpoint
    for endpoint in (
        SnippetEndpoint(
            "glossary",
            GlossaryTerm,
            ("slug", "term", "definition", "aliases", "pronunciation", "image"),
            ("slug",),
            ("term", "pk"),
        ),
        SnippetEndpoint(
            "references",
            Reference,
            (
                "csl_type",
                "title",
                "authors",
                "container_title",
                "publisher",
                "issued",
                "volume",
                "issue",
                "page",
                "vancouver",
                "pmid",
                "pmcid",
                "doi",
                "nct",
                "url",
                "status",
                "is_sample",
                "checked_on",
            ),
            ("type", "status", "pmid", "pmcid", "doi", "nct"),
            ("title", "pk"),
        ),
        SnippetEndpoint(
            "contributors",
            Contributor,
            ("name", "credentials", "role", "affiliation", "orcid", "interests"),
            ("role", "orcid"),
            ("name", "pk"),
        ),
        SnippetEndpoint(
            "conditions",
            Condition,
            VOCABULARY_FIELDS,
            ("slug", "mesh_id", "ncit_code"),
            ("name", "pk"),
        ),
        SnippetEndpoint(
            "treatments",
            Treatment,
            (*VOCABULARY_FIELDS, "schema_type"),
            ("slug", "schema_type", "mesh_id", "ncit_code"),
            ("name", "pk"),
        ),
    )
}


def get_public_snippets(model: type[models.Model]) -> QuerySet[Any]:
    """Return the published entries; a vocabulary without drafts is public as it is."""
    queryset = model._default_manager.all()
    if issubclass(model, DraftStateMixin):
        queryset = queryset.filter(live=True)
    if issubclass(model, VocabularyMixin):
        queryset = queryset.filter(is_public=True)
    if issubclass(model, TranslatableMixin):
        queryset = queryset.select_related("locale")
    return queryset


def represent_snippets(instances: Iterable[models.Model]) -> dict[int, dict[str, Any]]:
    """Return the public fields of each entry by its id, in the entry's own language."""
    instances = list(instances)
    needs = Needs()
    for instance in instances:
        needs.add_object(type(instance), instance.pk)
    lookups = load_lookups(needs, set())
    languages = {pk: locale.language_code for pk, locale in lookups.locales.items()}
    default_locale = next(iter(languages))
    translations = group_translations(lookups, languages)
    answers = {}
    for instance in instances:
        locale_id = getattr(instance, "locale_id", default_locale)
        scope = Scope(lookups, locale_id, languages[locale_id], [], [])
        answer = scope.represent_object(instance)
        answer.pop("number", None)
        if isinstance(instance, TranslatableMixin):
            code = languages[locale_id]
            answer["locale"] = code
            answer["translation_key"] = str(instance.translation_key)
            answer["translations"] = [
                translation
                for translation in translations[
                    type(instance), instance.translation_key
                ]
                if translation["locale"] != code
            ]
        answers[instance.pk] = answer
    return answers


def group_translations(
    lookups: Lookups, languages: dict[int, str]
) -> dict[tuple[type[models.Model], Any], list[dict[str, Any]]]:
    """Return the public language versions of each entry by its model and translation key."""
    groups = defaultdict(list)
    for model, objects in lookups.objects_by_key.items():
        for (key, locale_id), instance in objects.items():
            names = {
                name: getattr(instance, name)
                for name in TRANSLATION_FIELDS
                if hasattr(instance, name)
            }
            groups[model, key].append(
                {"id": instance.pk, "locale": languages[locale_id], **names}
            )
    for group in groups.values():
        group.sort(key=lambda translation: translation["locale"])
    return groups
