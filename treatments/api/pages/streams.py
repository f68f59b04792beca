"""Checks what a client writes into a StreamField, and says where each mistake is.

Wagtail's v3 API fills the admin's form with the given JSON. What has no place in that form would be
dropped or fail there; it is refused here, before anything is saved.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any

from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from pydantic_core import PydanticCustomError
from wagtail import blocks
from wagtail.api.v3.form_data import flatten_block_value
from wagtail.api.v3.schemas import create_generator, patch_generator
from wagtail.fields import StreamField

from treatments.api.pages.existence import Choice, find_missing
from treatments.api.pages.rich_text_input import RichTextReader
from treatments.api.pages.stored_blocks import stored_blocks
from treatments.content.block_mistakes import iterate_mistakes
from treatments.content.pointers import escape
from treatments.content.shape_types import Documented

if TYPE_CHECKING:
    from collections.abc import Iterable

CHILD_KEYS = frozenset({"type", "value", "id"})
UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
#: What JSON type each kind of block takes, most special first, and how to say so.
JSON_TYPES: tuple[tuple[type[blocks.Block], tuple[type, ...], str], ...] = (
    (blocks.RichTextBlock, (str, dict), "a text, or an object with format and content"),
    (blocks.ChooserBlock, (int, str), "an id"),
    (blocks.BooleanBlock, (bool,), "true or false"),
    (blocks.IntegerBlock, (int,), "a whole number"),
    (blocks.FloatBlock, (int, float), "a number"),
    (blocks.DecimalBlock, (int, float, str), "a number"),
    (blocks.ChoiceBlock, (str, int, float, bool), "one of its choices"),
    (blocks.CharBlock, (str,), "a text"),
    (blocks.TextBlock, (str,), "a text"),
    (blocks.DateBlock, (str,), "a date such as 2026-05-01"),
    (blocks.DateTimeBlock, (str,), "a time such as 2026-05-01T12:00:00Z"),
    (blocks.TimeBlock, (str,), "a time such as 12:00"),
)


class StreamInputError(ValueError):
    """JSON that a stream does not take.

    Attributes:
        errors: A ``pointer`` from the stream's own root, a ``type`` and a ``msg`` for each mistake.
    """

    def __init__(self, errors: list[dict[str, Any]]):
        self.errors = errors
        super().__init__("; ".join(f"{e['pointer']}: {e['msg']}" for e in errors))


class StreamReader:
    """Walks raw JSON along a block definition, and collects mistakes instead of stopping at the first."""

    def __init__(self) -> None:
        self.errors: list[dict[str, Any]] = []
        self.ids: set[str] = set()
        self.choices: list[Choice] = []

    def refuse(self, pointer: str, type_: str, msg: str) -> None:
        """Remember a mistake."""
        self.errors.append({"pointer": pointer, "type": type_, "msg": msg})

    def read(self, block: blocks.Block, raw: Any, pointer: str) -> Any:
        """Return the value as the form layer takes it."""
        if isinstance(block, blocks.StreamBlock):
            return self.read_stream(block, raw, pointer)
        if isinstance(block, blocks.ListBlock):
            return self.read_list(block, raw, pointer)
        if isinstance(block, blocks.StructBlock):
            return self.read_struct(block, raw, pointer)
        if not isinstance(block, blocks.FieldBlock) or isinstance(
            block, blocks.MultipleChoiceBlock
        ):
            self.refuse(
                pointer,
                "unsupported_block",
                f"A {type(block).__name__} cannot be written through the API. "
                "Edit this field in the admin.",
            )
            return raw
        self.check_leaf(block, raw, pointer)
        return raw

    def read_stream(
        self, block: blocks.StreamBlock, raw: Any, pointer: str
    ) -> list[dict[str, Any]]:
        """Return the children of a stream."""
        if not isinstance(raw, list):
            self.refuse(pointer, "list_type", "This must be a list of blocks.")
            return []
        children = []
        for index, item in enumerate(raw):
            here = f"{pointer}/{index}"
            if not isinstance(item, dict):
                self.refuse(
                    here, "block_type", "A block must be an object with type and value."
                )
                continue
            self.check_names(item, CHILD_KEYS, here)
            child = self.find_child(block, item, here)
            self.check_id(item.get("id"), f"{here}/id")
            if child is None:
                continue
            if "value" not in item and not isinstance(child, blocks.StaticBlock):
                self.refuse(f"{here}/value", "missing", "The block has no value.")
                continue
            value = self.read(child, item.get("value"), f"{here}/value")
            children.append({**item, "value": value})
        return children

    def find_child(
        self, block: blocks.StreamBlock, item: dict[str, Any], pointer: str
    ) -> blocks.Block | None:
        """Return the definition of a child, or None where its type is unknown."""
        if "type" not in item:
            self.refuse(f"{pointer}/type", "missing", "The block has no type.")
            return None
        name = item["type"]
        child = block.child_blocks.get(name) if isinstance(name, str) else None
        if child is None:
            self.refuse(
                f"{pointer}/type",
                "unknown_block_type",
                f"Unknown block type {str(name)[:60]!r}. "
                + suggest(name, block.child_blocks),
            )
        return child

    def check_id(self, value: Any, pointer: str) -> None:
        """Refuse an id that is no text, or that another block has."""
        if value is None:
            return
        if not isinstance(value, str) or not UUID.fullmatch(value):
            self.refuse(
                pointer,
                "id_type",
                "An id must be a UUID; leave it out for a new block.",
            )
        elif value.lower() in self.ids:
            self.refuse(
                pointer,
                "duplicate_id",
                "Another block has this id; leave it out for a new block.",
            )
        else:
            self.ids.add(value.lower())

    def read_list(self, block: blocks.ListBlock, raw: Any, pointer: str) -> list[Any]:
        """Return the items of a list, without the wrapping of the stored form."""
        if not isinstance(raw, list):
            self.refuse(pointer, "list_type", "This must be a list.")
            return []
        return [
            self.read(block.child_block, unwrap_item(item), f"{pointer}/{index}")
            for index, item in enumerate(raw)
        ]

    def read_struct(
        self, block: blocks.StructBlock, raw: Any, pointer: str
    ) -> dict[str, Any]:
        """Return the fields of a struct that are given."""
        if not isinstance(raw, dict):
            self.refuse(pointer, "dict_type", "This must be an object.")
            return {}
        self.check_names(raw, block.child_blocks, pointer)
        return {
            name: self.read(child, raw[name], f"{pointer}/{name}")
            if raw[name] is not None
            else None
            for name, child in block.child_blocks.items()
            if name in raw
        }

    def check_names(
        self, given: dict[str, Any], known: Iterable[str], pointer: str
    ) -> None:
        """Refuse names that nothing is done with."""
        known = list(known)
        for name in given:
            if name not in known:
                self.refuse(
                    f"{pointer}/{escape(name)}",
                    "unknown_field",
                    f"Unknown name {name[:60]!r}. " + suggest(name, known),
                )

    def check_leaf(self, block: blocks.FieldBlock, raw: Any, pointer: str) -> None:
        """Refuse a value that the block would take for another one, or for none."""
        if raw is None or raw == "":
            return
        for kind, json_types, words in JSON_TYPES:
            if isinstance(block, kind):
                is_bool = isinstance(raw, bool) and bool not in json_types
                if is_bool or not isinstance(raw, json_types):
                    self.refuse(pointer, "value_type", f"This must be {words}.")
                    return
                break
        if isinstance(block, blocks.RichTextBlock):
            self.check_rich_text(block, raw, pointer)
            return
        if isinstance(block, blocks.ChooserBlock):
            self.choices.append(Choice(pointer, block.model_class, raw))
            return
        try:
            value = block.to_python(raw)
        except (ValidationError, ValueError, TypeError, ArithmeticError, LookupError):
            value = None
        if value is None:
            self.refuse(pointer, "value_error", "This is not a valid value.")

    def check_choices(self) -> None:
        """Refuse ids of nothing, with one query for each kind of thing."""
        for choice, message in find_missing(self.choices):
            self.refuse(choice.pointer, "not_found", message)

    def check_rich_text(
        self, block: blocks.RichTextBlock, raw: Any, pointer: str
    ) -> None:
        """Refuse what a rich text cannot have, and remember what it leads to."""
        reader = RichTextReader(raw, block.features)
        for type_, message in reader.problems:
            self.refuse(pointer, type_, message)
        self.choices.extend(Choice(pointer, model, key) for model, key in reader.links)


def unwrap_item(item: Any) -> Any:
    """Return the value of a list item that is given as it is stored."""
    is_wrapped = (
        isinstance(item, dict)
        and item.get("type") == "item"
        and "value" in item
        and set(item) <= CHILD_KEYS
    )
    return item["value"] if is_wrapped else item


def suggest(name: Any, known: Iterable[str]) -> str:
    """Return a sentence with the nearest known name, or with all of a few."""
    known = sorted(known)
    near = get_close_matches(str(name)[:60], known, n=1)
    if near:
        return f"Did you mean {near[0]}?"
    return f"Known are: {', '.join(known)}." if known else "None is known here."


def check_stream_input(block: blocks.StreamBlock, raw: Any) -> list[dict[str, Any]]:
    """Return raw JSON of a stream as Wagtail's form layer takes it.

    Raises:
        StreamInputError: a key or a block type is unknown or missing, a value has the wrong JSON type, an
            id is given twice or leads to nothing, or a block cannot be written through the API.
    """
    reader = StreamReader()
    children = reader.read_stream(block, raw, "")
    reader.check_choices()
    if reader.errors:
        raise StreamInputError(reader.errors)
    return children


def find_stream_errors(block: blocks.StreamBlock, raw: Any) -> list[dict[str, Any]]:
    """Return what the blocks' own rules have against a stream; empty where they accept it.

    Goes the way of Wagtail's v3 API: through the form's keys to the block's ``clean()``.
    """
    try:
        children = check_stream_input(block, raw)
    except StreamInputError as error:
        return error.errors
    data = MultiValueDict()
    flatten_block_value(block, children, "stream", data)
    value = block.value_from_datadict(data, MultiValueDict(), "stream")
    try:
        block.clean(value)
    except ValidationError as error:
        return list(iterate_mistakes(block, value, error))
    return []


def build_stream_input_schema(generator: Any, field: Any) -> tuple[Any, Any]:
    """Return the input schema of a StreamField: typed by its blocks, and checked along them."""

    def check(raw: Any) -> list[Any]:
        try:
            return check_stream_input(field.stream_block, raw)
        except StreamInputError as error:
            raise PydanticCustomError(
                "stream_input", "The stream is not valid.", {"problems": error.errors}
            ) from error

    shape = stored_blocks.get_type(field.stream_block)
    return Annotated[Any, Documented(shape, check)], []


def register_stream_input() -> None:
    """Check what is written into any StreamField. Call it before the v3 registry is imported."""
    for generator in (create_generator, patch_generator):
        generator.register_field_schema(StreamField, build_stream_input_schema)
