"""A copied article gets block ids of its own: an id names a block of one article, in all its languages.

Wagtail copies the live row and each revision by itself and announces neither. The new id follows from the old one and
from the copy's translation key, so that a block has the same id in all of them without anything being remembered.
"""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING, Any

from django.db.models.signals import pre_save
from wagtail.fields import StreamField
from wagtail.models import Revision

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def _get_model() -> type:
    from treatments.models import TreatmentArticleMixin

    return TreatmentArticleMixin


def connect() -> None:
    """Follow the copies of revisions."""
    pre_save.connect(on_revision_saving, sender=Revision)
