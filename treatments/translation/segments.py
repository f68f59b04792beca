"""How our own blocks and fields give their text to wagtail-localize where its general rule does not fit."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail_localize.models import StringSegment, StringTranslation, TemplateSegment
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

from treatments.translation.kept_links import (
    explain_links,
    find_citations,
    find_citations_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from wagtail_localize.models import Translation

    from treatments.blocks.text import FlatStructBlock

    Segment = StringSegmentValue | TemplateSegmentValue | OverridableSegmentValue

#: What wagtail-localize tells of a translation.
get_general_error = StringTranslation.get_error
LEVELS = ("sup", "sub")
LEVEL_TAG = re.compile(r"</?su[bp]>")
LEVEL_TEXT = re.compile(r"<(su[bp])>.*?</\1>", re.DOTALL)
#: What stands for the tags while wagtail-localize, which would divide a sentence at them, looks for the texts.
#: Unicode keeps these signs for such use: no text has them.
STAND_INS = {
    "<sup>": "\ufdd0",
    "</sup>": "\ufdd1",
    "<sub>": "\ufdd2",
    "</sub>": "\ufdd3",
}
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+-", strict=True))
#: Signs of Unicode that stand above or below the line by themselves.
LEVEL_SIGNS = re.compile(f"[{''.join(RAISED)}]+|[{''.join(LOWERED)}]+")
#: A number, a charge, a fraction: no letters, which are others in each language.
NUMBER = re.compile(r"[+-]?\d[\d.,/+-]*")
SAME_SIGNS = str.maketrans({"−": "-", "–": "-", ",": ".", " ": "", "\xa0": ""})


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


def explain_levels(source: str, translated: str) -> str:
    """Return why a translation may not stand: a number above or below the line is lost, or a tag; else nothing.

    Without its tag, “10<sup>9</sup>” would be 109. Letters differ: “1<sup>st</sup>” is “1.º” in Spanish.
    """
    found = find_numbers(translated)
    if found is None:
        return _("A <sup> or <sub> is not closed, or closed without being opened.")
    given = find_numbers(source)
    if given is None:
        return ""
    # “20 square meters” may become “20 m²”, but “109” not “10⁹”.
    gone = find_line_numbers(source) - find_line_numbers(translated)
    moved = [
        each
        for each in found - given
        if any(number.endswith(each[1]) for number in gone)
    ]
    numbers = sorted({number for _level, number in [*(given - found), *moved]})
    if not numbers:
        return ""
    return _(
        "What stands above or below the line is not the same as in the original: %(numbers)s."
    ) % {"numbers": ", ".join(numbers)}


def find_line_numbers(text: str) -> Counter[str]:
    """Return the numbers that stand on the line."""
    text = LEVEL_SIGNS.sub(" ", LEVEL_TEXT.sub(" ", text))
    return Counter(re.findall(r"\d+", re.sub(r"<[^>]*>", "", text)))


def find_numbers(text: str) -> Counter[tuple[str, str]] | None:
    """Return the numbers above and below the line; None where a tag has no partner."""
    found: list[tuple[str, str]] = []
    opened: list[tuple[str, int]] = []
    for match in LEVEL_TAG.finditer(text):
        level = match.group().strip("</>")
        if not match.group().startswith("</"):
            opened.append((level, match.end()))
        elif opened and opened[-1][0] == level:
            start = opened.pop()[1]
            found.append((level, re.sub(r"<[^>]*>", "", text[start : match.start()])))
        else:
            return None
    if opened:
        return None
    for match in LEVEL_SIGNS.finditer(text):
        level = "sup" if match.group()[0] in RAISED else "sub"
        signs = RAISED if level == "sup" else LOWERED
        found.append((level, "".join(signs[sign] for sign in match.group())))
    plain = [(level, words.translate(SAME_SIGNS)) for level, words in found]
    return Counter(each for each in plain if NUMBER.fullmatch(each[1]))


def explain_loss(source: str, translated: str, citations: Collection[str]) -> str:
    """Return what a translation loses of its source that it has to keep; else nothing."""
    return explain_levels(source, translated) or explain_links(
        source, translated, citations
    )


def refuse_losses(instance: StringTranslation, **kwargs: Any) -> None:
    """Refuse a translation, as soon as it is saved, that loses a citation or a number above or below the line."""
    fields = kwargs.get("update_fields")
    if fields is not None and "data" not in fields:
        return
    if instance.has_error:
        return
    reason = explain_loss(
        instance.translation_of.data, instance.data, find_citations_of(instance)
    )
    # What was wrong with a former text is not wrong with this one.
    if reason or instance.field_error:
        instance.has_error, instance.field_error = bool(reason), reason
        StringTranslation.objects.filter(pk=instance.pk).update(
            has_error=instance.has_error, field_error=reason
        )


def get_error(self: StringTranslation) -> str | None:
    """Return what is wrong with a translation, our own reason first: a sup is never wrong by itself."""
    if self.has_error and self.field_error:
        return self.field_error
    if self.has_error and takes_levels(self):
        return explain_tags(self) or get_general_error(self)
    return get_general_error(self)


def takes_levels(translation: StringTranslation) -> bool:
    """Tell whether a text has a ``sup`` or ``sub``, and may have one: it is rich text."""
    # In a plain text, the signs of Unicode are the only ones: without its tags, “10⁹” would be 109.
    has_levels = LEVEL_TAG.search(translation.data) is not None
    return (
        has_levels
        and TemplateSegment.objects.filter(context_id=translation.context_id).exists()
    )


def explain_tags(translation: StringTranslation) -> str:
    """Return what wagtail-localize says against a translation without its ``sup`` and ``sub``; else nothing."""
    try:
        StringValue.from_translated_html(LEVEL_TAG.sub("", translation.data))
        validate_translation_links(translation.translation_of.data, translation.data)
    except ValueError as error:
        return str(error.args[0])
    return ""


def find_losses(translation: Translation) -> Iterator[tuple[str, str]]:
    """Yield the texts whose translation loses something that it has to keep, with what is wrong."""
    segments = StringSegment.objects.filter(source=translation.source)
    wanted: dict[tuple[int, int], tuple[str, set[str]]] = {}
    for each in segments.select_related("string"):
        key = (each.string_id, each.context_id)
        _text, citations = wanted.setdefault(key, (each.string.data, set()))
        citations |= find_citations(each.attrs)
    for each in StringTranslation.objects.filter(
        locale=translation.target_locale,
        context__in={context for _string, context in wanted},
    ):
        source, citations = wanted.get(
            (each.translation_of_id, each.context_id), ("", set())
        )
        reason = explain_loss(source, each.data, citations) if source else ""
        if reason:
            yield source, reason


def accept_levels(instance: StringTranslation, **kwargs: Any) -> None:
    """Accept a translation of rich text that was refused for its ``sup`` and ``sub`` only.

    wagtail-localize checks each translation after it was saved, and saves once more that it is refused.
    """
    if not instance.has_error or instance.field_error or not takes_levels(instance):
        return
    if not explain_tags(instance):
        instance.has_error = False
        StringTranslation.objects.filter(pk=instance.pk).update(has_error=False)
