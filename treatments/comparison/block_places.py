"""Where the blocks of a document stand: the way to each in words, and which block is which by its id."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from wagtail import blocks

from treatments.article_fields import BODY
from treatments.comparison.definitions import (
    Definition,
    Weight,
    define_article,
    define_child,
    define_field,
    define_object,
)
from treatments.comparison.plain_texts import (
    is_object,
    is_rich_text,
    is_stream,
    label_item,
    shorten,
    write_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEPARATOR = " → "


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a document.

    Attributes:
        definition: What is known of what stands there.
        path: What it stands in, the outermost first, in words.
        label: What the part itself is called; empty for a block, whose name is the end of its path.
        block_id: The innermost block with an id.
        home: The stream or struct that it stands in: the same for the same place in two documents.
        field: The field of the article.
        owner: What tells the chosen object that it is a part of from all others.
        units: The units of the numbers there, in the old and in the new document.
    """

    definition: Definition
    path: tuple[str, ...] = ()
    label: str = ""
    block_id: str | None = None
    home: tuple[str, ...] = ()
    field: str = ""
    owner: tuple[Any, ...] = ()
    units: tuple[str, str] = ("", "")

    @property
    def inner_path(self) -> tuple[str, ...]:
        """The path of what stands in this part."""
        return (*self.path, self.label) if self.label else self.path

    @property
    def place(self) -> str:
        """The path as one text."""
        return SEPARATOR.join(self.path)

    def enter(self, key: str, *, is_named: bool = True) -> Spot:
        """Return the place of a struct's part.

        Args:
            key: Its name.
            is_named: Whether people need its name to find it.
        """
        definition = define_child(self.definition, key)
        return replace(
            self,
            definition=definition,
            path=self.inner_path,
            label=definition.label if is_named else "",
            home=(*self.home, key),
        )

    def enter_item(self, number: int) -> Spot:
        """Return the place of an item of a list without ids, from 1."""
        definition = self.definition
        if isinstance(definition.source, blocks.ListBlock):
            definition = define_child(definition, "item")
        return replace(
            self,
            definition=definition,
            path=(*self.inner_path, str(number)),
            label="",
            home=(*self.home, str(number)),
        )

    def enter_object(self, value: dict[str, Any]) -> Spot:
        """Return the place of something that was chosen."""
        definition = define_object(get_item_definition(self.definition))
        source = definition.source
        model = getattr(source, "model_class", source)
        kind = getattr(getattr(model, "_meta", None), "label", None)
        name = shorten(write_name(value))
        is_told = self.path and self.path[-1] == name
        return replace(
            self,
            definition=definition,
            path=self.inner_path if is_told else (*self.inner_path, name),
            label="",
            owner=(kind or tuple(sorted(value)), value["id"]),
            units=("", ""),
        )

    def enter_blocks(
        self, stream: list[dict[str, Any]]
    ) -> Iterator[tuple[dict[str, Any], Spot]]:
        """Yield the blocks of a stream with their places."""
        counts = Counter(child["type"] for child in stream)
        numbers: Counter[str] = Counter()
        for child in stream:
            kind = child["type"]
            numbers[kind] += 1
            definition = define_child(self.definition, kind)
            label, name = label_item(
                definition, child["value"], numbers[kind], counts[kind] == 1
            )
            if name:
                is_section = self.field == BODY and not self.path
                label = name if is_section else name_block(label, name)
            home = (
                (child["id"],)
                if child["id"]
                else (*self.home, f"{kind} {numbers[kind]}")
            )
            yield (
                child,
                replace(
                    self,
                    definition=definition,
                    path=(*self.inner_path, label),
                    label="",
                    block_id=child["id"] or self.block_id,
                    home=home,
                    units=("", ""),
                ),
            )


def name_block(kind: str, name: str) -> str:
    """Return ``Criterion “at most 1.5 cm”``."""
    return _("%(kind)s “%(name)s”") % {"kind": kind, "name": name}


def get_item_definition(definition: Definition) -> Definition:
    """Return the definition of the items of a list; that of anything else is its own."""
    if isinstance(definition.source, blocks.ListBlock):
        return define_child(definition, "item")
    return definition


def describe_field(article: Definition, key: str) -> Spot:
    """Return the place of a field of an article."""
    definition = define_field(article, key)
    label = "" if key == BODY else definition.label
    return Spot(definition, label=label, home=(key,), field=key)


def is_named(definition: Definition, value: dict[str, Any], key: str) -> bool:
    """Tell whether a struct's part has to be named; its only stream need not be."""
    children = definition.get_children()
    if children:
        streams = [
            name
            for name, child in children.items()
            if isinstance(child, blocks.StreamBlock)
        ]
    else:
        streams = [name for name, part in value.items() if is_stream(part)]
    return streams != [key]


@dataclass(frozen=True, slots=True)
class Located:
    """A block of a document.

    Attributes:
        child: ``{"type", "id", "value"}``.
        spot: Where it stands.
        container: What it stands in, in words.
    """

    child: dict[str, Any]
    spot: Spot
    container: str


@dataclass
class BlockIndex:
    """The blocks of one document by type and id; those whose id is missing or not unique are left out."""

    blocks: dict[tuple[str, str], Located] = field(default_factory=dict)

    @classmethod
    def build(cls, document: dict[str, Any]) -> BlockIndex:
        """Return the index of a document."""
        article = define_article(str(document.get("type", "")))
        found = [
            located
            for key, value in document.items()
            for located in iterate_blocks(value, describe_field(article, key))
        ]
        counts = Counter(located.child["id"] for located in found)
        return cls(
            {
                get_key(located.child): located
                for located in found
                if located.child["id"] and counts[located.child["id"]] == 1
            }
        )

    def find(self, child: dict[str, Any]) -> Located | None:
        """Return where a block stands in this document, or None."""
        return self.blocks.get(get_key(child))


def get_key(child: dict[str, Any]) -> tuple[str, str]:
    """Return what is the same for the same block in two documents."""
    return child["type"], str(child["id"])


def iterate_blocks(
    value: Any,
    spot: Spot,
    is_last: Callable[[dict[str, Any]], bool] = lambda child: False,
) -> Iterator[Located]:
    """Yield every block in a value, the outer ones first.

    Args:
        value: Any value of a document.
        spot: Where it stands.
        is_last: Whether the blocks in a block are left out.
    """
    if is_stream(value):
        container = Spot(spot.definition, spot.inner_path).place
        for child, inner in spot.enter_blocks(value):
            yield Located(child, inner, container)
            if not is_last(child):
                yield from iterate_blocks(child["value"], inner, is_last)
        return
    for part, inner in iterate_parts(value, spot):
        yield from iterate_blocks(part, inner, is_last)


def iterate_parts(value: Any, spot: Spot) -> Iterator[tuple[Any, Spot]]:
    """Yield what can hold blocks in a list or a struct; what was chosen holds none of the article's."""
    is_technical = spot.definition.weight is Weight.TECHNICAL
    if is_technical or is_rich_text(value) or is_object(value):
        return
    if isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield item, spot.enter_item(number)
    elif isinstance(value, dict):
        for key, part in value.items():
            if isinstance(part, (dict, list)) and part:
                named = is_named(spot.definition, value, key)
                yield part, spot.enter(key, is_named=named)
