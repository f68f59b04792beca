"""The ledger as the store of the API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    Func,
    OuterRef,
    Subquery,
    TextField,
)
from wagtail.models import Page

from treatments.api.resolve.sites import get_asked_sites, get_host
from treatments.api.resolve.standing import build_private
from treatments.content.visibility import build_private_condition
from treatments.delivery import history, reading
from treatments.delivery.building import refresh
from treatments.delivery.causes import PRIVATE
from treatments.delivery.compression import COLUMNS, decompress_gzip
from treatments.delivery.freshness import IsStale
from treatments.delivery.models import Document, Ledger, Version
from treatments.delivery.withdrawals import find_replacement
from treatments.ports.store import Gone, Stored

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import Expression, QuerySet
    from django.http import HttpRequest

    from treatments.models import IndexedArticle


class LedgerStore:
    """Gives the API what the ledger holds."""

    def find_by_id(
        self,
        request: HttpRequest,
        page_id: int,
        *,
        encoding: str = "",
        known_etag: str = "",
    ) -> Stored | Gone | None:
        """Return the document of an article, what is known of its withdrawal, or None."""
        found = reading.find_by_id(
            get_host(request), page_id, column=COLUMNS[encoding], known_etag=known_etag
        )
        if found is None:
            return None
        if found.state == Document.State.WITHDRAWN:
            return describe_withdrawal(request, found)
        return build_stored(found, encoding) if found.is_public else None

    def find_by_path(
        self,
        request: HttpRequest,
        path: str,
        *,
        encoding: str = "",
        known_etag: str = "",
    ) -> Stored | Gone | None:
        """Return the public document at a path, what is known of the last one that was withdrawn there, or None."""
        found = reading.list_by_path(
            get_host(request), path, column=COLUMNS[encoding], known_etag=known_etag
        )
        for each in found:
            if each.is_public and each.state == Document.State.PUBLIC:
                return build_stored(each, encoding)
        withdrawn = (each for each in found if each.state == Document.State.WITHDRAWN)
        told = (describe_withdrawal(request, each) for each in withdrawn)
        return next(filter(None, told), None)

    def find_past(
        self, request: HttpRequest, page_id: int, as_of: str, *, encoding: str = ""
    ) -> tuple[Stored, dict[str, str]] | None:
        """Return what the public got at an instant and headers about it, or None."""
        instant = history.read_instant(as_of)
        period = history.find_as_of(request, page_id, instant)
        if period is None:
            return None
        stored = history.build_stored(period, "gzip" if encoding else "")
        return stored, history.get_headers(period)

    def load(self, page_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
        """Return whole articles by page id."""
        found = reading.find_many(list(page_ids))
        return {
            document.page_id: json.loads(document.content)
            for document in found
            if document.content is not None
        }

    def add_cards(
        self, articles: QuerySet[IndexedArticle], *, with_documents: bool = False
    ) -> QuerySet[IndexedArticle]:
        """Return a query with the card of each article, whether it is up to date, and its document if wanted."""
        if with_documents:
            whole = Document.objects.filter(pk=OuterRef("pk")).values("body_gzip")
            articles = articles.annotate(stored_document=Subquery(whole[:1]))
        document = Document.objects.filter(pk=OuterRef("pk"))
        return articles.annotate(
            stored_card=Subquery(document.values("card")[:1]),
            valid_until=Subquery(document.values("valid_until")[:1]),
            is_stale=IsStale("pk"),
        )

    def read_document(self, stored: bytes) -> dict[str, Any]:
        """Return the whole article that ``add_cards`` has given."""
        return json.loads(decompress_gzip(bytes(stored)))

    def get_state(self) -> Expression:
        """Return the turn of the ledger and how many changes wait for the next one.

        Within a turn changes are only added; ids alone would not do, since a later one can be committed first.
        """
        return Func(
            template=f"({reading.build_ledger_state()})", output_field=TextField()
        )

    def read_state(self) -> str:
        """Return the state now; empty before the first change."""
        states = Ledger.objects.order_by().values_list(self.get_state(), flat=True)
        return next(iter(states[:1]), "")

    def find_state(
        self, request: HttpRequest, page_id: int
    ) -> tuple[str, datetime | None]:
        """Return the document's tag with the state of the ledger, and how long it is valid. One query."""
        ledger = reading.LEDGER
        rows = reading.find(get_host(request), "page_id", page_id, ledger, "")
        found = rows[0] if rows else None
        if (
            found is None
            or found.is_stale
            or not found.is_public
            or found.content is None
        ):
            return "", None
        return f"{found.etag} {found.content.decode()}", found.valid_until

    def load_cards(self, page_ids: Iterable[int]) -> dict[int, bytes]:
        """Return the cards of articles, built anew where they have to be."""
        ids = list(page_ids)
        refresh(ids)
        rows = Document.objects.filter(pk__in=ids, card__isnull=False)
        return {pk: bytes(card) for pk, card in rows.values_list("pk", "card")}

    def find_public_hashes(self, page_id: int) -> set[str]:
        """Return the hashes of all versions of an article."""
        versions = Version.objects.filter(page_id=page_id).exclude(content_hash="")
        return set(versions.values_list("content_hash", flat=True))


def build_stored(found: reading.StoredDocument, encoding: str) -> Stored | None:
    """Return a document as the API sends it; None for one that has never been built."""
    if found.state != Document.State.PUBLIC:
        return None
    return Stored(
        page_id=found.page_id,
        etag=found.etag,
        content=found.content,
        encoding=encoding,
        changed_at=found.public_from,
        valid_until=found.valid_until,
        tags=found.tags,
    )


def describe_withdrawal(
    request: HttpRequest, found: reading.StoredDocument
) -> Gone | None:
    """Return what the public is told of a withdrawn article; the replacement is the present one.

    None on a site that never had it.
    """
    version = Version.objects.filter(position=found.position or 0).first()
    site_id = version.site_id if version else None
    asked = get_asked_sites(request).values_list("pk", flat=True)[:1]
    if site_id is not None and site_id not in asked:
        return None
    if is_private(found.page_id, version):
        return build_private(found.page_id)
    return Gone(
        page_id=found.page_id,
        reason=found.reason,
        since=found.public_from,
        note=version.note if version else "",
        replacement_path=find_replacement(found.path, version),
    )


def is_private(page_id: int, version: Version | None) -> bool:
    """Tell whether a withdrawn article is private, or was when it was deleted."""
    pages = Page.objects.filter(pk=page_id).annotate(
        is_private=ExpressionWrapper(build_private_condition(), BooleanField())
    )
    known = pages.values_list("is_private", flat=True).first()
    if known is not None:
        return known
    return version is not None and bool(version.cause.get(PRIVATE))
