"""Keeps the article index in step with the live articles, and the search with the index.

``treatments.search.index.signal_handlers`` calls this whenever something changes; ``ensure_indexed`` catches up
with what changed without a signal.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import BooleanField, Case, DateTimeField, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from treatments.content.published_blocks import remember_blocks
from treatments.models import (
    IndexedArticle,
    IndexedBlock,
    IndexedCitation,
    IndexedCondition,
    IndexedTerm,
)
from treatments.ports.states import get_review_states
from treatments.search.backends import get_backend
from treatments.search.backends.base import FIELDS
from treatments.search.index.entries import (
    INDEX_FIELDS,
    Entry,
    build_entries,
    get_indexable_pages,
    load_entries,
)
from treatments.search.index.states import load_states, load_stored_states
from treatments.signals import articles_indexed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.db import models

BATCH_SIZE = 100
#: How often a process looks for articles that were changed without a signal.
CHECK_INTERVAL_SECONDS = 60.0
_next_check = 0.0
_checked_on: date | None = None


def index_articles(page_ids: Iterable[int], *, rewrite: bool = False) -> int:
    """Bring the entries of pages in step with the database, and return how many have one now.

    Pages that are no live articles lose their entries. What is in step already is not written. A batch
    of 100 is one transaction; its number of queries does not depend on how many pages it holds, except
    that a database may split a large insert.

    Args:
        page_ids: Ids of any pages, existing or not.
        rewrite: Also give to the search what is in step already.
    """
    ids = iter(dict.fromkeys(page_ids))
    count = 0
    while batch := list(islice(ids, BATCH_SIZE)):
        with transaction.atomic():
            count += _index_batch(batch, rewrite)
    return count


def index_versions(page_ids: Iterable[int], translation_keys: Iterable[Any]) -> None:
    """Bring the entries of pages in step, and what those of other pages say of their review and translation.

    Args:
        page_ids: Ids of pages that have changed.
        translation_keys: Keys of pages that may stand otherwise now, in all languages.
    """
    ids = set(page_ids)
    stored = load_stored_states(translation_keys)
    states = load_states(sorted(ids | set(stored)))
    ids.update(pk for pk, state in stored.items() if state != states[pk])
    with transaction.atomic(savepoint=False):
        _index_batch(sorted(ids), states=states)


def _index_batch(
    page_ids: list[int],
    rewrite: bool = False,
    states: dict[int, dict[str, Any]] | None = None,
) -> int:
    built = build_entries(page_ids, states)
    stored = load_entries(page_ids)
    remember_blocks(
        {
            pk: entry
            for pk, entry in built.items()
            if rewrite or pk not in stored or has_new_blocks(entry, stored[pk])
        }
    )
    gone = set(stored) - set(built)
    if gone:
        IndexedArticle.objects.filter(pk__in=gone).delete()
    # In one order, so that two writers do not wait for each other.
    changed = {pk: built[pk] for pk in sorted(built) if stored.get(pk) != built[pk]}
    if changed:
        _write_entries(changed, stored)
    searched = {
        pk
        for pk, entry in built.items()
        if rewrite or pk not in stored or has_other_words(entry, stored[pk])
    }
    if searched:
        entries = IndexedArticle.objects.select_related("locale")
        get_backend().index(entries.filter(pk__in=searched))
    written = gone | set(built if rewrite else changed)
    if written:
        articles_indexed.send(IndexedArticle, page_ids=sorted(written))
    return len(built)


def has_new_blocks(entry: Entry, stored: Entry) -> bool:
    """Tell whether an article has blocks that it had not before."""
    known = {block[0] for block in stored.blocks}
    return any(block[0] not in known for block in entry.blocks)


def has_other_words(entry: Entry, stored: Entry) -> bool:
    """Tell whether a search would find an article by other words than before, or in another language."""
    return any(
        entry.fields[name] != stored.fields[name] for name in ("locale_id", *FIELDS)
    )


def _write_entries(changed: dict[int, Entry], stored: dict[int, Entry]) -> None:
    """Write entries, of their rows only the relations that differ."""
    features = connection.features
    IndexedArticle.objects.bulk_create(
        [IndexedArticle(page_id=pk, **entry.fields) for pk, entry in changed.items()],
        update_conflicts=True,
        # MySQL takes no target of a conflict, the others need one.
        unique_fields=["page"]
        if features.supports_update_conflicts_with_target
        else None,
        update_fields=INDEX_FIELDS,
    )
    for model, attribute, build in (
        (IndexedCondition, "conditions", _build_conditions),
        (IndexedBlock, "blocks", _build_blocks),
        (IndexedCitation, "citations", _build_citations),
        (IndexedTerm, "terms", _build_terms),
    ):
        different = {
            pk: getattr(entry, attribute)
            for pk, entry in changed.items()
            if pk not in stored
            or getattr(stored[pk], attribute) != getattr(entry, attribute)
        }
        _replace_rows(model, different, build)


def _replace_rows(
    model: type[models.Model],
    values: dict[int, Any],
    build: Callable[[int, Any], Iterable[models.Model]],
) -> None:
    if values:
        manager = model._default_manager
        manager.filter(article__in=values).delete()
        manager.bulk_create(
            row for pk, value in values.items() for row in build(pk, value)
        )


def _build_conditions(pk: int, keys: Any) -> Iterator[IndexedCondition]:
    for key in keys:
        yield IndexedCondition(article_id=pk, condition_key=key)


def _build_citations(pk: int, reference_ids: Any) -> Iterator[IndexedCitation]:
    for reference_id in reference_ids:
        yield IndexedCitation(article_id=pk, reference_id=reference_id)


def _build_terms(pk: int, keys: Any) -> Iterator[IndexedTerm]:
    for key in keys:
        yield IndexedTerm(article_id=pk, term_key=key)


def _build_blocks(pk: int, blocks: Any) -> Iterator[IndexedBlock]:
    for position, (block_id, name, section_id, standalone) in enumerate(blocks):
        yield IndexedBlock(
            article_id=pk,
            block_id=block_id,
            type=name,
            section_id=section_id,
            standalone=standalone,
            position=position,
        )


def index_all(report: Callable[[int, int], None] | None = None) -> int:
    """Rebuild the index and the search, and return the number of articles.

    It can be stopped and run again at any time: every batch is complete in itself.

    Args:
        report: Called after every batch with the number of pages that are done, and of all.
    """
    page_ids = find_concerned_pages()
    count = 0
    for start in range(0, len(page_ids), BATCH_SIZE):
        batch = page_ids[start : start + BATCH_SIZE]
        count += index_articles(batch, rewrite=True)
        if report:
            report(start + len(batch), len(page_ids))
    return count


def find_concerned_pages() -> list[int]:
    """Return the ids of the pages that have an entry or should have one, in order."""
    indexable = get_indexable_pages().values_list("pk", flat=True)
    indexed = IndexedArticle.objects.values_list("pk", flat=True)
    return sorted({*indexable, *indexed})


def find_differences() -> dict[int, str]:
    """Return what is wrong with the entry of each page that has a wrong one.

    The value is ``missing``, ``superfluous``, or the names of what differs with commas between them.
    """
    page_ids = find_concerned_pages()
    differences = {}
    for start in range(0, len(page_ids), BATCH_SIZE):
        batch = page_ids[start : start + BATCH_SIZE]
        built, stored = build_entries(batch), load_entries(batch)
        for pk in batch:
            problem = _compare(built.get(pk), stored.get(pk))
            if problem:
                differences[pk] = problem
    return differences


def _compare(built: Entry | None, stored: Entry | None) -> str:
    if built is None or stored is None:
        return "" if built is stored else "missing" if stored is None else "superfluous"
    names = [name for name in INDEX_FIELDS if built.fields[name] != stored.fields[name]]
    names += [
        name
        for name in ("conditions", "blocks", "citations", "terms")
        if getattr(built, name) != getattr(stored, name)
    ]
    return ", ".join(names)


def ensure_indexed_lately() -> None:
    """Do what ``ensure_indexed`` does, unless this process has done so within the last minute of this day."""
    global _next_check, _checked_on
    now, today = monotonic(), timezone.localdate()
    is_checked = now < _next_check and today == _checked_on
    if not is_checked and ensure_indexed() < BATCH_SIZE:
        _next_check, _checked_on = now + CHECK_INTERVAL_SECONDS, today


def ensure_indexed(limit: int = BATCH_SIZE) -> int:
    """Index articles without a row or with another date of publication, and follow the day.

    Returns how many were found. One query when there are none. Called before a list or a search is answered: after the first
    migration, after a restored backup. What ``queryset.update()`` changes beside the date of publication
    is not seen: ``update_article_index`` finds it.

    Args:
        limit: The most articles to index at once; the next call goes on.
    """
    today = timezone.localdate()
    never = Value(datetime(1, 1, 2, tzinfo=UTC), output_field=DateTimeField())
    published = Coalesce(F("last_published_at"), never)
    indexed = Coalesce(F("indexed_article__last_published_at"), never)
    stale = (
        get_indexable_pages()
        .alias(published=published, indexed=indexed)
        .annotate(
            is_other=Case(
                When(indexed_article__isnull=True, then=True),
                When(published=F("indexed"), then=False),
                default=True,
                output_field=BooleanField(),
            )
        )
        .filter(Q(is_other=True) | Q(indexed_article__review_changes_on__lte=today))
        .order_by()
    )
    found = list(stale.values_list("pk", "is_other")[:limit])
    page_ids = [pk for pk, is_other in found if is_other]
    if page_ids:
        index_articles(page_ids)
    if len(page_ids) < len(found):
        index_due_states(today)
    return len(found)


def index_due_states(today: date) -> None:
    """Write the review status of all articles that have another one today than when it was written."""
    due = IndexedArticle.objects.filter(review_changes_on__lte=today).order_by("pk")
    stored = dict(due.values_list("pk", "review_status"))
    states = get_review_states(list(stored))
    groups: dict[tuple[str, date | None], list[int]] = {}
    for pk, state in states.items():
        turn = state.changes_on
        is_ahead = turn is not None and turn > today
        group = (state.status.value, turn if is_ahead else None)
        groups.setdefault(group, []).append(pk)
    changed = [pk for pk, state in states.items() if state.status != stored[pk]]
    with transaction.atomic():
        for (status, turn), page_ids in groups.items():
            for start in range(0, len(page_ids), BATCH_SIZE):
                batch = page_ids[start : start + BATCH_SIZE]
                # Only those that are due still: somebody may just have reviewed one.
                due.order_by().filter(pk__in=batch).update(
                    review_status=status, review_changes_on=turn
                )
        if changed:
            articles_indexed.send(IndexedArticle, page_ids=changed)
