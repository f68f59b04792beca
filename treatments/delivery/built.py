"""What the public should get of one article, before it is written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from treatments.hashes.json import write_json

if TYPE_CHECKING:
    from datetime import datetime

    from treatments.delivery.models import Mark


@dataclass
class Built:
    """What the public should get of one article: a document, or nothing for a reason.

    Attributes:
        document: The article as the API gives it, its version without number and entity tag.
        card: Its card.
        digest: Of the document without its number: see ``hash_document``.
        uses: The keys of what it contains.
        valid_until: When it becomes another one by itself.
        source_published_at: The page's date of publication.
        site_id: The site that has it.
        reason: Why there is no document.
        is_private: Whether that is because the article is private, or below a private page.
        since: When that began, where the date is known.
        error: Why the document could not be built.
    """

    page_id: int
    document: dict[str, Any] | None = None
    card: dict[str, Any] | None = None
    digest: str = ""
    uses: frozenset[str] = frozenset()
    valid_until: datetime | None = None
    source_published_at: datetime | None = None
    site_id: int | None = None
    reason: str = ""
    is_private: bool = False
    since: datetime | None = None
    error: str = ""
    marks: list[Mark] = field(default_factory=list)

    def write_card(self) -> bytes:
        """Return the card as it is sent."""
        return write_json(self.card)
