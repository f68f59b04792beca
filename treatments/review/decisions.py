"""Records what reviewers decide about a text. Everything else follows from these decisions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from treatments.conf import get_conf
from treatments.hashes.content import hash_clinical
from treatments.review.contents import Content, fingerprint_revision
from treatments.review.models import Decision, DecisionHead, Verdict
from treatments.review.people import Actor, explain_authorship, is_known
from treatments.review.policies import get_policy
from treatments.review.records import update_live_record
from treatments.review.texts import lock_article
from treatments.review.votes import APPROVALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wagtail.models import Revision

#: Control characters other than line breaks and tabs, and those that turn the direction of a line.
FORBIDDEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


#: A decision was recorded, in the same transaction. Argument: ``decision``.
decision_recorded = Signal()


class DecisionError(Exception):
    """A decision cannot be recorded; the text says why, for the person who decided."""


class IndependenceError(DecisionError):
    """An author would approve the own text."""


def clean_text(text: str) -> str:
    """Return what somebody wrote, with one kind of line break and without space around it.

    Raises:
        DecisionError: it is too long, or has characters that no text has.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    limit = get_conf().comment_max_length
    if len(text) > limit:
        raise DecisionError(
            _("This text is too long: %(limit)d characters are possible.")
            % {"limit": limit}
        )
    if FORBIDDEN.search(text):
        raise DecisionError(_("This text contains control characters. Remove them."))
    return text


@transaction.atomic
def record_decision(
    revision: Revision,
    page: Any,
    content: Content,
    actor: Actor,
    verdict: Verdict,
    *,
    scope: Sequence[str] = (),
    statement: str = "",
) -> Decision:
    """Record a decision about what a revision says.

    Args:
        revision: What was read.
        page: The page as the revision has it.
        content: What it says, expanded as it was read.
        actor: Who decides.
        verdict: What is decided.
        scope: The sections it is about; none for the whole page.
        statement: What the person says about it.

    Raises:
        IndependenceError: an author would approve the own text.
        DecisionError: the sections are missing or unknown, or the statement is not possible.
    """
    # Before any page: whoever decides about two pages and somebody else about the same two would wait for each other.
    DecisionHead.lock()
    # Two people who decide at once would each see their own decision only, and nobody would go on.
    lock_article(page.pk)
    statement = clean_text(statement)
    scope = list(dict.fromkeys(scope))
    unknown = [name for name in scope if name not in content.sections]
    if unknown:
        raise DecisionError(
            _("There is no section “%(name)s” in this text.") % {"name": unknown[0]}
        )
    if verdict == Verdict.APPROVED_SECTIONS and not scope:
        raise DecisionError(_("Say which sections you approve."))
    if verdict == Verdict.APPROVED and scope:
        raise DecisionError(
            _(
                "An approval of the whole page names no sections. Approve sections instead."
            )
        )
    if verdict == Verdict.CHANGES_REQUESTED and not statement:
        raise DecisionError(_("Say what should change."))
    if verdict in APPROVALS and (reason := explain_authorship(actor, page, revision)):
        raise IndependenceError(reason)
    policy = get_policy(page.kind)
    is_verified = is_known(actor, policy)
    fingerprints = fingerprint_revision(revision)
    decision = Decision.objects.create(
        page_id=page.pk,
        translation_key=page.translation_key,
        revision_id=revision.pk,
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
