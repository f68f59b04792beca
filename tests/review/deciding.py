"""Decides about drafts: on record, and in the tasks of a workflow."""

from __future__ import annotations

from typing import Any

from wagtail.models import Workflow, WorkflowTask

from treatments.review import decisions
from treatments.review.contents import hash_revision
from treatments.review.models import ClinicalReviewTask, Decision, Verdict
from treatments.review.models.tasks import is_article
from treatments.review.people import get_user_actor
from treatments.review.showing import note_shown
from treatments.review.texts import load_text


def decide(
    page: Any,
    user: Any,
    verdict: Verdict = Verdict.APPROVED,
    shown: str = "",
    **kwargs,
) -> Decision:
    """Record what an account decides about the latest draft, by default as it is shown now."""
    shown = shown or hash_revision(page.get_latest_revision()).content_hash
    return decisions.decide(page.pk, get_user_actor(user), verdict, shown, **kwargs)


def act(task: Any, state: Any, user: Any, action: str, comment: str = "") -> Any:
    """Act in a task as somebody does who was shown the latest draft."""
    page_id = int(state.workflow_state.object_id)
    if not isinstance(task, ClinicalReviewTask):
        note_shown(user, page_id)
        return task.on_action(state, user, action, comment=comment)
    shown = ""
    if is_article(state.workflow_state.content_object):
        text = load_text(page_id)
        shown = text.content.content_hash if text else ""
    return task.on_action(state, user, action, comment=comment, content_hash=shown)


def start(page: Any, *tasks: Any, user: Any = None) -> Any:
    """Send an article through a workflow of some tasks."""
    workflow = Workflow.objects.create(name="Review")
    for number, task in enumerate(tasks):
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=number)
    workflow.start(page, user)
    page = type(page).objects.get(pk=page.pk)
    return page, page.current_workflow_task_state
