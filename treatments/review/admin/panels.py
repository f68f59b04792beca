"""The reviews that wait, on the dashboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from wagtail.admin.ui.components import Component

from treatments.ports.states import ReviewStatus
from treatments.review.admin.concerned import is_reviewer, may_work
from treatments.review.admin.labels import label_status
from treatments.review.admin.reports import find_articles

if TYPE_CHECKING:
    from treatments.models import IndexedArticle

ARTICLES_PER_PANEL = 6
#: What asks for work; what was never reviewed is for reviewers, or the editors of a new office would see nothing else.
WAITING = (
    ReviewStatus.ON_HOLD,
    ReviewStatus.OVERDUE,
    ReviewStatus.CHANGED_SINCE_REVIEW,
    ReviewStatus.DUE_SOON,
)


class ReviewsPanel(Component):
    """The most urgent reviews."""

    name = "treatments-reviews"
    template_name = "treatments_review/panel.html"
    order = 220

    def __init__(self, rows: list[IndexedArticle]):
        self.rows = rows

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Return the rows, and where all of them are."""
        for row in self.rows:
            row.status_label = label_status(row)  # ty: ignore[missing-attribute]
        return {
            "panel": self,
            "rows": self.rows,
            "url": reverse("treatments_reviews:list"),
        }


def build_panels(user: Any) -> list[ReviewsPanel]:
    """Return the panel for somebody who works on articles; none where nothing waits."""
    if not may_work(user):
        return []
    statuses = list(WAITING)
    if is_reviewer(user):
        statuses.append(ReviewStatus.NEVER_REVIEWED)
    waiting = find_articles(user).filter(review_status__in=statuses)
    rows = list(waiting[:ARTICLES_PER_PANEL])
    return [ReviewsPanel(rows)] if rows else []
