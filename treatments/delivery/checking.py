"""Compares the ledger with what would be built now, and with itself."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import brotli

from treatments.delivery.building import build_batch
from treatments.delivery.freshness import find_due, find_unmarked
from treatments.delivery.marking import get_article_pages
from treatments.delivery.models import Dependency, Document, Mark, Version
from treatments.hashes.content import hash_document, is_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from treatments.delivery.built import Built

BATCH_SIZE = 50
#: What a document has from its version.
COPIED_FIELDS = (
    "translation_key",
    "type",
    "locale",
    "site_id",
    "path",
    "title",
    "number",
    "etag",
    "content_hash",
    "facets",
    "public_from",
)
#: What is raised for bytes that are no compressed document.
UNREADABLE = (
    OSError,
    EOFError,
    zlib.error,
    brotli.error,
    ValueError,
    KeyError,
    TypeError,
)


@dataclass(frozen=True, slots=True)
class Drift:
    """One document that is not what it should be, and why."""

    page_id: int
    problem: str


def list_page_ids() -> list[int]:
    """Return the ids of all pages that have a document or should have one."""
    pages = get_article_pages().filter(live=True).order_by()
    known = Document.objects.values_list("pk", flat=True)
    return sorted({*pages.values_list("pk", flat=True), *known})


def check(page_ids: Iterable[int]) -> Iterator[list[Drift]]:
    """Yield what is wrong, a list for each batch of documents.

    What is marked, whose change is not turned into a mark yet, or whose time has come is known to be out of date
    and no drift.
    """
    ids = list(page_ids)
    for start in range(0, len(ids), BATCH_SIZE):
        yield check_batch(ids[start : start + BATCH_SIZE])


def check_batch(page_ids: list[int]) -> list[Drift]:
    """Return what is wrong with some documents."""
    documents = Document.objects.in_bulk(page_ids)
    built = {each.page_id: each for each in build_batch(page_ids)}
    keys: dict[int, set[str]] = {}
    for pk, key in Dependency.objects.filter(page_id__in=page_ids).values_list(
        "page_id", "key"
    ):
        keys.setdefault(pk, set()).add(key)
    versions = Version.objects.in_bulk(
        [document.position for document in documents.values() if document.position]
    )
    marked = set(
        Mark.objects.filter(page_id__in=page_ids).values_list("page_id", flat=True)
    )
    pending = set(find_unmarked().values_list("key", flat=True))
    due = set(find_due().filter(pk__in=page_ids).values_list("pk", flat=True))
    drifts = []
    for pk in page_ids:
        document, fresh = documents.get(pk), built.get(pk)
        known = keys.get(pk, set())
        if pk in marked | due or known & pending or (fresh and fresh.uses & pending):
            continue
        problems = [
            *compare(document, fresh, known),
            *(check_bytes(document) if document else []),
            *(compare_version(document, versions) if document else []),
        ]
        drifts += [Drift(pk, problem) for problem in problems]
    return drifts


def compare(
    document: Document | None, fresh: Built | None, keys: set[str]
) -> Iterator[str]:
    """Yield how a stored document differs from a fresh one."""
    should_be_public = fresh is not None and fresh.document is not None
    is_public = document is not None and document.state == Document.State.PUBLIC
    if should_be_public and not is_public:
        yield "It is public, and has no document."
        return
    if is_public and not should_be_public:
        yield "It is not public, and has a document."
        return
    if document is None or fresh is None or fresh.document is None:
        return
    if not is_tag(document.etag, fresh.digest, document.number):
        yield "Its document is not what would be built now."
    if document.card is None or bytes(document.card) != fresh.write_card():
        yield "Its card is not what would be built now."
    if keys != fresh.uses:
        yield "What it depends on is not recorded as it is."


def check_bytes(document: Document) -> Iterator[str]:
    """Yield what is wrong with the bytes of a document."""
    if document.state != Document.State.PUBLIC:
        return
    body = bytes(document.body or b"")
    try:
        if gzip.decompress(bytes(document.body_gzip or b"")) != body:
            yield "What is compressed with gzip is another document."
        if brotli.decompress(bytes(document.body_br or b"")) != body:
            yield "What is compressed with brotli is another document."
        if not is_tag(document.etag, hash_document(json.loads(body)), document.number):
            yield "Its hash is that of another document."
    except UNREADABLE:
        yield "Its bytes cannot be read."


def compare_version(document: Document, versions: dict[int, Version]) -> Iterator[str]:
    """Yield how a document differs from the version of which it was made."""
    if document.state == Document.State.WAITING:
        return
    version = versions.get(document.position or 0)
    if version is None:
        yield "Its version is missing."
        return
    if document.state == Document.State.WITHDRAWN:
        if version.kind != Version.Kind.WITHDRAWN:
            yield "It is withdrawn, and its last version is not."
        return
    differing = [
        name
        for name in COPIED_FIELDS
        if getattr(document, name) != getattr(version, name)
    ]
    if differing:
        yield f"Its version has another {', '.join(differing)}."
    try:
        if gzip.decompress(bytes(version.body or b"")) != bytes(document.body or b""):
            yield "Its version holds another document."
    except UNREADABLE:
        yield "Its version cannot be read."


def inspect_version(version: Version) -> Iterator[str]:
    """Yield what is wrong with a version as far as it shows in the version itself: its document and its times."""
    if version.public_from > version.created_at:
        yield "It was public before it was written."
    if version.body is None:
        if version.kind != Version.Kind.WITHDRAWN:
            yield "Its document is missing."
        return
    try:
        document = json.loads(gzip.decompress(bytes(version.body)))
        tag = hash_document(document)
        said = {name: document[name] for name in ("path", "title", "locale", "type")}
        said["content_hash"] = document["version"]["content_hash"]
    except UNREADABLE:
        yield "Its document cannot be read."
        return
    if not is_tag(version.etag, tag, version.number):
        yield "Its hash is that of another document."
    differing = [
        name for name, value in said.items() if value != getattr(version, name)
    ]
    if differing:
        yield f"Its document has another {', '.join(differing)}."
