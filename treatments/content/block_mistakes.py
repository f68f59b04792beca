"""What the blocks' own rules have against a value: each mistake with its place, for programs and for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlockValidationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.exceptions import ValidationError

GROUPS = (
    StreamBlockValidationError,
    StructBlockValidationError,
    ListBlockValidationError,
    TypedTableBlockValidationError,
)


def iterate_mistakes(
    block: blocks.Block,
    value: Any,
    error: ValidationError,
    pointer: str = "",
    labels: tuple[str, ...] = (),
) -> Iterator[dict[str, Any]]:
    """Yield each message of a tree of block errors, with ``pointer``, ``labels``, ``type`` and ``msg``.

    Args:
        block: Whose ``clean()`` has raised the error.
        value: What was cleaned.
        error: The error.
        pointer: The place of the value, as a JSON pointer.
        labels: The same place for people, the outermost part first.
    """
    if not isinstance(error, GROUPS):
        for single in error.error_list:
            for message in single.messages:
                yield {
                    "pointer": pointer,
                    "labels": labels,
                    "type": single.code or "invalid",
                    "msg": str(message),
                }
        return
    for own in error.non_block_errors.as_data():
        yield from iterate_mistakes(block, value, own, pointer, labels)
    for child_block, child, child_error, path in iterate_children(block, value, error):
        # A stream only holds others, which say more about the place than it does.
        is_named = child_block.label and not isinstance(child_block, blocks.StreamBlock)
        inner = (*labels, name_block(child_block, child)) if is_named else labels
        here = f"{pointer}/{path}"
        yield from iterate_mistakes(child_block, child, child_error, here, inner)


def iterate_children(
    block: Any, value: Any, error: Any
) -> Iterator[tuple[blocks.Block, Any, ValidationError, str]]:
    """Yield ``(child block, value, error, path)`` of what is wrong directly in a value."""
    if isinstance(error, TypedTableBlockValidationError):
        for row, cells in (error.cell_errors or {}).items():
            for column, child_error in cells.items():
                child_block = value.columns[column]["block"]
                cell = value.row_data[row]["values"][column]
                yield child_block, cell, child_error, f"rows/{row}/values/{column}"
        return
    for key, child_error in error.block_errors.items():
        if isinstance(error, StreamBlockValidationError):
            child = value[key]
            yield child.block, child.value, child_error, f"{key}/value"
        elif isinstance(error, ListBlockValidationError):
            yield block.child_block, value[key], child_error, str(key)
        else:
            yield block.child_blocks[key], value.get(key), child_error, str(key)


def name_block(block: blocks.Block, value: Any) -> str:
    """Return what people call a block: its kind, and its heading where it has one."""
    heading = value.get("heading") if isinstance(value, dict) else None
    return f"{block.label} “{heading}”" if heading else str(block.label)
