"""Who may see and decide what about the reviews of an article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.models import Page
from wagtail.permissions import policy_registry

from treatments.review.models import Reviewer

if TYPE_CHECKING:
    from django.db.models import QuerySet

PERMISSIONS = ["change", "publish"]


def is_reviewer(user: Any) -> bool:
    """Tell whether a user is somebody among the contributors."""
    return Reviewer.objects.filter(user=user).exists()


def may_see_reviews(user: Any, page: Page) -> bool:
    """Tell whether somebody may see how an article was reviewed."""
    return page.permissions_for_user(user).can_edit() or is_reviewer(user)


def may_publish(user: Any, page: Page) -> bool:
    """Tell whether somebody answers for what the public gets of an article."""
    return page.permissions_for_user(user).can_publish()


def may_work(user: Any) -> bool:
    """Tell whether somebody works on articles at all, as an editor or as a reviewer."""
    policy = policy_registry.get_by_type(Page)
    return policy.user_has_any_permission(user, PERMISSIONS) or is_reviewer(user)


def find_visible_pages(user: Any) -> QuerySet[Page]:
    """Return the pages whose reviews a user may see."""
    if is_reviewer(user):
        return Page.objects.all()
    policy = policy_registry.get_by_type(Page)
    return policy.instances_user_has_any_permission_for(user, PERMISSIONS)
