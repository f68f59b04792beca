"""Reminds people of reviews by e-mail, before they are due and when they are overdue.

Whoever runs it late loses nothing: what should have been sent is sent, once. What an index stores about
states that change with the day is brought up to date on the way.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from snippets.models import Contributor
from treatments.models import IndexedArticle
from treatments.ports import mail
from treatments.review.models import Reviewer, ReviewRecord, SentReminder
from treatments.review.policies import get_policy
from treatments.review.requests import announce
from treatments.review.states import get_review_states

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treatments.ports.states import ReviewState

logger = logging.getLogger(__name__)
BATCH_SIZE = 200
Kind = SentReminder.Kind


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder that is to be sent.

    Attributes:
        page: The article.
        due_on: When its review is or was due.
        kind: Before or after that day.
        user: Who gets it: an account, or a ``Reviewer`` without one.
    """

    page: Page
    due_on: date
    kind: str
    user: Any


def send_reminders(today: date | None = None) -> int:
    """Send what is to be sent and was not, and return how many messages that were."""
    today = today or timezone.localdate()
    ids = list(ReviewRecord.objects.order_by("pk").values_list("pk", flat=True))
    count = 0
    for start in range(0, len(ids), BATCH_SIZE):
        states = get_review_states(ids[start : start + BATCH_SIZE])
        announce(find_outdated(states))
        count += sum(send(each) for each in find_due(states, today))
    return count


def find_outdated(states: dict[int, ReviewState]) -> list[int]:
    """Return the articles whose index says something else about their review than is true today."""
    rows = IndexedArticle.objects.filter(pk__in=states).values_list(
        "pk", "review_status", "next_review_due"
    )
    return [
        pk
        for pk, status, due in rows
        if (status, due) != (states[pk].status.value, states[pk].next_review_due)
    ]


def find_due(states: dict[int, ReviewState], today: date) -> list[Reminder]:
    """Return the reminders of some articles that nobody got yet."""
    dates = {pk: state.next_review_due for pk, state in states.items()}
    kinds = dict(ReviewRecord.objects.filter(pk__in=states).values_list("pk", "kind"))
    waiting: dict[int, tuple[date, str]] = {}
    for pk, due in dates.items():
        if due is None:
            continue
        if due < today:
            waiting[pk] = (due, Kind.AFTER)
        elif due - timedelta(days=get_policy(kinds[pk]).remind_days) <= today:
            waiting[pk] = (due, Kind.BEFORE)
    pages = Page.objects.filter(pk__in=waiting, live=True).select_related("owner")
    sent = set(
        SentReminder.objects.filter(page_id__in=waiting).values_list(
            "page_id", "due_on", "kind", "address"
        )
    )
    reviewers = find_reviewers({pk: states[pk].reviewer_ids for pk in waiting})
    found = []
    for page in pages:
        due, kind = waiting[page.pk]
        people = {page.owner, *reviewers.get(page.pk, ())} - {None}
        if not any(map(get_address, people)):
            people = find_publishers(page)
        for user in people:
            address = get_address(user)
            if address and (page.pk, due, kind, address) not in sent:
                found.append(Reminder(page, due, kind, user))
    return found


def find_reviewers(contributors: dict[int, Iterable[int]]) -> dict[int, list[Any]]:
    """Return who reviewed articles last: page id → users, and reviewers without an account. Two queries."""
    ids = {pk for group in contributors.values() for pk in group}
    keys = dict(
        Contributor.objects.filter(pk__in=ids).values_list("pk", "translation_key")
    )
    people: dict[Any, list[Any]] = {}
    for reviewer in Reviewer.objects.filter(
        contributor__translation_key__in=keys.values()
    ).select_related("user", "contributor"):
        key = reviewer.contributor.translation_key
        people.setdefault(key, []).append(reviewer.user or reviewer)
    return {
        page_id: [each for pk in group for each in people.get(keys.get(pk), ())]
        for page_id, group in contributors.items()
    }


def find_publishers(page: Page) -> Iterable[Any]:
    """Return the users who may publish a page: who is reminded where nobody else can be."""
    policy = PagePermissionPolicy()
    return policy.users_with_permission_for_instance("publish", page)


def get_address(user: Any) -> str:
    """Return where somebody gets mail, with an account or without; empty for somebody who gets none."""
    is_guest = isinstance(user, Reviewer)
    return user.get_address() if is_guest else mail.get_address(user)


def send(reminder: Reminder) -> bool:
    """Send one reminder; return whether it went out now. It is noted first, so that nobody gets it twice.

    When it cannot be sent, the note is taken back, and the next run tries again.
    """
    address = get_address(reminder.user)
    try:
        with transaction.atomic():
            SentReminder.objects.create(
                page_id=reminder.page.pk,
                due_on=reminder.due_on,
                kind=reminder.kind,
                address=address,
            )
            subject, text = write_message(reminder)
            mail.send(address, subject, text)
    except IntegrityError:
        # Another run was faster.
        return False
    except mail.NOT_SENT:
        # The others get theirs.
        logger.exception("No reminder could be sent to %s", address)
        return False
    return True


def write_message(reminder: Reminder) -> tuple[str, str]:
    """Return subject and text, in the language that the person uses in the admin.

    Somebody without an account is told where the public reads the article, in its language.
    """
    is_guest = isinstance(reminder.user, Reviewer)
    language = (
        reminder.page.locale.language_code
        if is_guest
        else mail.get_language(reminder.user)
    )
    with translation.override(language):
        day = date_format(reminder.due_on, "DATE_FORMAT")
        title = reminder.page.title
        url = reverse("treatments_review:page", args=[reminder.page.pk])
        base = getattr(settings, "WAGTAILADMIN_BASE_URL", "") or ""
        if is_guest:
            url, base = reminder.page.specific.full_url or "", ""
        if reminder.kind == Kind.AFTER:
            subject = _("Review overdue: %(title)s")
            text = _("The review of “%(title)s” was due on %(day)s.")
        else:
            subject = _("Review due soon: %(title)s")
            text = _("The review of “%(title)s” is due on %(day)s.")
        values = {"title": title, "day": day}
        return subject % values, f"{text % values}\n\n{base}{url}\n"
