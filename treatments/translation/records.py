"""Records what a translation was made from, and since when its source has moved on.

A version counts as made from the source's stored snapshot when wagtail-localize logged it so: a
``TranslationLog`` names the revision, and the snapshot is not newer than the log. Whatever else an
editor publishes, such as a corrected word in a page whose translation was stopped, leaves the
record as it is: it does not show that anybody has looked at the source.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from wagtail.models import Page
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationLog,
    TranslationSource,
)

from treatments.hashes.difference import Difference, compare
from treatments.hashes.raw import Fingerprints, build_fingerprints
from treatments.signals import article_states_changed
from treatments.translation.contents import read_fingerprints
from treatments.translation.models import TranslatedVersion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from treatments.translation.contents import PageKey


def find_followed(pages: QuerySet[Page]) -> QuerySet[Page]:
    """Return those of some pages that somebody translates, in any language, or of which a version is recorded."""
    sources = TranslationSource.objects.filter(object_id=OuterRef("translation_key"))
    versions = TranslatedVersion.objects.filter(pk=OuterRef("pk"))
    return pages.filter(Exists(sources) | Exists(versions))


def find_differences(
    versions: Collection[TranslatedVersion], keys: dict[int, UUID]
) -> dict[int, Difference | None]:
    """Return how the present source differs from each version: page id → difference.

    None where the source no longer exists. ``keys``: page id → translation key.
    """
    sources: dict[int, PageKey] = {
        version.page_id: (keys[version.page_id], version.source_locale_id)
        for version in versions
    }
    present = read_fingerprints(set(sources.values()))
    result: dict[int, Difference | None] = {}
    for version in versions:
        source = present.get(sources[version.page_id])
        recorded = Fingerprints.from_json(version.fingerprints)
        result[version.page_id] = compare(recorded, source) if source else None
    return result


def build_version(
    page: Page, source: TranslationSource, is_complete: bool
) -> TranslatedVersion:
    """Return the version of a page that was made from the source's snapshot; nothing is saved."""
    fingerprints = build_fingerprints(
        source.specific_content_type.model_class(), json.loads(source.content_json)
    )
    return TranslatedVersion(
        page_id=page.pk,
        source_locale=source.locale,
        published_at=page.last_published_at,
        fingerprints=fingerprints.to_json(),
        is_complete=is_complete,
    )


def find_logs(pages: Collection[Page]) -> dict[int, TranslationLog]:
    """Return the log of what each published page was last made from: page id → log.

    Its source comes without the snapshot. A page that was never published, or never made by
    wagtail-localize, has no log. One query.
    """
    by_key = {
        (page.translation_key, page.locale_id): page
        for page in pages
        if page.last_published_at is not None and page.alias_of_id is None
    }
    if not by_key:
        return {}
    logs = (
        TranslationLog.objects.filter(
            source__object_id__in={key for key, _locale in by_key},
            locale_id__in={locale_id for _key, locale_id in by_key},
        )
        .select_related("source__locale")
        .defer("source__content_json")
        .order_by("created_at", "pk")
    )
    result = {}
    for log in logs:
        page = by_key.get((log.source.object_id, log.locale_id))
        if page is not None and (
            log.revision_id == page.live_revision_id
            or log.created_at <= page.last_published_at
        ):
            result[page.pk] = log
    return result


def find_incomplete(logs: Iterable[TranslationLog]) -> set[int]:
    """Return the ids of the logs at whose time some text of the source was not translated. One query."""
    ids = [log.pk for log in logs]
    if not ids:
        return set()
    missing = StringSegment.objects.filter(source_id=OuterRef("source_id")).annotate(
        is_translated=Exists(
            StringTranslation.objects.filter(
                translation_of_id=OuterRef("string_id"),
                context_id=OuterRef("context_id"),
                locale_id=OuterRef(OuterRef("locale_id")),
                created_at__lte=OuterRef(OuterRef("created_at")),
                has_error=False,
            )
        )
    )
    return set(
        TranslationLog.objects.filter(pk__in=ids)
        .filter(Exists(missing.filter(is_translated=False)))
        .values_list("pk", flat=True)
    )


def build_versions(
    pages: Collection[Page], logs: dict[int, TranslationLog], incomplete: set[int]
) -> dict[int, TranslatedVersion]:
    """Return the versions that the logs still show: page id → version. One query; nothing is saved.

    ``logs`` and ``incomplete`` come from ``find_logs`` and ``find_incomplete``. A page whose snapshot
    is newer than its log is left out: what it was made from is gone.
    """
    shown = {
        pk: log
        for pk, log in logs.items()
        if log.created_at >= log.source.last_updated_at
    }
    if not shown:
        return {}
    sources = TranslationSource.objects.select_related(
        "locale", "specific_content_type"
    ).in_bulk({log.source_id for log in shown.values()})
    return {
        page.pk: build_version(
            page, sources[shown[page.pk].source_id], shown[page.pk].pk not in incomplete
        )
        for page in pages
        if page.pk in shown
    }


def find_unrecorded(pages: Any) -> list[Page]:
    """Return those of a queryset's pages that are no aliases and of which no version is recorded."""
    recorded = TranslatedVersion.objects.filter(pk=OuterRef("pk"))
    return list(
        pages.filter(~Exists(recorded), alias_of__isnull=True, live=True).order_by()
    )


def record_unrecorded(pages: Any) -> int:
    """Record what the logs still show of pages without a version; return how many there were.

    For installations that were there before these records, and before a snapshot is replaced.
    """
    unrecorded = find_unrecorded(pages)
    logs = find_logs(unrecorded)
    if not logs:
        return 0
    versions = build_versions(unrecorded, logs, find_incomplete(logs.values()))
    keys = {page.pk: page.translation_key for page in unrecorded}
    differences = find_differences(list(versions.values()), keys)
    for pk, version in versions.items():
        version.is_since_unknown = bool(differences[pk])
        version.save(force_insert=True)
    return len(versions)


def record_published(page: Page, revision_id: int | None) -> None:
    """Record what a page was made from, when the log names the revision that is public now."""
    log = (
        TranslationLog.objects.filter(
            source__object_id=page.translation_key,
            locale_id=page.locale_id,
            revision_id=revision_id,
        )
        .select_related("source__specific_content_type", "source__locale")
        .order_by("created_at", "pk")
        .last()
        if revision_id is not None and page.alias_of_id is None
        else None
    )
    if log is None or log.created_at < log.source.last_updated_at:
        return
    version = build_version(page, log.source, not find_incomplete([log]))
    previous = TranslatedVersion.objects.filter(pk=page.pk).first()
    difference = find_differences([version], {page.pk: page.translation_key})[page.pk]
    if difference:
        since = previous.behind_since if previous else None
        if since is not None and since > log.source.last_updated_at:
            version.behind_since = since
        else:
            version.is_since_unknown = True
    version.save()


def update_versions(source: Page) -> None:
    """Note for the translations of a page whether they are behind it, from now on or no longer."""
    translations = Page.objects.filter(translation_key=source.translation_key).exclude(
        pk=source.pk
    )
    record_unrecorded(translations)
    versions = list(
        TranslatedVersion.objects.filter(
            page__in=translations, source_locale_id=source.locale_id
        )
    )
    keys = {version.page_id: source.translation_key for version in versions}
    for pk, difference in find_differences(versions, keys).items():
        version = next(each for each in versions if each.page_id == pk)
        note_difference(version, difference, source.last_published_at)


def note_difference(
    version: TranslatedVersion, difference: Difference | None, at: datetime | None
) -> None:
    """Save since when a version is behind; the first time stays until the two agree again."""
    is_known = version.behind_since is not None or version.is_since_unknown
    if difference and not is_known:
        version.behind_since = at
    elif not difference and is_known:
        version.behind_since, version.is_since_unknown = None, False
    else:
        return
    version.save(update_fields=["behind_since", "is_since_unknown"])


def announce(translation_key: UUID) -> None:
    """Tell the other apps that all language versions of a page may stand differently now."""
    page_ids = list(
        Page.objects.filter(translation_key=translation_key)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if page_ids:
        article_states_changed.send(sender=TranslatedVersion, page_ids=page_ids)


# Receivers of signals, connected by the app's configuration.


def handle_published(
    sender: Any, instance: Page, revision: Any = None, **kwargs
) -> None:
    """A page was published: as a translation, as a source, or as both."""
    versions = Page.objects.filter(translation_key=instance.translation_key)
    if instance.alias_of_id is None and find_followed(versions).exists():
        record_published(instance, revision.pk if revision else None)
        update_versions(instance)
        announce(instance.translation_key)


def handle_gone(sender: Any, instance: Page, **kwargs) -> None:
    """A page was unpublished or deleted."""
    announce(instance.translation_key)


def handle_log(sender: Any, instance: TranslationLog, created: bool, **kwargs) -> None:
    """wagtail-localize has logged a translation, in its own views after it was published."""
    if not created or instance.revision_id is None:
        return
    page = Page.objects.filter(
        live_revision_id=instance.revision_id, alias_of__isnull=True
    ).first()
    if page is not None:
        record_published(page, instance.revision_id)
        announce(page.translation_key)


def handle_snapshot(sender: Any, instance: TranslationSource, **kwargs) -> None:
    """A snapshot is about to be replaced: the last chance to record what was made from it."""
    if instance.pk is not None:
        record_unrecorded(
            Page.objects.filter(
                translation_key=instance.object_id,
                locale_id__in=Translation.objects.filter(source_id=instance.pk).values(
                    "target_locale_id"
                ),
            )
        )


def handle_translation(sender: Any, instance: Translation, **kwargs) -> None:
    """A translation was submitted, stopped or deleted."""
    announce(instance.source.object_id)
