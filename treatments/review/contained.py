"""Who wrote the words that an article contains and that stand elsewhere: definitions, references, treatments, conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry, Page, Revision, TranslatableMixin

from snippets.models import Contributor, Promotion
from treatments.content.representation import represent_pages
from treatments.ports.authorship import find_registered_authors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from treatments.review.models import Decision

#: What stands beside the text that is decided about, and is no part of it.
APART = (Contributor, Promotion)
EDITING_ACTIONS = ("wagtail.create", "wagtail.edit", "wagtail.revert", "wagtail.copy")


def find_contained_authors(page: Any, base: Decision | None) -> set[Any]:
    """Return the ids of the users who wrote what a text contains: since its last review, or ever where it was not in it.

    Args:
        page: The article as it would be approved.
        base: With what its last review began; None where there was none.
    """
    reviewed = Revision.objects.filter(pk=base.revision_id).first() if base else None
    known = find_uses(reviewed.as_object()) if reviewed else set()
    authors: set[Any] = set()
    for key in find_uses(page):
        since = base.decided_at if base and key in known else None
        for instance in find_instances(key, page.locale_id):
            authors |= find_instance_authors(instance, since)
            authors |= find_registered_authors(instance, since)
    return authors


def find_uses(page: Any) -> set[str]:
    """Return the keys of what a page contains; see ``treatments.content.dependencies``."""
    uses: dict[int, set[str]] = {}
    represent_pages([page], uses)
    return uses[page.pk]


def find_instances(key: str, locale_id: int) -> Iterator[Any]:
    """Yield the snippet of a key in a language, or all there are where that language has none."""
    label, _separator, value = key.partition(":")
    if "." not in label:
        return
    model: Any = apps.get_model(label)
    if issubclass(model, (*APART, Page)):
        return
    if not issubclass(model, TranslatableMixin):
        yield from model._default_manager.filter(pk=value)
        return
    versions = list(model._default_manager.filter(translation_key=value))
    own = [each for each in versions if each.locale_id == locale_id]
    yield from own or versions


def find_instance_authors(instance: Any, since: datetime | None) -> set[Any]:
    """Return the ids of the users who worked on what of a snippet is not as it was then.

    A draft from before can have been published since: what counts is the revision that was public then.
    """
    content_type = ContentType.objects.get_for_model(instance)
    own = {"content_type": content_type, "object_id": str(instance.pk)}
    revisions = Revision.objects.filter(**own)
    entries = ModelLogEntry.objects.filter(**own)
    if since is not None:
        published = entries.filter(action="wagtail.publish", timestamp__lte=since)
        ids = published.order_by("-timestamp").values_list("revision_id", flat=True)
        revisions = revisions.filter(pk__gt=ids.first() or 0)
        entries = entries.filter(timestamp__gt=since)
    restored = [
        (each.get("revision") or {}).get("id")
        for each in entries.filter(action="wagtail.revert").values_list(
            "data", flat=True
        )
    ]
    edits = entries.filter(action__in=EDITING_ACTIONS)
    brought_back = Revision.objects.filter(**own, pk__in=[pk for pk in restored if pk])
    users = {
        *revisions.values_list("user_id", flat=True),
        *edits.values_list("user_id", flat=True),
        *brought_back.values_list("user_id", flat=True),
    }
    return users - {None}
