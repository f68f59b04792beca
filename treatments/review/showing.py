"""Remembers, while a request is answered, that somebody was shown the text of an article.

Wagtail's own tasks can be approved wherever a list of them is. Of an article they are approved where its text is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.models import TaskState

from treatments.review.models import ClinicalReviewTask
from treatments.review.models.tasks import is_article

if TYPE_CHECKING:
    from collections.abc import Collection

#: On the object of a user, which lives as long as the request: the ids of the pages.
ATTRIBUTE = "articles_shown"


class UnseenTextError(PermissionDenied):
    """Somebody would approve what was not shown; the text says where it is."""

    def __init__(self) -> None:
        super().__init__(
            _("The text is not shown here. Open its review, read it, and decide there.")
        )


def note_shown(user: Any, page_id: int) -> None:
    """Remember that a user acts where the text of an article is shown."""
    shown: Collection[int] = getattr(user, ATTRIBUTE, ())
    setattr(user, ATTRIBUTE, {*shown, page_id})


def is_shown(user: Any, page_id: int) -> bool:
    """Tell whether a user acts where the text of an article is shown."""
    return page_id in getattr(user, ATTRIBUTE, ())


def guard_task(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Refuse the approval of any task of an article by somebody who was not shown the text.

    Raises:
        UnseenTextError: see there.
    """
    if (
        raw
        or not isinstance(instance, TaskState)
        or instance.status != TaskState.STATUS_APPROVED
        or instance.finished_by_id is None
        # A clinical review asks for the hash of the text.
        or isinstance(instance.task.specific, ClinicalReviewTask)
    ):
        return
    page: Any = instance.workflow_state.content_object
    if is_article(page) and not is_shown(instance.finished_by, page.pk):
        before = TaskState.objects.filter(pk=instance.pk).values_list("status")
        if before.first() != (TaskState.STATUS_APPROVED,):
            raise UnseenTextError
