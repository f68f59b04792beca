"""The reference of all blocks in docs/frontend.md, made from the block definitions.

``make docs`` writes it anew.
"""

from __future__ import annotations

import re
from pathlib import Path

from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from snippets.blocks import ReferenceChooserBlock
from treatments.blocks.links import PromotionSlotBlock
from treatments.blocks.streams import SectionBlock
from treatments.models import TreatmentPage

FILE = Path(__file__).resolve().parents[2] / "docs" / "frontend.md"
START, END = "<!-- blocks: start -->", "<!-- blocks: end -->"
STREAMS = ("key_points", "also_known_as", "questions", "regulatory_status")

#: The first class that fits says how a leaf is described.
LEAVES = (
    (blocks.RichTextBlock, "rich text"),
    (ReferenceChooserBlock, "reference"),
    (ImageChooserBlock, "image"),
    (blocks.PageChooserBlock, "page"),
    (blocks.ChoiceBlock, "choice"),
    (blocks.BooleanBlock, "true or false"),
    ((blocks.IntegerBlock, blocks.FloatBlock), "number"),
    (blocks.DateBlock, "date"),
    ((blocks.CharBlock, blocks.TextBlock, blocks.RegexBlock, blocks.URLBlock), "text"),
)


def describe_leaf(block: blocks.Block) -> str:
    """Return what kind of value a block without children gives."""
    for classes, words in LEAVES:
        if isinstance(block, classes):
            return words
    raise LookupError(f"No words for {type(block).__name__}: add them here.")


def describe(block: blocks.Block) -> str:
    """Return what kind of value any block gives, in a few words."""
    if isinstance(block, blocks.StreamBlock):
        return "blocks " + ", ".join(f"`{name}`" for name in block.child_blocks)
    if isinstance(block, blocks.ListBlock):
        return f"list: {describe(block.child_block)}"
    return describe_leaf(block)


def describe_keys(block: blocks.StructBlock) -> str:
    """Return the keys of a struct, each with its kind; small structs stand in parentheses."""
    parts = []
    for name, child in block.child_blocks.items():
        if isinstance(child, blocks.StructBlock):
            inner = ", ".join(f"`{key}`" for key in child.child_blocks)
            parts.append(f"`{name}` ({inner})")
        else:
            parts.append(f"`{name}` {describe(child)}")
    if isinstance(block, PromotionSlotBlock):
        parts.append("`promotions` list: promotion")
    return " · ".join(parts)


def describe_value(block: blocks.Block) -> str:
    """Return what stands under ``value``."""
    return (
        describe_keys(block)
        if isinstance(block, blocks.StructBlock)
        else describe(block)
    )


def iterate_types(block: blocks.Block, seen: set[str]):
    """Yield ``(names, block)`` of every type below a stream; types that are alike share a row."""
    if isinstance(block, blocks.StreamBlock):
        by_class: dict[str, tuple[list[str], blocks.Block]] = {}
        for name, child in block.child_blocks.items():
            key = f"{type(child).__name__}/{'' if isinstance(child, blocks.StructBlock) else name}"
            by_class.setdefault(key, ([], child))[0].append(name)
        for key, (names, child) in by_class.items():
            if key in seen:
                continue
            seen.add(key)
            yield names, child
            yield from iterate_types(child, seen)
    elif isinstance(block, blocks.StructBlock):
        for child in block.child_blocks.values():
            yield from iterate_types(child, seen)


def iterate_choices(path: str, block: blocks.Block, seen: set[tuple]):
    """Yield ``(path, values)`` of every choice below a block; the same choices come once."""
    if isinstance(block, blocks.ChoiceBlock):
        values = tuple(value for value, _label in block.field.choices if value)
        key = (path.rsplit(".", 1)[-1], values)
        if key not in seen:
            seen.add(key)
            yield path, values
    elif isinstance(block, blocks.StreamBlock):
        for name, child in block.child_blocks.items():
            yield from iterate_choices(name, child, seen)
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from iterate_choices(f"{path}.{name}", child, seen)


def build_reference() -> str:
    """Return both tables as Markdown."""
    seen: set[str] = set()
    rows = [(["section"], SectionBlock())]
    rows += iterate_types(rows[0][1], seen)
    lines = ["| Type | `value` |", "|---|---|"]
    for names, block in rows:
        types = ", ".join(f"`{name}`" for name in names)
        lines.append(f"| {types} | {describe_value(block)} |")
    lines += [
        "",
        "Outside the body:",
        "",
        "| Field | Type | `value` |",
        "|---|---|---|",
    ]
    for name in STREAMS:
        stream = TreatmentPage._meta.get_field(name).stream_block
        lines += [
            f"| `{name}` | `{child}` | {describe_value(block)} |"
            for child, block in stream.child_blocks.items()
        ]
    lines += ["", "The values of the choices:", "", "| Choice | Values |", "|---|---|"]
    known: set[tuple] = set()
    for name in STREAMS:
        stream = TreatmentPage._meta.get_field(name).stream_block
        rows += [([child], block) for child, block in stream.child_blocks.items()]
    for names, block in rows:
        for path, values in iterate_choices(names[0], block, known):
            lines.append(
                f"| `{path}` | {', '.join(f'`{value}`' for value in values)} |"
            )
    return "\n".join(lines)


def replace_reference(document: str) -> str:
    """Return a document with the reference between the two markers made anew."""
    pattern = re.compile(f"{re.escape(START)}.*{re.escape(END)}", re.DOTALL)
    made = f"{START}\n\n{build_reference()}\n\n{END}"
    return pattern.sub(lambda _match: made, document)


def write() -> None:
    """Write the reference into the document."""
    document = FILE.read_text(encoding="utf-8")
    FILE.write_text(replace_reference(document), encoding="utf-8")
