"""How each article stands to its reviews: what ``treatments.ports.states`` asks of this app.

Everything is derived. The dates follow from the last review of the whole page and from the policy of
the article's kind; which sections were reviewed follows from the decisions about them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Min, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from treatments.ports.states import ChangeNote as PublicNote
from treatments.ports.states import ReviewState, ReviewStatus
from treatments.review.models import ChangeNote, ReviewRecord, ReviewRequest
from treatments.review.policies import ReviewPolicy, add_months, get_policy

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

NOTHING = ReviewState()
OVERDUE_NOTICE = _(
    "The review of this article is overdue. Ask your care team whether it still holds for you."
)
HOLD_NOTICE = _(
    "This article is on hold until it has been reviewed. Ask your care team before you rely on it."
)


def get_review_states(page_ids: Collection[int]) -> dict[int, ReviewState]:
    """Return the states of the articles about which anything is known, in two queries."""
    notes = load_notes(page_ids)
    since = Subquery(find_requests(page_id=OuterRef("pk")).values("since"))
    records = ReviewRecord.objects.filter(pk__in=page_ids).annotate(since=since)
    states = {}
    for record in records:
        since = record.since  # ty: ignore[missing-attribute]
        requested_on = timezone.localdate(since) if since else None
        states[record.pk] = build_state(record, requested_on)
    return {
        pk: replace(states.get(pk, NOTHING), change_notes=tuple(notes.get(pk, ())))
        for pk in states.keys() | notes.keys()
    }


def find_requested(page_ids: Collection[int]) -> dict[int, date]:
    """Return when the open review of each article was requested: page id → date."""
    rows = find_requests(page_id__in=page_ids).values_list("page_id", "since")
    return {pk: timezone.localdate(since) for pk, since in rows}


def find_requests(**pages: Any) -> QuerySet[Any, dict[str, Any]]:
    """Return, page by page, ``since`` when its review has been asked for.

    Args:
        pages: Which pages, as a condition on ``page_id``.
    """
    requests = ReviewRequest.objects.filter(closed_at=None, **pages)
    return requests.order_by().values("page_id").annotate(since=Min("opened_at"))


def load_notes(page_ids: Collection[int]) -> dict[int, list[PublicNote]]:
    """Return what readers are told about changes, the newest first: page id → notes."""
    notes: dict[int, list[PublicNote]] = {}
    for note in ChangeNote.objects.filter(page_id__in=page_ids):
        told = PublicNote(note.date, note.kind, note.text)
        notes.setdefault(note.page_id, []).append(told)
    return notes


def load_state(page_id: int) -> ReviewState:
    """Return the state of one article."""
    return get_review_states([page_id]).get(page_id, NOTHING)


def build_state(record: ReviewRecord, requested_on: date | None = None) -> ReviewState:
    """Return the state of an article.

    Args:
        record: What follows from the decisions.
        requested_on: Since when a review has been asked for; None where nobody asks.
    """
    if record.reviewed_on is None:
        return NOTHING
    policy = get_policy(record.kind)
    due = get_due_date(record, policy)
    today = timezone.localdate()
    status, changes_on = find_status(due, policy, today)
    if requested_on is not None:
        # Something has happened: the review is overdue from that day on, whatever the interval.
        due = min(due, requested_on)
        status, changes_on = find_status(today - timedelta(days=1), policy, today)
    state = ReviewState(
        status=status,
        last_reviewed=record.reviewed_on,
        next_review_due=due,
        reviewer_ids=tuple(record.reviewer_ids),
        changes_on=changes_on,
        notice=find_notice(status, policy),
        accepted=record.accepted,
        unchanged_status=status,
    )
    return state.judge(record.sections) if record.sections else state


def get_due_date(record: ReviewRecord, policy: ReviewPolicy) -> date:
    """Return when the next review is due."""
    return add_months(record.reviewed_on, policy.interval_months)


def find_status(
    due: date, policy: ReviewPolicy, today: date
) -> tuple[ReviewStatus, date | None]:
    """Return where an unchanged article stands, and when that changes by itself.

    On the day itself a review is due, and from the next day on it is overdue.
    """
    soon = due - timedelta(days=policy.due_soon_days)
    if today > due:
        is_held = policy.overdue == "on_hold"
        return ReviewStatus.ON_HOLD if is_held else ReviewStatus.OVERDUE, None
    if today >= soon:
        return ReviewStatus.DUE_SOON, due + timedelta(days=1)
    return ReviewStatus.CURRENT, soon


def find_notice(status: ReviewStatus, policy: ReviewPolicy) -> object:
    """Return what readers are told."""
    if status is ReviewStatus.ON_HOLD:
        return HOLD_NOTICE
    if status is ReviewStatus.OVERDUE and policy.overdue == "notice":
        return OVERDUE_NOTICE
    return ""
