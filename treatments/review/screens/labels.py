"""The states of a review as editors read them, and how urgent they are."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from treatments.states import ReviewStatus

#: The most urgent first.
STATUS_LABELS = {
    ReviewStatus.ON_HOLD: _("On hold"),
    ReviewStatus.OVERDUE: _("Overdue"),
    ReviewStatus.CHANGED_SINCE_REVIEW: _("Changed since the review"),
    ReviewStatus.DUE_SOON: _("Due soon"),
    ReviewStatus.NEVER_REVIEWED: _("Never reviewed"),
    ReviewStatus.CURRENT: _("Up to date"),
}
