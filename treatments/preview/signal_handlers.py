"""Ends links when their page is taken away: unpublished, deleted, locked or made private; forgets old previews.

Whatever is not seen here is found at the next use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, PageViewRestriction, Revision, get_page_models
from wagtail.signals import page_unpublished, post_page_move

from treatments.preview.links import end_links_of_pages, is_locked_away
from treatments.preview.models import DraftLink, DraftLinkPage, EndReason
from treatments.preview.snapshots import delete_expired, delete_session

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "treatments.preview.signal_handlers"


def connect() -> None:
    """Connect the receivers."""
    page_unpublished.connect(end_unpublished, dispatch_uid=f"{NAME}.unpublished")
    user_logged_out.connect(end_session, dispatch_uid=f"{NAME}.session")
    post_page_move.connect(end_moved, dispatch_uid=f"{NAME}.moved")
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
    end_links_below(restriction.page)


@as_receiver
def end_moved(page: Page) -> None:
    """End the links of a page that was moved below a private one, and of all below it."""
    if is_locked_away(page):
        end_links_below(page)


def end_links_below(page: Page) -> None:
    """End the links of a page that was locked away, and of all below it."""
    pages = page.get_descendants(inclusive=True).order_by().values_list("pk", flat=True)
    end_links_of_pages(pages, EndReason.LOCKED)


@as_receiver
def clean_snapshots(revision: Revision) -> None:
    """Delete the previews whose time is over, whenever anybody saves anything."""
    delete_expired()


def end_session(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    """Forget what was typed in a session whose user logs out."""
    session = getattr(request, "session", None)
    if user is not None and session is not None and session.session_key:
        delete_session(user, session.session_key)
