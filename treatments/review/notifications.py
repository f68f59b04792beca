"""Tells the reviewers by e-mail that an article waits for them in a workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from wagtail.admin.mail import EmailNotificationMixin, Notifier
from wagtail.models import TaskState

from treatments.review.contents import hash_revision
from treatments.review.models import ClinicalReviewTask
from treatments.review.models.tasks import is_article
from treatments.review.reopening import is_approved

if TYPE_CHECKING:
    from django.db.models import QuerySet


class ReviewersNotifier(EmailNotificationMixin, Notifier):
    """Tells the accounts with the role of a task where the text is that waits for them, unless they do not want it.

    Wagtail itself knows only tasks of groups, and leads to the editor.
    """

    notification = "submitted"
    template_directory = "treatments_review/notifications/"

    def __init__(self) -> None:
        super().__init__((TaskState,))

    def get_template_base_prefix(self, instance: Any, **kwargs: Any) -> str:
        """Return how the names of the templates begin, whatever the class of the state is."""
        return "task_"

    def can_handle(self, instance: Any, **kwargs: Any) -> bool:
        """Tell whether an article waits for a clinical review that was not made already."""
        if not super().can_handle(instance, **kwargs):
            return False
        task, page = instance.task.specific, instance.workflow_state.content_object
        if not isinstance(task, ClinicalReviewTask) or not is_article(page):
            return False
        revision = page.get_latest_revision()
        return bool(revision) and not is_approved(task, page, hash_revision(revision))

    def get_recipient_users(self, instance: Any, **kwargs: Any) -> QuerySet[Any]:
        """Return the active accounts with the role of the task, but for the one that submitted the article."""
        reviewers = instance.task.specific.find_reviewers().filter(user__isnull=False)
        users = get_user_model().objects.filter(
            pk__in=reviewers.values("user_id"), is_active=True
        )
        sender = kwargs.get("user")
        return users.exclude(pk=sender.pk) if sender else users

    def get_context(self, instance: Any, **kwargs: Any) -> dict[str, Any]:
        """Return what the templates show."""
        page = instance.workflow_state.content_object
        return {
            **super().get_context(instance, **kwargs),
            "task": instance.task.specific,
            "object": page,
            "page": page.specific,
            "model_name": page.specific._meta.verbose_name,
        }
