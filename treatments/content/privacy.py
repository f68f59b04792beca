"""When pages were private, by Wagtail's log of their restrictions: what was never public is not told of."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from wagtail.models import Page, PageLogEntry, PageViewRestriction

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

CREATE = "wagtail.view_restriction.create"
DELETE = "wagtail.view_restriction.delete"


class PrivacyLog:
    """What the log says of some pages. Two queries, whatever their number.

    Args:
        page_ids: The pages; what stands above them counts only where it is named too.
    """

    def __init__(self, page_ids: Iterable[int]):
        ids = list(page_ids)
        entries = PageLogEntry.objects.filter(
            page_id__in=ids, action__in=(CREATE, DELETE)
        )
        self.changes: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
        for pk, action, at in entries.values_list("page_id", "action", "timestamp"):
            self.changes[pk].append((at, 1 if action == CREATE else -1))
        restricted = PageViewRestriction.objects.filter(page_id__in=ids)
        self.restricted = set(restricted.values_list("page_id", flat=True))

    def was_private(self, page_id: int, instant: datetime) -> bool:
        """Tell whether a page had a restriction of its own at an instant; of what was not logged, always."""
        changes = self.changes.get(page_id, [])
        if page_id in self.restricted and not any(step > 0 for _at, step in changes):
            return True
        return sum(step for at, step in changes if at <= instant) > 0


def was_public_at(page: Page, instant: datetime) -> bool:
    """Tell whether a page was published and open to everybody at an instant, where it stands today."""
    published_at = page.first_published_at
    if published_at is None or published_at > instant:
        return False
    step = Page.steplen
    paths = [page.path[:end] for end in range(step, len(page.path) + 1, step)]
    ids = list(Page.objects.filter(path__in=paths).values_list("pk", flat=True))
    log = PrivacyLog(ids)
    return not any(log.was_private(pk, instant) for pk in ids)
