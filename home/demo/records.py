"""Remembers what the demonstration loaded, so that it finds it again and removes nothing else.

The memory is Wagtail's own log: whatever is loaded gets the entry that an editor's "create" would
leave, with the key of the demonstration in its data. It lives as long as the object, whatever
editors do to the object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, Page, PageLogEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model, QuerySet

MARK = "demonstration"


def remember(instance: Model, key: str, **details: object) -> None:
    """Note that the demonstration made ``instance`` under ``key``."""
    log(instance, "wagtail.create", data={MARK: key, **details})


def find(model: type[Model], key: str) -> Model | None:
    """Return what was loaded under a key and still exists."""
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model), **{f"data__{MARK}": key}
    )
    for entry in entries.order_by("-pk"):
        instance = model._default_manager.filter(pk=entry.object_id).first()
        if instance is not None:
            return instance
    return None


def get_details(instance: Model) -> dict | None:
    """Return what was noted about an instance, or None when the demonstration did not make it."""
    entry = find_entries(instance).filter(data__has_key=MARK).order_by("-pk").first()
    return entry.data if entry else None


def iterate_pages() -> Iterator[Page]:
    """Yield the pages that were loaded and still exist."""
    loaded = PageLogEntry.objects.filter(data__has_key=MARK).values("page_id")
    pages: Any = Page.objects.filter(pk__in=loaded)
    yield from pages.specific()


def iterate_objects() -> Iterator[Model]:
    """Yield everything else that was loaded and still exists, the last loaded first."""
    seen = set()
    for entry in ModelLogEntry.objects.filter(data__has_key=MARK).order_by("-pk"):
        model = entry.content_type.model_class() if entry.content_type else None
        if model is None or (model, entry.object_id) in seen:
            continue
        seen.add((model, entry.object_id))
        instance = model._default_manager.filter(pk=entry.object_id).first()
        if instance is not None:
            yield instance


def find_entries(instance: Model) -> QuerySet:
    """Return all log entries of an instance."""
    if isinstance(instance, Page):
        return PageLogEntry.objects.filter(page_id=instance.pk)
    content_type = ContentType.objects.get_for_model(instance, for_concrete_model=False)
    return ModelLogEntry.objects.filter(
        content_type=content_type, object_id=str(instance.pk)
    )
