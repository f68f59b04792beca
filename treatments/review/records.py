"""What follows from the decisions about an article: when it was reviewed, by whom, and which sections were.

A text counts as reviewed when as many people as the policy asks for have approved the whole of it, and none
of those who may approve objects to any of its sections: see ``treatments.review.votes``. “Last reviewed”
moves when the public gets such a text. Approvals of single sections never move it; they say that those
sections are in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from treatments.ports.store import get_store
from treatments.review.contents import Content, get_article, hash_page, recognize
from treatments.review.models import ReviewRecord
from treatments.review.policies import get_policy
from treatments.review.requests import close_answered
from treatments.review.ripple import follow_facts
from treatments.review.states import build_state, find_requested
from treatments.review.votes import Review, find_accepted, find_review, load_votes
from treatments.signals import article_states_changed

if TYPE_CHECKING:
    from treatments.ports.states import ReviewState
    from treatments.review.models import Decision


def load_decisions(page_id: int) -> list[Decision]:
    """Return the decisions about an article that count, the oldest first."""
    return load_votes(page_id=page_id, is_clinical=True)


def find_open_sections(page: Any, content: Content) -> list[str]:
    """Return the sections of a text that nobody has reviewed; none where it may be called reviewed.

    Args:
        page: The article, live or made from a revision.
        content: What it says.
    """
    approvals = get_policy(page.kind).approvals
    decisions = recognize(load_decisions(page.pk), content)
    base = find_review(decisions, content.content_hash, approvals)
    if base is None:
        record = ReviewRecord.objects.filter(pk=page.pk).first()
        known = record.reviewed_hash if record else ""
        base = find_review(decisions, known, approvals)
    accepted = find_accepted(decisions, base, approvals)
    return [
        name
        for name, digest in content.sections.items()
        if digest not in accepted.get(name, ())
    ]


@transaction.atomic
def update_record(page: Any, content: Content | None = None) -> ReviewState | None:
    """Derive the record of a published article; return its new state, or None where it is as it was.

    Args:
        page: The article as the public reads it.
        content: What it says, where that is known.
    """
    record, is_new = ReviewRecord.objects.select_for_update().get_or_create(pk=page.pk)
    stored = vars(record).copy()
    decisions = load_decisions(page.pk)
    requested_on = None
    if decisions or record.reviewed_on:
        requested_on = find_requested([page.pk]).get(page.pk)
    before = build_state(record, requested_on), record.kind
    record.kind = page.kind
    # A page never changes its language.
    record.locale = record.locale or page.locale.language_code
    follow_facts(page, record)
    if decisions:
        content = content or hash_page(page)
        decisions = recognize(decisions, content)
        record.content_hash, record.sections = content.content_hash, content.sections
        derive(record, decisions)
        approvals = get_policy(page.kind).approvals
        if requested_on and close_answered(page.pk, content, decisions, approvals):
            requested_on = find_requested([page.pk]).get(page.pk)
    if is_new or vars(record) != stored:
        record.save()
    state = build_state(record, requested_on)
    if (state, record.kind) == before:
        return None
    article_states_changed.send(sender=ReviewRecord, page_ids=[page.pk])
    return state


def derive(record: ReviewRecord, decisions: list[Decision]) -> None:
    """Set what follows from the decisions; nothing is saved."""
    approvals = get_policy(record.kind).approvals
    base = find_base(record, decisions, approvals)
    if base is None:
        # Whoever approved has taken it back, or more people must approve now: there is no review any more.
        record.reviewed_on = record.base_decision_id = None
        record.reviewer_ids, record.accepted = [], {}
        return
    record.reviewed_hash = base.content_hash
    record.reviewed_on = timezone.localdate(base.dated_by.decided_at)
    record.base_decision_id = base.decisions[0].pk
    record.reviewer_ids = base.reviewer_ids
    record.accepted = find_accepted(decisions, base, approvals)


def find_base(
    record: ReviewRecord, decisions: list[Decision], approvals: int
) -> Review | None:
    """Return the review of what the public reads, or else the newest one of a text that the public got."""
    present = find_review(decisions, record.content_hash, approvals)
    if present and present.is_complete:
        return present
    hashes = {each.content_hash for each in decisions}
    found = [find_review(decisions, each, approvals) for each in hashes]
    reviews = [each for each in found if each is not None]
    reviews.sort(key=lambda review: review.decisions[-1].pk, reverse=True)
    known = {record.content_hash, record.reviewed_hash}
    store = get_store()
    for review in reviews:
        if review.content_hash not in known and store is not None:
            known |= store.find_public_hashes(record.pk)
            store = None
        if review.content_hash in known:
            return review
    return None


def update_live_record(page_id: int) -> None:
    """Derive the record of an article from what the public reads now, if it reads anything."""
    page = get_article(page_id)
    if page is not None and page.live and page.alias_of_id is None:
        update_record(page)
