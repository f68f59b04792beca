"""Follows what is published: keeps the records of the reviews in step with what the public reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models.signals import post_delete, post_save, pre_save
from wagtail.models import CommentReply, Page, TaskState, WorkflowState
from wagtail.signals import (
    page_published,
    published,
    task_approved,
    task_submitted,
    workflow_submitted,
)

from snippets.models import Reference
from treatments.content.lookups import get_article_models
from treatments.models import TreatmentArticleMixin
from treatments.ports.followups import follow_up
from treatments.ports.publication import (
    find_passage,
    register_publication_check,
    register_publication_warning,
)
from treatments.review.authors import note_conversion, note_copy
from treatments.review.comments import follow_reply, keep_places
from treatments.review.decisions import decision_recorded
from treatments.review.models import Decision, ReviewRecord, Verdict
from treatments.review.notifications import ReviewersNotifier
from treatments.review.policies import refuses_anything
from treatments.review.publications import check_publication, find_warning, guard_save
from treatments.review.records import update_live_record, update_record
from treatments.review.reopening import reopen, reopen_workflow_of
from treatments.review.ripple import follow_reference, follow_removal, note_status
from treatments.review.showing import guard_task
from treatments.review.waiting import find_waiting
from treatments.review.workflows import advance
from treatments.signals import choices_removed, document_published

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treatments.signals import DocumentEvent

#: The attribute of a page that was just saved: the id of the revision that its record is derived from.
NOTED = "_noted_revision_id"


def connect() -> None:
    """Connect the signals; called when all models are loaded."""
    uid = "treatments.review"
    page_published.connect(handle_published, dispatch_uid=uid)
    post_delete.connect(handle_deleted, sender=Page, dispatch_uid=uid)
    document_published.connect(handle_document, dispatch_uid=uid)
    decision_recorded.connect(handle_decision, dispatch_uid=uid)
    post_save.connect(follow_reply, sender=CommentReply, dispatch_uid=uid)
    pre_save.connect(note_status, sender=Reference, dispatch_uid=uid)
    post_save.connect(follow_reference, sender=Reference, dispatch_uid=uid)
    choices_removed.connect(follow_removal, dispatch_uid=uid)
    published.connect(handle_chosen, dispatch_uid=uid)
    workflow_submitted.connect(handle_submitted, dispatch_uid=uid)
    post_save.connect(handle_workflow, sender=WorkflowState, dispatch_uid=uid)
    for model in apps.get_models():
        # Tasks can have states of their own classes.
        if issubclass(model, TaskState):
            pre_save.connect(guard_task, sender=model, dispatch_uid=uid)
    task_approved.connect(handle_task, dispatch_uid=uid)
    task_submitted.connect(ReviewersNotifier(), dispatch_uid=uid, weak=False)
    register_publication_check(check_publication, refuses_anything)
    register_publication_warning(find_warning)
    for model in get_article_models():
        pre_save.connect(guard_save, sender=model, dispatch_uid=uid)
        pre_save.connect(
            handle_publishing, sender=model, dispatch_uid=f"{uid}.publishing"
        )
        post_save.connect(handle_saved, sender=model, dispatch_uid=uid)
        pre_save.connect(note_conversion, sender=model, dispatch_uid=f"{uid}.alias")
        post_save.connect(note_copy, sender=model, dispatch_uid=f"{uid}.copy")


def handle_publishing(
    instance: Any, update_fields: Iterable[str] | None = None, **kwargs: Any
) -> None:
    """Note at the end of the save what the public reads then.

    Asked for before the save, so that it is done before the index and the ledger ask how the article stands.
    """
    instance.__dict__.pop(NOTED, None)
    is_public = instance.live and instance.alias_of_id is None
    if is_public and update_fields is None and find_passage(instance):
        follow_up(note_published, [instance])


def note_published(pages: list[Any]) -> None:
    """Derive the records of pages that were just published."""
    for page in pages:
        update_record(page)
        setattr(page, NOTED, page.live_revision_id)


def handle_published(instance: Any, **kwargs: Any) -> None:
    """Note what the public reads from now on, unless that was done when the page was saved."""
    is_article = isinstance(instance, TreatmentArticleMixin)
    if not is_article or instance.alias_of_id is not None or not instance.live:
        return
    if vars(instance).get(NOTED) != instance.live_revision_id:
        update_record(instance)


def handle_saved(
    instance: Any, update_fields: Iterable[str] | None = None, **kwargs: Any
) -> None:
    """Keep the comments of guests at their blocks in a new draft; ask for the review of another text."""
    if "latest_revision" in (update_fields or ()):
        keep_places(instance)
        reopen_workflow_of(instance)


def handle_workflow(instance: WorkflowState, **kwargs: Any) -> None:
    """Go back where another text was saved since the clinical review."""
    reopen(instance)


def handle_document(event: DocumentEvent, **kwargs: Any) -> None:
    """Note that an article says something else since a definition, a reference or a name in it has changed."""
    record = ReviewRecord.objects.filter(pk=event.page_id).first()
    if record and record.content_hash and record.content_hash != event.content_hash:
        update_live_record(event.page_id)


def handle_chosen(instance: Any, **kwargs: Any) -> None:
    """Go on where a text was approved with the draft of a term or a reference that readers get now."""
    for page_id in find_waiting():
        # An article that is published leaves its own workflow.
        if not (isinstance(instance, Page) and instance.pk == page_id):
            advance(page_id)


def handle_deleted(instance: Page, **kwargs: Any) -> None:
    """Forget what followed from the decisions; they stay."""
    ReviewRecord.objects.filter(pk=instance.pk).delete()


def handle_decision(decision: Decision, **kwargs: Any) -> None:
    """Go on in the workflow of an article that was approved."""
    if decision.verdict == Verdict.APPROVED:
        users = get_user_model().objects
        user = users.filter(pk=decision.user_id).first() if decision.user_id else None
        advance(decision.page_id, user, decision.statement)


def handle_submitted(instance: WorkflowState, **kwargs: Any) -> None:
    """Go on where the text was approved before it was submitted, by a draft link for example."""
    page = instance.content_object
    # A snippet can have the number of a page.
    if isinstance(page, Page):
        advance(page.pk)


def handle_task(instance: TaskState, **kwargs: Any) -> None:
    """Go on where a clinical review follows on another task, and was made already."""
    handle_submitted(instance.workflow_state)
