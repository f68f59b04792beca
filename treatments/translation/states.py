"""How each language version stands to its source: what ``treatments.states`` asks of this app.

The present source is compared with what it said when the version was published. What follows:

- A translation that was stopped is a page that somebody keeps by hand. It is compared all the same:
  a reader does not care why it is behind. Only a new translation, or a source that says again what
  it said then, makes it current.
- A source that was unpublished counts with what it said last. One that was deleted is nobody's
  source any more: no status, as with a page that was written by hand, and with an alias.
- ``held`` is never given: nothing records yet that somebody holds a translation back.
- Terms and other snippets that a page uses are not part of its own fingerprints: a glossary term
  whose Spanish is behind does not make the Spanish article behind.
- A page from before these records is compared with the snapshot while wagtail-localize's log shows
  that it was made from it. When the snapshot is newer than the page and has texts that are not
  translated, it is behind, by unnamed blocks; when nothing shows what it was made from, it has no
  status. It is never called current on a guess.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.models import Page
from wagtail_localize.models import Translation, TranslationSource

from treatments.states import TranslationState, TranslationStatus
from treatments.translation.models import TranslatedVersion
from treatments.translation.records import (
    build_versions,
    find_differences,
    find_incomplete,
    find_logs,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from treatments.translation.staleness import Difference


def get_translation_states(page_ids: Collection[int]) -> dict[int, TranslationState]:
    """Return the states of the pages that are followed, in a fixed number of queries."""
    pages = list(
        Page.objects.filter(pk__in=page_ids, alias_of__isnull=True)
        .order_by()
        .only(
            "translation_key",
            "locale",
            "alias_of",
            "live",
            "live_revision",
            "last_published_at",
        )
    )
    versions = {
        version.page_id: version
        for version in TranslatedVersion.objects.filter(
            pk__in=[page.pk for page in pages]
        ).select_related("source_locale")
    }
    unrecorded = [page for page in pages if page.pk not in versions]
    logs = find_logs(unrecorded)
    incomplete = find_incomplete(logs.values())
    states = get_unpublished_states(unrecorded)
    for pk, log in logs.items():
        is_newer = log.source.last_updated_at > log.created_at
        if is_newer and log.pk in incomplete:
            # The snapshot has texts that the page cannot have. Which of its other parts are new
            # is not known, so that it may be something clinical.
            states[pk] = TranslationState(
                TranslationStatus.BEHIND_CLINICAL, log.source.locale.language_code
            )
        else:
            states.pop(pk, None)
    versions |= build_versions(unrecorded, logs, incomplete)
    keys = {page.pk: page.translation_key for page in pages}
    for pk, difference in find_differences(list(versions.values()), keys).items():
        states[pk] = build_state(versions[pk], difference)
    return states


def get_unpublished_states(pages: list[Page]) -> dict[int, TranslationState]:
    """Return the states of sources, and of translations that were not published yet. Two queries."""
    by_key = {(page.translation_key, page.locale_id): page for page in pages}
    states = {}
    for key in TranslationSource.objects.filter(
        object_id__in={page.translation_key for page in pages}
    ).values_list("object_id", "locale_id"):
        if key in by_key:
            states[by_key[key].pk] = TranslationState(TranslationStatus.SOURCE)
    for *key, language in Translation.objects.filter(
        source__object_id__in={page.translation_key for page in pages}, enabled=True
    ).values_list(
        "source__object_id", "target_locale_id", "source__locale__language_code"
    ):
        page = by_key.get(tuple(key))
        if page is not None and page.last_published_at is None:
            states[page.pk] = TranslationState(TranslationStatus.INCOMPLETE, language)
    return states


def build_state(
    version: TranslatedVersion, difference: Difference | None
) -> TranslationState:
    """Return the state of a version; without a status when its source is gone."""
    if difference is None:
        return TranslationState()
    if not version.is_complete:
        status = TranslationStatus.INCOMPLETE
    elif difference.is_clinical:
        status = TranslationStatus.BEHIND_CLINICAL
    elif difference:
        status = TranslationStatus.BEHIND_EDITORIAL
    else:
        status = TranslationStatus.CURRENT
    return TranslationState(
        status,
        version.source_locale.language_code,
        version.behind_since if difference else None,
        difference.keys,
    )
