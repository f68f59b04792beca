"""The words that readers see in the raw JSON of a stream, by the block definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from snippets.blocks import CodeBlock
from snippets.plain_text import get_plain_text
from treatments.content.blocks import IMAGE_TEXTS, iterate_list, iterate_stream

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Their values are codes, ids or markup.
WORDLESS_BLOCKS = (
    blocks.ChoiceBlock,
    blocks.MultipleChoiceBlock,
    blocks.BooleanBlock,
    blocks.ChooserBlock,
    blocks.RawHTMLBlock,
    blocks.StaticBlock,
)


def walk(block: blocks.Block, raw: Any) -> Iterator[tuple[blocks.Block, Any]]:
    """Yield a block and everything below it with the raw values, in reading order."""
    yield block, raw
    if isinstance(block, blocks.StreamBlock):
        for child_block, child in iterate_stream(block, raw):
            yield from walk(child_block, child.get("value"))
    elif isinstance(block, CodeBlock):
        return
    elif isinstance(block, blocks.StructBlock):
        given = raw or {}
        left_out = get_image_texts(block)
        for name in filter(given.__contains__, block.child_blocks):
            if name not in left_out:
                yield from walk(block.child_blocks[name], given[name])
    elif isinstance(block, blocks.ListBlock):
        for item in iterate_list(raw):
            yield from walk(block.child_block, item)


def get_image_texts(block: blocks.StructBlock) -> tuple[str, ...]:
    """Return the names of the texts about an image, which can lie in a private collection."""
    has_image = any(
        isinstance(child, ImageChooserBlock) for child in block.child_blocks.values()
    )
    return IMAGE_TEXTS if has_image else ()


def iterate_texts(block: blocks.Block, raw: Any) -> Iterator[str]:
    """Yield the texts of a block and of everything below it: no codes, no addresses, no citation marks.

    Of a block class that is unknown here, what it gives to Wagtail's search.
    """
    for inner, value in walk(block, raw):
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
