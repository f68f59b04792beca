"""What has to be true before an article is published: asked on every path, answered by the apps.

An app registers a check while the apps start. ``TreatmentArticleMixin.publish`` asks it, and so do the API
and the admin, which can say in better words why nothing was published.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.log_actions import registry as log_registry

from treatments.ports.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

logger = logging.getLogger(__name__)

#: How the history of a page names a schedule that waits.
REFUSED = "treatments.schedule.refused"
#: How the log names what was removed although public articles used it.
REMOVED = "treatments.removed_in_use"

#: How Wagtail's command for scheduled publishing names what it does.
SCHEDULED = "wagtail.publish.scheduled"


class WriteRefusedError(PermissionDenied):
    """Something may not be written as it is; the text says why, for the person who tried.

    A ``PermissionDenied``: whoever does not know of it answers as with a missing permission, and nothing is written.

    Attributes:
        problem_slug: The kind of problem that the API answers with.
        extra: What the API adds to it.
    """

    problem_slug: str = "conflict"
    extra: Mapping[str, Any] = MappingProxyType({})


class PublicationRefusedError(WriteRefusedError):
    """Something may not be published as it is."""


_checks: Registry[tuple[Callable[[Any], None], Callable[[], bool]]] = Registry()


def register_publication_check(
    check: Callable[[Any], None], is_in_force: Callable[[], bool] = lambda: True
) -> None:
    """Register a check of every publication of an article.

    Args:
        check: Gets the page as it would be published, and raises ``PublicationRefusedError``.
        is_in_force: Tells whether the check could refuse anything at all at present. Where none does, the page
            is not made from its revision only to be checked.
    """
    _checks.register((check, is_in_force))


def is_checked() -> bool:
    """Tell whether any publication could be refused at present."""
    return any(is_in_force() for _check, is_in_force in _checks)


def check_publication(page: Any) -> None:
    """Check a page as it would be published.

    Raises:
        PublicationRefusedError: it may not be published.
    """
    for check, _is_in_force in _checks:
        check(page)


_warnings: Registry[Callable[[Any], str]] = Registry()


def register_publication_warning(find: Callable[[Any], str]) -> None:
    """Register a warning that the API gives about what was published.

    Args:
        find: Gets the page as the public reads it; returns a word for programs, such as ``not-reviewed``, or nothing.
    """
    _warnings.register(find)


def find_warning(page: Any) -> str:
    """Return the warnings of the apps about a published page, as words separated by commas; empty for none."""
    return ", ".join(filter(None, (find(page) for find in _warnings)))


@dataclass(slots=True)
class Passage:
    """A revision on its way to the readers; gone with its publication.

    Attributes:
        revision_id: Its id.
        page: The page as it was made from the revision and checked; None where nobody checks.
    """

    revision_id: int
    page: Any = None


_passage: ContextVar[Passage | None] = ContextVar("treatments_passage", default=None)


@contextmanager
def passing(revision: Any) -> Generator[Passage]:
    """Remember while a revision is published what was checked, so that its save does not check it again."""
    passage = Passage(revision.pk)
    token = _passage.set(passage)
    try:
        yield passage
    finally:
        _passage.reset(token)


def find_passage(page: Any) -> Passage | None:
    """Return the passage of the revision that a page is saved with, if it is being published."""
    passage = _passage.get()
    is_its_own = passage is not None and passage.revision_id == page.live_revision_id
    return passage if is_its_own else None


def may_pass(passage: Passage, revision: Any, log_action: Any) -> bool:
    """Tell whether the publication of a revision goes on; one that was scheduled waits until it may.

    Raises:
        PublicationRefusedError: it may not be published, and somebody is there to hear why.
    """
    if not is_checked():
        return True
    page = revision.as_object()
    try:
        check_publication(page)
        passage.page = page
    except PublicationRefusedError as error:
        if log_action != SCHEDULED:
            raise
        # The other publications of the same run are not to wait for this one.
        logger.warning("The scheduled page %s was not published: %s", page.pk, error)
        note_refusal(page, revision, str(error))
        return False
    return True


def note_refusal(page: Any, revision: Any, reason: str) -> None:
    """Tell editors in the history of a page why its schedule waits; once for each reason."""
    told = log_registry.get_logs_for_instance(page).filter(action=REFUSED).first()
    if told is None or (told.revision_id, told.data.get("reason")) != (revision.pk, reason):  # fmt: skip
        log(instance=page, action=REFUSED, revision=revision, data={"reason": reason})


def find_refusal(page: Any) -> str:
    """Return why the schedule of a page waits, or nothing where none is overdue."""
    overdue = page.revisions.filter(approved_go_live_at__lte=timezone.now())
    told = log_registry.get_logs_for_instance(page).filter(
        action=REFUSED, revision__in=overdue.values("pk")
    )
    latest = told.first()
    return latest.data["reason"] if latest else ""
