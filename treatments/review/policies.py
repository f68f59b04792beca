"""The rules about reviews for each kind of article: how often, by whom, and what happens without one."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

from treatments.conf import get_conf


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """The rules for one kind of article.

    Attributes:
        interval_months: After how many months the next review is due.
        due_soon_days: For how many days before that the state is ``due_soon``.
        approvals: How many people approve before a text counts as reviewed.
        roles: Which contributors may approve.
        guests: Whether the approval of somebody with a draft link and the role can ``count`` as a review, or only
            ``advise``. A link can be used by whoever holds it; see ``people.is_known``.
        publishing: What happens when a text is published that was not reviewed: ``free``, ``warn`` or ``refuse``.
        overdue: What readers get of an overdue article: ``nothing`` beside the state, a ``notice``, or ``on_hold``,
            which is a state and a notice; the article stays readable.
        editing: What a text that is saved during a clinical review of a workflow does: it begins the review anew
            (``reopen``), or it is refused (``lock``).
        remind_days: How many days before the review is due the first reminder is sent.
    """

    interval_months: int = 12
    due_soon_days: int = 60
    approvals: int = 1
    roles: tuple[str, ...] = ("clinical_reviewer",)
    guests: str = "count"
    publishing: str = "warn"
    overdue: str = "nothing"
    editing: str = "reopen"
    remind_days: int = 30


def get_policy(kind: str) -> ReviewPolicy:
    """Return the rules for a kind of article: its own before the default ones."""
    given = get_conf().review_policy
    rules = {**given.get("default", {}), **given.get(kind, {})}
    if "roles" in rules:
        rules["roles"] = tuple(rules["roles"])
    return ReviewPolicy(**rules)


def refuses_anything() -> bool:
    """Tell whether the policy of any kind refuses what was not reviewed."""
    given = get_conf().review_policy
    return any(rules.get("publishing") == "refuse" for rules in given.values())


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
