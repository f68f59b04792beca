"""Who may see the public history of which article, also of one that is gone: by the place where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from wagtail.models import Page, Site
from wagtail.permissions import policy_registry

from treatments.admin import access
from treatments.content.addresses import get_path
from treatments.delivery.building import get_site_id
from treatments.delivery.models import Document

if TYPE_CHECKING:
    from django.db.models import QuerySet


def may_see_history(user: Any, page: Page | None, page_id: int) -> bool:
    """Tell whether somebody may see what the public got of an article.

    Args:
        user: Who asks.
        page: The page; None for one that was deleted, whose past is for those who may publish at its place.
        page_id: Its id.
    """
    if page is None:
        return has_place(user, page_id)
    return access.may_edit(user, page)


def may_publish(user: Any, page: Page | None, page_id: int) -> bool:
    """Tell whether somebody answers for what readers are told of an article; None for a deleted one."""
    if page is None:
        return has_place(user, page_id)
    return access.may_publish(user, page)


def narrow_to_publishable(rows: QuerySet, user: Any) -> QuerySet:
    """Return the rows of the pages that somebody may publish, and of deleted pages at whose place they may.

    Args:
        rows: Of a model with a ``page_id``.
        user: Who asks.
    """
    own = access.find_permitted(user, Page, access.PUBLISH)
    existing = Page.objects.filter(pk=OuterRef("page_id"))
    gone = Document.objects.filter(find_places(user)).order_by()
    return rows.filter(
        Q(page_id__in=own.order_by().values("pk"))
        | (~Q(Exists(existing)) & Q(page_id__in=gone.values("pk")))
    )


def has_place(user: Any, page_id: int) -> bool:
    """Tell whether somebody may publish at the last public place of an article."""
    return Document.objects.filter(find_places(user), pk=page_id).exists()


def find_places(user: Any) -> Q:
    """Return the condition on documents that their last public place is one at which somebody may publish.

    A deleted page has left its address and nothing else: its place is below the page that has the address above it.
    """
    if not user.is_active:
        return Q(pk__in=[])
    if user.is_superuser:
        return Q()
    policy = policy_registry.get_by_type(Page)
    pages = {
        each.page
        for each in policy.get_cached_permissions_for_user(user)
        if each.permission.codename == "publish_page"
    }
    sites = list(Site.objects.select_related("root_page"))
    found = Q(pk__in=[])
    for page in pages:
        found |= find_place(page, sites)
    return found


def find_place(page: Page, sites: list[Site]) -> Q:
    """Return the condition on documents that they were at a page, or below it."""
    if page.is_root():
        # An empty condition would be dropped among others.
        return Q(pk__isnull=False)
    above = [each.pk for each in sites if each.root_page.path.startswith(page.path)]
    path = get_path(page)
    if not path:
        # Above the roots of sites: all that is in them.
        return Q(site_id__in=above)
    if above:
        return Q(site_id__in=above, locale=page.locale.language_code)
    below = Q(path__startswith=path, locale=page.locale.language_code)
    return below & Q(site_id=get_site_id(page))
