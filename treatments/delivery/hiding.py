"""Who becomes private, and who may be read by everybody again: noted for each page, at the instant.

Documents are built later, perhaps when all is as it was: their past has to know of the time between.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, pre_delete
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import post_page_move

from treatments.content.dependencies import get_page_key
from treatments.delivery.causes import HIDE, SHOW, get_privacy_key
from treatments.delivery.signal_handlers import follow, write_changes
from treatments.ports.followups import follow_up


def connect() -> None:
    """Connect the signals of restrictions and moves; called when all models are loaded."""
    follow(PageViewRestriction, on_privacy_changed)
    post_page_move.connect(on_page_moved)


def on_privacy_changed(
    instance: PageViewRestriction, signal: Any = None, **kwargs
) -> None:
    """Note all pages below a page that becomes private, or that everybody may read again."""
    private = list_private_paths(without=instance.pk)
    paths = Page.objects.filter(pk=instance.page_id).values_list("path", flat=True)
    for path in paths:
        is_removed = signal in (pre_delete, post_delete)
        note_privacy(path, private if is_removed else [*private, path])


def on_page_moved(
    instance: Page, parent_page_before: Page, parent_page_after: Page, **kwargs
) -> None:
    """Note the pages that a move has hidden, or brought back."""
    private = list_private_paths()
    parents = (parent_page_before.pk, parent_page_after.pk)
    # A move shifts what stands beside it in the tree.
    paths = dict(Page.objects.filter(pk__in=parents).values_list("pk", "path"))
    before, after = (
        any(paths[pk].startswith(path) for path in private) for pk in parents
    )
    if before != after:
        note_privacy(instance.path, private)


def note_privacy(path: str, private: list[str]) -> None:
    """Note for a page and all below it whether they are private.

    Args:
        path: Of the page in the tree.
        private: The paths in the tree of what is private with all below it.
    """
    pages = Page.objects.filter(path__startswith=path).order_by()
    changes: list[tuple[str, str, int | None]] = []
    for pk, key, own in pages.values_list("pk", "translation_key", "path").iterator():
        is_private = any(own.startswith(each) for each in private)
        changes += [
            (get_page_key(key), "change_privacy", None),
            (get_privacy_key(pk), HIDE if is_private else SHOW, None),
        ]
    if changes:
        follow_up(write_changes, changes)


def list_private_paths(without: int | None = None) -> list[str]:
    """Return the paths in the tree of the pages that have a restriction of their own, one of them left out."""
    restrictions = PageViewRestriction.objects.exclude(pk=without)
    return list(restrictions.values_list("page__path", flat=True))
