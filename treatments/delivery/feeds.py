"""The ledger for other systems: what has changed since a cursor, and everything that is public now.

The cursor is the position of an entry. Entries are committed in the order of their positions and without
gaps, so that whoever goes on from the last one misses nothing and gets nothing twice.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from treatments.api.resolve.sites import get_asked_sites
from treatments.content.representation import format_time
from treatments.delivery.building import refresh_marked
from treatments.delivery.freshness import find_pending, list_public_documents
from treatments.delivery.models import Ledger, Version

if TYPE_CHECKING:
    from django.http import HttpRequest

#: How many marked documents are built before a feed is answered.
BUILDS_PER_READ = 50


def get_position() -> int:
    """Return the position of the last entry."""
    return next(iter(Ledger.objects.filter(pk=1).values_list("position", flat=True)), 0)


def bring_up_to_date() -> bool:
    """Build some of what waits, and tell whether nothing is left to be built.

    What cannot be built is not waited for: it comes when it can.
    """
    is_done = refresh_marked(BUILDS_PER_READ) < BUILDS_PER_READ
    return is_done and not find_pending().exists()


def list_changes(request: HttpRequest, since: int, limit: int) -> dict[str, Any]:
    """Return the entries after a position, in order.

    Of an article that the public may not read now, only its withdrawal says where it was; nothing
    says its title.

    Args:
        request: Whose site is asked.
        since: The last position that the caller knows; 0 for the beginning.
        limit: How many entries at most.
    """
    is_up_to_date = bring_up_to_date()
    rows = read_changes(request, since, limit + 1)
    has_more = len(rows) > limit
    rows = rows[:limit]
    return {
        "items": [represent_change(row) for row in rows],
        "next": rows[-1].position if rows else since,
        "has_more": has_more or not is_up_to_date,
    }


def read_changes(request: HttpRequest, since: int, limit: int) -> list[Version]:
    """Return entries with ``is_readable``; one query."""
    asked = get_asked_sites(request).values("pk")[:1]
    public = list_public_documents(request).filter(pk=OuterRef("page_id"))
    return list(
        Version.objects.filter(
            Q(site_id__isnull=True) | Q(site_id=asked), position__gt=since
        )
        .defer("body", "cause", "facets")
        .annotate(is_readable=Exists(public))
        .order_by("position")[:limit]
    )


def represent_change(version: Version) -> dict[str, Any]:
    """Return an entry as others get it."""
    is_readable = version.is_readable  # ty: ignore[missing-attribute]
    is_withdrawal = version.kind == Version.Kind.WITHDRAWN
    return {
        "position": version.position,
        "kind": version.kind,
        "id": version.page_id,
        "type": version.type,
        "locale": version.locale,
        "translation_key": str(version.translation_key),
        "number": version.number,
        "title": version.title if is_readable else "",
        "path": version.path if is_readable or is_withdrawal else "",
        "previous_path": version.previous_path if is_readable else "",
        "etag": f'"{version.etag}"' if version.etag else None,
        "content_hash": version.content_hash or None,
        "public_from": format_time(version.public_from),
        "reason": version.reason or None,
        "note": version.note,
        "replacement_path": version.replacement_path,
    }


def list_manifest(request: HttpRequest, after: int, limit: int) -> dict[str, Any]:
    """Return what is public now, by id; ``changes/?since=<position>`` goes on from there.

    Args:
        request: Whose site is asked.
        after: The last id that the caller knows; 0 for the beginning.
        limit: How many entries at most.
    """
    bring_up_to_date()
    # Read first: what is appended meanwhile is given twice rather than not at all.
    position = get_position()
    documents = list_public_documents(request).filter(pk__gt=after).order_by("pk")
    rows = list(
        documents.values_list(
            "pk", "etag", "content_hash", "public_from", "number", "card"
        )[: limit + 1]
    )
    has_more = len(rows) > limit
    items = [represent_entry(*row) for row in rows[:limit]]
    return {
        "position": position,
        "items": items,
        "next": items[-1]["id"] if items else after,
        "has_more": has_more,
    }


def represent_entry(
    pk: int, etag: str, content_hash: str, public_from: Any, number: int, card: Any
) -> dict[str, Any]:
    """Return what a manifest says of one article."""
    known = json.loads(bytes(card))
    return {
        "id": pk,
        "type": known["type"],
        "locale": known["locale"],
        "translation_key": known["translation_key"],
        "path": known["path"],
        "number": number,
        "etag": f'"{etag}"',
        "content_hash": content_hash,
        "public_from": format_time(public_from),
        "published_at": known["published_at"],
        "review_state": known["review_state"],
        "last_reviewed": known["last_reviewed"],
        "next_review_due": known["next_review_due"],
        "translation_status": known["translation_status"],
    }
