"""How each language version stands to its source: what ``treatments.ports.states`` asks of this app.

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

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from wagtail.models import Page
from wagtail_localize.models import TranslationSource

from treatments.ports.states import TranslationState, TranslationStatus
from treatments.translation.models import TranslatedVersion
from treatments.translation.records import (
    build_versions,
    find_differences,
    find_followed,
    find_incomplete,
    find_logs,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from treatments.hashes.difference import Difference


class Submission(NamedTuple):
    """A page that was submitted for translation into one language.

    Attributes:
        key: The translation key of the page.
        locale_id: The language of the source.
        language: Its code.
        target_id: The language of the translation; None where there is none, or it was stopped.
    """

    key: UUID
    locale_id: int
    language: str
    target_id: int | None


def get_translation_states(
    page_ids: Collection[int], loaded: Mapping[int, Page] = MappingProxyType({})
) -> dict[int, TranslationState]:
    """Return the states of the pages that are followed, in a fixed number of queries.

    ``loaded``: see ``treatments.ports.states``.
    """
    pages = load_pages(page_ids, loaded)
    if not pages:
        return {}
    versions = {
        version.page_id: version
        for version in TranslatedVersion.objects.filter(
            pk__in=[page.pk for page in pages]
        ).select_related("source_locale")
    }
    unrecorded = [page for page in pages if page.pk not in versions]
    submissions = load_submissions(unrecorded)
    logs = find_logs(find_translated(unrecorded, submissions))
    incomplete = find_incomplete(logs.values())
    states = get_unpublished_states(unrecorded, submissions)
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


def load_pages(page_ids: Collection[int], loaded: Mapping[int, Page]) -> list[Page]:
    """Return those of the pages that can have a state; one query, or none where all of them are loaded."""
    pages = [loaded[pk] for pk in page_ids if pk in loaded]
    missing = [pk for pk in page_ids if pk not in loaded]
    if missing:
        pages += (
            find_followed(Page.objects.filter(pk__in=missing))
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
    return [page for page in pages if page.alias_of_id is None]


def load_submissions(pages: Collection[Page]) -> list[Submission]:
    """Return what was submitted for translation in the languages of some pages. One query."""
    keys = {page.translation_key for page in pages}
    rows = TranslationSource.objects.filter(object_id__in=keys).values_list(
        "object_id",
        "locale_id",
        "locale__language_code",
        "translations__target_locale_id",
        "translations__enabled",
    )
    return [
        Submission(key, locale_id, language, target_id if enabled else None)
        for key, locale_id, language, target_id, enabled in rows
    ]


def find_translated(
    pages: Collection[Page], submissions: Collection[Submission]
) -> list[Page]:
    """Return the pages that may have been made from another language."""
    sources = {(each.key, each.locale_id) for each in submissions}
    return [
        page
        for page in pages
        if any(
            key == page.translation_key and locale_id != page.locale_id
            for key, locale_id in sources
        )
    ]


def get_unpublished_states(
    pages: list[Page], submissions: Collection[Submission]
) -> dict[int, TranslationState]:
    """Return the states of sources, and of translations that were not published yet."""
    by_key = {(page.translation_key, page.locale_id): page for page in pages}
    states = {}
    for each in submissions:
        page = by_key.get((each.key, each.locale_id))
        if page is not None:
            states[page.pk] = TranslationState(TranslationStatus.SOURCE)
    for each in submissions:
        page = by_key.get((each.key, each.target_id)) if each.target_id else None
        if page is not None and page.last_published_at is None:
            states[page.pk] = TranslationState(
                TranslationStatus.INCOMPLETE, each.language
            )
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
