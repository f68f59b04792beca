"""The clinical review as a task of Wagtail's workflows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.locks import WorkflowLock
from wagtail.models import Page, Task, TaskState, WorkflowTask

from snippets.models import Contributor
from treatments.models import TreatmentArticleMixin
from treatments.ports.registry import Registry
from treatments.review.models.decisions import Reviewer

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from wagtail.models import WorkflowState


@dataclass(frozen=True, slots=True)
class TaskRules:
    """What a review task leaves to the rules of the reviews, which stand above the models.

    Attributes:
        find_actions: From a task, a page or snippet and a user to what the user may do.
        perform: Does it: see ``ClinicalReviewTask.on_action``.
        is_locked: Tells whether nobody may edit an article while it is reviewed.
    """

    find_actions: Callable[..., list[tuple[str, Any, bool]]]
    perform: Callable[..., str | None]
    is_locked: Callable[[Any], bool]


#: Filled when the app starts.
TASK_RULES: Registry[TaskRules] = Registry(is_single=True)


class StatementForm(TaskStateCommentForm):
    """Asks for words where an action needs some."""

    comment = forms.CharField(label=_("Comment"), widget=forms.Textarea({"rows": 2}))


def is_article(obj: Any) -> bool:
    """Tell whether something in a workflow is an article, which can be reviewed."""
    if not isinstance(obj, Page):
        return False
    model = obj.cached_content_type.model_class()
    return model is not None and issubclass(model, TreatmentArticleMixin)


class ReviewLock(WorkflowLock):
    """Keeps a text as it is while it is reviewed: nobody edits it, whoever reviews it included."""

    def get_message(self, user: Any) -> Any:
        """Say how the text can be edited again."""
        if not self.for_user(user):
            return None
        return _(
            "This article is in a clinical review and cannot be changed until that is over. Whoever has submitted it can cancel the workflow."
        )

    def get_description(self, user: Any, can_lock: bool = False) -> Any:
        """Say whom the lock concerns."""
        return _("No one can make changes during the clinical review")


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
    lock_class = ReviewLock

    class Meta:
        verbose_name = _("clinical review")
        verbose_name_plural = _("clinical reviews")

    @classmethod
    def get_description(cls) -> Any:
        """Return what the task is, for whoever builds a workflow."""
        return _(
            "Contributors with a role approve the very text of an article that is published. Nobody approves a text of their own."
        )

    @classmethod
    def make(cls, name: str) -> ClinicalReviewTask:
        """Return the task of this name, made where there is none."""
        task = cls.objects.filter(name=name).first()
        return task or cls.objects.create(name=name)

    def start(self, workflow_state: WorkflowState, user: Any = None) -> TaskState:
        """Start the review of an article. Of anything else there is none: the task that follows begins.

        Where none follows, whoever may publish the page or the snippet approves it.
        """
        content: Any = workflow_state.content_object
        if is_article(content):
            return super().start(workflow_state, user)
        tasks = WorkflowTask.objects.filter(workflow=workflow_state.workflow)
        own = tasks.filter(task=self).first()
        # The order can be missing where it was never said.
        place = (own.sort_order or 0) if own else None
        follows = tasks.none() if place is None else tasks.filter(sort_order__gt=place)
        if not follows.filter(task__active=True).exists():
            return super().start(workflow_state, user)
        return self.get_task_state_class().objects.create(
            workflow_state=workflow_state,
            task=self,
            revision=content.get_latest_revision(),
            status=TaskState.STATUS_SKIPPED,
            finished_at=timezone.now(),
        )

    def find_reviewers(self) -> QuerySet[Reviewer]:
        """Return those who have the role: contributors who are published."""
        return Reviewer.objects.filter(
            contributor__role=self.role, contributor__live=True
        )

    def is_for(self, user: Any) -> bool:
        """Tell whether a user has the role."""
        return self.find_reviewers().filter(user=user).exists()

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Admit those who are to review."""
        return is_article(obj) and self.is_for(user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """Return what a user may do where tasks are listed: of an article, to open the text and decide there."""
        rules = TASK_RULES.get()
        return rules.find_actions(self, obj, user) if rules else []

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        """Ask for words where somebody is to act on them, and for none where the text is only opened."""
        if action == "decide":
            return forms.Form
        return StatementForm if action == "reject" else TaskStateCommentForm

    def get_template_for_action(self, action: str) -> str:
        """Lead to the text where it is not shown."""
        return "treatments_review/open_text.html" if action == "decide" else ""

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Lock what is reviewed for everybody, where the policy says so."""
        rules = TASK_RULES.get()
        return rules is not None and is_article(obj) and rules.is_locked(obj)

    @transaction.atomic
    def on_action(
        self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any
    ) -> str | None:
        """Record the decision, and go on in the workflow when there are enough.

        Of an article it needs ``content_hash``: that of the text which the user was shown.

        Raises:
            ReviewRefusedError: the user may not decide this; the text was not shown, or says something else now.
            LookupError: the app of the reviews is not ready.
        """
        rules = TASK_RULES.get()
        if rules is None:
            raise LookupError("The app of the reviews is not ready.")
        comment, shown = kwargs.get("comment", ""), kwargs.get("content_hash", "")
        return rules.perform(self, task_state, user, action_name, comment, shown)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """Return what waits for a user."""
        if not self.is_for(user):
            return TaskState.objects.none()
        return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)  # ty: ignore[missing-attribute]
