"""The fields that a project has added to its type of article, and gives through the API.

What such a field contains is a part of the article like any other: it is in the stored document, in the
hashes that reviews are bound to, in the differences, in the types and in the search. Each field is
read as the block that it would be in a stream, so that all of this follows from the rules for blocks.

A change of such a field is clinical, unless ``editorial_fields`` of the page model names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from wagtail import blocks

from treatments.content.blocks import get_raw_stream
from treatments.models.own_fields import get_own_fields

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def load_own_rows(pages: Iterable[Any]) -> None:
    """Load what the own fields of live pages of one model lead to, with one query for each relation.

    A page from a revision or a form has its own rows.
    """
    live = [
        page
        for page in pages
        if page.pk and not getattr(page, "_cluster_related_objects", None)
    ]
    if live:
        own = get_own_fields(type(live[0]))
        relations = [name for name in own if isinstance(own[name], blocks.ListBlock)]
        models.prefetch_related_objects(live, *relations)


def read_own_fields(page: Any) -> dict[str, tuple[blocks.Block, Any]]:
    """Return the raw values of an article's own fields with their blocks.

    Args:
        page: A specific article, from the database, a revision or a form.
    """
    own = get_own_fields(type(page))
    return {name: (block, read(page, name, block)) for name, block in own.items()}


def load_own_fields(
    model: type[Any], page_ids: Collection[int]
) -> dict[int, dict[str, tuple[blocks.Block, Any]]]:
    """Return the raw values of the own fields of stored articles by their ids; no query where there are none."""
    if not get_own_fields(model):
        return {}
    pages = list(model._base_manager.filter(pk__in=page_ids))
    load_own_rows(pages)
    return {page.pk: read_own_fields(page) for page in pages}


def read(instance: Any, name: str, block: blocks.Block) -> Any:
    """Return the raw value of a field, as it would stand in a stream."""
    if isinstance(block, blocks.StreamBlock):
        return get_raw_stream(instance, name)
    if isinstance(block, blocks.ListBlock):
        return [read_row(each, block.child_block) for each in getattr(instance, name).all()]  # fmt: skip
    field = instance._meta.get_field(name)
    if isinstance(block, blocks.ChooserBlock):
        return getattr(instance, field.attname)
    value = getattr(instance, name)
    if type(block) is blocks.CharBlock and not isinstance(value, str):
        return "" if value is None else field.value_to_string(instance)
    return value


def read_row(row: Any, block: blocks.Block) -> Any:
    """Return the raw value of what a relation with many rows leads to."""
    if isinstance(block, blocks.StructBlock):
        values = {name: read(row, name, child) for name, child in block.child_blocks.items()}  # fmt: skip
        return {"type": "item", "value": values}
    return row.pk
