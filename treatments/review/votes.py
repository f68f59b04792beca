"""What people think of the text of each section: of what somebody said about it, the last counts.

A text of a section is its name and its hash, so that an objection stays with it whatever is changed elsewhere.
An objection stands until that person approves the text, or is no reviewer any more; nobody else's approval
removes it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from treatments.review.models import Decision, Reviewer, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

#: Name and hash of a section.
Text = tuple[str, str]
APPROVALS = (Verdict.APPROVED, Verdict.APPROVED_SECTIONS)


@dataclass(frozen=True, slots=True)
class Review:
    """A review of one whole text by as many people as were asked for.

    Attributes:
        decisions: The last approval of each person, the oldest first.
        dated_by: The oldest of the newest ones that are enough: the text is as fresh as that.
        refused: The sections that somebody has objected to since.
    """

    decisions: tuple[Decision, ...]
    dated_by: Decision
    refused: frozenset[str] = frozenset()

    @property
    def is_complete(self) -> bool:
        """Tell whether nobody objects to any part of the text."""
        return not self.refused

    @property
    def content_hash(self) -> str:
        """Return the hash of the whole text."""
        return self.dated_by.content_hash

    @property
    def reviewer_ids(self) -> list[int]:
        """Return the contributors who approved."""
        return [
            each.contributor_id
            for each in self.decisions
            if each.contributor_id is not None
        ]


def load_votes(**about: Any) -> list[Decision]:
    """Return decisions, the oldest first, without the objections of people who are no reviewers any more.

    Nobody could answer those.

    Args:
        about: Which decisions, as conditions of a query.
    """
    decisions = list(Decision.objects.filter(**about).order_by("pk"))
    objections = [
        each for each in decisions if each.verdict == Verdict.CHANGES_REQUESTED
    ]
    if not objections:
        return decisions
    keys = Reviewer.objects.values_list("contributor__translation_key", flat=True)
    present = {f"contributor:{key}" for key in keys}
    gone = {each.pk for each in objections if each.person not in present}
    return [each for each in decisions if each.pk not in gone]


def get_texts(decision: Decision) -> set[Text]:
    """Return the texts of all sections that were read for a decision."""
    return set(decision.sections.items())


def get_decided(decision: Decision) -> set[Text]:
    """Return the texts that a decision is about."""
    names = decision.scope or decision.sections
    return {(name, decision.sections.get(name, "")) for name in names}


def find_objections(
    decisions: Iterable[Decision], approvals: int
) -> dict[Text, list[Decision]]:
    """Return the objections that stand, by the texts that they are about.

    An objection without sections is about all of them. Those that another text has, which was reviewed as
    a whole before, are not meant: who turns down a draft says nothing about the article that is public.

    Args:
        decisions: Those that count, the oldest first.
        approvals: How many people make a review.
    """
    last: dict[tuple[str, Text], Decision] = {}
    people: dict[str, set[str]] = defaultdict(set)
    reviewed: dict[str, set[Text]] = {}
    for each in decisions:
        texts = get_decided(each)
        if each.verdict == Verdict.CHANGES_REQUESTED and not each.scope:
            known = [reviewed[key] for key in reviewed if key != each.content_hash]
            texts = texts.difference(*known) or texts
        last |= {(each.person, text): each for text in texts}
        if each.verdict == Verdict.APPROVED:
            people[each.content_hash].add(each.person)
            if len(people[each.content_hash]) >= approvals:
                reviewed[each.content_hash] = texts
    found: dict[Text, list[Decision]] = defaultdict(list)
    for (_person, text), each in last.items():
        if each.verdict == Verdict.CHANGES_REQUESTED:
            found[text].append(each)
    return dict(found)


def find_review(
    decisions: Collection[Decision],
    content_hash: str,
    approvals: int,
    since: datetime | None = None,
) -> Review | None:
    """Return the review of a whole text, or None while there is none.

    An objection to the whole text undoes it. One to some sections leaves it, with these sections refused; what
    is approved after it is no review before it is gone.

    Args:
        decisions: Those that count, the oldest first.
        content_hash: Of the whole text.
        approvals: How many people have to approve it.
        since: Only approvals from then on.
    """
    whole = [
        each
        for each in decisions
        if each.content_hash == content_hash and each.verdict == Verdict.APPROVED
    ]
    if not whole:
        return None
    objections = find_objections(decisions, approvals)
    refused = {text: objections[text] for text in get_texts(whole[0]) if text in objections}  # fmt: skip
    against = [each for found in refused.values() for each in found]
    if any(not each.scope and each.content_hash == content_hash for each in against):
        return None
    people = {
        each.person: each
        for each in whole
        if (since is None or each.decided_at >= since)
        and all(each.pk < objection.pk for objection in against)
    }
    if len(people) < approvals:
        return None
    kept = tuple(sorted(people.values(), key=get_place))
    return Review(kept, kept[-approvals], frozenset(name for name, _hash in refused))


def get_place(decision: Decision) -> int:
    """Return where a decision stands in the order in which they were made."""
    return decision.pk


def find_accepted(
    decisions: Collection[Decision], base: Review | None, approvals: int
) -> dict[str, list[str]]:
    """Return which texts of each section were reviewed since the last review began, that review included."""
    if base is None:
        return {}
    objections = find_objections(decisions, approvals)
    texts = dict.fromkeys(base.dated_by.sections.items())
    people: dict[Text, set[str]] = defaultdict(set)
    for each in decisions:
        is_early = each.pk <= base.decisions[0].pk
        if is_early or each.verdict == Verdict.CHANGES_REQUESTED:
            continue
        for text in sorted(get_decided(each)):
            people[text].add(each.person)
            if each.verdict == Verdict.EDITORIAL or len(people[text]) >= approvals:
                texts[text] = None
    accepted: dict[str, list[str]] = {}
    for name, digest in texts:
        found = accepted.setdefault(name, [])
        if (name, digest) not in objections:
            found.append(digest)
    return accepted


def find_renewal(
    decisions: Collection[Decision], text: Text, approvals: int, since: datetime
) -> Decision | None:
    """Return the decision with which enough people have approved the text of a section since then, or None."""
    if text in find_objections(decisions, approvals):
        return None
    people = {
        each.person: each
        for each in decisions
        if each.verdict in APPROVALS
        and each.decided_at >= since
        and text in get_decided(each)
    }
    kept = sorted(people.values(), key=get_place)
    return kept[-1] if len(kept) >= approvals else None
