"""Where public articles use something: the places that readers would miss it at.

Wagtail's reference index and the article index say which articles may use it; their public text decides.
The reference index knows no many-to-many relations of a page, which are asked for here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Page, ReferenceIndex, TranslatableMixin

from snippets.models import (
    Condition,
    Contributor,
    GlossaryTerm,
    Promotion,
    Reference,
    Treatment,
)
from treatments.article_fields import ABOUT, OWN_SECTIONS
from treatments.content.blocks import get_raw_stream
from treatments.content.choices import Choice, get_own_fields, iterate_choices
from treatments.content.hidden_choices import find_states
from treatments.content.lookups import get_article_models
from treatments.content.visibility import get_public_pages, is_published
from treatments.models import (
    IndexedArticle,
    IndexedCitation,
    IndexedCondition,
    IndexedTerm,
    TreatmentArticleMixin,
)
from treatments.ports.states import get_review_states

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import Model

#: What the article index knows the uses of.
INDEXED = (Reference, GlossaryTerm, Contributor, Condition, Treatment)
#: What readers see of an article without that it has chosen it: notices, and the terms that it explains.
AROUND = (GlossaryTerm, Promotion)
BATCH_SIZE = 500
#: Where the API names who reviewed an article.
REVIEWERS = ("governance", "reviewers")


@dataclass(frozen=True, slots=True)
class Use:
    """One place at which readers would miss something.

    Attributes:
        source: The public article; or the published term or promotion whose picture it is.
        choice: The place in it.
        used: What is used there.
    """

    source: Any
    choice: Choice
    used: Any

    @property
    def title(self) -> str:
        """What people call the article."""
        return str(self.source)

    @property
    def edit_url(self) -> str | None:
        """Where the article is edited."""
        return AdminURLFinder().get_edit_url(self.source)

    @property
    def section(self) -> str:
        """The part of the article that is reviewed as a whole, by its id or its name."""
        name = self.choice.path[0]
        if name != "body":
            return name if name in OWN_SECTIONS else ABOUT
        return get_raw_stream(self.source, "body")[self.choice.path[1]].get("id") or ""

    def represent(self) -> dict[str, Any]:
        """Return what the API says about it."""
        source = self.source
        kind = "page" if isinstance(source, Page) else "snippet"
        return {
            kind: {
                "id": source.pk,
                "type": source._meta.label,
                "title": self.title,
                "locale": source.locale.language_code
                if isinstance(source, TranslatableMixin)
                else None,
            },
            "pointer": self.choice.pointer,
            "place": self.choice.place,
        }


def find_uses(instance: Any, *, is_deleted: bool) -> list[Use]:
    """Return the places at which readers would miss something, by article.

    An article uses what its readers see of a choice: the entry in their language, or the chosen one.

    Args:
        instance: A snippet, a page, an image or a document.
        is_deleted: Whether it is to be deleted; then an article also needs the entry that names one in its
            own language.
    """
    versions = find_versions(instance)
    sources = [
        *find_articles(instance, versions),
        *find_around(instance, versions),
    ]
    uses = [
        use
        for source in sources
        for use in find_uses_in(source, instance, versions, is_deleted)
    ]
    if isinstance(instance, Contributor):
        uses += find_reviews(instance, versions)
    return uses


def find_reviews(instance: Contributor, versions: dict[Any, Any]) -> Iterator[Use]:
    """Yield the public articles that name somebody as a reviewer; nobody takes that place."""
    ids = list(IndexedArticle.objects.values_list("pk", flat=True))
    named = {}
    for start in range(0, len(ids), BATCH_SIZE):
        states = get_review_states(ids[start : start + BATCH_SIZE])
        for pk, state in states.items():
            if versions.keys() & set(state.reviewer_ids):
                named[pk] = versions.keys() & set(state.reviewer_ids)
    for page in get_public_pages().filter(pk__in=named).order_by("title").specific():
        for pk in named[page.pk]:
            if find_shown(pk, versions, page.locale_id) == instance.pk:
                labels = (gettext("Reviewers"),)
                yield Use(page, Choice(Contributor, pk, REVIEWERS, labels), instance)


def find_versions(instance: Any) -> dict[Any, Any]:
    """Return the entry and its language versions by their ids."""
    if not isinstance(instance, TranslatableMixin):
        return {instance.pk: instance}
    versions = instance.get_translations(inclusive=True)
    return {each.pk: each for each in versions}


def find_articles(instance: Any, versions: dict[Any, Any]) -> list[Any]:
    """Return the public articles that may use something, by title; an alias is none."""
    ids = set()
    for version in versions.values():
        ids |= find_referring(version, Page)
    if isinstance(instance, INDEXED):
        indexed = IndexedArticle.objects.filter(build_use_filter(instance))
        ids |= set(indexed.values_list("pk", flat=True))
    for model in get_article_models():
        for field in get_own_fields(model):
            is_chosen = isinstance(field, ParentalManyToManyField) and isinstance(
                instance, field.related_model
            )
            if is_chosen:
                rows = model._default_manager.filter(**{f"{field.name}__in": versions})
                ids |= set(rows.values_list("pk", flat=True))
    pages = get_public_pages().filter(pk__in=ids, alias_of=None).exclude(pk__in=versions if isinstance(instance, Page) else ())  # fmt: skip
    found = [
        page
        for page in pages.order_by("title", "pk").specific()
        if isinstance(page, TreatmentArticleMixin)
    ]
    return found


def find_around(instance: Any, versions: dict[Any, Any]) -> Iterator[Any]:
    """Yield the published terms and notices that may show something."""
    for model in AROUND:
        ids = set()
        for version in versions.values():
            ids |= find_referring(version, model)
        for each in model._default_manager.filter(pk__in=ids).order_by("pk"):
            if is_published(each):
                yield each


def find_referring(instance: Any, model: type[Model]) -> set[int]:
    """Return the ids of what refers to something, by Wagtail's reference index."""
    references = ReferenceIndex.get_references_to(instance).filter(
        base_content_type=ContentType.objects.get_for_model(model)
    )
    return {int(pk) for pk in references.values_list("object_id", flat=True)}


def find_uses_in(
    source: Any, instance: Any, versions: dict[Any, Any], is_deleted: bool
) -> Iterator[Use]:
    """Yield the places of one article."""
    chosen = [
        each
        for each in iterate_choices(source)
        if isinstance(instance, each.model) and each.pk in versions
    ]
    if not chosen:
        return
    locale_id = getattr(source, "locale_id", 0)
    states = find_states(chosen[0].model, {each.pk for each in chosen}, locale_id)
    for each in chosen:
        if states[each.pk]:
            # Readers do not get it anyway.
            continue
        shown = find_shown(each.pk, versions, locale_id)
        if shown == instance.pk or (is_deleted and each.pk == instance.pk):
            yield Use(source, each, instance)


def find_shown(pk: Any, versions: dict[Any, Any], locale_id: int) -> Any:
    """Return the id of the entry that readers of a language get for a chosen one."""
    for version in versions.values():
        is_own = getattr(version, "locale_id", None) == locale_id
        is_alias = getattr(version, "alias_of_id", None) is not None
        if is_own and not is_alias and is_published(version) and version.pk != pk:
            return version.pk
    return pk


def list_pages(uses: Iterable[Use]) -> dict[int, Any]:
    """Return the articles of some uses by their ids; for a term, those that explain it."""
    pages: dict[int, Any] = {}
    for use in uses:
        if isinstance(use.source, Page):
            pages[use.source.pk] = use.source
        else:
            inner = find_uses(use.source, is_deleted=False)
            pages |= {each.source.pk: each.source for each in inner}
    return pages


def build_use_filter(instance: Model) -> Q:
    """Return the filter of the articles that cite a reference, explain a term, name an author or are about something.

    Raises:
        TypeError: articles do not use such objects.
    """
    if isinstance(instance, Reference):
        uses = IndexedCitation.objects.filter(reference=instance)
        return Q(pk__in=uses.values("article_id"))
    if isinstance(instance, GlossaryTerm):
        uses = IndexedTerm.objects.filter(term_key=instance.translation_key)
        return Q(pk__in=uses.values("article_id"))
    if isinstance(instance, Contributor):
        named = Q()
        for model in get_article_models():
            relation = model._meta.get_field("article_contributors").related_model
            uses = relation._default_manager.filter(
                contributor__translation_key=instance.translation_key
            )
            named |= Q(pk__in=uses.values("page_id"))
        return named
    if isinstance(instance, Condition):
        uses = IndexedCondition.objects.filter(condition_key=instance.translation_key)
        return Q(pk__in=uses.values("article_id"))
    if isinstance(instance, Treatment):
        return Q(treatment_key=instance.translation_key)
    raise TypeError(f"Articles do not use a {type(instance).__name__}")
