"""Where whole articles are kept ready to be sent.

An app that keeps them registers its store; without one every answer is built from the pages when it is
asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from treatments.ports.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import Expression, QuerySet
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as it is sent.

    Attributes:
        page_id: The article.
        etag: Its strong entity tag without quotation marks.
        content: Its bytes; None where the caller has them already (see ``known_etag``).
        encoding: How the bytes are compressed: ``br``, ``gzip`` or nothing.
        changed_at: Since when the public sees it.
        valid_until: When it becomes another one by itself.
        tags: Cache tags, separated by spaces.
    """

    page_id: int
    etag: str
    content: bytes | None
    encoding: str
    changed_at: datetime | None
    valid_until: datetime | None
    tags: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A page that the public may no longer see. Of one that is private now, nothing is told but the reason.

    Attributes:
        reason: ``unpublished``, ``expired`` or ``deleted``.
        since: When it was withdrawn.
        note: What its publisher says about it.
        replacement_path: Path of the article to read instead, or an address; empty where there is none.
    """

    page_id: int
    reason: str
    since: datetime | None
    note: str
    replacement_path: str


class Store(Protocol):
    """What keeps documents."""

    def find_by_id(
        self,
        request: HttpRequest,
        page_id: int,
        *,
        encoding: str = "",
        known_etag: str = "",
    ) -> Stored | Gone | None:
        """Return the document of an article for an anonymous reader, or None where there never was one."""

    def find_by_path(
        self,
        request: HttpRequest,
        path: str,
        *,
        encoding: str = "",
        known_etag: str = "",
    ) -> Stored | Gone | None:
        """Return the document at a path for an anonymous reader, or of the article that was last there."""

    def find_past(
        self, request: HttpRequest, page_id: int, as_of: str, *, encoding: str = ""
    ) -> tuple[Stored, dict[str, str]] | None:
        """Return what the public got at an instant and headers about it, or None where it got nothing.

        Raises:
            ParameterError: ``as_of`` is no instant of the past.
        """

    def load(self, page_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
        """Return whole articles by page id; the caller knows that they are public."""

    def add_cards(
        self, articles: QuerySet, *, with_documents: bool = False
    ) -> QuerySet:
        """Return a query with ``stored_card`` (bytes or None), ``valid_until`` and ``is_stale`` for each article.

        ``with_documents`` adds ``stored_document``, which ``read_document`` takes, or None.
        """

    def read_document(self, stored: bytes) -> dict[str, Any]:
        """Return the whole article that ``add_cards`` has given."""

    def get_state(self) -> Expression:
        """Return an expression: a text that is another one after each change of what lists show."""

    def read_state(self) -> str:
        """Return what ``get_state`` gives now. One query."""

    def find_state(
        self, request: HttpRequest, page_id: int
    ) -> tuple[str, datetime | None]:
        """Return a text that is another one after each change of what an answer about an article shows.

        With it comes when time alone changes the article. The text is empty where the public may not have the article, or the document is to be built.
        """

    def load_cards(self, page_ids: Iterable[int]) -> dict[int, bytes]:
        """Return the cards of articles that were stale, up to date now."""

    def find_public_hashes(self, page_id: int) -> set[str]:
        """Return the hashes of all contents that the public ever got of an article."""


_stores: Registry[Store] = Registry(is_single=True)


def register_store(store: Store | None) -> None:
    """Say where documents are kept; None for nowhere."""
    _stores.clear()
    if store is not None:
        _stores.register(store)


def get_store() -> Store | None:
    """Return where documents are kept, or None."""
    return _stores.get()
