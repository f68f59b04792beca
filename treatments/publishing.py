"""What has to be true before an article is published: asked on every path, answered by the apps.

An app registers a check while the apps start. ``TreatmentArticleMixin.publish`` asks it, and so do the API
and the admin, which can say in better words why nothing was published.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

#: How Wagtail's command for scheduled publishing names what it does.
SCHEDULED = "wagtail.publish.scheduled"


class PublicationRefusedError(PermissionDenied):
    """Something may not be published as it is; the text says why, for the person who tried.

    A ``PermissionDenied``: whoever does not know of it answers as with a missing permission, and nothing is published.
    """


_checks: dict[Callable[[Any], None], Callable[[], bool]] = {}


def register_publication_check(
    check: Callable[[Any], None], is_in_force: Callable[[], bool] = lambda: True
) -> None:
    """Have every publication of an article checked.

    Args:
        check: Gets the page as it would be published, and raises ``PublicationRefusedError``.
        is_in_force: Tells whether the check could refuse anything at all at present. Where none does, the page
            is not made from its revision only to be checked.
    """
    _checks[check] = is_in_force


def is_checked() -> bool:
    """Tell whether any publication could be refused at present."""
    return any(is_in_force() for is_in_force in _checks.values())


def check_publication(page: Any) -> None:
    """Check a page as it would be published.

    Raises:
        PublicationRefusedError: it may not be published.
    """
    for check in _checks:
        check(page)


_warnings: dict[Callable[[Any], str], None] = {}


def register_publication_warning(find: Callable[[Any], str]) -> None:
    """Have the API warn of what was published nevertheless.

    Args:
        find: Gets the page as the public reads it; returns a word for programs, such as ``not-reviewed``, or nothing.
    """
    _warnings[find] = None


def find_warning(page: Any) -> str:
    """Return of what the apps warn about a page that was published, as words with commas; empty for nothing."""
    return ", ".join(filter(None, (find(page) for find in _warnings)))


def may_publish_now(revision: Any, log_action: Any) -> bool:
    """Tell whether the publication of a revision goes on; one that was scheduled waits until it may.

    Raises:
        PublicationRefusedError: it may not be published, and somebody is there to hear why.
    """
    if not is_checked():
        return True
    page = revision.as_object()
    try:
        check_publication(page)
    except PublicationRefusedError as error:
        if log_action != SCHEDULED:
            raise
        # The other publications of the same run are not to wait for this one.
        logger.warning("The scheduled page %s was not published: %s", page.pk, error)
        return False
    return True
