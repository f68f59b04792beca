"""Ends links when their page is taken away: unpublished, deleted, locked or made private; forgets old previews.

Whatever is not seen here, such as a page that was moved below a private one, is found at the next use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, PageViewRestriction, Revision, get_page_models
from wagtail.signals import page_unpublished

from treatments.preview.links import end_links_of_pages
from treatments.preview.models import DraftLink, DraftLinkPage, EndReason
from treatments.preview.snapshots import delete_expired

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "treatments.preview.endings"


def connect() -> None:
    """Connect the receivers."""
    page_unpublished.connect(end_unpublished, dispatch_uid=f"{NAME}.unpublished")
    post_delete.connect(end_deleted, sender=Page, dispatch_uid=f"{NAME}.deleted")
    post_save.connect(
        end_private, sender=PageViewRestriction, dispatch_uid=f"{NAME}.private"
    )
    post_save.connect(
        clean_snapshots, sender=Revision, dispatch_uid=f"{NAME}.snapshots"
    )
    models: list[type[Any]] = [Page, *get_page_models()]
    for model in models:
        post_save.connect(
            end_locked, sender=model, dispatch_uid=f"{NAME}.locked.{model._meta.label}"
        )


def as_receiver(end: Callable[[Any], None]) -> Callable[..., None]:
    """Return a receiver that passes the instance on; what fixtures load ends nothing."""

    def receive(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
        if not raw:
            end(instance)

    receive.__doc__ = end.__doc__
    return receive


@as_receiver
def end_unpublished(page: Page) -> None:
    """End the links of a page that was taken from the public."""
    end_links_of_pages([page.pk], EndReason.UNPUBLISHED)


@as_receiver
def end_deleted(page: Page) -> None:
    """End the links of a page that is no more. Wagtail unpublishes what it deletes just before."""
    end_links_of_pages([page.pk], EndReason.DELETED)
    shown = DraftLinkPage.objects.filter(page_id=page.pk).values("link_id")
    DraftLink.objects.filter(pk__in=shown, ended_because=EndReason.UNPUBLISHED).update(
        ended_because=EndReason.DELETED
    )


@as_receiver
def end_locked(page: Page) -> None:
    """End the links of a page that was locked by hand."""
    if page.locked:
        end_links_of_pages([page.pk], EndReason.LOCKED)


@as_receiver
def end_private(restriction: PageViewRestriction) -> None:
    """End the links of a page that was made private, and of all below it."""
    page = restriction.page
    pages = page.get_descendants(inclusive=True).order_by().values_list("pk", flat=True)
    end_links_of_pages(pages, EndReason.LOCKED)


@as_receiver
def clean_snapshots(revision: Revision) -> None:
    """Delete the previews whose time is over, whenever anybody saves anything."""
    delete_expired()
