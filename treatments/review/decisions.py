"""Records what reviewers decide about a text. Everything else follows from these decisions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from snippets.lines import normalize_text, shows_nothing
from treatments.conf import get_conf
from treatments.hashes.content import hash_clinical
from treatments.review.contents import fingerprint_revision
from treatments.review.editorial import find_editorial_sections
from treatments.review.models import Decision, DecisionHead, Verdict
from treatments.review.people import Actor, explain_authorship, is_known
from treatments.review.policies import get_policy
from treatments.review.records import update_live_record
from treatments.review.refusals import DecisionError, IndependenceError
from treatments.review.texts import Text, lock_text
from treatments.review.votes import APPROVALS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

#: Control characters other than line breaks and tabs, and those that turn the direction of a line.
FORBIDDEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


#: A decision was recorded, in the same transaction. Argument: ``decision``.
decision_recorded = Signal()


def clean_text(text: str, field: str) -> str:
    """Return what somebody wrote in a field, with one kind of line break and without space around it.

    What shows nothing, such as a single zero-width space, is empty.

    Raises:
        DecisionError: it is too long, or has characters that no text has.
    """
    text = normalize_text(text).strip()
    limit = get_conf().comment_max_length
    if len(text) > limit:
        raise DecisionError(
            _("This text is too long: %(limit)d characters are possible.")
            % {"limit": limit},
            field,
        )
    if FORBIDDEN.search(text):
        message = _("This text contains control characters. Remove them.")
        raise DecisionError(message, field)
    return "" if shows_nothing(text) else text


@transaction.atomic
def decide(
    page_id: int,
    actor: Actor,
    verdict: Verdict,
    shown_hash: str,
    *,
    scope: Sequence[str] = (),
    statement: str = "",
    read: Callable[[int | None], Text | None] | None = None,
) -> Decision:
    """Record what somebody decides about the very text that was shown, which nobody changes meanwhile.

    Args:
        page_id: The article.
        actor: Who decides.
        verdict: What is decided.
        shown_hash: ``Content.content_hash`` of the text that was shown.
        scope: The sections it is about; none for the whole page. What is editorial is found.
        statement: What the person says about it.
        read: From the id of the latest revision to what the person sees now; by default that revision.

    Raises:
        OutdatedTextError: the text says something else now.
        IndependenceError: an author would approve the own text.
        DecisionError: the sections are missing or unknown, the statement is not possible, or the change is clinical.
    """
    # Before any page: whoever decides about two pages and somebody else about the same two would wait for each other.
    DecisionHead.lock()
    # Two people who decide at once would each see their own decision only, and nobody would go on.
    text = lock_text(page_id, shown_hash, read)
    statement = clean_text(statement, "statement")
    if verdict == Verdict.EDITORIAL:
        scope = find_editorial_sections(text, statement)
    check_scope(verdict, scope, text.content.sections)
    scope = list(dict.fromkeys(scope))
    if verdict == Verdict.CHANGES_REQUESTED and not statement:
        raise DecisionError(_("Say what should change."), "statement")
    if verdict in APPROVALS and (
        reason := explain_authorship(actor, text.draft, text.revision)
    ):
        raise IndependenceError(reason)
    return write_decision(text, actor, verdict, scope, statement)


def check_scope(
    verdict: Verdict, scope: Collection[str], sections: Collection[str]
) -> None:
    """Refuse a decision about no section of a text, or about sections where it has to be the whole.

    Raises:
        DecisionError: the sections are missing, unknown or not possible.
    """
    for index, name in enumerate(scope):
        if name not in sections:
            raise DecisionError(
                _("There is no section “%(name)s” in this text.") % {"name": name},
                "sections",
                index,
            )
    if verdict == Verdict.APPROVED_SECTIONS and not scope:
        raise DecisionError(_("Say which sections you approve."), "sections")
    if verdict == Verdict.APPROVED and scope:
        raise DecisionError(
            _(
                "An approval of the whole page names no sections. Approve sections instead."
            ),
            "sections",
        )


def write_decision(
    text: Text, actor: Actor, verdict: Verdict, scope: list[str], statement: str
) -> Decision:
    """Write a decision that may be made, and do what follows from it."""
    page, content = text.draft, text.content
    policy = get_policy(page.kind)
    is_verified = is_known(actor, policy)
    fingerprints = fingerprint_revision(text.revision)
    decision = Decision.objects.create(
        page_id=page.pk,
        translation_key=page.translation_key,
        revision_id=text.revision.pk,
        locale=page.locale.language_code,
        verdict=verdict,
        content_hash=content.content_hash,
        sections=content.sections,
        scope=scope,
        person=actor.person,
        user_id=actor.user_id,
        link_id=actor.link_id,
        sharer_id=actor.sharer_id,
        contributor_id=actor.contributor_id,
        name=actor.name,
        role=actor.role,
        credentials=actor.credentials,
        statement=statement,
        is_verified=is_verified,
        is_clinical=verdict == Verdict.EDITORIAL
        or (is_verified and actor.role in policy.roles),
        fingerprints=fingerprints.to_json(),
        clinical_sections=hash_clinical(content.document, fingerprints.editorial),
        decided_at=timezone.now(),
    )
    update_live_record(page.pk)
    decision_recorded.send(sender=Decision, decision=decision)
    return decision
