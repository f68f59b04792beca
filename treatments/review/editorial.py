"""Whether what was changed since the last review concerns nobody's treatment, so that it may be waved through.

What is clinical is said where the blocks are: ``clinically_significant``, which is true unless a block, or a field in a
block, says otherwise, and ``treatments.fingerprints.EDITORIAL_FIELDS`` for what stands outside of blocks. A section
that reads differently although nothing in it was edited, since a definition or a reference has changed, is clinical.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from treatments.api.content_hash import ABOUT, ORDER, OWN_SECTIONS
from treatments.fingerprints import Fingerprints, build_fingerprints, get_owner
from treatments.review.decisions import DecisionError, record_decision
from treatments.review.models import Decision, ReviewRecord, Verdict
from treatments.review.people import get_user_actor
from treatments.review.records import find_open_sections
from treatments.review.sections import name_sections

if TYPE_CHECKING:
    from collections.abc import Collection

    from wagtail.models import Revision

    from treatments.review.contents import Content


class ClinicalChangeError(DecisionError):
    """The change may concern somebody's treatment."""


def find_clinical_sections(
    page: Any, revision: Revision, open_sections: Collection[str]
) -> list[str]:
    """Return those of the open sections that cannot be waved through.

    Args:
        page: The page as the revision has it.
        revision: What is to be published.
        open_sections: What of it nobody has reviewed.
    """
    reviewed = load_reviewed(page.pk)
    if reviewed is None:
        return list(open_sections)
    present = build_fingerprints(type(page), revision.content)
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
    # Nothing was edited in a section that reads differently: something that it contains has changed.
    return [name for name in open_sections if changed.get(name, True)]


def load_reviewed(page_id: int) -> Fingerprints | None:
    """Return the fingerprints of the last text that was reviewed or waved through as a whole."""
    record = ReviewRecord.objects.filter(pk=page_id).first()
    if record is None or record.base_decision_id is None:
        return None
    decision = (
        Decision.objects.filter(
            page_id=page_id, is_clinical=True, pk__gte=record.base_decision_id
        )
        .filter(verdict__in=(Verdict.APPROVED, Verdict.EDITORIAL))
        .order_by("-pk")
        .first()
    )
    return Fingerprints.from_json(decision.fingerprints) if decision else None


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


@transaction.atomic
def wave_through(
    revision: Revision, page: Any, content: Content, user: Any, statement: str
) -> Decision:
    """Record that a change is merely editorial; it is published without a review then.

    Raises:
        ClinicalChangeError: it may concern somebody's treatment.
        DecisionError: there is nothing to wave through, or no reason is given.
    """
    open_sections = find_open_sections(page, content)
    if not open_sections:
        raise DecisionError(_("Everything in this text was reviewed already."))
    if not statement.strip():
        raise DecisionError(_("Say what was changed, and why it concerns nobody."))
    clinical = find_clinical_sections(page, revision, open_sections)
    if clinical:
        names = ", ".join(name_sections(clinical, content.titles))
        raise ClinicalChangeError(
            _("This may concern somebody’s treatment and needs a review: %(sections)s.")
            % {"sections": names}
        )
    return record_decision(
        revision,
        page,
        content,
        get_user_actor(user),
        Verdict.EDITORIAL,
        scope=open_sections,
        statement=statement,
    )
