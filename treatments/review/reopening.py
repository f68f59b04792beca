"""Begins a clinical review anew where another text was saved after it: what follows in the workflow waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, TaskState, WorkflowState, WorkflowTask

from treatments.review.contents import Content, hash_revision, recognize
from treatments.review.models import ClinicalReviewTask, Decision, Verdict
from treatments.review.models.tasks import is_article
from treatments.review.votes import find_review, load_votes

if TYPE_CHECKING:
    from collections.abc import Iterable


def is_approved(task: ClinicalReviewTask, page: Any, content: Content) -> bool:
    """Tell whether enough people with the role of a task have approved a whole text, and nobody of them objects."""
    decisions = load_votes(page_id=page.pk, role=task.role, is_verified=True)
    decisions = recognize(decisions, content)
    review = find_review(decisions, content.content_hash, task.approvals)
    return review is not None and review.is_complete


def is_settled(task: ClinicalReviewTask, page: Any, content: Content) -> bool:
    """Tell whether a task needs nobody for a text: it is approved, or was waved through as editorial."""
    waved = Decision.objects.filter(page_id=page.pk, verdict=Verdict.EDITORIAL)
    return is_approved(task, page, content) or any(
        each.content_hash == content.content_hash
        for each in recognize(list(waved), content)
    )


def find_finished(state: WorkflowState) -> list[ClinicalReviewTask]:
    """Return the clinical reviews of a workflow that were finished before its present task, in their order."""
    approved = TaskState.objects.filter(
        workflow_state=state, status=TaskState.STATUS_APPROVED
    )
    places = WorkflowTask.objects.filter(
        workflow_id=state.workflow_id, task__in=approved.values("task_id")
    )
    tasks = [each.task.specific for each in places.select_related("task")]
    return [each for each in tasks if isinstance(each, ClinicalReviewTask)]


def reopen(state: WorkflowState) -> bool:
    """Go back in a workflow to the first clinical review that another text has ended; tell whether there was one.

    What was approved after it was approved with the former text, and is asked for again too.
    """
    if state.status != WorkflowState.STATUS_IN_PROGRESS:
        return False
    finished = find_finished(state)
    page: Any = Page.objects.filter(pk=state.object_id).first() if finished else None
    if page is None or not is_article(page):
        return False
    revision = page.get_latest_revision()
    content = hash_revision(revision) if revision else None
    outdated = [
        task for task in finished if content and not is_settled(task, page, content)
    ]
    if not outdated:
        return False
    restart(state, outdated[0])
    return True


@transaction.atomic
def restart(state: WorkflowState, task: ClinicalReviewTask) -> None:
    """Begin a workflow anew at one of its tasks."""
    places = WorkflowTask.objects.filter(workflow_id=state.workflow_id)
    own = places.get(task_id=task.pk)
    later = places.filter(sort_order__gte=own.sort_order or 0).values("task_id")
    ended: Iterable[str] = (TaskState.STATUS_APPROVED, TaskState.STATUS_IN_PROGRESS)
    TaskState.objects.filter(
        workflow_state=state, task__in=later, status__in=ended
    ).update(status=TaskState.STATUS_CANCELLED, finished_at=timezone.now())
    # Not what was loaded with it: the page has another revision now.
    state.content_object = Page.objects.get(pk=state.object_id)
    state.current_task_state = task.start(state)
    state.save()


def reopen_workflow_of(page: Any) -> None:
    """Go back in the workflow of an article of which another text was saved."""
    state = page.current_workflow_state
    if state is not None:
        reopen(state)
