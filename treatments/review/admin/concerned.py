"""Whom the reviews of an article concern: who edits or publishes it, is asked to review it, or has decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import Page, TaskState

from treatments.admin.access import (
    EDIT,
    find_permitted,
    is_editor,
    may_edit,
    may_publish,
)
from treatments.models import IndexedArticle
from treatments.review.models import Decision, Reviewer, ReviewRequest
from treatments.review.people import get_user_actor
from treatments.review.policies import get_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet


def is_reviewer(user: Any) -> bool:
    """Tell whether a user is somebody among the contributors."""
    return Reviewer.objects.filter(user=user).exists()


def may_see_reviews(user: Any, page: Page) -> bool:
    """Tell whether somebody may see how an article was reviewed.

    That is whoever may edit or publish it, is asked to review it, or has decided about it.
    """
    if may_edit(user, page) or may_publish(user, page):
        return True
    if not user.is_active:
        return False
    return Page.objects.filter(find_concerned(user), pk=page.pk).exists()


def may_work(user: Any) -> bool:
    """Tell whether somebody works on articles at all, as an editor or as a reviewer."""
    return is_editor(user) or is_reviewer(user)


def find_visible_pages(user: Any) -> QuerySet[Page]:
    """Return the pages whose reviews a user may see; see ``may_see_reviews``."""
    own = find_permitted(user, Page, EDIT)
    return Page.objects.filter(
        Q(pk__in=own.order_by().values("pk")) | find_concerned(user)
    )


def find_concerned(user: Any) -> Q:
    """Return the condition on pages that a user is asked to review, or has decided about."""
    # A snippet can have the number of a page.
    tasks = TaskState.objects.reviewable_by(user).filter(
        workflow_state__base_content_type=ContentType.objects.get_for_model(Page)
    )
    waiting = tasks.values_list("workflow_state__object_id", flat=True)
    ids = {int(pk) for pk in waiting if pk.isdecimal()}
    actor = get_user_actor(user)
    decided = Decision.objects.filter(Q(person=actor.person) | Q(user_id=actor.user_id))
    requested = find_requested(actor.role) if actor.role else []
    return (
        Q(pk__in=ids)
        | Q(pk__in=requested)
        | Q(pk__in=decided.order_by().values("page_id"))
    )


def find_requested(role: str) -> list[int]:
    """Return the articles whose review is asked for, of the kinds that a role reviews.

    A request names nobody: it asks all who may approve.
    """
    open_ones = ReviewRequest.objects.filter(closed_at=None).values("page_id")
    articles = IndexedArticle.objects.filter(pk__in=open_ones)
    kinds = articles.values_list("pk", "kind")
    return [pk for pk, kind in kinds if role in get_policy(kind).roles]
