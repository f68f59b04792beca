"""The alarm on the dashboard: articles that cannot be built, so that readers get an old version or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from wagtail.admin.ui.components import Component

from treatments.admin.access import is_publisher
from treatments.delivery.admin.reports import FAILURES, find_failures, name_failures

if TYPE_CHECKING:
    from treatments.delivery.models import Document

FAILURES_PER_PANEL = 5


class FailuresPanel(Component):
    """What cannot be built, the longest failing first."""

    name = "treatments-failures"
    template_name = "treatments_delivery/failures_panel.html"
    #: Before everything else.
    order = 20

    def __init__(self, failures: list[Document], count: int):
        self.failures = failures
        self.count = count

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Return the rows, and where all of them are."""
        return {
            "panel": self,
            "rows": self.failures,
            "count": self.count,
            "url": reverse(f"{FAILURES}:failures"),
        }


def build_panels(user: Any) -> list[FailuresPanel]:
    """Return the alarm for a publisher; nothing where everything is in order."""
    if not is_publisher(user):
        return []
    failures = find_failures(user)
    rows = name_failures(failures[:FAILURES_PER_PANEL])
    if not rows:
        return []
    count = len(rows) if len(rows) < FAILURES_PER_PANEL else failures.count()
    return [FailuresPanel(rows, count)]
