"""A stored document as a reader of the admin can read it: headings, texts and lists, without any markup of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from treatments.article_fields import ARTICLE_FIELDS, BODY, Weight
from treatments.comparison.block_places import is_named
from treatments.comparison.definitions import (
    Definition,
    define_article,
    define_child,
    define_field,
)
from treatments.comparison.documents import drop_doubled
from treatments.comparison.link_changes import read_html
from treatments.comparison.plain_texts import (
    AMOUNT_KEYS,
    LOGIC_KEYS,
    find_name_key,
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
#: What of a chosen object only tells it from others.
NOT_READ = frozenset(("id", "path", "locale", "fallback", "file_hash"))
#: What a citation is made of: it always says these.
CITED_KEYS = frozenset(("vancouver", "issued", "status"))
#: What readers read, before what is said about it.
FIRST_FIELDS = tuple(row.name for row in ARTICLE_FIELDS if row.section == row.name)


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
        if key != "references":
            value = shorten_citations(value)
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
        part.lines = [*value["text"].split("\n"), *iterate_addresses(value["html"])]
    elif is_object(value):
        part.lines = [describe_object(value)]
        part.parts = list(iterate_details(value, definition))
    elif is_stream(value):
        part.parts = list(iterate_blocks(value, definition))
    elif isinstance(value, list):
        item = define_child(definition, "item") if definition.source else definition
        entries = [build_part(entry, item, "") for entry in value]
        if any(each.parts for each in entries):
            part.parts = entries
        else:
            part.lines = [line for each in entries for line in each.lines]
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


def iterate_details(value: dict[str, Any], definition: Definition) -> Iterator[Part]:
    """Yield what a chosen object says beside the line that ``describe_object`` gives of it."""
    line = describe_object(value)
    said = set(NOT_READ)
    if value.get("fallback"):
        said.remove("locale")
    if value.get("vancouver"):
        said.update(CITED_KEYS)
        said.update(key for key in value if is_cited(value[key], line))
    else:
        said.add(find_name_key(value))
        if is_rich_text(value.get("definition")):
            said.add("definition")
    rest = {key: inner for key, inner in value.items() if key not in said}
    yield from iterate_fields(rest, definition)


def is_cited(value: Any, line: str) -> bool:
    """Tell whether a citation has a text, or all texts of a list."""
    texts = value if isinstance(value, list) else [value]
    return all(str(text) in line for text in texts)


def shorten_citations(value: Any) -> Any:
    """Return a value with no more of each reference than its citation: the rest is told in their own list."""
    if isinstance(value, dict):
        if value.get("vancouver"):
            return {key: value.get(key) for key in ("id", "number", "vancouver")}
        return {key: shorten_citations(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shorten_citations(inner) for inner in value]
    return value


def iterate_addresses(html: str) -> Iterator[str]:
    """Yield where the links in a text lead, whose words alone do not tell."""
    for link in read_html(html)[0]:
        if link.address:
            yield f"{link.words} → {link.address}".strip()


def iterate_blocks(
    stream: list[dict[str, Any]], definition: Definition
) -> Iterator[Part]:
    """Yield the blocks of a stream; those that are no more than a text have no name."""
    for number, child in enumerate(stream, 1):
        block = define_child(definition, child["type"])
        value = child["value"]
        is_struct = isinstance(value, dict) and not is_rich_text(value)
        label, name = label_item(block, value, number, True)
        if is_struct and name:
            key = block.get_item_name()
            value = {**value, key: ""}
            part = build_part(value, block, label)
            part.name = child["value"][key]
        else:
            part = build_part(value, block, label if is_struct else "")
        yield part


def iterate_fields(value: dict[str, Any], definition: Definition) -> Iterator[Part]:
    """Yield the parts of a struct; what belongs together is one."""
    told: set[str] = set()
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
        if is_object(inner) and "renditions" in inner:
            # The block says the words about its image.
            inner = {**drop_doubled(inner, value), "alt": inner.get("alt")}
        if key in told or not is_told(inner, child):
            continue
        part = build_part(inner, child, child.label)
        if is_stream(inner) and not is_named(definition, value, key):
            yield from part.parts
        elif part.lines or part.parts:
            yield part
