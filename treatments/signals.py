"""The signals by which the apps of the plugin set hear of each other.

All but ``documents_wanted`` are sent inside the transaction of the change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from django.dispatch import Signal

if TYPE_CHECKING:
    from datetime import datetime

#: What is known about articles beside their own text has changed: their review, or how their
#: translation stands. Arguments: ``page_ids``, the ids of the pages (an iterable of integers).
article_states_changed = Signal()

#: Entries of the article index were written or deleted: lists show, count or order other articles. Sent in
#: the transaction of the write. Argument: ``page_ids``, the ids of the pages (an iterable of integers).
articles_indexed = Signal()

#: Something that public articles use is about to be deleted or unpublished at once, for a reason that somebody gave.
#: Arguments: ``sections``, page id → the parts that use it, none for the whole page; ``source``, what it is, such as
#: ``reference:12``; ``detail``, its name and the reason.
choices_removed = Signal()

#: Another entry has taken the place of one in public articles, and in the drafts beside them. Argument: ``rewritings``,
#: one ``treatments.content.replacing.Rewriting`` for each article.
choices_replaced = Signal()

#: The public document of an article has a new version, or is public for the first time. Argument:
#: ``event``, a ``DocumentEvent`` whose kind is ``published``, ``updated`` or ``moved``.
document_published = Signal()

#: The public may no longer see an article. Argument: ``event``, a ``DocumentEvent`` of kind ``withdrawn``.
document_withdrawn = Signal()

#: Somebody is about to tell others what has happened to public documents: what waits is to be built first, and
#: its events with it. Sent outside of transactions. Receivers build some, and return how many: 0 when none is left.
documents_wanted = Signal()


class EventKind(StrEnum):
    """What has happened to a public document."""

    PUBLISHED = "published"
    UPDATED = "updated"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class DocumentEvent:
    """One entry of the ledger of public documents, without the document itself.

    Attributes:
        position: Where the entry stands in the ledger: whole numbers from 1, without gaps, in the order
            of the commits.
        kind: What has happened. A document that has moved may have changed as well.
        page_id: The article in one language.
        translation_key: What its language versions have in common, a UUID as text.
        type: Label of the page model, such as ``treatments.TreatmentPage``.
        locale: Language code.
        path: Path of the article for readers; of a withdrawn one, its last.
        previous_path: Where it was before; empty unless it has moved.
        title: Title of the article; empty for a withdrawn one.
        etag: Strong entity tag of the document, with its quotation marks; empty for a withdrawn one.
        content_hash: ``sha256-…`` of what readers read; empty for a withdrawn one.
        occurred_at: Since when the public sees this.
        reason: Why it was withdrawn: ``unpublished``, ``expired`` or ``deleted``; else empty.
        note: What the publisher says to readers about the withdrawal.
        replacement_path: Path of the article to read instead; empty where there is none.
        facets: The filterable facts, name → list of texts: ``kind``, ``audience``, ``intent``, ``conditions``
            and ``treatments`` (slugs). Those of the last version for a withdrawn article.
    """

    position: int
    kind: EventKind
    page_id: int
    translation_key: str
    type: str
    locale: str
    path: str
    occurred_at: datetime
    previous_path: str = ""
    title: str = ""
    etag: str = ""
    content_hash: str = ""
    reason: str = ""
    note: str = ""
    replacement_path: str = ""
    facets: dict[str, list[str]] = field(default_factory=dict)
