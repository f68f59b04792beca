"""The rules about reviews for each kind of article: how often, by whom, and what happens without one."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

from treatments.conf import ReviewPolicy, get_conf


def get_policy(kind: str) -> ReviewPolicy:
    """Return the rules for a kind of article: its own before the default ones."""
    given = get_conf().review_policy
    default = given.get("default", ReviewPolicy())
    own = given.get(kind)
    return default.model_copy(update=own.model_dump(exclude_unset=True)) if own else default  # fmt: skip


def refuses_anything() -> bool:
    """Tell whether the policy of any kind refuses what was not reviewed."""
    rules = get_conf().review_policy.values()
    return any(each.publishing == "refuse" for each in rules)


def is_locked(page: Any) -> bool:
    """Tell whether nobody may edit an article while it is reviewed, by the kind that is public or that of the draft."""
    kinds = {page.specific.kind}
    revision = page.get_latest_revision()
    if revision is not None:
        kinds.add(revision.content.get("kind", ""))
    return any(get_policy(kind).editing == "lock" for kind in kinds)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
