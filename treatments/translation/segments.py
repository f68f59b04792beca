"""How our own blocks and fields give their text to wagtail-localize where its general rule does not fit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from wagtail import blocks
from wagtail_localize.models import StringTranslation, TemplateSegment
from wagtail_localize.segments import (
    OverridableSegmentValue,
    StringSegmentValue,
    TemplateSegmentValue,
)
from wagtail_localize.segments.extract import quote_path_component
from wagtail_localize.strings import (
    StringValue,
    extract_strings,
    validate_translation_links,
)

if TYPE_CHECKING:
    from treatments.blocks.text import FlatStructBlock

    Segment = StringSegmentValue | TemplateSegmentValue | OverridableSegmentValue

LEVELS = ("sup", "sub")
LEVEL_TAG = re.compile(r"</?su[bp]>")
#: What stands for the tags while wagtail-localize, which would divide a sentence at them, looks for the texts.
#: Unicode keeps these signs for such use: no text has them.
STAND_INS = {
    "<sup>": "\ufdd0",
    "</sup>": "\ufdd1",
    "<sub>": "\ufdd2",
    "</sub>": "\ufdd3",
}


def get_flat_segments(block: FlatStructBlock, value: Any) -> list[StringSegmentValue]:
    """Return the texts of a struct whose children are plain leaves."""
    return [
        StringSegmentValue(name, value[name])
        for name, child in block.child_blocks.items()
        if isinstance(child, (blocks.CharBlock, blocks.TextBlock))
    ]


def get_rich_text_segments(owner: Any, value: Any) -> list[Segment]:
    """Return the texts of a rich text; a sentence stays one where something stands above or below its line.

    Args:
        owner: The block or the field.
        value: Its value: HTML, or ``RichText``.
    """
    template, strings = extract_sentences(getattr(value, "source", value) or "")
    addresses = {
        attrs["href"]
        for _string, attrs_by_id in strings
        for attrs in attrs_by_id.values()
        if "href" in attrs
    }
    return [
        TemplateSegmentValue("", "html", template, len(strings)),
        *(StringSegmentValue("", string, attrs=attrs) for string, attrs in strings),
        *(
            OverridableSegmentValue(quote_path_component(address), address)
            for address in sorted(addresses)
        ),
    ]


def extract_sentences(html: str) -> tuple[str, list[tuple[StringValue, dict]]]:
    """Return what ``wagtail_localize.strings.extract_strings`` does, of whole sentences.

    Without ``sup`` and ``sub`` it is exactly the same, and every stored translation is found.
    """
    if not LEVEL_TAG.search(html):
        return extract_strings(html)
    marked = LEVEL_TAG.sub(lambda match: STAND_INS[match.group()], html)
    template, strings = extract_strings(marked)
    if not all(map(is_whole, [template, *(string.data for string, _attrs in strings)])):
        return extract_strings(html)
    return restore_levels(template), [
        (StringValue(restore_levels(string.data)), attrs) for string, attrs in strings
    ]


def is_whole(text: str) -> bool:
    """Tell whether what stands above or below the line ends where it begins, in the same text."""
    counts = {tag: text.count(sign) for tag, sign in STAND_INS.items()}
    return all(counts[f"<{level}>"] == counts[f"</{level}>"] for level in LEVELS)


def restore_levels(text: str) -> str:
    """Return a text with the tags in place of what stood for them."""
    for tag, sign in STAND_INS.items():
        text = text.replace(sign, tag)
    return text


def accept_levels(instance: StringTranslation, **kwargs: Any) -> None:
    """Take back that a translation of rich text is refused, where only ``sup`` and ``sub`` are the reason.

    wagtail-localize checks each translation after it was saved, and saves once more that it is refused.
    """
    if (
        not instance.has_error
        or instance.field_error
        or not LEVEL_TAG.search(instance.data)
    ):
        return
    try:
        StringValue.from_translated_html(LEVEL_TAG.sub("", instance.data))
        validate_translation_links(instance.translation_of.data, instance.data)
    except ValueError:
        return
    # In a plain text, the signs of Unicode are the only ones: without its tags, “10⁹” would be 109.
    if TemplateSegment.objects.filter(context_id=instance.context_id).exists():
        instance.has_error = False
        StringTranslation.objects.filter(pk=instance.pk).update(has_error=False)
