"""Asks for reviews before their time, and knows when they were done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from treatments.review.models import Decision, ReviewRequest
from treatments.review.votes import find_renewal, find_review, get_place
from treatments.signals import article_states_changed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from treatments.review.contents import Content


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


def close_answered(
    page_id: int, content: Content, decisions: Collection[Decision], approvals: int
) -> bool:
    """Close the requests that are answered in what the public reads; tell whether there were any.

    A request is answered when as many people as the policy asks for have approved the whole text since it
    was opened, or the sections that it is about. Nothing is announced.

    Args:
        page_id: The article.
        content: What the public reads.
        decisions: Those that count, the oldest first.
        approvals: How many people the policy asks for.
    """
    is_any = False
    for request in ReviewRequest.objects.filter(page_id=page_id, closed_at=None):
        answer = find_answer(request, content, decisions, approvals)
        if answer is not None:
            request.closed_at, request.decision_id = timezone.now(), answer.pk
            request.save(update_fields=["closed_at", "decision_id"])
            is_any = True
    return is_any


def find_answer(
    request: ReviewRequest,
    content: Content,
    decisions: Collection[Decision],
    approvals: int,
) -> Decision | None:
    """Return the decision that answers a request, or None while it is open."""
    since = request.opened_at
    review = find_review(decisions, content.content_hash, approvals, since)
    if review and review.is_complete:
        return review.decisions[-1]
    texts = [
        (name, content.sections[name])
        for name in request.sections
        if name in content.sections
    ]
    answers = [find_renewal(decisions, text, approvals, since) for text in texts]
    found = [each for each in answers if each is not None]
    return max(found, key=get_place) if found and found == answers else None


@transaction.atomic
def dismiss(request: ReviewRequest, user: Any, note: str) -> None:
    """Close a request without a review; the note says why."""
    request.closed_at = timezone.now()
    request.closed_by = user
    request.closing_note = note
    request.save(update_fields=["closed_at", "closed_by", "closing_note"])
    announce([request.page_id])
