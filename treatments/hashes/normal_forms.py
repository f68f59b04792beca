"""One form of each value: what says the same is stored the same, whichever way it came in.

The admin's form, v3, an import and Python write an empty text, a missing field or a line break in different
ways. What is stored decides what a reviewer has approved: it must not change where nobody has changed anything.
"""

from __future__ import annotations

import re
import uuid
from contextlib import suppress
from datetime import date, time
from typing import TYPE_CHECKING, Any

from wagtail import blocks

from snippets.lines import join_lines, normalize_line, normalize_text

if TYPE_CHECKING:
    from collections.abc import Callable

TAG = re.compile(r"<[^>]*>")
#: What shows something without a text.
FILLED_TAG = re.compile(r"<(?:embed|hr|img)\b", re.IGNORECASE)
#: Of an empty entity nobody would see anything, a link and a citation among them.
SPACE = re.compile(r"(?:\s|&nbsp;|&#160;)*")
#: The blocks whose form fields are inputs of one line, and take away the spaces around a text.
LINE_BLOCKS = (blocks.CharBlock, blocks.URLBlock, blocks.EmailBlock)


def join_lists(source: str) -> str:
    """Return rich text in which a list goes on after a list inside it.

    The editor's exporter ends a numbered list where a bullet list stands below one of its items, and begins
    another one, whose first number is 1.
    """
    return source.replace("</ol><ol>", "").replace("</ul><ul>", "")


def normalize_rich_text(source: str | None) -> str:
    """Return rich text with whole lists; one that shows nothing, such as an empty paragraph, is the empty text."""
    source = join_lists(source or "")
    is_empty = not FILLED_TAG.search(source) and SPACE.fullmatch(TAG.sub("", source))
    return "" if is_empty else source


def normalize_value(block: blocks.Block, raw: Any) -> Any:
    """Return the raw value of a block in its normal form; every child of a stream has an id afterwards.

    What a block does not know stays as it is.
    """
    if isinstance(block, blocks.StreamBlock):
        return normalize_stream(block, raw)
    if isinstance(block, blocks.StructBlock):
        return normalize_struct(block, raw)
    if isinstance(block, blocks.ListBlock):
        return normalize_list(block, raw)
    if isinstance(block, blocks.ChooserBlock):
        return raw.get("id") if isinstance(raw, dict) else raw
    for kinds, normalize in LEAVES:
        if isinstance(block, kinds):
            with suppress(TypeError, ValueError):
                return normalize(raw)
    return raw


def normalize_stream(block: blocks.StreamBlock, raw: Any) -> Any:
    """Return the children of a stream, changed in place: a page is stored twice, with the same ids."""
    for child in raw or []:
        child_block = block.child_blocks.get(child.get("type"))
        if child_block is not None:
            child["value"] = normalize_value(child_block, child.get("value"))
        child["id"] = normalize_id(child.get("id"))
    return raw or []


def normalize_struct(block: blocks.StructBlock, raw: Any) -> Any:
    """Return every field of a struct in the order of its definition; what is missing is as in a new one."""
    if raw is not None and not isinstance(raw, dict):
        return raw
    given = raw or {}
    known = {
        name: normalize_value(
            child,
            given[name] if name in given else child.get_prep_value(child.get_default()),
        )
        for name, child in block.child_blocks.items()
    }
    return {**known, **{name: given[name] for name in given if name not in known}}


def normalize_list(block: blocks.ListBlock, raw: Any) -> Any:
    """Return the items of a list as Wagtail stores them, changed in place."""
    items = raw or []
    for index, item in enumerate(items):
        is_wrapped = (
            isinstance(item, dict) and item.get("type") == "item" and "value" in item
        )
        items[index] = item if is_wrapped else {"type": "item", "value": item}
        value = items[index]["value"]
        items[index]["value"] = normalize_value(block.child_block, value)
        items[index]["id"] = normalize_id(items[index].get("id"))
    return items


def normalize_id(value: str | None) -> str:
    """Return the id of a block in lower case, as the address of its section has it; a new one for none."""
    return value.lower() if value else str(uuid.uuid4())


def normalize_choice(value: Any) -> Any:
    """Return what was chosen; nothing is the empty text."""
    return "" if value is None else value


def normalize_number(value: Any) -> float | None:
    """Return a number; a whole one without a decimal point, whether it was typed or sent."""
    if value is None or value == "":
        return None
    number = float(value)
    return int(number) if number.is_integer() else number


def normalize_moment(value: Any) -> str | None:
    """Return a date or a time as text."""
    return value.isoformat() if isinstance(value, (date, time)) else value or None


#: The first that fits decides.
LEAVES: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (blocks.RichTextBlock, normalize_rich_text),
    (LINE_BLOCKS, normalize_line),
    (blocks.TextBlock, lambda value: normalize_text(value).strip()),
    (blocks.RegexBlock, join_lines),
    (blocks.MultipleChoiceBlock, lambda value: value or []),
    (blocks.ChoiceBlock, normalize_choice),
    (blocks.BooleanBlock, bool),
    (blocks.FloatBlock, normalize_number),
    (blocks.IntegerBlock, lambda value: None if value == "" else value),
    ((blocks.DateBlock, blocks.TimeBlock, blocks.DateTimeBlock), normalize_moment),
)
