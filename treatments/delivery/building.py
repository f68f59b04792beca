"""Builds documents and appends them to the ledger.

A document is built without a lock. It is appended while the ledger is locked, unless something that it
contains has changed meanwhile: then it is built again. So several processes build at once, entries
stand in the order of their commits, and whatever a process was doing when it died is done again.
"""

from __future__ import annotations

import hashlib
import json
import logging
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import BooleanField, Case, ExpressionWrapper, Q, When
from django.utils import timezone, translation
from wagtail.models import Page, Site

from snippets.plain_text import RULES_VERSION
from treatments.conf import get_conf
from treatments.content.article_fields import SCHEMA_VERSION
from treatments.content.cards import build_card
from treatments.content.dependencies import get_page_key
from treatments.content.documents import build_documents, load_articles
from treatments.content.lookups import get_article_models
from treatments.content.visibility import (
    build_private_condition,
    build_public_condition,
)
from treatments.delivery.appending import append, describe_error
from treatments.delivery.built import Built
from treatments.delivery.limits import find_limits
from treatments.delivery.marking import (
    PAGE_PREFIX,
    add_documents,
    add_missing_documents,
    delete_orphans,
    find_pending,
    find_waiting,
    get_article_pages,
    mark_changed_documents,
    mark_documents,
)
from treatments.delivery.models import Change, Dependency, Document, Ledger, Mark
from treatments.hashes.content import hash_document
from treatments.models import IndexedArticle
from treatments.models.own_fields import (
    get_own_fields,
)
from treatments.ports import tasks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from treatments.conf import TreatmentsConf

logger = logging.getLogger(__name__)

#: How many documents are built at once.
BATCH_SIZE = 20
#: How often a document is built without the lock before it is built under it.
ATTEMPTS = 3


def get_recipe() -> str:
    """Return a hash of what decides how every document looks beside its content: schema, text rules, settings."""
    global _recipe
    conf = get_conf()
    given = [getattr(settings, name, None) for name in CONTAINED_SETTINGS]
    if _recipe is None or _recipe[0] is not conf or _recipe[1] != given:
        parts = [
            SCHEMA_VERSION,
            [
                [model._meta.label, *get_own_fields(model)]
                for model in get_article_models()
            ],
            RULES_VERSION,
            conf.frontend_url,
            sorted(conf.image_renditions.items()),
            conf.review_policy,
            given,
            getattr(default_storage, "base_url", None),
        ]
        # The name of a language may be a lazy text, which depends on who asks.
        with translation.override(None):
            text = json.dumps(parts, sort_keys=True, default=str)
        _recipe = (conf, given, hashlib.sha256(text.encode()).hexdigest())
    return _recipe[2]


#: Settings of Django and of Wagtail that stand in documents: in the addresses of files and pages, and the names of
#: languages that Django does not know.
CONTAINED_SETTINGS = (
    "MEDIA_URL",
    "WAGTAILDOCS_SERVE_METHOD",
    "WAGTAIL_APPEND_SLASH",
    "WAGTAIL_CONTENT_LANGUAGES",
    "LANGUAGE_CODE",
    "FORCE_SCRIPT_NAME",
)
#: The settings that were read last, and their hash: each read of a document asks for it.
_recipe: tuple[TreatmentsConf, list[Any], str] | None = None


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
    now = timezone.now()
    documents = Document.objects.defer("body", "body_gzip", "body_br", "card").in_bulk(
        list(page_ids)
    )
    missing = [pk for pk in page_ids if pk not in documents]
    if missing:
        pages = get_article_pages().filter(pk__in=missing, live=True).order_by()
        keys = dict(pages.values_list("pk", "translation_key"))
        if keys:
            add_documents(keys)
            documents |= Document.objects.in_bulk(list(keys))
    marks: dict[int, list[Mark]] = {}
    for mark in Mark.objects.filter(page_id__in=page_ids).order_by("pk"):
        marks.setdefault(mark.page_id, []).append(mark)
    if marks.keys() - documents.keys():
        delete_orphans()
    recipe = get_recipe()
    published = dict(
        Page.objects.filter(pk__in=documents)
        .order_by()
        .values_list("pk", "last_published_at")
    )
    return {
        pk: marks.get(pk, [])
        for pk, document in documents.items()
        if (document.retry_at is None or document.retry_at <= now)
        and (
            pk in marks
            or document.state == Document.State.WAITING
            or (
                document.state == Document.State.PUBLIC
                and (
                    document.recipe != recipe
                    or document.source_published_at != published.get(pk)
                    or (document.valid_until and document.valid_until <= now)
                )
            )
        )
    }


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
    documents = build_documents(public.values(), uses) if public else {}
    limits = find_limits(public, uses, now) if public else {}
    entries = IndexedArticle.objects.in_bulk(list(documents))
    built = []
    for pk, document in documents.items():
        if not document["path"]:
            continue
        version = {**document["version"], "number": 0, "etag": ""}
        # Its parts are the same for the same article, whatever was published before.
        document["version"] = version
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
    """Have marked documents built: by the task queue where there is one, else the first few right now.

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
