"""Builds documents and appends them to the ledger.

A document is built without a lock. It is appended while the ledger is locked, unless something that it
contains has changed meanwhile: then it is built again. So several processes build at once, entries
stand in the order of their commits, and whatever a process was doing when it died is done again.
"""

from __future__ import annotations

import logging
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import BooleanField, Case, ExpressionWrapper, Q, When
from django.utils import timezone
from wagtail.models import Page, Site

from treatments.conf import get_conf
from treatments.content.cards import build_card
from treatments.content.dependencies import get_page_key
from treatments.content.documents import build_documents, load_articles
from treatments.content.visibility import (
    build_private_condition,
    build_public_condition,
)
from treatments.delivery.appending import append, describe_error
from treatments.delivery.built import Built
from treatments.delivery.freshness import IsOutdated, find_pending
from treatments.delivery.limits import find_limits
from treatments.delivery.marking import (
    PAGE_PREFIX,
    add_missing_documents,
    delete_orphans,
    find_waiting,
    mark_changed_documents,
    mark_documents,
)
from treatments.delivery.models import Change, Dependency, Document, Ledger, Mark
from treatments.delivery.recipe import get_recipe
from treatments.hashes.content import hash_document
from treatments.models import IndexedArticle
from treatments.ports import tasks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

#: How many documents are built at once.
BATCH_SIZE = 20
#: How often a document is built without the lock before it is built under it.
ATTEMPTS = 3


def refresh(page_ids: Iterable[int]) -> None:
    """Build those of some documents that are not up to date; afterwards they are, or have an error.

    What is no article, or never was public, gets no document.
    """
    waiting = list(dict.fromkeys(page_ids))
    for attempt in range(ATTEMPTS):
        mark_changed_documents()
        generation = Ledger.objects.filter(pk=1).values_list("generation", flat=True)
        start = next(iter(generation), 0)
        stale = find_stale(waiting)
        if not stale:
            return
        is_last = attempt == ATTEMPTS - 1
        if not is_last:
            waiting = append_unchanged(build_all(stale), start)
            continue
        with transaction.atomic():
            Ledger.lock()
            # What is committed from here on is marked after this transaction.
            append(build_all(find_stale(waiting)), get_recipe())


def append_unchanged(built: list[Built], generation: int) -> list[int]:
    """Append the documents that contain nothing that has changed since a turn; return the ids of the rest."""
    with transaction.atomic():
        Ledger.lock()
        turned = Change.objects.filter(generation__gt=generation)
        changed = {
            *turned.values_list("key", flat=True),
            *find_pending().values_list("key", flat=True),
        }
        again = [each.page_id for each in built if each.uses & changed]
        append([each for each in built if each.page_id not in again], get_recipe())
    return again


def find_stale(page_ids: Collection[int]) -> dict[int, list[Mark]]:
    """Return the documents that are to be built, with their marks; missing ones of articles get a row."""
    documents = Document.objects.filter(pk__in=page_ids)
    known = dict(documents.values_list("pk", IsOutdated("pk")))
    new = add_missing_documents(set(page_ids) - known.keys())
    known |= dict.fromkeys(new, True)
    marks: dict[int, list[Mark]] = {}
    for mark in Mark.objects.filter(page_id__in=page_ids).order_by("pk"):
        marks.setdefault(mark.page_id, []).append(mark)
    if marks.keys() - known.keys():
        delete_orphans()
    return {pk: marks.get(pk, []) for pk, is_outdated in known.items() if is_outdated}


def build_all(stale: dict[int, list[Mark]]) -> list[Built]:
    """Build documents from what is committed now; what fails has an error instead."""
    built = []
    ids = list(stale)
    for start in range(0, len(ids), BATCH_SIZE):
        batch = ids[start : start + BATCH_SIZE]
        # A database error would end the transaction of whoever reads.
        guard = transaction.atomic if connection.in_atomic_block else nullcontext
        try:
            with guard():
                built += build_batch(batch)
        except Exception:
            # One of them cannot be built: the others can.
            logger.exception("Documents cannot be built together: %s", batch)
            for pk in batch:
                built += build_alone(pk)
    for each in built:
        each.marks = stale[each.page_id]
    return built


def build_alone(page_id: int) -> list[Built]:
    """Build one document; what fails is reported and never raised."""
    try:
        with transaction.atomic():
            return build_batch([page_id])
    except Exception as error:
        logger.exception("The document of page %s cannot be built", page_id)
        # What it contained: when one of these has changed meanwhile, it is tried again.
        known = Dependency.objects.filter(page_id=page_id)
        uses = frozenset(known.values_list("key", flat=True))
        return [Built(page_id, uses=uses, error=describe_error(error))]


def build_batch(page_ids: list[int]) -> list[Built]:
    """Build documents; their number of queries does not depend on how many they are."""
    now = timezone.now()
    # Wagtail keeps the addresses of sites in a cache, which another process may have filled before a
    # change was committed, and which is not shared where the cache is local memory.
    Site.clear_site_root_paths_cache()
    wanted = build_public_condition() & Q(pk__in=page_ids, alias_of__isnull=True)
    public = {article.pk: article for article in load_articles(wanted)}
    uses: dict[int, set[str]] = {}
    articles = public.values()
    documents = build_documents(articles, uses, is_sealed=False) if public else {}
    limits = find_limits(public, uses, now) if public else {}
    entries = IndexedArticle.objects.in_bulk(list(documents))
    built = []
    for pk, document in documents.items():
        if not document["path"]:
            continue
        built.append(
            Built(
                pk,
                document=document,
                card=build_card(document, entries.get(pk)),
                digest=hash_document(document),
                uses=frozenset(uses[pk]),
                valid_until=limits[pk],
                source_published_at=public[pk].last_published_at,
                site_id=get_site_id(public[pk]),
            )
        )
    gone = set(page_ids) - {each.page_id for each in built}
    return [*built, *find_reasons(gone)] if gone else built


def get_site_id(page: Page) -> int | None:
    """Return the id of the site that has a page."""
    parts = page.get_url_parts()
    return parts[0] if parts else None


def find_reasons(page_ids: Collection[int]) -> list[Built]:
    """Return why pages have no document: deleted, expired or unpublished."""
    now = timezone.now()
    is_private = ExpressionWrapper(build_private_condition(), BooleanField())
    pages = Page.objects.annotate(is_private=is_private).in_bulk(list(page_ids))
    built = []
    for pk in page_ids:
        page: Any = pages.get(pk)
        since = None
        if page is None:
            reason = "deleted"
        elif page.is_private:
            # Nobody is told that a page became private: that there still is one.
            reason = "unpublished"
        elif page.expired or (page.live and page.expire_at and page.expire_at <= now):
            reason, since = "expired", page.expire_at
        else:
            reason = "unpublished"
        uses = {get_page_key(page.translation_key)} if page else set()
        built.append(
            Built(
                pk,
                reason=reason,
                is_private=page is not None and page.is_private,
                since=since,
                uses=frozenset(uses),
            )
        )
    return built


def refresh_marked(
    limit: int | None = None, part: tuple[int, int] | None = None
) -> int:
    """Build the documents that wait, see ``find_waiting``; return how many: fewer than ``limit`` when none is left.

    Args:
        limit: At most so many; None for all.
        part: ``(remainder, divisor)`` of the ids to build, where several processes share the work.
    """
    mark_changed_documents()
    count = 0
    while limit is None or count < limit:
        size = BATCH_SIZE if limit is None else min(BATCH_SIZE, limit - count)
        batch = find_waiting(size, part)
        if not batch:
            break
        refresh(batch)
        count += len(batch)
    return count


def build_wanted(**kwargs) -> int:
    """Build some of the documents that wait, and return how many; called by ``documents_wanted``."""
    return refresh_marked(BATCH_SIZE)


def enqueue(keys: Sequence[str]) -> None:
    """Build marked documents: in the task queue where there is one, else the first few right now.

    Whatever is left is built by the first reader who asks for it, by whoever delivers webhooks, or by the
    command ``build_documents``.

    Args:
        keys: What has changed. Without a queue nobody waits for what others have changed.
    """
    if tasks.enqueue("build_marked_documents"):
        return
    limit = get_conf().build_on_commit
    if limit:
        refresh_users(keys[:limit], limit)


def refresh_users(keys: Collection[str], limit: int) -> None:
    """Build marked documents that contain something, those of the changed articles themselves first.

    Args:
        keys: What they contain; see ``treatments.content.dependencies``.
        limit: At most so many.
    """
    mark_changed_documents()
    own = [key.removeprefix(PAGE_PREFIX) for key in keys if key.startswith(PAGE_PREFIX)]
    users = Dependency.objects.filter(key__in=keys).values("page_id")
    marked = Document.objects.filter(
        pk__in=Mark.objects.filter(page_id__in=users).values("page_id")
    )
    is_own = Case(When(translation_key__in=own, then=0), default=1)
    refresh(marked.order_by(is_own, "pk").values_list("pk", flat=True)[:limit])


def rebuild(page_ids: Iterable[int]) -> None:
    """Mark documents and build them, whatever is known about them."""
    ids = list(page_ids)
    add_missing_documents(ids)
    mark_documents(ids)
    refresh(ids)


def get_failures() -> QuerySet[Document]:
    """Return the documents that could not be built, the longest failing first, without their bytes."""
    return (
        Document.objects.filter(failed_at__isnull=False)
        .defer("body", "body_gzip", "body_br", "card")
        .order_by("failed_at", "pk")
    )


def retry(page_ids: Iterable[int]) -> list[int]:
    """Build documents that could not be built, and return the ids of those that still cannot."""
    failures = get_failures().filter(pk__in=list(page_ids))
    ids = list(failures.values_list("pk", flat=True))
    Document.objects.filter(pk__in=ids).update(retry_at=None)
    rebuild(ids)
    return list(failures.values_list("pk", flat=True))
