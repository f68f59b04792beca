"""Where in the editor a comment on a block stands: Wagtail's content path of the block's first words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wagtail import blocks
from wagtail.fields import RichTextField, StreamField

from snippets.plain_text import get_plain_text
from treatments.content.texts import iterate_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Fields of an article that are no streams, and may be commented on by their names.
PLAIN_FIELDS = ("summary", "intro")
#: Where a comment on the whole article stands, and one on a block that is gone.
WHOLE = "title"
QUOTE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comment stands.

    Attributes:
        path: Wagtail's content path: of a field, or of a field in a block.
        quote: The words there, shortened.
    """

    path: str
    quote: str = ""


def find_place(page: Any, block_id: str) -> Place | None:
    """Return the place of a block in a page, or None where the page has no such block.

    Args:
        page: The page, as it stands in a revision.
        block_id: Id of a block, a criterion or a step at any depth; or a name out of ``PLAIN_FIELDS``.
    """
    if block_id in PLAIN_FIELDS:
        field = page._meta.get_field(block_id)
        value = field.value_from_object(page) or ""
        is_rich_text = isinstance(field, RichTextField)
        return Place(block_id, shorten(get_plain_text(value) if is_rich_text else value))  # fmt: skip
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            value = getattr(page, field.name)
            found = find_in_stream(field.stream_block, value, block_id, [field.name])
            if found:
                return found
    return None


def find_in_stream(
    block: Any, value: Any, block_id: str, path: list[str]
) -> Place | None:
    """Return the place of a block inside of a stream."""
    for child in value:
        own = [*path, child.id]
        if child.id == block_id:
            raw = child.block.get_prep_value(child.value)
            words = " ".join(iterate_texts(child.block, raw))
            return Place(".".join(find_words(child.block, child.value, own)), shorten(words))  # fmt: skip
        for inner_block, inner, inner_path in iterate_streams(child.block, child.value, own):  # fmt: skip
            found = find_in_stream(inner_block, inner, block_id, inner_path)
            if found:
                return found
    return None


def iterate_streams(
    block: Any, value: Any, path: list[str]
) -> Iterator[tuple[Any, Any, list[str]]]:
    """Yield the nearest streams below a block, with their paths."""
    if isinstance(block, blocks.StreamBlock):
        yield block, value, path
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from iterate_streams(child, value.get(name), [*path, name])


def find_words(block: Any, value: Any, path: list[str]) -> list[str]:
    """Return the path of the first field of a block that an editor can write in."""
    if isinstance(block, blocks.StructBlock):
        children = list(block.child_blocks.items())
        texts = (blocks.CharBlock, blocks.TextBlock, blocks.RichTextBlock)
        for name, child in [
            *((name, child) for name, child in children if isinstance(child, texts)),
            *children,
        ]:
            if isinstance(child, blocks.FieldBlock):
                return [*path, name]
        for name, child in children:
            if isinstance(child, blocks.StructBlock):
                return find_words(child, value.get(name), [*path, name])
    if isinstance(block, blocks.StreamBlock) and len(value):
        first = value[0]
        return find_words(first.block, first.value, [*path, first.id])
    return path


def shorten(words: str) -> str:
    """Return the first words, on one line."""
    line = " ".join(str(words).split())
    return line if len(line) <= QUOTE_LENGTH else f"{line[: QUOTE_LENGTH - 1]}…"
