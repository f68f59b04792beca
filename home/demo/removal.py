"""Removes what the demonstration loaded, and nothing else.

What somebody's own content still uses stays, and so does what it stands on in turn; the caller is
told about it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.locales.utils import get_locale_usage
from wagtail.models import (
    Comment,
    Locale,
    Page,
    ReferenceIndex,
    Site,
    TranslatableMixin,
)
from wagtail.snippets.models import get_snippet_models
from wagtail_localize.models import (
    OverridableSegment,
    RelatedObjectSegment,
    SegmentOverride,
    String,
    StringSegment,
    StringTranslation,
    Template,
    TemplateSegment,
    TranslatableObject,
    Translation,
)

from home.demo import records
from home.demo.site import close_site
from snippets.models import Promotion

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import Model

    Identity = tuple[int, str]


@dataclass
class Removed:
    """What one run removed.

    Attributes:
        pages: How many pages.
        objects: How many other objects.
        kept: What stays because other content needs it, in words.
    """

    pages: int = 0
    objects: int = 0
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def remove() -> Removed:
    """Remove the demonstration, all of it or nothing; what was edited since goes too."""
    removed = Removed()
    pages = sorted(records.iterate_pages(), key=lambda page: -page.depth)
    objects = list(records.iterate_objects())
    needed = find_needed([*pages, *objects])
    going = [page for page in pages if identify(page) not in needed]
    removed.kept += [str(page) for page in pages if identify(page) in needed]
    close_site({page.pk for page in going})
    keys: set[UUID] = set()
    for page in going:
        keys.add(page.translation_key)
        delete(page)
        removed.pages += 1
    for instance in objects:
        if isinstance(instance, (Locale, Site)):
            continue
        if identify(instance) in needed or is_account_in_use(instance):
            removed.kept.append(str(instance))
            continue
        if isinstance(instance, TranslatableMixin):
            keys.add(instance.translation_key)
        delete(instance)
        removed.objects += 1
    remove_translation_records(keys)
    for instance in objects:
        if isinstance(instance, Locale) and not is_locale_in_use(instance):
            delete(instance)
            removed.objects += 1
    return removed


def identify(instance: Model) -> Identity:
    """Return what the reference index calls an object."""
    return ReferenceIndex._get_base_content_type(instance).pk, str(instance.pk)


def find_needed(candidates: list[Model]) -> set[Identity]:
    """Return those of the candidates that content of others uses or stands below.

    What is used stays with all that it uses itself. A page that stays only because of a page below it
    may lose what it leads to.
    """
    models = (Page, *get_snippet_models())
    content_types = {
        each.pk for each in ContentType.objects.get_for_models(*models).values()
    }
    users: dict[Identity, set[Identity]] = {}
    for instance in candidates:
        if not isinstance(instance, Locale):
            references = ReferenceIndex.get_references_to(instance)
            references = references.filter(base_content_type__in=content_types)
            users[identify(instance)] = set(
                references.values_list("base_content_type_id", "object_id")
            )
    needed: set[Identity] = set()
    while more := {
        target
        for target, sources in users.items()
        if target not in needed
        and any(source in needed or source not in users for source in sources)
    }:
        needed |= more
    pages = [instance for instance in candidates if isinstance(instance, Page)]
    for page in sorted(pages, key=lambda page: -page.depth):
        children = {identify(child) for child in page.get_children()}
        if any(child in needed or child not in users for child in children):
            needed.add(identify(page))
    return needed


def is_account_in_use(instance: Model) -> bool:
    """Tell whether an object is an account that owns pages of others or has commented on them."""
    if not isinstance(instance, get_user_model()):
        return False
    return (
        Page.objects.filter(owner=instance).exists()
        or Comment.objects.filter(user=instance).exists()
    )


def is_locale_in_use(locale: Locale) -> bool:
    """Tell whether anything is written or shown in a locale."""
    return (
        any(get_locale_usage(locale))
        or Promotion.objects.filter(locales=locale).exists()
    )


def delete(instance: Model) -> None:
    """Delete an object together with its log, the entry about this deletion included."""
    pk = instance.pk
    instance.delete()
    instance.pk = pk
    records.find_entries(instance).delete()


def remove_translation_records(keys: set[UUID]) -> None:
    """Delete what wagtail-localize keeps for objects that exist in no language any more."""
    gone = {
        translatable.pk
        for translatable in TranslatableObject.objects.filter(
            pk__in=keys
        ).select_related("content_type")
        if not translatable.content_type.model_class()
        ._default_manager.filter(translation_key=translatable.pk)
        .exists()
    }
    strings = set(
        StringSegment.objects.filter(source__object_id__in=gone).values_list(
            "string_id", flat=True
        )
    )
    templates = set(
        TemplateSegment.objects.filter(source__object_id__in=gone).values_list(
            "template_id", flat=True
        )
    )
    for model in (
        OverridableSegment,
        RelatedObjectSegment,
        StringSegment,
        TemplateSegment,
    ):
        model.objects.filter(source__object_id__in=gone).delete()
    for model in (SegmentOverride, StringTranslation):
        model.objects.filter(context__object_id__in=gone).delete()
    Translation.objects.filter(source__object_id__in=gone).delete()
    TranslatableObject.objects.filter(pk__in=gone).delete()
    String.objects.filter(
        pk__in=strings, segments__isnull=True, translations__isnull=True
    ).delete()
    Template.objects.filter(pk__in=templates, segments__isnull=True).delete()
