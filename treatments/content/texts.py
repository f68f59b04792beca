"""The words that readers see in the raw JSON of a stream, by the block definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from snippets.blocks import CodeBlock
from snippets.plain_text import get_plain_text
from treatments.content.blocks import IMAGE_TEXTS, iterate_list, iterate_stream

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

#: Their values are codes, ids or markup.
WORDLESS_BLOCKS = (
    blocks.ChoiceBlock,
    blocks.MultipleChoiceBlock,
    blocks.BooleanBlock,
    blocks.ChooserBlock,
    blocks.RawHTMLBlock,
    blocks.StaticBlock,
)


def walk(
    block: blocks.Block, raw: Any, images: Collection[int] = ()
) -> Iterator[tuple[blocks.Block, Any]]:
    """Yield a block and everything below it with the raw values, in reading order.

    Args:
        block: The definition.
        raw: The value.
        images: Ids of the images that readers get; the texts about others are left out.
    """
    yield block, raw
    if isinstance(block, blocks.StreamBlock):
        for child_block, child in iterate_stream(block, raw):
            yield from walk(child_block, child.get("value"), images)
    elif isinstance(block, CodeBlock):
        return
    elif isinstance(block, blocks.StructBlock):
        given = raw or {}
        left_out = get_hidden_texts(block, given, images)
        for name in filter(given.__contains__, block.child_blocks):
            if name not in left_out:
                yield from walk(block.child_blocks[name], given[name], images)
    elif isinstance(block, blocks.ListBlock):
        for item in iterate_list(raw):
            yield from walk(block.child_block, item, images)


def get_hidden_texts(
    block: blocks.StructBlock, given: dict[str, Any], images: Collection[int]
) -> tuple[str, ...]:
    """Return the names of the texts about an image that readers do not get."""
    chosen = [
        given.get(name)
        for name, child in block.child_blocks.items()
        if isinstance(child, ImageChooserBlock)
    ]
    is_shown = all(isinstance(pk, int) and pk in images for pk in chosen)
    return () if is_shown else IMAGE_TEXTS


def iterate_texts(
    block: blocks.Block, raw: Any, images: Collection[int] = ()
) -> Iterator[str]:
    """Yield the texts of a block and of everything below it: no codes, no addresses, no citation marks.

    Of a block class that is unknown here, what it gives to Wagtail's search.

    Args:
        block: The definition.
        raw: The value.
        images: Ids of the images that readers get; the texts about others are left out.
    """
    for inner, value in walk(block, raw, images):
        if isinstance(inner, blocks.RichTextBlock):
            yield get_plain_text(value or "")
        elif isinstance(inner, blocks.RegexBlock):
            yield value or ""
        elif not value or _has_no_words(inner):
            continue
        else:
            yield from map(str, inner.get_searchable_content(inner.to_python(value)))


def _has_no_words(block: blocks.Block) -> bool:
    containers = (blocks.StreamBlock, blocks.StructBlock, blocks.ListBlock)
    return isinstance(block, (*containers, *WORDLESS_BLOCKS))
