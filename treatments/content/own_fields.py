"""The raw values of an article's fields, each with the block that it is read as.

What a project has added to its type of article, and gives through the API, is read like any other field, so that it
is in the documents, in the hashes that reviews are bound to, in the differences, in the types and in the search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from wagtail import blocks

from treatments.content.blocks import get_raw_stream
from treatments.models.own_fields import get_blocks, get_own_fields

if TYPE_CHECKING:
    from collections.abc import Iterable


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


def read_fields(page: Any) -> dict[str, tuple[blocks.Block, Any]]:
    """Return the raw values of what a document gives as it is, in reading order, with their blocks.

    Args:
        page: A specific article, from the database, a revision or a form.
    """
    given = get_blocks(type(page))
    return {name: (block, read(page, name, block)) for name, block in given.items()}


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
