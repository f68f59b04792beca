"""Whether what was changed since the last review concerns nobody's treatment, so that it may be waved through.

What is clinical is said where the blocks are: ``clinically_significant``, which is true unless a block, or a field in a
block, says otherwise, and ``treatments.hashes.raw.EDITORIAL_FIELDS`` for what stands outside of blocks. A section
that reads differently although nothing in it was edited, since a definition or a reference has changed, is clinical;
so is one in which such a thing has changed beside an edit, and one that somebody has objected to since.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from treatments.article_fields import ABOUT, OWN_SECTIONS
from treatments.hashes.content import ORDER, hash_clinical
from treatments.hashes.raw import Fingerprints, get_owner
from treatments.review.contents import fingerprint_revision, name_sections
from treatments.review.models import Decision, ReviewRecord, Verdict
from treatments.review.policies import get_policy
from treatments.review.records import find_open_sections, load_decisions
from treatments.review.refusals import ClinicalChangeError, DecisionError
from treatments.review.votes import find_accepted, find_objections, find_review

if TYPE_CHECKING:
    from collections.abc import Collection

    from wagtail.models import Revision

    from treatments.review.contents import Content
    from treatments.review.texts import Text


def find_clinical_sections(
    page: Any, revision: Revision, content: Content, open_sections: Collection[str]
) -> list[str]:
    """Return those of the open sections that cannot be waved through.

    Args:
        page: The page as the revision has it.
        revision: What is to be published.
        content: What it says.
        open_sections: What of it nobody has reviewed.
    """
    approvals = get_policy(page.kind).approvals
    decisions = load_decisions(page.pk)
    former = find_former(page.pk, decisions, approvals)
    if former is None:
        return list(open_sections)
    reviewed = Fingerprints.from_json(former.fingerprints)
    present = fingerprint_revision(revision)
    sections = map_keys(revision.content)
    changed: dict[str, bool] = {}
    for key in {*present.digests, *reviewed.digests}:
        if present.digests.get(key) == reviewed.digests.get(key):
            continue
        known = present if key in present.digests else reviewed
        name = sections.get(
            get_owner(key), ORDER if key not in present.digests else ABOUT
        )
        changed[name] = changed.get(name, False) or key not in known.editorial
    hashes = hash_clinical(content.document, present.editorial)
    refused = {
        name
        for (name, digest), found in find_objections(decisions, approvals).items()
        if digest == content.sections.get(name)
        or any(each.pk > former.pk for each in found)
    }
    return [
        name
        for name in open_sections
        # Nothing was edited in a section that reads differently: something that it contains has changed.
        if changed.get(name, True)
        or hashes.get(name) != former.clinical_sections.get(name)
        or name in refused
    ]


def find_former(
    page_id: int, decisions: Collection[Decision], approvals: int
) -> Decision | None:
    """Return a decision about the last text in which every section is in order by what was decided until now.

    Args:
        page_id: The article.
        decisions: Those that count, the oldest first.
        approvals: How many people the policy asks for.
    """
    record = ReviewRecord.objects.filter(pk=page_id).first()
    if record is None or record.base_decision_id is None:
        return None
    base = find_review(decisions, record.reviewed_hash, approvals)
    accepted = find_accepted(decisions, base, approvals)
    in_order = [
        each
        for each in decisions
        if each.verdict != Verdict.CHANGES_REQUESTED
        and all(
            digest in accepted.get(name, ()) for name, digest in each.sections.items()
        )
    ]
    return in_order[-1] if in_order else base.decisions[-1] if base else None


def map_keys(content: dict[str, Any]) -> dict[str, str]:
    """Return the section of each key of the fingerprints of a revision; what is about the rest is left out."""
    sections = {"body": ORDER}
    for name in OWN_SECTIONS:
        sections[name] = name
        sections |= dict.fromkeys(find_ids(read_stream(content.get(name))), name)
    for section in read_stream(content.get("body")):
        sections |= dict.fromkeys(find_ids(section), section.get("id", ABOUT))
    return sections


def read_stream(value: Any) -> list[Any]:
    """Return the blocks of a stream in a revision; none of another value."""
    if isinstance(value, str) and value.startswith("["):
        return json.loads(value)
    return value if isinstance(value, list) else []


def find_ids(value: Any) -> set[str]:
    """Return the ids of all blocks in a value, its own among them."""
    found: set[str] = set()
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if isinstance(each.get("id"), str):
                found.add(each["id"])
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return found


def find_editorial_sections(text: Text, statement: str) -> list[str]:
    """Return what of a text is waved through: all sections that nobody has reviewed.

    Raises:
        ClinicalChangeError: one of them may concern somebody's treatment.
        DecisionError: there is nothing to wave through, or no reason is given.
    """
    open_sections = find_open_sections(text.draft, text.content)
    if not open_sections:
        raise DecisionError(_("Everything in this text was reviewed already."))
    if not statement:
        message = _("Say what was changed, and why it concerns nobody.")
        raise DecisionError(message, "statement")
    clinical = find_clinical_sections(
        text.draft, text.revision, text.content, open_sections
    )
    if clinical:
        names = ", ".join(name_sections(clinical, text.content.titles))
        raise ClinicalChangeError(
            _("This may concern somebody’s treatment and needs a review: %(sections)s.")
            % {"sections": names}
        )
    return open_sections
