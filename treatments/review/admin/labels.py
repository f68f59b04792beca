"""The states of a review as editors read them, and how urgent they are."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from treatments.ports.states import ReviewStatus

#: The most urgent first.
STATUS_LABELS = {
    ReviewStatus.ON_HOLD: _("On hold"),
    ReviewStatus.OVERDUE: _("Overdue"),
    ReviewStatus.CHANGED_SINCE_REVIEW: _("Changed since the review"),
    ReviewStatus.DUE_SOON: _("Due soon"),
    ReviewStatus.NEVER_REVIEWED: _("Never reviewed"),
    ReviewStatus.CURRENT: _("Up to date"),
}

#: Of an article whose review is overdue besides.
CHANGED_AND_OVERDUE = _("Changed since the review, and overdue")


def label_status(row: Any) -> Any:
    """Return the state of an article in the index as editors read it."""
    status = ReviewStatus(row.review_status)
    due = row.next_review_due
    is_late = due is not None and due < timezone.localdate()
    if status is ReviewStatus.CHANGED_SINCE_REVIEW and is_late:
        return CHANGED_AND_OVERDUE
    return STATUS_LABELS[status]
