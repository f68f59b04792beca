"""The clinical review as a task of Wagtail's workflows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.models import Task, TaskState

from snippets.models import Contributor
from treatments.review.models.decisions import Reviewer


class StatementForm(TaskStateCommentForm):
    """Asks for words where an action needs some."""

    comment = forms.CharField(label=_("Comment"), widget=forms.Textarea({"rows": 2}))


class ClinicalReviewTask(Task):
    """People with a role approve the very text that is published then; who wrote it does not.

    What is approved counts by the text: a change after it, or a guest's decision by a draft link, is seen at once.
    """

    role = models.CharField(
        _("who approves"),
        max_length=20,
        choices=Contributor.Role.choices,
        default=Contributor.Role.CLINICAL_REVIEWER,
        help_text=_(
            "Contributors with this role. Under Settings, Reviewers it is said which users they are."
        ),
    )
    approvals = models.PositiveSmallIntegerField(
        _("number of approvals"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("How many different people have to approve the same text."),
    )

    admin_form_fields = [*Task.admin_form_fields, "role", "approvals"]

    class Meta:
        verbose_name = _("clinical review")
        verbose_name_plural = _("clinical reviews")

    @classmethod
    def get_description(cls) -> Any:
        """Return what the task is, for whoever builds a workflow."""
        return _(
            "Contributors with a role approve the very text that is published. Nobody approves a text of their own."
        )

    @classmethod
    def make(cls, name: str) -> ClinicalReviewTask:
        """Return the task of this name, made where there is none."""
        task = cls.objects.filter(name=name).first()
        return task or cls.objects.create(name=name)

    def is_for(self, user: Any) -> bool:
        """Tell whether a user has the role."""
        reviewers = Reviewer.objects.filter(user=user, contributor__role=self.role)
        return reviewers.exists()

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Let those in who are to review."""
        return self.is_for(user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """Return what a user may do: an author neither approves nor waves through what is clinical."""
        from treatments.review.workflows import find_actions

        return find_actions(self, obj, user)

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        """Ask for words where somebody is to act on them."""
        if action in ("reject", "editorial"):
            return StatementForm
        return TaskStateCommentForm

    @transaction.atomic
    def on_action(
        self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any
    ) -> None:
        """Record the decision, and go on in the workflow when there are enough.

        Raises:
            ReviewRefusedError: the user may not decide this.
        """
        from treatments.review.workflows import perform

        perform(self, task_state, user, action_name, kwargs.get("comment", ""))

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """Return what waits for a user."""
        if not self.is_for(user):
            return TaskState.objects.none()
        return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)  # ty: ignore[missing-attribute]
