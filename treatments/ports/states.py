"""How an article stands: when it was reviewed, and whether its translation is current.

The article itself does not know. An app that does (reviews, translation) registers a provider while
the apps start; without one, nothing is claimed: an article was never reviewed, and nobody follows
its translation. A provider that learns something new sends ``signals.article_states_changed``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from treatments.ports.registry import Registry

if TYPE_CHECKING:
    from datetime import date, datetime

    from wagtail.models import Page


class ReviewStatus(StrEnum):
    """Where an article stands between two reviews."""

    NEVER_REVIEWED = "never_reviewed"
    CURRENT = "current"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    CHANGED_SINCE_REVIEW = "changed_since_review"
    ON_HOLD = "on_hold"


class TranslationStatus(StrEnum):
    """How a language version of an article stands to its source."""

    SOURCE = "source"
    CURRENT = "current"
    BEHIND_EDITORIAL = "behind_editorial"
    BEHIND_CLINICAL = "behind_clinical"
    INCOMPLETE = "incomplete"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """A public note about a change. ``kind``: editorial, clinical, correction or withdrawal."""

    date: date
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ReviewState:
    """What is known about the reviews of one article.

    Attributes:
        status: Where the article stands.
        last_reviewed: When somebody last reviewed the whole page; never typed by hand.
        next_review_due: When the next review is due.
        reviewer_ids: Ids of the contributors who made the last review.
        change_notes: Public notes, newest first.
        changes_on: The day on which the status becomes another one by itself, if nobody does anything.
        changed_sections: Which sections do not say what was reviewed: ids of blocks, and the names of what
            stands outside of the body (see ``treatments.hashes.content.hash_sections``).
        notice: What readers are told about the state; translated when it is read. Empty where there is nothing.
        accepted: Section → hashes of the texts that were reviewed; empty before the first review.
        unchanged_status: The status of a text in which every section was reviewed.
    """

    status: ReviewStatus = ReviewStatus.NEVER_REVIEWED
    last_reviewed: date | None = None
    next_review_due: date | None = None
    reviewer_ids: tuple[int, ...] = ()
    change_notes: tuple[ChangeNote, ...] = ()
    changes_on: date | None = None
    changed_sections: tuple[str, ...] = ()
    notice: Any = ""
    accepted: Mapping[str, Collection[str]] = field(default_factory=dict)
    unchanged_status: ReviewStatus = ReviewStatus.NEVER_REVIEWED

    def judge(self, sections: Mapping[str, str]) -> ReviewState:
        """Return the state of a text with these hashes of its sections: live, or a draft."""
        if not self.accepted:
            return self
        changed = tuple(
            name
            for name, digest in sections.items()
            if digest not in self.accepted.get(name, ())
        )
        status = self.unchanged_status
        if changed and status is not ReviewStatus.ON_HOLD:
            status = ReviewStatus.CHANGED_SINCE_REVIEW
        return replace(self, status=status, changed_sections=changed)


@dataclass(frozen=True, slots=True)
class TranslationState:
    """How one language version stands to its source.

    Attributes:
        status: None when nobody follows it, as with a page that was written by hand.
        source_locale: Language code of the source; None where there is none.
        behind_since: When the source first changed without this version.
        behind_blocks: Ids of the blocks, and names of the fields, whose source has changed.
    """

    status: TranslationStatus | None = None
    source_locale: str | None = None
    behind_since: datetime | None = None
    behind_blocks: tuple[str, ...] = ()


#: From page ids to states.
ReviewProvider = Callable[[Collection[int]], dict[int, ReviewState]]
#: The same, with those of the pages that are loaded already.
TranslationProvider = Callable[
    [Collection[int], Mapping[int, "Page"]], dict[int, TranslationState]
]
_review_providers: Registry[ReviewProvider] = Registry(is_single=True)
_translation_providers: Registry[TranslationProvider] = Registry(is_single=True)


def register_review_provider(provider: ReviewProvider) -> None:
    """Say who knows about reviews: a function from page ids to states, in a fixed number of queries."""
    _review_providers.register(provider)


def register_translation_provider(provider: TranslationProvider) -> None:
    """Say who knows about translations: a function from page ids to states, in a fixed number of queries.

    It also gets those of the pages that are loaded already, by their ids; they may be read, not kept.
    """
    _translation_providers.register(provider)


def get_review_states(page_ids: Collection[int]) -> dict[int, ReviewState]:
    """Return the state of each page; pages that nobody knows of were never reviewed."""
    provider = _review_providers.get()
    known = provider(page_ids) if provider and page_ids else {}
    return {pk: known.get(pk, ReviewState()) for pk in page_ids}


def get_translation_states(
    page_ids: Collection[int], loaded: Mapping[int, Page] = MappingProxyType({})
) -> dict[int, TranslationState]:
    """Return the state of each page; pages that nobody follows have no status.

    Args:
        page_ids: Ids of pages.
        loaded: Page id → page as it is in its table, of those pages that are loaded already.
    """
    provider = _translation_providers.get()
    known = provider(page_ids, loaded) if provider and page_ids else {}
    return {pk: known.get(pk, TranslationState()) for pk in page_ids}
