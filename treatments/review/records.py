"""What follows from the decisions about an article: when it was reviewed, by whom, and which sections were.

A text counts as reviewed when as many people as the policy asks for have approved the whole of it, and none
of those who may approve has asked for changes in that very text since. “Last reviewed” moves when the
public gets such a text. Approvals of single sections never move it; they say that those sections are in order.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from treatments.review.contents import Content, get_article, hash_page
from treatments.review.models import Decision, ReviewRecord, Verdict
from treatments.review.policies import ReviewPolicy, get_policy
from treatments.review.ripple import follow_facts
from treatments.review.states import build_state, find_requested
from treatments.signals import article_states_changed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from treatments.states import ReviewState


@dataclass(frozen=True, slots=True)
class Review:
    """A review of one whole text.

    Attributes:
        decisions: The approvals, the oldest first.
    """

    decisions: tuple[Decision, ...]

    @property
    def reviewer_ids(self) -> list[int]:
        """Return the contributors who approved."""
        return [
            each.contributor_id
            for each in self.decisions
            if each.contributor_id is not None
        ]


def load_decisions(page_id: int) -> list[Decision]:
    """Return the decisions about an article that count, the oldest first."""
    counting = Decision.objects.filter(page_id=page_id, is_clinical=True)
    return list(counting.order_by("pk"))


def find_standing(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions that nobody took back: of each person and text the last ones of one kind."""
    kept: dict[tuple[str, str], list[Decision]] = defaultdict(list)
    for each in decisions:
        former = kept[each.person, each.content_hash]
        is_objection = each.verdict == Verdict.CHANGES_REQUESTED
        if former and (former[-1].verdict == Verdict.CHANGES_REQUESTED) != is_objection:
            former.clear()
        former.append(each)
    return sorted((each for group in kept.values() for each in group), key=get_place)


def get_place(decision: Decision) -> int:
    """Return where a decision stands in the order in which they were made."""
    return decision.pk


def find_review(
    decisions: Collection[Decision], content_hash: str, policy: ReviewPolicy
) -> Review | None:
    """Return the review of a whole text, or None while it is not complete."""
    about = [
        each
        for each in find_standing(decisions)
        if each.content_hash == content_hash and each.verdict != Verdict.EDITORIAL
    ]
    if any(each.verdict == Verdict.CHANGES_REQUESTED for each in about):
        return None
    last = {each.person: each for each in about if each.verdict == Verdict.APPROVED}
    if len(last) < policy.approvals:
        return None
    return Review(tuple(sorted(last.values(), key=get_place)))


def find_accepted(
    decisions: Collection[Decision], base: Review | None, policy: ReviewPolicy
) -> dict[str, list[str]]:
    """Return which texts of each section were reviewed since the last review began, that review included."""
    if base is None:
        return {}
    accepted: dict[str, list[str]] = {
        name: [digest] for name, digest in base.decisions[0].sections.items()
    }
    first = base.decisions[0].pk
    votes: dict[tuple[str, str], set[str]] = defaultdict(set)
    standing = find_standing(decisions)
    refused = {
        each.content_hash
        for each in standing
        if each.verdict == Verdict.CHANGES_REQUESTED
    }
    for each in standing:
        is_late = each.pk > first
        if not is_late or each.verdict == Verdict.CHANGES_REQUESTED:
            continue
        if each.verdict == Verdict.APPROVED and each.content_hash in refused:
            continue
        for name in each.scope or each.sections:
            text = (name, each.sections.get(name, ""))
            votes[text].add(each.person)
            enough = (
                each.verdict == Verdict.EDITORIAL
                or len(votes[text]) >= policy.approvals
            )
            if enough and text[1] not in accepted.setdefault(name, []):
                accepted[name].append(text[1])
    return accepted


def find_open_sections(page: Any, content: Content) -> list[str]:
    """Return the sections of a text that nobody has reviewed; none where it may be called reviewed.

    Args:
        page: The article, live or made from a revision.
        content: What it says.
    """
    policy = get_policy(page.kind)
    decisions = load_decisions(page.pk)
    if find_review(decisions, content.content_hash, policy):
        return []
    record = ReviewRecord.objects.filter(pk=page.pk).first()
    base = find_review(decisions, record.reviewed_hash, policy) if record else None
    accepted = find_accepted(decisions, base, policy)
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
    record.kind, record.locale = page.kind, page.locale.language_code
    follow_facts(page, record)
    if decisions:
        content = content or hash_page(page)
        record.content_hash, record.sections = content.content_hash, content.sections
        derive(record, decisions)
    if is_new or vars(record) != stored:
        record.save()
    state = build_state(record, requested_on)
    if (state, record.kind) == before:
        return None
    article_states_changed.send(sender=ReviewRecord, page_ids=[page.pk])
    return state


def derive(record: ReviewRecord, decisions: list[Decision]) -> None:
    """Set what follows from the decisions; nothing is saved."""
    policy = get_policy(record.kind)
    present = find_review(decisions, record.content_hash, policy)
    base = present or find_review(decisions, record.reviewed_hash, policy)
    if present:
        record.reviewed_hash = record.content_hash
    if base is None:
        # Whoever approved has taken it back, or more people must approve now: there is no review any more.
        record.reviewed_on = record.base_decision_id = None
        record.reviewer_ids, record.accepted = [], {}
        return
    record.reviewed_on = timezone.localdate(base.decisions[-1].decided_at)
    record.base_decision_id = base.decisions[0].pk
    record.reviewer_ids = base.reviewer_ids
    record.accepted = find_accepted(decisions, base, policy)


def update_live_record(page_id: int) -> None:
    """Derive the record of an article from what the public reads now, if it reads anything."""
    page = get_article(page_id)
    if page is not None and page.live and page.alias_of_id is None:
        update_record(page)
