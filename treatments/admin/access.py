"""Who may see, edit and publish what in the admin: the rules that the screens of all apps share.

They follow Wagtail's permission policies. What only one app knows, such as who was asked for a review, stands there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.models import Page
from wagtail.permissions import policy_registry

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import Model, QuerySet

#: Any of these makes somebody an editor of pages.
EDIT = ("change", "publish")
PUBLISH = ("publish",)
#: Any of these shows all draft links, and all deliveries of webhooks; administrators give them.
SEE_ALL = ("view", "change")
CHANGE_ALL = ("change",)


def may_do_any(user: Any, model: type[Model], actions: Collection[str]) -> bool:
    """Tell whether somebody may do one of these things with any instance of a model."""
    return policy_registry.get_by_type(model).user_has_any_permission(user, actions)


def find_permitted(
    user: Any, model: type[Model], actions: Collection[str]
) -> QuerySet[Any]:
    """Return the instances of a model with which somebody may do one of these things."""
    policy = policy_registry.get_by_type(model)
    return policy.instances_user_has_any_permission_for(user, actions)


def is_editor(user: Any) -> bool:
    """Tell whether somebody may edit or publish pages at all."""
    return may_do_any(user, Page, EDIT)


def is_publisher(user: Any) -> bool:
    """Tell whether somebody may publish pages at all."""
    return may_do_any(user, Page, PUBLISH)


def may_edit(user: Any, page: Page) -> bool:
    """Tell whether somebody may edit a page."""
    return page.permissions_for_user(user).can_edit()


def may_publish(user: Any, page: Page) -> bool:
    """Tell whether somebody may publish a page, and so answers for what the public gets of it."""
    return page.permissions_for_user(user).can_publish()
