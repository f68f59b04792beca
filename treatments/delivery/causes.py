"""Why an entry of the ledger is made, and since when what it says is so."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from treatments.content.dependencies import get_page_key
from treatments.delivery.models import Change, Document

if TYPE_CHECKING:
    from datetime import datetime

    from treatments.delivery.built import Built

#: The actions that say most of what has happened, the most telling first.
TELLING_ACTIONS = ("publish", "unpublish", "delete", "move", "change_privacy")
#: The actions of one page that became private, and that everybody may read again.
HIDE, SHOW = "hide", "show"
#: In the cause of a withdrawal: the article was private then.
PRIVATE = "is_private"


def get_privacy_key(page_id: int) -> str:
    """Return the key of the privacy of one page: no document contains it, and it is no other language's."""
    return f"privacy:{page_id}"


def find_causes(
    built: list[Built], documents: dict[int, Document]
) -> dict[int, list[Change]]:
    """Return the changes that each document is built for, the most telling first: its own publication."""
    ids = {mark.change_id for each in built for mark in each.marks if mark.change_id}
    marked = Change.objects.in_bulk(list(ids))
    generations = {change.generation for change in marked.values()}
    all_changes = list(Change.objects.filter(generation__in=generations).order_by("pk"))
    causes = {}
    for each in built:
        turns = {
            marked[mark.change_id].generation
            for mark in each.marks
            if mark.change_id in marked
        }
        first = {mark.change_id for mark in each.marks}
        document = documents.get(each.page_id)
        own_key = get_page_key(document.translation_key) if document else ""
        causes[each.page_id] = sorted(
            (
                change
                for change in all_changes
                if change.generation in turns
                and (
                    change.key in each.uses
                    or change.pk in first
                    or change.key == get_privacy_key(each.page_id)
                )
            ),
            key=partial(rank_cause, own_key),
        )
    return causes


def rank_cause(own_key: str, change: Change) -> tuple[bool, int, int]:
    """Return what changes are sorted by: the most telling first."""
    actions = TELLING_ACTIONS
    is_telling = change.action in actions
    rank = actions.index(change.action) if is_telling else len(actions)
    return (change.key != own_key, rank, change.pk)


def describe_cause(changes: list[Change]) -> dict[str, Any]:
    """Return what is remembered of a cause; empty where there was none but a command."""
    if not changes:
        return {}
    change = changes[0]
    return {
        "action": change.action,
        "key": change.key,
        "revision_id": change.revision_id,
        "user_id": change.user_id,
        "user": change.user,
    }


def find_hidden_time(
    document: Document, changes: list[Change]
) -> tuple[datetime | None, datetime | None]:
    """Return when an article became private, and when it became public again.

    Both are None where no change says so. An article that was hidden several times before it was built again counts
    as hidden all the while.
    """
    own = get_privacy_key(document.pk)
    times: dict[str, list[datetime]] = {HIDE: [], SHOW: []}
    for change in changes:
        if change.key == own:
            times[change.action].append(change.created_at)
    return min(times[HIDE], default=None), max(times[SHOW], default=None)


def find_start(
    document: Document, changes: list[Change], since: datetime | None = None
) -> datetime:
    """Return when the public first saw what is new: the time of the earliest change behind it."""
    now = timezone.now()
    if document.state == Document.State.WAITING:
        # What it refers to has changed before it was public itself.
        own = get_page_key(document.translation_key)
        changes = [change for change in changes if change.key == own]
    known = [since] if since else [change.created_at for change in changes]
    if not known and document.valid_until and document.valid_until <= now:
        known = [document.valid_until]
    start = min(known, default=now)
    before = document.public_from
    return start if before is None or before < start <= now else now
