"""From the raw JSON of a stream to its public JSON, by the block definitions.

Works on raw data and never builds a StreamValue, so that a body of any length costs the same number
of queries. ``collect`` finds out what a value refers to; after the lookups are loaded, ``represent``
writes the value. The rules are general: a stream is a list of ``{"type", "id", "value"}``, a struct
an object, a list a list; everything chosen is expanded.
"""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from treatments.blocks.links import PromotionSlotBlock
from treatments.content.images import identify_file
from treatments.content.rich_text import collect_rich_text, represent_rich_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from treatments.content.needs import Needs
    from treatments.content.scopes import Scope

TEXT_BLOCKS = (
    blocks.CharBlock,
    blocks.TextBlock,
    blocks.URLBlock,
    blocks.EmailBlock,
    blocks.RegexBlock,
)
NULLABLE_BLOCKS = (
    blocks.ChoiceBlock,
    blocks.IntegerBlock,
    blocks.FloatBlock,
    blocks.DecimalBlock,
    blocks.DateBlock,
    blocks.TimeBlock,
    blocks.DateTimeBlock,
)
IMAGE_TEXTS = ("alt", "caption", "credit")


def get_raw_stream(instance: Any, field_name: str) -> list[dict[str, Any]]:
    """Return the raw list of a StreamField, changed or not, without instantiating its blocks."""
    value = getattr(instance, field_name)
    return value.get_prep_value() if value else []


def iterate_stream(block: blocks.StreamBlock, raw: Any):
    """Yield ``(child block, child)`` of a raw stream; blocks that no longer exist are left out."""
    for child in raw or []:
        child_block = block.child_blocks.get(child.get("type"))
        if child_block is not None:
            yield child_block, child


def iterate_list(raw: Any):
    """Yield the raw values of a list, in the format with ids or without."""
    for item in raw or []:
        is_wrapped = (
            isinstance(item, dict) and item.get("type") == "item" and "value" in item
        )
        yield item["value"] if is_wrapped else item


def iterate_table(block: TypedTableBlock, raw: Any):
    """Yield the rows of a typed table, each a list of ``(child block, raw cell)``.

    Columns of a kind that no longer exists are left out.
    """
    given = raw or {}
    kinds = [
        block.child_blocks.get(column["type"]) for column in given.get("columns", [])
    ]
    for row in given.get("rows", []):
        yield [
            (child_block, cell)
            for child_block, cell in zip(kinds, row["values"], strict=False)
            if child_block is not None
        ]


def has_own_representation(block_class: type[blocks.Block]) -> bool:
    """Tell whether a project's block class says itself how it looks in the API."""
    return block_class.get_api_representation.__module__.split(".")[0] != "wagtail"


def iterate_children(block: blocks.Block, raw: Any):
    """Yield ``(child block, raw value)`` of what stands directly in a raw value."""
    if isinstance(block, blocks.StreamBlock):
        for child_block, child in iterate_stream(block, raw):
            yield child_block, child.get("value")
    elif isinstance(block, blocks.StructBlock):
        given = raw or {}
        for name in filter(given.__contains__, block.child_blocks):
            yield block.child_blocks[name], given[name]
    elif isinstance(block, blocks.ListBlock):
        for item in iterate_list(raw):
            yield block.child_block, item
    elif isinstance(block, TypedTableBlock):
        for row in iterate_table(block, raw):
            yield from row


def collect(block: blocks.Block, raw: Any, needs: Needs) -> None:
    """Note everything that a raw value refers to."""
    if isinstance(block, blocks.RichTextBlock):
        collect_rich_text(raw, needs)
    elif isinstance(block, blocks.ChooserBlock):
        if isinstance(raw, int):
            collect_chosen(block, raw, needs)
    elif not isinstance(block, blocks.FieldBlock):
        for child_block, child in iterate_children(block, raw):
            collect(child_block, child, needs)


def collect_chosen(block: blocks.ChooserBlock, pk: int, needs: Needs) -> None:
    """Note what a chooser block has chosen."""
    if isinstance(block, blocks.PageChooserBlock):
        needs.page_ids.add(pk)
    elif isinstance(block, ImageChooserBlock):
        needs.image_ids.add(pk)
    elif isinstance(block, DocumentChooserBlock):
        needs.document_ids.add(pk)
    else:
        needs.add_object(block.model_class, pk)


def represent(block: blocks.Block, raw: Any, scope: Scope) -> Any:
    """Return the public JSON of a raw value."""
    function = find_representer(type(block))
    if function is None:
        return block.get_api_representation(block.to_python(raw))
    return function(block, raw, scope)


@cache
def find_representer(
    block_class: type[blocks.Block],
) -> Callable[[Any, Any, Any], Any] | None:
    """Return the function for the values of a block class; None where the class itself says how they look."""
    if has_own_representation(block_class):
        return None
    return next(
        (
            function
            for known, function in REPRESENTERS
            if issubclass(block_class, known)
        ),
        None,
    )


def represent_stream(
    block: blocks.StreamBlock, raw: Any, scope: Scope
) -> list[dict[str, Any]]:
    """Return ``[{"type", "id", "value"}]``."""
    return [
        {
            "type": child["type"],
            "id": child.get("id"),
            "value": represent(child_block, child.get("value"), scope),
        }
        for child_block, child in iterate_stream(block, raw)
    ]


def represent_struct(
    block: blocks.StructBlock, raw: Any, scope: Scope
) -> dict[str, Any]:
    """Return every field of a struct, whether it was filled in or not."""
    given = raw or {}
    value: dict[str, Any] = {}
    for name, child_block in block.child_blocks.items():
        if name in given:
            value[name] = represent(child_block, given[name], scope)
        elif isinstance(
            child_block, (blocks.StreamBlock, blocks.StructBlock, blocks.ListBlock)
        ):
            value[name] = represent(child_block, None, scope)
        else:
            value[name] = represent(
                child_block,
                child_block.get_prep_value(child_block.get_default()),
                scope,
            )
    for name, child_block in block.child_blocks.items():
        if not isinstance(child_block, ImageChooserBlock):
            continue
        texts = [text for text in IMAGE_TEXTS if text in value]
        if value[name]:
            value[name].update({text: value[text] for text in texts})
        elif given.get(name):
            # Chosen, but private or deleted: the words about it are not shown either.
            value.update(dict.fromkeys(texts, ""))
    return value


def represent_promotion_slot(
    block: PromotionSlotBlock, raw: Any, scope: Scope
) -> dict[str, Any]:
    """Return the slot with the promotions that are due for it."""
    value = represent_struct(block, raw, scope)
    return {**value, "promotions": scope.get_promotions(value["placement"])}


def represent_list(block: blocks.ListBlock, raw: Any, scope: Scope) -> list[Any]:
    """Return the values; of chosen objects only those that are public."""
    values = [represent(block.child_block, item, scope) for item in iterate_list(raw)]
    if isinstance(block.child_block, blocks.ChooserBlock):
        return [value for value in values if value is not None]
    return values


def represent_typed_table(
    block: TypedTableBlock, raw: Any, scope: Scope
) -> dict[str, Any]:
    """Return a table whose cells are expanded like any other value."""
    given = raw or {}
    return {
        "caption": given.get("caption") or "",
        "columns": [
            {"type": column["type"], "heading": column.get("heading") or ""}
            for column in given.get("columns", [])
            if column["type"] in block.child_blocks
        ],
        "rows": [
            {"values": [represent(child, cell, scope) for child, cell in row]}
            for row in iterate_table(block, given)
        ],
    }


def represent_table(block: TableBlock, raw: Any, scope: Scope) -> dict[str, Any] | None:
    """Return Wagtail's plain table: its cells, its caption, and which of them are headers."""
    if not raw:
        return None
    return {
        "caption": raw.get("table_caption") or "",
        "has_header_row": bool(raw.get("first_row_is_table_header")),
        "has_header_column": bool(raw.get("first_col_is_header")),
        "data": raw.get("data") or [],
    }


def represent_chosen(block: blocks.ChooserBlock, raw: Any, scope: Scope) -> Any:
    """Return the public fields of what was chosen, or None where it is not public."""
    if isinstance(raw, dict):
        raw = raw.get("id")
    if raw is None:
        return None
    if isinstance(block, blocks.PageChooserBlock):
        return scope.get_page(raw)
    if isinstance(block, ImageChooserBlock):
        return scope.get_image(raw)
    if isinstance(block, DocumentChooserBlock):
        document = scope.get_document(raw)
        return represent_document(document) if document else None
    return scope.get_object(block.model_class, raw)


def represent_document(document: Any) -> dict[str, Any]:
    """Return a file to download."""
    return {
        "id": document.pk,
        "title": document.title,
        "url": document.url,
        "file_hash": identify_file(document),
    }


def represent_scalar(raw: Any) -> Any:
    """Return a number, a code or a date as JSON; in a page that is not saved, a date is no text yet."""
    if isinstance(raw, (date, time)):
        return raw.isoformat()
    if isinstance(raw, Decimal):
        return str(raw)
    return None if raw == "" else raw


#: The first class that fits decides.
REPRESENTERS: list[tuple[type | tuple[type, ...], Callable[[Any, Any, Any], Any]]] = [
    (PromotionSlotBlock, represent_promotion_slot),
    (TypedTableBlock, represent_typed_table),
    (TableBlock, represent_table),
    (blocks.StreamBlock, represent_stream),
    (blocks.StructBlock, represent_struct),
    (blocks.ListBlock, represent_list),
    (blocks.RichTextBlock, lambda block, raw, scope: represent_rich_text(raw, scope)),
    (blocks.ChooserBlock, represent_chosen),
    (blocks.BooleanBlock, lambda block, raw, scope: bool(raw)),
    (TEXT_BLOCKS, lambda block, raw, scope: raw or ""),
    (NULLABLE_BLOCKS, lambda block, raw, scope: represent_scalar(raw)),
]
