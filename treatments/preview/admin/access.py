"""Who may see and revoke which draft links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.models import Page
from wagtail.permissions import policy_registry

from treatments.preview.models import DraftLink, DraftLinkPage

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: Administrators get these for all links; whoever may edit an article has its links anyway.
SEE_ALL = ["view", "change"]
REVOKE_ALL = ["change"]


def may_see_all(user: Any) -> bool:
    """Tell whether somebody may see the links of all articles."""
    policy = policy_registry.get_by_type(DraftLink)
    return policy.user_has_any_permission(user, SEE_ALL)


def may_revoke_all(user: Any) -> bool:
    """Tell whether somebody may revoke the links of all articles."""
    policy = policy_registry.get_by_type(DraftLink)
    return policy.user_has_any_permission(user, REVOKE_ALL)


def find_pages(link: DraftLink) -> QuerySet[Page]:
    """Return the pages of a link that still are there."""
    shown = DraftLinkPage.objects.filter(link=link).values("page_id")
    return Page.objects.filter(pk__in=shown).select_related("locale")


def may_edit_any(user: Any, link: DraftLink) -> bool:
    """Tell whether somebody may edit one of the pages of a link."""
    return any(page.permissions_for_user(user).can_edit() for page in find_pages(link))


def may_see(user: Any, link: DraftLink) -> bool:
    """Tell whether somebody may see a link and what was done with it."""
    return may_see_all(user) or may_edit_any(user, link)


def may_revoke(user: Any, link: DraftLink) -> bool:
    """Tell whether somebody may revoke a link: administrators, and whoever may edit one of its pages."""
    return may_revoke_all(user) or may_edit_any(user, link)
