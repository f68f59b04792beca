"""Turns changes into marks: which documents are to be built anew before they are read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Q, Value
from django.db.models.functions import Mod
from django.utils import timezone
from wagtail.models import Page

from treatments.content.dependencies import get_page_key
from treatments.content.lookups import get_article_models
from treatments.delivery.freshness import find_due, find_pending
from treatments.delivery.models import Change, Dependency, Document, Ledger, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

BATCH_SIZE = 500
#: For how many turns a change is remembered: longer than any document takes to be built.
REMEMBERED_TURNS = 10_000
PAGE_PREFIX = get_page_key("")


def get_article_pages() -> QuerySet[Page]:
    """Return the pages that can have a document: articles that are no alias."""
    is_article = Q(pk__in=[])
    for model in get_article_models():
        is_article |= Q(
            content_type__app_label=model._meta.app_label,
            content_type__model=model._meta.model_name,
        )
    return Page.objects.filter(is_article, alias_of__isnull=True)


def mark_changed_documents() -> bool:
    """Mark the documents that the changes so far concern, and tell whether there were any.

    Waits for whoever appends to the ledger.
    """
    if not find_pending().exists():
        return False
    with transaction.atomic():
        ledger = Ledger.lock()
        ledger.generation += 1
        if not find_pending().update(generation=ledger.generation):
            return False
        ledger.save(update_fields=["generation"])
        add_new_articles(ledger.generation)
        insert_marks(ledger.generation)
        allow_retries(ledger.generation)
        forgotten = ledger.generation - REMEMBERED_TURNS
        if forgotten > 0:
            used = Mark.objects.values("change_id")
            old = Change.objects.filter(generation__lt=forgotten)
            old.exclude(pk__in=used).delete()
    return True


def add_new_articles(generation: int) -> None:
    """Make a row for each live article among the changed pages that has none, with the key of the page."""
    changes = Change.objects.filter(generation=generation, key__startswith=PAGE_PREFIX)
    keys = sorted(
        {key.removeprefix(PAGE_PREFIX) for key in changes.values_list("key", flat=True)}
    )
    for start in range(0, len(keys), BATCH_SIZE):
        batch = keys[start : start + BATCH_SIZE]
        pages = get_article_pages().filter(translation_key__in=batch, live=True)
        add_documents(dict(pages.order_by().values_list("pk", "translation_key")))


def add_documents(translation_keys: dict[int, object]) -> None:
    """Make a row for each of some pages that has none: page id → translation key."""
    known = Document.objects.filter(pk__in=translation_keys)
    new = set(translation_keys) - set(known.values_list("pk", flat=True))
    Document.objects.bulk_create(
        [Document(pk=pk, translation_key=translation_keys[pk]) for pk in sorted(new)],
        ignore_conflicts=True,
    )
    Dependency.objects.bulk_create(
        [
            Dependency(page_id=pk, key=get_page_key(translation_keys[pk]))
            for pk in sorted(new)
        ],
        ignore_conflicts=True,
    )


def add_missing_documents(page_ids: Iterable[int]) -> list[int]:
    """Make a row for each live article among some pages that has none; return the ids of the articles."""
    ids, found = sorted(page_ids), []
    for start in range(0, len(ids), BATCH_SIZE):
        batch = ids[start : start + BATCH_SIZE]
        pages = get_article_pages().filter(pk__in=batch, live=True).order_by()
        keys = dict(pages.values_list("pk", "translation_key"))
        if keys:
            add_documents(keys)
        found += keys
    return found


def insert_marks(generation: int) -> None:
    """Mark the documents that contain what has changed; one statement, whatever their number."""
    mark, change, dependency = (
        connection.ops.quote_name(model._meta.db_table)
        for model in (Mark, Change, Dependency)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {mark} (page_id, change_id) "  # noqa: S608 - names of tables
            f"SELECT d.page_id, MIN(c.id) FROM {change} c "
            f"JOIN {dependency} d ON d.{connection.ops.quote_name('key')} = c.{connection.ops.quote_name('key')} "
            f"WHERE c.generation = %s GROUP BY d.page_id",
            [generation],
        )


def allow_retries(generation: int) -> None:
    """Retry documents that could not be built at once: something that they contain has changed."""
    changes = Change.objects.filter(generation=generation).values("pk")
    marks = Mark.objects.filter(change_id__in=changes).values("page_id")
    Document.objects.filter(failed_at__isnull=False, pk__in=marks).update(retry_at=None)


def mark_documents(page_ids: Iterable[int]) -> None:
    """Mark documents without a change: they are built before they are read again.

    What is marked already is not marked again, nor what has no document.
    """
    marked = Mark.objects.values("page_id")
    known = Document.objects.exclude(pk__in=marked).values_list("pk", flat=True)
    Mark.objects.bulk_create(
        [Mark(page_id=pk) for pk in sorted({*page_ids} & {*known})],
        batch_size=BATCH_SIZE,
    )


def find_waiting(limit: int, part: tuple[int, int] | None = None) -> list[int]:
    """Return the ids of documents that wait to be built: the longest marked first, then those whose time has come.

    What has failed does not wait until it is to be tried again.

    Args:
        limit: At most so many.
        part: ``(remainder, divisor)`` of the ids that are wanted.
    """
    now = timezone.now()
    marks = Mark.objects.exclude(
        page_id__in=Document.objects.filter(retry_at__gt=now).values("pk")
    ).order_by("pk")
    due = find_due().exclude(retry_at__gt=now).order_by("valid_until", "pk")
    if part is not None:
        marks = marks.alias(share=Mod("page_id", Value(part[1]))).filter(share=part[0])
        due = due.alias(share=Mod("pk", Value(part[1]))).filter(share=part[0])
    # A document has a mark for each turn in which something has changed.
    ids = list(dict.fromkeys(marks.values_list("page_id", flat=True)[: limit * 4]))
    return ids[:limit] or list(due.values_list("pk", flat=True)[:limit])


def delete_orphans() -> None:
    """Delete the marks of what has no document: nobody would ever take them away."""
    known = Document.objects.values("pk")
    Mark.objects.exclude(page_id__in=known).delete()
