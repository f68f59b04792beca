"""A copied article gets block ids of its own, and is private from its first instant where its source is.

An id names a block of one article, in all its languages. Wagtail copies the live row and each revision by itself and
announces neither. The new id follows from the old one and from the copy's translation key, so that a block has the
same id in all of them without anything being remembered.

Wagtail publishes a copy first and makes it private then, and forgets what is private below the copied page.
"""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING, Any

from django.db.models.signals import pre_save
from django.utils import timezone
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction, Revision

from treatments.ports.followups import gather

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def is_copy(source: Any, target: Any) -> bool:
    """Tell whether a page that is being made is a copy; translations and aliases keep the ids of their source."""
    return (
        target.pk is None
        and target.alias_of_id is None
        and target.translation_key != source.translation_key
    )


def list_streams(model: Any) -> list[StreamField]:
    """Return the stream fields of a page type."""
    return [field for field in model._meta.fields if isinstance(field, StreamField)]


def renew_page(page: Any) -> None:
    """Give new ids to the blocks of a copy that is not saved yet."""
    streams = {
        field.name: getattr(page, field.name).get_prep_value()
        for field in list_streams(page)
    }
    for name, raw in renew_streams(streams, page.translation_key).items():
        field = page._meta.get_field(name)
        setattr(page, name, field.to_python(json.dumps(raw)))


def renew_streams(streams: dict[str, Any], key: uuid.UUID) -> dict[str, Any]:
    """Return raw streams with other ids, also where something in them names a block.

    Args:
        streams: Name of a field → its raw value.
        key: The translation key of the copy.
    """
    known = {block_id.lower() for block_id in iterate_ids(list(streams.values()))}

    def renew(match: re.Match[str]) -> str:
        old = match[0].lower()
        return str(uuid.uuid5(key, old)) if old in known else match[0]

    return json.loads(UUID.sub(renew, json.dumps(streams)))


def iterate_ids(value: Any) -> Iterator[str]:
    """Yield the ids of all blocks in raw streams, and of the entries of lists."""
    if isinstance(value, dict):
        if {"type", "value"} <= value.keys() and isinstance(value.get("id"), str):
            yield value["id"]
        value = list(value.values())
    if isinstance(value, list):
        for child in value:
            yield from iterate_ids(child)


def on_revision_saving(instance: Revision, raw: bool = False, **kwargs) -> None:
    """Give the ids of the copied page to its copied revision, which still has those of the source."""
    is_copied = instance.pk is None and not instance._state.adding
    model: Any = instance.content_type.model_class() if is_copied and not raw else None
    if model is None or not issubclass(model, _get_model()):
        return
    pages = model._default_manager.filter(pk=instance.object_id)
    key = pages.values_list("translation_key", flat=True).first()
    content: dict[str, Any] = instance.content
    if key is None or content.get("translation_key") == str(key):
        return
    streams = {
        field.name: json.loads(content[field.name])
        for field in list_streams(model)
        if content.get(field.name)
    }
    for name, stream in renew_streams(streams, key).items():
        content[name] = json.dumps(stream)
    content["translation_key"] = str(key)


def copy_page(source: Page, copy: Callable[[], Page], user: Any = None) -> Page:
    """Copy a page so that nobody sees the copy before it is as private as its source.

    Args:
        source: What is copied.
        copy: Makes the copy as Wagtail does.
        user: Who copies.
    """
    with gather():
        made = copy()
        finish_copy(source, made, user)
    return made


def finish_copy(source: Any, copy: Any, user: Any = None) -> None:
    """Make private in a copy, and below it, what is private in its source.

    Call it in the transaction of the copy.
    """
    if not copy.get_view_restrictions().exists():
        for restriction in source.view_restrictions.all():
            copy_restriction(restriction, copy, user)
    if copy.get_view_restrictions().exists():
        # Not before the restriction: what was never public is not told to be gone.
        now = timezone.now()
        Page.objects.filter(pk=copy.pk, live=True).update(
            first_published_at=now, last_published_at=now
        )
    for pair in zip(source.get_children(), copy.get_children(), strict=False):
        finish_copy(*pair, user)


def copy_restriction(restriction: PageViewRestriction, page: Page, user: Any) -> None:
    """Make a page private as another one is."""
    copied = PageViewRestriction(
        page=page,
        restriction_type=restriction.restriction_type,
        password=restriction.password,
    )
    copied.save(user=user)
    copied.groups.set(restriction.groups.all())


def _get_model() -> type:
    from treatments.models import TreatmentArticleMixin

    return TreatmentArticleMixin


def connect() -> None:
    """Follow the copies of revisions."""
    pre_save.connect(on_revision_saving, sender=Revision)
