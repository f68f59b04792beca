"""Who may see the public history of which article, and who answers for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from wagtail.models import Page
from wagtail.permissions import policy_registry

if TYPE_CHECKING:
    from django.db.models import QuerySet

PUBLISH = ["publish"]


def is_publisher(user: Any) -> bool:
    """Tell whether somebody may publish pages at all."""
    policy = policy_registry.get_by_type(Page)
    return policy.user_has_any_permission(user, PUBLISH)


def may_see_history(user: Any, page: Page | None) -> bool:
    """Tell whether somebody may see what the public got of an article.

    Args:
        user: Who asks.
        page: The page; None for one that was deleted, whose history publishers see.
    """
    if page is None:
        return is_publisher(user)
    return page.permissions_for_user(user).can_edit()


def may_publish(user: Any, page: Page | None) -> bool:
    """Tell whether somebody answers for what readers are told of an article; None for a deleted one."""
    if page is None:
        return is_publisher(user)
    return page.permissions_for_user(user).can_publish()


def narrow_to_publishable(rows: QuerySet, user: Any) -> QuerySet:
    """Return the rows of the pages that somebody may publish, and of pages that are deleted.

    Args:
        rows: Of a model with a ``page_id``.
        user: Who asks.
    """
    policy = policy_registry.get_by_type(Page)
    own = policy.instances_user_has_any_permission_for(user, PUBLISH)
    existing = Page.objects.filter(pk=OuterRef("page_id"))
    return rows.filter(
        Q(page_id__in=own.order_by().values("pk")) | ~Q(Exists(existing))
    )
