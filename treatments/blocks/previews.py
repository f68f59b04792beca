"""A block value as people read it: labels from the block definitions, empty values left out.

Made for the preview in the block picker. Pure: knows neither requests nor templates.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import RichText

from treatments.blocks.text import DataTableBlock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString

#: What makes a struct block one measured value.
MEASURE_FIELDS = {"value", "upper_value", "unit"}


@dataclass(slots=True)
class Node:
    """A value ready to be shown.

    Attributes:
        kind: ``text``, ``heading``, ``html``, ``fields``, ``list``, ``table``, ``image`` or ``missing``.
        label: The label of the block that holds the value; empty where it says nothing new.
        text: For ``text``, ``html`` and ``missing``.
        children: For ``fields`` and ``list``.
        rows: For ``table``: rows of cells, the headings first.
        value: For ``image``: the image.
    """

    kind: str
    label: str = ""
    text: str | SafeString = ""
    children: list[Node] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    value: Any = None


def build_node(
    block: blocks.Block, value: Any, label: str | None = None
) -> Node | None:
    """Return how a value of a block is shown, or None when there is nothing to show."""
    label = str(block.label) if label is None else label
    if value is None and not isinstance(block, blocks.ChooserBlock):
        return None
    if isinstance(block, DataTableBlock):
        return _build_table(value, label)
    if isinstance(block, blocks.StructBlock):
        if block.child_blocks.keys() >= MEASURE_FIELDS and len(block.child_blocks) < 5:
            return _build_measure(block, value, label)
        return _build_fields(block, value, label)
    if isinstance(block, blocks.StreamBlock):
        tell_apart = len(block.child_blocks) > 1
        items = [
            build_node(child.block, child.value, None if tell_apart else "")
            for child in value
        ]
        return _build_parent("list", label, items)
    if isinstance(block, blocks.ListBlock):
        return _build_parent(
            "list", label, [build_node(block.child_block, item, "") for item in value]
        )
    if isinstance(block, ImageChooserBlock):
        return _build_chosen("image", block, value, label)
    if isinstance(block, blocks.ChooserBlock):
        return _build_chosen("text", block, value, label)
    return _build_leaf(block, value, label)


def _build_fields(block: blocks.StructBlock, value: Any, label: str) -> Node | None:
    heading = find_heading(block)
    children = []
    for name, child in block.child_blocks.items():
        node = build_node(child, value.get(name))
        if node is not None and name == heading and node.kind == "text":
            node.kind, node.label = "heading", ""
        if node is not None:
            children.append(node)
    if len(children) == 1 and children[0].kind == "heading":
        return Node("text", label, text=children[0].text)
    return _build_parent("fields", label, children)


def find_heading(block: blocks.StructBlock) -> str | None:
    """Return the child that names the whole: the one of the collapsed label, or the title."""
    named = (getattr(block.meta, "label_format", None) or "").strip("{}")
    return next(
        (name for name in (named, "title", "procedure") if name in block.child_blocks),
        None,
    )


def _build_measure(block: blocks.StructBlock, value: Any, label: str) -> Node | None:
    """Return a limit or a length of time in one line, such as “30–60 minutes”."""
    if value.get("value") is None:
        return None
    words = {
        name: describe_value(child, value.get(name))
        for name, child in block.child_blocks.items()
        if value.get(name) not in (None, "")
    }
    number = "–".join(words[name] for name in ("value", "upper_value") if name in words)
    comparator = (
        "" if value.get("comparator") == "between" else words.get("comparator", "")
    )
    return Node(
        "text",
        label,
        text=" ".join(
            part for part in (comparator, number, words.get("unit", "")) if part
        ),
    )


def _build_parent(
    kind: str, label: str, children: Sequence[Node | None]
) -> Node | None:
    shown = [child for child in children if child is not None]
    return Node(kind, label, children=shown) if shown else None


def _build_chosen(
    kind: str, block: blocks.ChooserBlock, value: Any, label: str
) -> Node | None:
    if value is not None:
        return Node(kind, label, text=str(value), value=value)
    return Node("missing", label, text=_("(to be chosen)")) if block.required else None


def _build_table(value: Any, label: str) -> Node:
    headings = [str(column.value) for column in value["columns"]]
    rows = [
        [row.value["heading"], *(str(cell.value) for cell in row.value["cells"])]
        for row in value["rows"]
    ]
    return Node("table", label, text=value["caption"], rows=[headings, *rows])


def _build_leaf(block: blocks.Block, value: Any, label: str) -> Node | None:
    if value is False or value == "":
        return None
    if isinstance(value, RichText):
        return (
            Node("html", label, text=format_html("{}", value)) if value.source else None
        )
    return Node("text", label, text=describe_value(block, value))


def describe_value(block: blocks.Block, value: Any) -> str:
    """Return a plain value in words: the label of a choice, a date and a number in the active language."""
    if value is True:
        return _("Yes")
    if isinstance(block, blocks.ChoiceBlock):
        return str(dict(_flatten(block.field.choices)).get(value, value))
    if isinstance(value, (datetime.date, datetime.datetime)):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, float):
        return number_format(int(value) if value.is_integer() else value)
    return str(value)


def _flatten(choices: Any) -> list[tuple[Any, Any]]:
    flat = []
    for value, label in choices:
        flat += label if isinstance(label, (list, tuple)) else [(value, label)]
    return flat
