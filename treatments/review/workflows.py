"""What happens in a clinical review that is part of a workflow."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.permissions import policy_registry

from treatments.publishing import PublicationRefusedError
from treatments.review.contents import Content, hash_revision, recognize
from treatments.review.decisions import DecisionError, record_decision
from treatments.review.editorial import find_clinical_sections, wave_through
from treatments.review.models import ClinicalReviewTask, Verdict
from treatments.review.models.tasks import is_article
from treatments.review.people import explain_authorship, get_user_actor
from treatments.review.records import find_open_sections
from treatments.review.votes import find_review, load_votes

if TYPE_CHECKING:
    from wagtail.models import Revision

logger = logging.getLogger(__name__)
APPROVE, REJECT, EDITORIAL = "approve", "reject", "editorial"
LABELS = {
    APPROVE: gettext_lazy("Approve this text"),
    REJECT: gettext_lazy("Request changes"),
    EDITORIAL: gettext_lazy("Wave through as editorial"),
}


class ReviewRefusedError(PermissionDenied):
    """Somebody may not decide this; the text says why."""


def find_actions(
    task: ClinicalReviewTask, page: Any, user: Any
) -> list[tuple[str, Any, bool]]:
    """Return name, label and whether words are asked for, of what a user may do now."""
    if not is_article(page):
        actions = [REJECT, APPROVE] if may_publish(page, user) else []
        return [(name, LABELS[name], name != APPROVE) for name in actions]
    revision = page.get_latest_revision()
    if revision is None:
        return []
    draft = revision.as_object()
    actions = []
    if task.is_for(user):
        actions.append(REJECT)
        if not explain_authorship(get_user_actor(user), draft, revision):
            actions.append(APPROVE)
    if page.permissions_for_user(user).can_publish() and is_editorial(revision, draft):
        actions.append(EDITORIAL)
    return [(name, LABELS[name], name != APPROVE) for name in actions]


def may_publish(obj: Any, user: Any) -> bool:
    """Tell whether a user answers for what the public gets of a page or a snippet."""
    policy = policy_registry.get_by_type(type(obj))
    return policy.user_has_permission_for_instance(user, "publish", obj)


def is_editorial(revision: Revision, draft: Any) -> bool:
    """Tell whether what was changed since the last review may be waved through."""
    content = hash_revision(revision)
    open_sections = find_open_sections(draft, content)
    return bool(open_sections) and not find_clinical_sections(
        draft, revision, content, open_sections
    )


def perform(
    task: ClinicalReviewTask,
    task_state: TaskState,
    user: Any,
    action: str,
    comment: str,
) -> None:
    """Record a decision about the latest draft, which is what would be published.

    What is no article has no reviews: the task just ends.

    Raises:
        ReviewRefusedError: the user may not decide this, or not so.
    """
    page: Any = task_state.workflow_state.content_object
    allowed = {name for name, *_rest in find_actions(task, page, user)}
    if not is_article(page):
        if action not in allowed:
            raise ReviewRefusedError(_("You may not decide this."))
        end = task_state.approve if action == APPROVE else task_state.reject
        end(user=user, comment=comment)
        return
    revision = page.get_latest_revision()
    draft = revision.as_object()
    if action not in allowed:
        reason = explain_authorship(get_user_actor(user), draft, revision)
        raise ReviewRefusedError(reason or _("You may not decide this."))
    content = hash_revision(revision)
    try:
        if action == EDITORIAL:
            wave_through(revision, draft, content, user, comment)
        else:
            is_approval = action == APPROVE
            record_decision(
                revision,
                draft,
                content,
                get_user_actor(user),
                Verdict.APPROVED if is_approval else Verdict.CHANGES_REQUESTED,
                statement=comment,
            )
    except DecisionError as error:
        raise ReviewRefusedError(str(error)) from error
    # The decision may have finished the task already.
    task_state.refresh_from_db()
    if task_state.status != TaskState.STATUS_IN_PROGRESS:
        return
    if action == REJECT:
        task_state.reject(user=user, comment=comment)
    elif action == EDITORIAL:
        approve(task_state, user, comment)


def is_approved(task: ClinicalReviewTask, page: Any, content: Content) -> bool:
    """Tell whether enough people with the role of a task have approved a whole text, and nobody of them objects."""
    decisions = load_votes(page_id=page.pk, role=task.role, is_verified=True)
    decisions = recognize(decisions, content)
    review = find_review(decisions, content.content_hash, task.approvals)
    return review is not None and review.is_complete


def advance(page_id: int, user: Any = None, comment: str = "") -> None:
    """Go on in the workflow of an article whose clinical review is complete now.

    Only where the latest draft says what was approved: nothing else may be published by it. When the policy
    asks for more than the task does, the decision stands and the task waits.
    """
    page = Page.objects.filter(pk=page_id).first()
    if page is None or not is_article(page):
        return
    state = page.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS:
        return
    task_state = state.current_task_state
    task = task_state.task.specific if task_state else None
    if (
        not isinstance(task, ClinicalReviewTask)
        or task_state.status != TaskState.STATUS_IN_PROGRESS
    ):
        return
    revision = page.get_latest_revision()
    if revision and is_approved(task, page, hash_revision(revision)):
        try:
            with transaction.atomic():
                approve(task_state, user, comment)
        except PublicationRefusedError as error:
            logger.info("Page %s is approved and not published: %s", page_id, error)


def approve(task_state: TaskState, user: Any, comment: str) -> None:
    """End a task, and go on. What the last task publishes is published by the workflow itself.

    Whoever reviews need not have the right to publish; a guest has no account at all.
    """
    task_state.approve(user=user, comment=comment, update=False)
    state = task_state.workflow_state
    state.refresh_from_db()
    page: Any = state.content_object
    may_publish = user is not None and page.permissions_for_user(user).can_publish()
    state.update(user=user if may_publish else None)
    # The next task can be a clinical review too.
    advance(page.pk)
