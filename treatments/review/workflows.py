"""What happens in a clinical review that is part of a workflow."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page, TaskState
from wagtail.permissions import policy_registry

from treatments.ports.publication import PublicationRefusedError
from treatments.review import decisions
from treatments.review.contents import hash_revision
from treatments.review.editorial import find_clinical_sections
from treatments.review.models import ClinicalReviewTask, Verdict
from treatments.review.models.tasks import is_article
from treatments.review.people import explain_authorship, get_user_actor
from treatments.review.records import find_open_sections
from treatments.review.refusals import DecisionError, OutdatedTextError
from treatments.review.reopening import is_approved
from treatments.review.showing import UnseenTextError, is_shown, note_shown
from treatments.review.texts import lock_article, lock_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wagtail.models import Revision

    from treatments.review.models import Decision

logger = logging.getLogger(__name__)
APPROVE, REJECT, EDITORIAL = "approve", "reject", "editorial"
#: What is offered where the text is not shown.
DECIDE = "decide"
LABELS = {
    APPROVE: gettext_lazy("Approve"),
    REJECT: gettext_lazy("Request changes"),
    DECIDE: gettext_lazy("Read the text and decide"),
}
VERDICTS = {
    APPROVE: Verdict.APPROVED,
    REJECT: Verdict.CHANGES_REQUESTED,
    EDITORIAL: Verdict.EDITORIAL,
}


class ReviewRefusedError(PermissionDenied):
    """Somebody may not decide this; the text says why."""


def find_actions(
    task: ClinicalReviewTask, page: Any, user: Any
) -> list[tuple[str, Any, bool]]:
    """Return name, label and whether a window opens, of what a user may do where Wagtail lists tasks.

    The text of an article is not shown there: all that can be done is to open it.
    """
    if is_article(page):
        return [(DECIDE, LABELS[DECIDE], True)] if task.is_for(user) else []
    actions = [REJECT, APPROVE] if may_publish(page, user) else []
    return [(name, LABELS[name], name != APPROVE) for name in actions]


def find_decisions(task: ClinicalReviewTask, page: Any, user: Any) -> list[str]:
    """Return what a user may decide about the latest draft of an article in a task."""
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
    return actions


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
    comment: str = "",
    content_hash: str = "",
) -> str | None:
    """Do what somebody asks for in a task; return where to go on, if anywhere.

    Args:
        task: The task.
        task_state: What waits in it.
        user: Who acts.
        action: One of ``find_actions`` or, with a hash, of ``find_decisions``.
        comment: What the user says.
        content_hash: ``Content.content_hash`` of the text that the user was shown.

    Raises:
        ReviewRefusedError: the user may not decide this, or not so; the text was not shown, or has changed.
    """
    page: Any = task_state.workflow_state.content_object
    if not is_article(page):
        if action not in {name for name, *_rest in find_actions(task, page, user)}:
            raise ReviewRefusedError(_("You may not decide this."))
        end = task_state.approve if action == APPROVE else task_state.reject
        end(user=user, comment=comment)
        return None
    if action == DECIDE:
        return reverse("treatments_review:page", args=[page.pk])
    if not content_hash and is_shown(user, page.pk):
        # The editor has just saved another text with the approval of a later task: that went back to this one.
        return None
    if action not in find_decisions(task, page, user):
        revision = page.get_latest_revision()
        reason = explain_authorship(
            get_user_actor(user), revision.as_object(), revision
        )
        raise ReviewRefusedError(reason or _("You may not decide this."))
    if not content_hash:
        raise ReviewRefusedError(str(UnseenTextError()))
    try:
        decide(page.pk, user, VERDICTS[action], content_hash, statement=comment)
    except (DecisionError, OutdatedTextError) as error:
        raise ReviewRefusedError(str(error)) from error
    return None


def decide(
    page_id: int,
    user: Any,
    verdict: Verdict,
    shown_hash: str,
    *,
    scope: Sequence[str] = (),
    statement: str = "",
) -> Decision:
    """Record what a user decides about the latest draft of an article, and go on in its workflow.

    Args:
        page_id: The article.
        user: Who decides.
        verdict: What is decided.
        shown_hash: ``Content.content_hash`` of the text that the user was shown.
        scope: The sections it is about; none for the whole page.
        statement: What the user says about it.

    Raises:
        OutdatedTextError: the draft says something else now.
        DecisionError: the user may not decide this, or not so.
    """
    with transaction.atomic():
        decision = decisions.decide(
            page_id,
            get_user_actor(user),
            verdict,
            shown_hash,
            scope=scope,
            statement=statement,
        )
        end_task(page_id, user, decision)
    return decision


def end_task(page_id: int, user: Any, decision: Decision) -> None:
    """End the clinical review that an article is in, where a decision other than an approval does so.

    An approval is counted by ``advance``.
    """
    task_state = find_clinical_state(page_id)
    if task_state is None:
        return
    if decision.verdict == Verdict.EDITORIAL:
        approve(task_state, user, decision.statement)
    elif decision.verdict == Verdict.CHANGES_REQUESTED:
        task: Any = task_state.task.specific
        if task.is_for(user):
            task_state.reject(user=user, comment=decision.statement)


def find_clinical_state(page_id: int) -> TaskState | None:
    """Return the clinical review that waits for an article; None where none does."""
    page = Page.objects.filter(pk=page_id).first()
    task_state = page.current_workflow_task_state if page else None
    is_waiting = (
        task_state is not None
        and task_state.status == TaskState.STATUS_IN_PROGRESS
        and isinstance(task_state.task.specific, ClinicalReviewTask)
    )
    return task_state if is_waiting else None


def act_in_task(
    page_id: int, user: Any, action: str, shown_hash: str, comment: str = ""
) -> None:
    """Approve or reject an article in a task that is no clinical review, as its text was shown.

    Args:
        page_id: The article.
        user: Who acts.
        action: One of the task.
        shown_hash: ``Content.content_hash`` of the text that the user was shown.
        comment: What the user says.

    Raises:
        OutdatedTextError: the draft says something else now.
        ReviewRefusedError: the task does not wait for this user.
        PublicationRefusedError: the approval would publish what was not reviewed.
    """
    with transaction.atomic():
        lock_text(page_id, shown_hash)
        page = Page.objects.get(pk=page_id)
        task, task_state = page.current_workflow_task, page.current_workflow_task_state
        if task is None or action not in find_other_actions(page, task, user):
            raise ReviewRefusedError(_("You may not decide this."))
        note_shown(user, page_id)
        task.on_action(task_state, user, action, comment=comment)


def find_other_actions(page: Any, task: Any, user: Any) -> list[str]:
    """Return what a user may do with an article in a task that is no clinical review: to approve, to reject."""
    if task is None or isinstance(task, ClinicalReviewTask):
        return []
    names = {name for name, *_rest in task.get_actions(page, user)}
    return [name for name in (APPROVE, REJECT) if name in names]


def advance(page_id: int, user: Any = None, comment: str = "") -> None:
    """Go on in the workflow of an article whose clinical review is complete now.

    Only where the latest draft says what was approved: nothing else may be published by it. When the policy
    asks for more than the task does, the decision stands and the task waits.
    """
    with transaction.atomic():
        # Else a text could be published that was saved while this one was looked at.
        lock_article(page_id)
        task_state = find_clinical_state(page_id)
        page = Page.objects.filter(pk=page_id).first()
        if task_state is None or page is None or not is_article(page):
            return
        task: Any = task_state.task.specific
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
