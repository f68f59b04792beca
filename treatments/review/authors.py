"""Who wrote a text: the users whose words are in it since its last review, as far as anybody remembers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision

from treatments.ports.authorship import find_registered_authors
from treatments.review.contained import find_contained_authors
from treatments.review.models import Decision, ReviewRecord, TextOrigin, Verdict
from treatments.review.policies import get_policy

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

#: Entries of Wagtail's log that say that somebody changed the text.
EDITING_ACTIONS = ("wagtail.create", "wagtail.edit", "wagtail.revert", "wagtail.copy")
#: Those that name an older revision, where its text was brought back.
RESTORING_ACTIONS = ("wagtail.revert", "wagtail.publish")


def find_authors(page: Any, revision: Revision | None = None) -> set[Any]:
    """Return the ids of the users who have worked on a text since its last review; all of them before the first.

    Revisions can be purged: the log remembers the same. Who wrote a text that was brought back is found too,
    whenever that was, and so is who other apps say wrote it, see ``treatments.ports.authorship``, who wrote what it contains,
    see ``treatments.review.contained``, and who wrote the page that it was copied from.

    Args:
        page: The article.
        revision: What is decided about, where that is one revision: who saved it is always an author.
    """
    base = find_base(page)
    revisions = Revision.page_revisions.filter(object_id=str(page.pk))
    entries = PageLogEntry.objects.filter(page_id=page.pk)
    authors: set[Any] = set()
    later = entries
    if base is None:
        owner = Page.objects.filter(pk=page.pk, owner__isnull=False)
        authors.update(owner.values_list("owner_id", flat=True))
        authors |= find_users(revisions, entries)
    else:
        later = entries.filter(
            Q(timestamp__gt=base.decided_at) | Q(revision_id__gt=base.revision_id)
        )
        authors |= find_users(revisions.filter(pk__gt=base.revision_id), later)
    restored = find_restored(later)
    if revision is not None:
        authors |= {revision.user_id} - {None}
        if base is not None and revision.pk < base.revision_id:
            restored.add(revision.pk)
    since = None if base is None or restored else find_time(base.revision_id)
    authors |= find_registered_authors(page, since)
    authors |= find_contained_authors(page, base)
    if base is None:
        authors |= find_former_authors(page.pk)
    known: set[int] = set()
    while waiting := restored - known:
        until = waiting.pop()
        known.add(until)
        start = find_reviewed_revision(page, until)
        part = entries.filter(revision_id__gt=start, revision_id__lte=until)
        authors |= find_users(revisions.filter(pk__gt=start, pk__lte=until), part)
        restored |= find_restored(part)
    return authors


def find_base(page: Any) -> Decision | None:
    """Return the decision with which the last review of an article began."""
    record = ReviewRecord.objects.filter(pk=page.pk).first()
    if record is None:
        return None
    return Decision.objects.filter(pk=record.base_decision_id).first()


def find_users(
    revisions: QuerySet[Revision], entries: QuerySet[PageLogEntry]
) -> set[Any]:
    """Return who saved some revisions, or edited according to some entries of the log.

    An entry is written when somebody publishes, too: that is no authorship.
    """
    edits = entries.filter(action__in=EDITING_ACTIONS, content_changed=True)
    users = {
        *revisions.values_list("user_id", flat=True),
        *edits.values_list("user_id", flat=True),
    }
    return users - {None}


def find_restored(entries: QuerySet[PageLogEntry]) -> set[int]:
    """Return the ids of the revisions that were brought back according to some entries of the log."""
    data = entries.filter(action__in=RESTORING_ACTIONS).values_list("data", flat=True)
    found = {(each.get("revision") or {}).get("id") for each in data}
    return {pk for pk in found if isinstance(pk, int)}


def find_reviewed_revision(page: Any, before: int) -> int:
    """Return the last revision before another one whose text was reviewed then; 0 where there is none."""
    people: dict[str, set[str]] = defaultdict(set)
    found = 0
    approvals = Decision.objects.filter(
        page_id=page.pk,
        is_clinical=True,
        verdict=Verdict.APPROVED,
        revision_id__lt=before,
    )
    for each in approvals.order_by("pk"):
        people[each.content_hash].add(each.person)
        if len(people[each.content_hash]) >= get_policy(page.kind).approvals:
            found = max(found, each.revision_id or 0)
    return found


def find_time(revision_id: int | None) -> datetime | None:
    """Return when a revision was saved; None where it is gone."""
    found = Revision.objects.filter(pk=revision_id).values_list("created_at", flat=True)
    return found.first()


def find_former_authors(page_id: int) -> set[Any]:
    """Return the ids of the users who wrote the page whose text a page began with, until then, and the one before that."""
    authors: set[Any] = set()
    known = {page_id}
    origin = TextOrigin.objects.filter(page_id=page_id).first()
    while origin is not None and origin.source_id not in known:
        source_id, until = origin.source_id, origin.created_at
        known.add(source_id)
        source = Page.objects.filter(pk=source_id).first()
        if source is not None:
            authors |= {source.owner_id} - {None}
            authors |= find_registered_authors(source, None)
        authors |= find_users(
            Revision.page_revisions.filter(
                object_id=str(source_id), created_at__lte=until
            ),
            PageLogEntry.objects.filter(page_id=source_id, timestamp__lte=until),
        )
        origin = TextOrigin.objects.filter(page_id=source_id).first()
    return authors


def note_conversion(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Remember the source of an alias that is about to stand for itself."""
    is_new = raw or instance._state.adding
    # An alias has no revisions: what has some need not be looked up.
    if is_new or instance.alias_of_id or instance.latest_revision_id:
        return
    before = Page.objects.filter(pk=instance.pk, alias_of__isnull=False)
    source_id = before.values_list("alias_of_id", flat=True).first()
    if source_id is not None:
        note_origin(instance.pk, source_id)


def note_copy(instance: Any, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Remember the page that a new one is a copy of; a translation has words of its own."""
    source = getattr(instance, "copied_from", None)
    if raw or not created or source is None or instance.alias_of_id is not None:
        return
    if source.translation_key != instance.translation_key:
        note_origin(instance.pk, source.pk)


def note_origin(page_id: int, source_id: int) -> None:
    """Remember the page whose text a page begins with."""
    values = {"source_id": source_id, "created_at": timezone.now()}
    TextOrigin.objects.update_or_create(page_id=page_id, defaults=values)
