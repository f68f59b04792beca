"""Values of a document as plain text for people: numbers with their units, codes in words, dates, names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from snippets.plain_text import get_plain_text
from treatments.comparison.definitions import Definition, Weight, define_child

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

#: What tells a block from anything else.
BLOCK_KEYS = {"type", "id", "value"}
#: A number with how it is compared, how far it goes, of what and of how many: read as one.
AMOUNT_KEYS = (
    "comparator",
    "qualifier",
    "value",
    "upper_value",
    "unit",
    "denominator",
)
#: How many of the criteria must apply: read as one.
LOGIC_KEYS = ("logic", "minimum")
#: What a struct can say of its image.
IMAGE_TEXTS = ("alt", "caption", "credit")
NAME_KEYS = ("title", "name", "term", "vancouver", "alt", "heading", "label", "text")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*")
MAX_NAME_LENGTH = 60
#: The words of units whose label is a plural, for exactly one.
ONE_OF_A_UNIT = {
    "a": gettext_lazy("year"),
    "mo": gettext_lazy("month"),
    "wk": gettext_lazy("week"),
    "d": gettext_lazy("day"),
    "h": gettext_lazy("hour"),
    "min": gettext_lazy("minute"),
    "{score}": gettext_lazy("point of a score"),
}


def is_stream(value: Any) -> bool:
    """Tell whether a value is a list of blocks: ``[{"type", "id", "value"}]``."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(child, dict) and set(child) == BLOCK_KEYS for child in value)
    )


def is_rich_text(value: Any) -> bool:
    """Tell whether a value is ``{"html", "text"}``."""
    return isinstance(value, dict) and set(value) == {"html", "text"}


def rewrite_texts(value: Any) -> Any:
    """Return a value with the plain text of each rich text as it is written today.

    A document that was stored by other rules then differs by what an editor changed, and by nothing else.
    """
    if isinstance(value, dict):
        if is_rich_text(value) and value["html"]:
            return {**value, "text": get_plain_text(value["html"])}
        return {key: rewrite_texts(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [rewrite_texts(inner) for inner in value]
    return value


def is_object(value: Any) -> bool:
    """Tell whether a value is something that was chosen, with an id of its own."""
    return (
        isinstance(value, dict)
        and value.get("id") is not None
        and set(value) != BLOCK_KEYS
    )


def is_amount(value: Any) -> bool:
    """Tell whether a struct is a number with its unit, or of how many."""
    return (
        isinstance(value, dict)
        and "value" in value
        and not isinstance(value["value"], (dict, list))
        and ("unit" in value or "denominator" in value)
    )


def is_logic(value: Any) -> bool:
    """Tell whether a struct says how many of its criteria must apply."""
    return isinstance(value, dict) and set(LOGIC_KEYS) <= set(value)


def is_number(value: Any) -> bool:
    """Tell whether a value is a number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_empty(value: Any) -> bool:
    """Tell whether there is nothing to read; ``False`` and 0 are something."""
    return (
        value is None
        or value in ("", [], {})
        or (is_rich_text(value) and not value["html"] and not value["text"])
    )


def write_number(value: float) -> str:
    """Return a number in the language in use."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return number_format(value, use_l10n=True)


def write_scalar(value: Any, definition: Definition, unit: str = "") -> str:
    """Return a text, a number, a code, a truth value or a date; nothing for null."""
    choices = definition.get_choices()
    if value is None or value == "":
        return ""
    if value in choices:
        return str(choices[value])
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, (int, float)):
        return f"{write_number(value)} {unit}".strip()
    return write_date(value) if isinstance(value, str) else str(value)


def write_date(text: str) -> str:
    """Return a text; a date or an instant in ISO 8601 as people write it."""
    try:
        if ISO_DATE.fullmatch(text):
            day = parse_date(text)
            return date_format(day, "DATE_FORMAT") if day else text
        if ISO_TIME.fullmatch(text):
            instant = parse_datetime(text)
            return write_instant(instant) if instant else text
    except ValueError:
        return text
    return text


def write_instant(instant: datetime) -> str:
    """Return a date with its time of day, in the time zone in use."""
    if timezone.is_aware(instant):
        instant = timezone.localtime(instant)
    return date_format(instant, "DATETIME_FORMAT")


def write_unit(value: dict[str, Any], definition: Definition, key: str = "") -> str:
    """Return the unit of a number in a struct: its own, or of how many it is.

    Args:
        value: The struct.
        definition: Of the struct.
        key: The name of the number, where it is not ``value``.
    """
    if key.endswith("_percent"):
        return "%"
    for name in (f"{key}_unit", "unit", "denominator"):
        if isinstance(value.get(name), str) and value[name]:
            text = write_scalar(value[name], define_child(definition, name))
            # “(a number of things)” is no unit.
            return "" if text.startswith("(") else text
    return ""


def write_amount(value: dict[str, Any], definition: Definition) -> str:
    """Return ``at most 1.5 cm``, ``about 6–10 of 100``, ``20 mg``; nothing where there is no number."""
    number = value["value"]
    if number is None or number == "":
        return ""
    text = write_scalar(number, Definition())
    unit = write_unit(value, definition)
    upper = value.get("upper_value")
    if upper in (None, "") and number == 1:
        unit = ONE_OF_A_UNIT.get(str(value.get("unit")), unit)
    elif upper not in (None, ""):
        text += f"–{write_scalar(upper, Definition())}"
    before = [
        write_scalar(value[name], define_child(definition, name))
        for name in ("qualifier", "comparator")
        if value.get(name)
    ]
    # “from … to …” is in the dash already.
    words = [word for word in before if "…" not in word]
    return " ".join(filter(None, [*words, text, str(unit)]))


def write_logic(value: dict[str, Any], definition: Definition) -> str:
    """Return ``All of them must apply`` or ``At least 2``."""
    logic, minimum = (define_child(definition, name) for name in LOGIC_KEYS)
    if value["minimum"] is not None:
        return f"{minimum.label} {write_scalar(value['minimum'], minimum)}"
    return write_scalar(value["logic"], logic)


def write_name(value: Any) -> str:
    """Return what something that was chosen is called."""
    if not isinstance(value, dict):
        return str(value)
    key = find_name_key(value)
    if key:
        return value[key]
    inner = [write_name(child) for child in value.values() if is_object(child)]
    return ", ".join(inner) or (f"#{value['id']}" if is_object(value) else "")


def find_name_key(value: dict[str, Any]) -> str:
    """Return which part of something that was chosen names it; else nothing."""
    return next(
        (key for key in NAME_KEYS if isinstance(value.get(key), str) and value[key]), ""
    )


def shorten(text: str, length: int = MAX_NAME_LENGTH) -> str:
    """Return the beginning of a text, cut between two words."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    return f"{text[:length].rsplit(' ', 1)[0]} …"


def write_value(
    value: Any,
    definition: Definition,
    is_left_out: Callable[[dict[str, Any]], bool] = lambda child: False,
) -> str:
    """Return everything that a reader reads of a value, a line for each part.

    Args:
        value: Any value of a document.
        definition: What is known of it.
        is_left_out: Whether a block in it is told of elsewhere.
    """
    return "\n".join(iterate_lines(value, definition, is_left_out))


def iterate_lines(
    value: Any, definition: Definition, is_left_out: Callable[[dict[str, Any]], bool]
) -> Iterator[str]:
    """Yield the lines of a value."""
    if is_empty(value) or definition.weight is Weight.TECHNICAL:
        return
    if is_rich_text(value):
        yield value["text"]
    elif is_object(value):
        yield write_name(value)
    elif isinstance(value, list):
        for part, inner in iterate_parts(value, definition, is_left_out):
            yield from iterate_lines(part, inner, is_left_out)
    elif isinstance(value, dict):
        yield from iterate_struct(value, definition, is_left_out)
    elif write_scalar(value, definition):
        yield write_scalar(value, definition)


def iterate_parts(
    value: Any,
    definition: Definition,
    is_left_out: Callable[[dict[str, Any]], bool],
) -> Iterator[tuple[Any, Definition]]:
    """Yield the values in a struct, a list or a stream, each with what is known of it."""
    if is_stream(value):
        for child in value:
            if not is_left_out(child):
                yield child["value"], define_child(definition, child["type"])
    elif isinstance(value, list):
        item = define_child(definition, "item") if definition.source else definition
        yield from ((each, item) for each in value)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield part, define_child(definition, key)


def iterate_struct(
    value: dict[str, Any],
    definition: Definition,
    is_left_out: Callable[[dict[str, Any]], bool],
) -> Iterator[str]:
    """Yield the lines of a struct: what names it bare, everything else after its label."""
    told: set[str] = set()
    if is_amount(value):
        text = write_amount(value, definition)
        if text:
            yield text
        told.update(AMOUNT_KEYS)
    name = definition.get_item_name()
    for key, part in value.items():
        if key in told or is_empty(part) or part is False:
            continue
        child = define_child(definition, key)
        if is_logic(value) and key in LOGIC_KEYS:
            told.update(LOGIC_KEYS)
            yield f"{define_child(definition, 'logic').label}: {write_logic(value, definition)}"
            continue
        lines = list(iterate_lines(part, child, is_left_out))
        if key == name or is_rich_text(part) or is_stream(part) or len(lines) > 1:
            yield from lines
        else:
            yield from (f"{child.label}: {line}" for line in lines)


def label_item(
    definition: Definition, value: Any, number: int, is_only: bool
) -> tuple[str, str]:
    """Return what a block is called among its siblings: its kind, and its name or number in quotation marks.

    Args:
        definition: Of the block.
        value: Its value.
        number: Its place among the siblings of its kind, from 1.
        is_only: Whether it is the only one of its kind.
    """
    kind = capfirst(definition.label)
    key = definition.get_item_name()
    name = value.get(key) if isinstance(value, dict) and key else None
    if isinstance(name, str) and name.strip():
        return kind, shorten(name)
    return (kind, "") if is_only else (f"{kind} {number}", "")
