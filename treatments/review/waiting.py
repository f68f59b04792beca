"""What the clinical review of a text waits for: somebody who objects, or a draft of something that the text contains.

A guest reads the drafts of the terms and references that a text uses. What is approved so counts as soon as
readers would get it so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, TaskState

from treatments.review.models import ClinicalReviewTask, Decision, Verdict
from treatments.review.policies import get_policy
from treatments.review.records import load_decisions
from treatments.review.votes import find_objections

if TYPE_CHECKING:
    from wagtail.models import Revision

    from treatments.review.contents import Content


@dataclass(frozen=True, slots=True)
class Awaited:
    """A decision for which a text is not in order yet.

    Attributes:
        decision: The decision.
        sections: The sections that it is about.
    """

    decision: Decision
    sections: list[str]


def find_opposed(page: Any, content: Content) -> list[Awaited]:
    """Return the objections that stand against a text, with their sections."""
    approvals = get_policy(page.kind).approvals
    objections = find_objections(load_decisions(page.pk), approvals)
    found: dict[int, Awaited] = {}
    for name, digest in content.sections.items():
        for each in objections.get((name, digest), ()):
            found.setdefault(each.pk, Awaited(each, [])).sections.append(name)
    return list(found.values())


def find_early(page: Any, revision: Revision, content: Content) -> list[Awaited]:
    """Return the approvals of this very revision that were given to drafts of what it contains.

    Args:
        page: The article.
        revision: Its latest revision.
        content: What the revision says to readers now.
    """
    found = []
    for each in load_decisions(page.pk):
        is_approval = each.verdict == Verdict.APPROVED
        if is_approval and each.revision_id == revision.pk:
            names = [
                name
                for name, digest in content.sections.items()
                if each.sections.get(name) != digest
            ]
            found += [Awaited(each, names)] if names else []
    return found


def find_waiting() -> list[int]:
    """Return the articles in a clinical review whose latest revision somebody has approved already."""
    task_type = ContentType.objects.get_for_model(ClinicalReviewTask)
    states = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS, task__content_type=task_type
    )
    ids = states.values_list("workflow_state__object_id", flat=True)
    pages = Page.objects.filter(pk__in=[int(pk) for pk in ids if pk.isdecimal()])
    latest = dict(pages.values_list("latest_revision_id", "pk"))
    approved = Decision.objects.filter(
        revision_id__in=latest, verdict=Verdict.APPROVED, is_verified=True
    )
    found = approved.order_by().values_list("revision_id", flat=True).distinct()
    return sorted(latest[revision_id] for revision_id in found)
