"""Turns the lists of the files into values of stream fields, guided by the blocks themselves.

Every block gets an id derived from the article and from its place, so that a second language, and a
second run, meet the same ids.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from home.demo.content import DemoContentError, make_uuid
from home.demo.markup import Lookup, render_markup

if TYPE_CHECKING:
    from wagtail.blocks.stream_block import StreamValue

#: Chooser class → the kind of thing that its keys stand for.
_CHOOSERS = (
    (ImageChooserBlock, "image"),
    (blocks.PageChooserBlock, "page"),
    (SnippetChooserBlock, "ref"),
)


class StreamBuilder:
    """Builds the stream values of one file.

    Attributes:
        places: The place in the file for every block id that was given.
    """

    def __init__(self, key: str, file: str, lookup: Lookup):
        self.key = key
        self.file = file
        self.lookup = lookup
        self.places: dict[str, str] = {}

    def build(
        self, block: blocks.StreamBlock, field: str, entries: list
    ) -> StreamValue:
        """Return the cleaned value of a stream field.

        Raises:
            DemoContentError: the entries do not fit the blocks, or an editor could not save them.
        """
        value = block.to_python(self.build_raw(block, entries, field))
        try:
            return block.clean(value)
        except ValidationError as error:
            raise DemoContentError(
                f"{self.file}: {'; '.join(list_messages(error, field))}"
            ) from error

    def build_raw(self, block: blocks.Block, entry: Any, place: str) -> Any:
        """Return what the database stores for one entry of a file."""
        if isinstance(block, blocks.StreamBlock):
            return [
                self.build_child(block, child, f"{place}/{number}")
                for number, child in enumerate(entry)
            ]
        if isinstance(block, blocks.ListBlock):
            return [
                self.build_item(block, item, f"{place}/{number}")
                for number, item in enumerate(entry)
            ]
        if isinstance(block, blocks.StructBlock):
            return self.build_struct(block, entry, place)
        if isinstance(block, blocks.RichTextBlock):
            return render_markup(entry, self.lookup, f"{self.file}: {place}")
        for chooser, kind in _CHOOSERS:
            if isinstance(block, chooser):
                return self.lookup.get_id(kind, entry, f"{self.file}: {place}")
        if isinstance(entry, date):
            return entry.isoformat()
        return entry.strip() if isinstance(entry, str) else entry

    def build_child(
        self, block: blocks.StreamBlock, child: Any, place: str
    ) -> dict[str, Any]:
        """Return one child of a stream: ``{type: value}``, or the bare value where there is one type only."""
        if len(block.child_blocks) == 1:
            (only,) = block.child_blocks
            if not (isinstance(child, dict) and set(child) == {only}):
                child = {only: child}
        if not isinstance(child, dict) or len(child) != 1:
            raise DemoContentError(
                f"{self.file}: {place} must be one block type with its value."
            )
        ((name, value),) = child.items()
        if name not in block.child_blocks:
            raise DemoContentError(f"{self.file}: {place} has no block type {name!r}.")
        place = f"{place}:{name}"
        return {
            "type": name,
            "value": self.build_raw(block.child_blocks[name], value, place),
            "id": self.make_id(place),
        }

    def build_item(
        self, block: blocks.ListBlock, item: Any, place: str
    ) -> dict[str, Any]:
        """Return one item of a list."""
        return {
            "type": "item",
            "value": self.build_raw(block.child_block, item, place),
            "id": self.make_id(place),
        }

    def build_struct(
        self, block: blocks.StructBlock, entry: Any, place: str
    ) -> dict[str, Any]:
        """Return the given fields of a struct; what the file leaves out gets its default later."""
        if not isinstance(entry, dict):
            raise DemoContentError(f"{self.file}: {place} must have named fields.")
        unknown = sorted(set(entry) - set(block.child_blocks))
        if unknown:
            raise DemoContentError(
                f"{self.file}: {place} has no field {', '.join(unknown)}."
            )
        return {
            name: self.build_raw(block.child_blocks[name], value, f"{place}/{name}")
            for name, value in entry.items()
        }

    def make_id(self, place: str) -> str:
        """Return the id of the block at a place, and note where it came from."""
        block_id = str(make_uuid("block", self.key, place))
        self.places[block_id] = place
        return block_id


def describe_path(path: str, places: dict[str, str]) -> str:
    """Return a content path, as wagtail-localize writes it, with a place instead of the block's id."""
    place, rest = "", []
    for part in path.split("."):
        if part in places:
            place, rest = places[part], []
        else:
            rest.append(part)
    return "/".join([place, *rest] if place else rest)


def list_messages(error: ValidationError, place: str) -> list[str]:
    """Return the messages of a block's error, each with its place."""
    nested = getattr(error, "block_errors", None)
    messages = []
    if nested:
        pairs = nested.items() if isinstance(nested, dict) else enumerate(nested)
        for name, child in pairs:
            if child is not None:
                messages += list_messages(child, f"{place}/{name}")
    own = getattr(error, "non_block_errors", None)
    if own:
        messages += [
            f"{place}: {message}"
            for item in own
            for message in ([item] if isinstance(item, str) else item.messages)
        ]
    return messages or [f"{place}: {message}" for message in error.messages]
