"""Follows where another entry took the place of one: in the sources of translations, and in what they were made from.

Otherwise the next publication of a translation would bring back the old entry, which is gone, and a
translation with the same replacement as its source would count as behind it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from wagtail.blocks import ListBlock
from wagtail.fields import StreamField
from wagtail.models import Page, TranslatableMixin
from wagtail_localize.models import SegmentOverride, TranslationLog, TranslationSource

from treatments.content.replacing import replace_in
from treatments.hashes.raw import Fingerprints, build_fingerprints
from treatments.translation.models import TranslatedVersion
from treatments.translation.records import announce, find_differences, note_difference

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import Model

    from treatments.content.replacing import Replacement, Rewriting


def follow_replacements(
    sender: Any, rewritings: list[Rewriting], **kwargs: Any
) -> None:
    """Put another entry into the sources of translations; what was up to date with them stays so."""
    translated: dict[UUID, list[Rewriting]] = {}
    for each in rewritings:
        if isinstance(each.source, TranslatableMixin):
            translated.setdefault(each.source.translation_key, []).append(each)
    for key, versions in translated.items():
        for source in TranslationSource.objects.filter(object_id=key):
            replacement = choose_replacement(source, versions)
            if replacement is not None:
                replace_in_source(source, replacement)
        for each in versions:
            replace_overrides(each)
            copy_logs(each)
        pages = [each for each in versions if isinstance(each.source, Page)]
        for each in pages:
            update_records(each, [other.source.pk for other in pages if not other.is_published])  # fmt: skip
        if pages:
            announce(key)


def choose_replacement(
    source: TranslationSource, versions: Iterable[Rewriting]
) -> Replacement | None:
    """Return what is to be replaced in a source: what was replaced in its own language.

    Where its article does not use it any more, a translation of what it said before may: an entry that is
    the same in every language is replaced for that.
    """
    for each in versions:
        is_own = each.source.locale_id == source.locale_id
        if is_own or not issubclass(each.replacement.model, TranslatableMixin):
            return each.replacement
    return None


def replace_in_source(source: TranslationSource, replacement: Replacement) -> None:
    """Put another entry into a source and its segments; nothing else that its article says by now.

    It does not count as newer: what was made from it got the same entry.
    """
    instance = source.as_instance()
    before = instance.serializable_data()
    replace_in(instance, replacement)
    after = instance.serializable_data()
    if after != before:
        source.content_json = json.dumps(after, cls=DjangoJSONEncoder)
        source.save(update_fields=["content_json"])
        source.refresh_segments()


def replace_overrides(rewriting: Rewriting) -> None:
    """Put another entry where a translation has one of its own, such as a picture."""
    instance, replacement = rewriting.source, rewriting.replacement
    overrides = SegmentOverride.objects.filter(
        context__object_id=instance.translation_key, locale_id=instance.locale_id
    ).select_related("context")
    for each in overrides:
        model = find_model(type(instance), each.context.field_path.split("."))
        if model is not None and replacement.is_meant(model, each.data):
            # By no save: the choice remains that of the person who made it.
            SegmentOverride.objects.filter(pk=each.pk).update(
                data_json=json.dumps(replacement.pk, cls=DjangoJSONEncoder)
            )


def find_model(model: type[Model], path: list[str]) -> type[Model] | None:
    """Return what is chosen at a place, which wagtail-localize names by fields and kinds of blocks."""
    field, rest = model._meta.get_field(path[0]), path[1:]
    if not isinstance(field, StreamField):
        related: Any = field.related_model
        return find_model(related, rest) if rest and related else related
    block: Any = field.stream_block
    for name in rest:
        if isinstance(block, ListBlock):
            block = block.child_block
        else:
            block = getattr(block, "child_blocks", {}).get(name)
    return getattr(block, "model_class", None)


def copy_logs(rewriting: Rewriting) -> None:
    """Record that the new revisions were made from the same source as the old ones."""
    for old, new in rewriting.revisions.items():
        logs = TranslationLog.objects.filter(
            revision_id=old, locale_id=rewriting.source.locale_id
        )
        for log in logs.order_by("created_at", "pk"):
            # In bulk, without a signal: nothing was published by this. Django sets the time of what it creates.
            [copy] = TranslationLog.objects.bulk_create(
                [
                    TranslationLog(
                        source_id=log.source_id,
                        locale_id=log.locale_id,
                        revision_id=new,
                    )
                ]
            )
            TranslationLog.objects.filter(pk=copy.pk).update(created_at=log.created_at)


def update_records(rewriting: Rewriting, waiting_ids: Iterable[int]) -> None:
    """Note the other entry in what the translations of a page were made from, but for those that wait for theirs."""
    page = rewriting.source
    versions = list(
        TranslatedVersion.objects.filter(
            page__translation_key=page.translation_key, source_locale_id=page.locale_id
        ).exclude(pk__in=waiting_ids)
    )
    before = build_fingerprints(type(page), rewriting.before)
    after = build_fingerprints(type(page), rewriting.after)
    for version in versions:
        recorded = Fingerprints.from_json(version.fingerprints)
        version.fingerprints = carry_over(recorded, before, after).to_json()
        version.save(update_fields=["fingerprints"])
    keys = {version.page_id: page.translation_key for version in versions}
    differences = find_differences(versions, keys)
    for version in versions:
        note_difference(version, differences[version.page_id], page.last_published_at)


def carry_over(
    recorded: Fingerprints, before: Fingerprints, after: Fingerprints
) -> Fingerprints:
    """Return what was recorded with a change of the source in those parts that were as before it."""
    digests, editorial = dict(recorded.digests), set(recorded.editorial)
    for key in before.digests.keys() | after.digests.keys():
        if digests.get(key) != before.digests.get(key):
            continue
        digests.pop(key, None)
        editorial.discard(key)
        if key in after.digests:
            digests[key] = after.digests[key]
        if key in after.editorial:
            editorial.add(key)
    return Fingerprints(digests, editorial)
