"""Asks for reviews before their time, and knows when they were done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from treatments.review.models import Decision, ReviewRequest, Verdict
from treatments.signals import article_states_changed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def announce(page_ids: Iterable[int]) -> None:
    """Say that the states of articles have changed."""
    ids = list(dict.fromkeys(page_ids))
    if ids:
        article_states_changed.send(sender=ReviewRequest, page_ids=ids)


@transaction.atomic
def open_requests(
    sections: Mapping[int, Iterable[str]],
    reason: str,
    source: str,
    occurrence: str,
    detail: str,
) -> list[ReviewRequest]:
    """Ask for the reviews of articles; of what was asked for already, nothing is asked again.

    Args:
        sections: Page id → the sections that it is about; none for the whole page.
        reason: One of ``ReviewRequest.Reason``.
        source: What it is about, such as ``reference:12``.
        occurrence: A hash of what happened.
        detail: For those who review.
    """
    same = ReviewRequest.objects.filter(
        page_id__in=sections, reason=reason, source=source, occurrence=occurrence
    )
    known = set(same.values_list("page_id", flat=True))
    waiting = [pk for pk in sections if pk not in known]
    ReviewRequest.objects.bulk_create(
        [
            ReviewRequest(
                page_id=pk,
                reason=reason,
                source=source,
                occurrence=occurrence,
                detail=detail,
                sections=list(sections[pk]),
            )
            for pk in waiting
        ],
        ignore_conflicts=True,
    )
    announce(waiting)
    return list(same.filter(page_id__in=waiting))


def close_answered(decision: Decision) -> None:
    """Close the requests that an approval answers: all of them, or those about the approved sections."""
    answered = [
        each.pk
        for each in ReviewRequest.objects.filter(
            page_id=decision.page_id,
            closed_at=None,
            opened_at__lte=decision.decided_at,
        )
        if decision.verdict == Verdict.APPROVED
        or (each.sections and set(each.sections) <= set(decision.scope))
    ]
    if answered:
        ReviewRequest.objects.filter(pk__in=answered).update(
            closed_at=decision.decided_at, decision_id=decision.pk
        )
        announce([decision.page_id])


@transaction.atomic
def dismiss(request: ReviewRequest, user: Any, note: str) -> None:
    """Close a request without a review; the note says why."""
    request.closed_at = timezone.now()
    request.closed_by = user
    request.closing_note = note
    request.save(update_fields=["closed_at", "closed_by", "closing_note"])
    announce([request.page_id])
