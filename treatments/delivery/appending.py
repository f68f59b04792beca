"""Writes to the ledger: the only module that adds versions. Whoever calls it holds the ledger's lock."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from treatments.api.resolve.replacements import find_replacement_path
from treatments.content.dependencies import get_page_key
from treatments.delivery.causes import (
    PRIVATE,
    describe_cause,
    find_causes,
    find_hidden_time,
    find_start,
)
from treatments.delivery.compression import compress_brotli, compress_gzip
from treatments.delivery.models import Change, Dependency, Document, Mark, Version
from treatments.delivery.tags import build_tags
from treatments.hashes.content import hash_version, is_tag
from treatments.hashes.json import write_json
from treatments.signals import (
    DocumentEvent,
    EventKind,
    document_published,
    document_withdrawn,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from treatments.delivery.built import Built

logger = logging.getLogger(__name__)

#: When a document that could not be built is tried again.
RETRY_AFTER = timedelta(minutes=1)


def append(built: Iterable[Built], recipe: str) -> None:
    """Write what was built: the present document, a version where it differs, and what it depends on.

    Args:
        built: Documents, withdrawals and failures.
        recipe: See ``get_recipe``.
    """
    built = list(built)
    documents = Document.objects.defer("body", "body_gzip", "body_br", "card").in_bulk(
        [each.page_id for each in built]
    )
    causes = find_causes(built, documents)
    done: list[int] = []
    for each in built:
        document = documents.get(each.page_id)
        if document is None:
            continue
        error = each.error or append_one(document, each, recipe, causes[each.page_id])
        if error:
            write_failure(document, error)
        else:
            done += [mark.pk for mark in each.marks]
    Mark.objects.filter(pk__in=done).delete()


def append_one(
    document: Document, built: Built, recipe: str, changes: list[Change]
) -> str:
    """Write one document, or nothing of it where that fails, and return why.

    Another app that hears of it may refuse: what it has to keep is written in the same transaction, and must not
    be lost in silence.
    """
    try:
        with transaction.atomic():
            if built.document is not None:
                write_document(document, built, recipe, changes)
            elif document.state == Document.State.PUBLIC:
                write_withdrawal(document, built, changes)
            elif document.state == Document.State.WAITING:
                # It never was public, and nothing is known of it.
                Dependency.objects.filter(page_id=document.pk).delete()
                Mark.objects.filter(page_id=document.pk).delete()
                document.delete()
    except Exception as error:
        logger.exception("The document of page %s cannot be kept", document.pk)
        return describe_error(error)
    return ""


def describe_error(error: Exception) -> str:
    """Return what is remembered of an error."""
    return f"{type(error).__name__}: {error}"[:2000]


def write_failure(document: Document, error: str) -> None:
    """Note that a document cannot be built; what was public stays as it is."""
    now = timezone.now()
    Document.objects.filter(pk=document.pk).update(
        error=error, failed_at=document.failed_at or now, retry_at=now + RETRY_AFTER
    )


def write_document(
    document: Document, built: Built, recipe: str, changes: list[Change]
) -> None:
    """Write the present document, and a version where it is not what was public before."""
    content: dict[str, Any] = built.document or {}
    was_public = document.state == Document.State.PUBLIC
    has_left = was_public and document.site_id not in (None, built.site_id)
    hidden_from, shown_from = find_hidden_time(document, changes)
    was_hidden = was_public and hidden_from is not None
    is_same = (
        was_public
        and not has_left
        and not was_hidden
        and is_tag(document.etag, built.digest, document.number)
    )
    write_dependencies(document.pk, built.uses)
    values: dict[str, Any] = {
        "recipe": recipe,
        "valid_until": built.valid_until,
        "source_published_at": built.source_published_at,
        "error": "",
        "failed_at": None,
        "retry_at": None,
    }
    if is_same:
        # The bytes are written all the same: a rebuild repairs what was damaged.
        body = finish(content, document.number, document.etag)
        values |= build_bytes(built, body, document.pk)
        Document.objects.filter(pk=document.pk).update(**values)
        return
    kind = EventKind.PUBLISHED
    if was_public and not was_hidden:
        kind = EventKind.UPDATED
    previous_path = ""
    if has_left or (was_public and document.path != content["path"]):
        kind, previous_path = EventKind.MOVED, document.path
    number = document.number + 1
    etag = hash_version(built.digest, number)
    body = finish(content, number, etag)
    start = find_start(document, changes)
    if was_hidden:
        # Nobody asked meanwhile, and yet the past has to know it.
        add_withdrawal(
            document,
            reason="unpublished",
            public_from=max(hidden_from, document.public_from or hidden_from),
            cause={**describe_cause(changes), PRIVATE: True},
            replacement_path="",
        )
    if shown_from is not None:
        # What was published while it was private was not public before.
        start = max(start, shown_from)
    if has_left:
        # For whoever follows the former site. Other apps, which know no sites, hear that it has moved.
        add_withdrawal(
            document,
            reason="moved",
            public_from=start,
            cause=describe_cause(changes),
            replacement_path=content["html_url"] or "",
        )
    values |= {
        "state": Document.State.PUBLIC,
        "translation_key": content["translation_key"],
        "type": content["type"],
        "locale": content["locale"],
        "site_id": built.site_id,
        "path": content["path"],
        "title": content["title"],
        "number": number,
        "etag": etag,
        "content_hash": content["version"]["content_hash"],
        **build_bytes(built, body, document.pk),
        "facets": build_facets(content),
        "public_from": start,
        "reason": "",
    }
    version = add_version(
        page_id=document.pk,
        kind=kind,
        previous_path=previous_path,
        schema=content["version"]["schema"],
        cause=describe_cause(changes),
        body_gzip=values["body_gzip"],
        values=values,
    )
    Document.objects.filter(pk=document.pk).update(**values, position=version.position)
    document_published.send(sender=Version, event=build_event(version))


def build_bytes(built: Built, body: bytes, page_id: int) -> dict[str, Any]:
    """Return the columns of a document that are made from its bytes, and its cache tags."""
    return {
        "body": body,
        "body_gzip": compress_gzip(body),
        "body_br": compress_brotli(body),
        "card": built.write_card(),
        "tags": " ".join(build_tags(page_id, built.uses)),
    }


def write_withdrawal(document: Document, built: Built, changes: list[Change]) -> None:
    """Write that the public gets nothing any more, and why."""
    write_dependencies(document.pk, {get_page_key(document.translation_key)})
    values: dict[str, Any] = {
        "state": Document.State.WITHDRAWN,
        "etag": "",
        "content_hash": "",
        "body": None,
        "body_gzip": None,
        "body_br": None,
        "card": None,
        "public_from": find_start(document, changes, built.since),
        "valid_until": None,
        "reason": built.reason,
        "error": "",
        "failed_at": None,
        "retry_at": None,
    }
    version = add_withdrawal(
        document,
        reason=built.reason,
        public_from=values["public_from"],
        cause=describe_cause(changes) | ({PRIVATE: True} if built.is_private else {}),
        replacement_path=""
        if built.is_private
        else find_replacement_path(document.path, document.site_id),
    )
    Document.objects.filter(pk=document.pk).update(**values, position=version.position)
    document_withdrawn.send(sender=Version, event=build_event(version))


def add_withdrawal(
    document: Document,
    *,
    reason: str,
    public_from: datetime,
    cause: dict[str, Any],
    replacement_path: str,
    note: str = "",
) -> Version:
    """Append that the readers of a document's site get nothing any more."""
    return add_version(
        page_id=document.pk,
        kind=EventKind.WITHDRAWN,
        previous_path="",
        schema="",
        cause=cause,
        body_gzip=None,
        values={
            "number": document.number,
            "translation_key": document.translation_key,
            "type": document.type,
            "locale": document.locale,
            "site_id": document.site_id,
            "path": document.path,
            "title": "",
            "etag": "",
            "content_hash": "",
            "facets": document.facets,
            "public_from": public_from,
            "reason": reason,
        },
        replacement_path=replacement_path,
        note=note,
    )


def add_version(
    *,
    page_id: int,
    kind: EventKind,
    previous_path: str,
    schema: str,
    cause: dict[str, Any],
    body_gzip: bytes | None,
    values: dict[str, Any],
    replacement_path: str = "",
    note: str = "",
) -> Version:
    """Append one entry."""
    version = Version(
        page_id=page_id,
        kind=kind.value,
        previous_path=previous_path,
        schema=schema,
        cause=cause,
        body=body_gzip,
        replacement_path=replacement_path,
        note=note,
        **{
            name: values[name]
            for name in (
                "number",
                "translation_key",
                "type",
                "locale",
                "site_id",
                "path",
                "title",
                "etag",
                "content_hash",
                "facets",
                "public_from",
                "reason",
            )
        },
    )
    version.save()
    return version


def write_dependencies(page_id: int, keys: Iterable[str]) -> None:
    """Write what a document depends on; what is there already is not touched."""
    keys = set(keys)
    rows = Dependency.objects.filter(page_id=page_id)
    known = dict(rows.values_list("key", "pk"))
    gone = [pk for key, pk in known.items() if key not in keys]
    if gone:
        Dependency.objects.filter(pk__in=gone).delete()
    Dependency.objects.bulk_create(
        Dependency(page_id=page_id, key=key) for key in sorted(keys - set(known))
    )


def finish(document: dict[str, Any], number: int, etag: str) -> bytes:
    """Return the bytes of a document, with its number and its entity tag."""
    version = {**document["version"], "number": number, "etag": f'"{etag}"'}
    return write_json({**document, "version": version})


def build_facets(document: dict[str, Any]) -> dict[str, list[str]]:
    """Return by what the events of a document are chosen: names and texts."""
    treatment = document["treatment"]
    return {
        "kind": [document["kind"]],
        "audience": [document["audience"]],
        "intent": [document["intent"]] if document["intent"] else [],
        "conditions": [condition["slug"] for condition in document["conditions"]],
        "treatments": [treatment["slug"]] if treatment else [],
    }


def build_event(version: Version) -> DocumentEvent:
    """Return what other apps hear of an entry."""
    return DocumentEvent(
        position=version.position,
        kind=EventKind(version.kind),
        page_id=version.page_id,
        translation_key=str(version.translation_key),
        type=version.type,
        locale=version.locale,
        path=version.path,
        occurred_at=version.public_from,
        previous_path=version.previous_path,
        title=version.title,
        etag=f'"{version.etag}"' if version.etag else "",
        content_hash=version.content_hash,
        reason=version.reason,
        note=version.note,
        replacement_path=version.replacement_path,
        facets=version.facets,
    )
