"""A stored document as a reader of the admin can read it: headings, texts and lists, without any markup of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from treatments.api.comparison.block_places import BODY, is_named
from treatments.api.comparison.definitions import (
    Definition,
    Weight,
    define_article,
    define_child,
    define_field,
)
from treatments.api.comparison.plain_texts import (
    AMOUNT_KEYS,
    LOGIC_KEYS,
    is_amount,
    is_empty,
    is_logic,
    is_object,
    is_rich_text,
    is_stream,
    label_item,
    write_amount,
    write_logic,
    write_name,
    write_scalar,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What is told elsewhere on the page.
LEFT_OUT = frozenset(("id", "type", "locale", "title", "path", "translations"))
#: What readers read, before what is said about it.
FIRST_FIELDS = ("summary", "intro", "key_points", BODY, "questions")


@dataclass
class Part:
    """Something that readers read.

    Attributes:
        label: What it is called; empty for what needs no name.
        name: The heading that it has in the article.
        lines: Its text, a line each.
        parts: What is in it.
    """

    label: str = ""
    name: str = ""
    lines: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def build_outline(document: dict[str, Any]) -> list[Part]:
    """Return what a document says, field by field; what is technical is left out."""
    article = define_article(str(document.get("type", "")))
    outline = []
    for key in dict.fromkeys([*FIRST_FIELDS, *document]):
        value = document.get(key)
        definition = define_field(article, key)
        if key in LEFT_OUT or not is_told(value, definition):
            continue
        part = build_part(value, definition, definition.label)
        if key == BODY:
            outline.extend(part.parts)
        else:
            outline.append(part)
    return outline


def is_told(value: Any, definition: Definition) -> bool:
    """Tell whether there is something to read."""
    return (
        not is_empty(value)
        and value is not False
        and definition.weight is not Weight.TECHNICAL
    )


def build_part(value: Any, definition: Definition, label: str) -> Part:
    """Return one value."""
    part = Part(label)
    if is_rich_text(value):
        part.lines = value["text"].split("\n")
    elif is_object(value):
        part.lines = [describe_object(value)]
    elif is_stream(value):
        part.parts = list(iterate_blocks(value, definition))
    elif isinstance(value, list):
        item = define_child(definition, "item") if definition.source else definition
        for entry in value:
            inner = build_part(entry, item, "")
            part.lines += inner.lines
            if inner.parts:
                part.parts.append(inner)
    elif isinstance(value, dict):
        part.parts = list(iterate_fields(value, definition))
    else:
        text = write_scalar(value, definition)
        part.lines = text.split("\n") if text else []
    return part


def describe_object(value: dict[str, Any]) -> str:
    """Return a chosen object in one line: a citation as it is cited, a term with its definition."""
    if value.get("vancouver"):
        number = f"{value['number']}. " if value.get("number") else ""
        return f"{number}{value['vancouver']}"
    definition = value.get("definition")
    if isinstance(definition, dict) and is_rich_text(definition):
        return f"{write_name(value)}: {definition['text']}"
    return write_name(value)


def iterate_blocks(
    stream: list[dict[str, Any]], definition: Definition
) -> Iterator[Part]:
    """Yield the blocks of a stream; those that are no more than a text have no name."""
    for number, child in enumerate(stream, 1):
        block = define_child(definition, child["type"])
        value = child["value"]
        is_struct = isinstance(value, dict) and not is_rich_text(value)
        label, name = label_item(block, value, number, True)
        part = build_part(value, block, label if is_struct else "")
        if is_struct and name:
            part.name = str(value[block.get_item_name()])
        yield part


def iterate_fields(value: dict[str, Any], definition: Definition) -> Iterator[Part]:
    """Yield the parts of a struct; what belongs together is one, and what names it is left out."""
    told: set[str] = set()
    name = definition.get_item_name() if definition.get_children() else ""
    if isinstance(value.get(name), str) and value[name]:
        told.add(name)
    if is_amount(value):
        text = write_amount(value, definition)
        if text:
            yield Part(define_child(definition, "value").label, lines=[text])
        told.update(AMOUNT_KEYS)
    if is_logic(value):
        logic = define_child(definition, "logic")
        yield Part(logic.label, lines=[write_logic(value, definition)])
        told.update(LOGIC_KEYS)
    for key, inner in value.items():
        child = define_child(definition, key)
        if key in told or not is_told(inner, child):
            continue
        part = build_part(inner, child, child.label)
        if is_stream(inner) and not is_named(definition, value, key):
            yield from part.parts
        elif part.lines or part.parts:
            yield part
