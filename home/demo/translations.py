"""Translates what the demonstration loaded, through the same services as a translator's work.

The file of the other language is built into an unsaved object with the same block ids. Its segments
then stand at the same content paths as those of the source, and each becomes a translated string.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db import transaction
from wagtail_localize.models import (
    SegmentOverride,
    StringSegment,
    StringTranslation,
    TemplateSegment,
    TranslationContext,
)
from wagtail_localize.segments import StringSegmentValue, TemplateSegmentValue
from wagtail_localize.segments.extract import extract_segments, quote_path_component

from home.demo import records
from home.demo.content import DemoContentError
from treatments.translation.services import (
    TranslationError,
    publish_translation,
    submit_translation,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from wagtail.models import Locale
    from wagtail_localize.models import Translation, TranslationSource

_LINK_ID = re.compile(r'\bid="(\w+)"')


class MismatchError(Exception):
    """A text does not fit that of the source; its message goes on from the place of the text."""


def translate(
    source: Any,
    key: str,
    locale: Locale,
    translated: Any,
    where: str,
    describe_path: Callable[[str], str] = str,
) -> None:
    """Submit ``source``, fill in the strings of ``translated`` and publish; all of it or nothing.

    Args:
        source: What is translated, as it is in the database.
        key: The key under which the demonstration remembers the translation.
        locale: The language to translate into.
        translated: The unsaved object in that language, with the block ids of ``source``.
        where: The file that ``translated`` comes from.
        describe_path: Turns a content path into a place in that file.

    Raises:
        DemoContentError: the two languages differ in structure, or the translation does not validate.
    """
    with transaction.atomic():
        (translation,) = submit_translation(source, [locale], include_related=False)
        strings, templates = split_segments(translated)
        check_templates(translation.source, templates, where, describe_path)
        fill_strings(translation, strings, where, describe_path)
        try:
            target = publish_translation(translation)
        except TranslationError as error:
            raise DemoContentError(f"{where}: {error}") from error
        records.remember(target, key)


def split_segments(
    instance: Any,
) -> tuple[list[StringSegmentValue], list[TemplateSegmentValue]]:
    """Return the strings and the rich text templates of an object, in their order."""
    segments = extract_segments(instance)
    return (
        [segment for segment in segments if isinstance(segment, StringSegmentValue)],
        [segment for segment in segments if isinstance(segment, TemplateSegmentValue)],
    )


def check_templates(
    source: TranslationSource,
    templates: list[TemplateSegmentValue],
    where: str,
    describe_path: Callable[[str], str],
) -> None:
    """Refuse rich text whose paragraphs and lists differ from those of the source."""
    stored = TemplateSegment.objects.filter(source=source).select_related(
        "context", "template"
    )
    expected = {segment.context.path: segment.template.template for segment in stored}
    given = {segment.path: segment.template for segment in templates}
    for path in [*expected, *given]:
        if expected.get(path) != given.get(path):
            raise DemoContentError(
                f"{where}: {describe_path(path)} has other paragraphs, lists or headings than in the source language."
            )


def fill_strings(
    translation: Translation,
    strings: list[StringSegmentValue],
    where: str,
    describe_path: Callable[[str], str],
) -> None:
    """Store one translated string for each segment of the source; what a translator stored stays."""
    given = defaultdict(list)
    for string in strings:
        given[string.path].append(string)
    filled: dict[tuple[int, int], str] = {}
    known = StringTranslation.objects.filter(
        context__object=translation.source.object_id, locale=translation.target_locale
    )
    stored = {(each.translation_of_id, each.context_id): each for each in known}
    segments = StringSegment.objects.filter(source=translation.source)
    for segment in segments.select_related("context", "string").order_by("order"):
        path = segment.context.path
        try:
            if not given[path]:
                raise MismatchError("is missing.")
            value = given[path].pop(0)
            source_links = json.loads(segment.attrs) or {}
            data, addresses = match_links(
                value.string.data, value.attrs or {}, source_links
            )
            identity = (segment.string_id, segment.context_id)
            if filled.setdefault(identity, data) != data:
                raise MismatchError("translates one text in two ways.")
            store_string(translation, segment, data, stored)
        except MismatchError as error:
            raise DemoContentError(f"{where}: {describe_path(path)} {error}") from error
        for source_address, address in addresses.items():
            override_address(translation, path, source_address, address)
    for path, left in given.items():
        if left:
            raise DemoContentError(
                f"{where}: {describe_path(path)} is not in the source language."
            )


def store_string(
    translation: Translation,
    segment: StringSegment,
    data: str,
    stored: dict[Any, StringTranslation],
) -> None:
    """Store the translation of one segment, unless it is among those that are stored already.

    Raises:
        MismatchError: wagtail-localize does not take the text.
    """
    identity = (segment.string_id, segment.context_id)
    if identity not in stored:
        stored[identity] = StringTranslation.objects.create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            data=data,
            translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
        )
    if stored[identity].has_error:
        raise MismatchError(f"is not valid: {stored[identity].get_error()}")


def match_links(
    text: str, links: dict, source_links: dict
) -> tuple[str, dict[str, str]]:
    """Give the links of a text the ids that the source's links have.

    Words change their order between languages, so a link is known by where it leads. A link to another
    website may lead to another address than in the source.

    Returns:
        The text, and the changed addresses by those of the source.

    Raises:
        MismatchError: the text has other links than the source.
    """
    if len(links) != len(source_links):
        raise MismatchError(
            f"has {len(links)} links; the source has {len(source_links)}."
        )
    free, ids, addresses = dict(source_links), {}, {}
    for link_id, attributes in links.items():
        match = next(
            (each for each, source in free.items() if source == attributes), None
        )
        if match:
            ids[link_id] = match
            del free[match]
    for link_id, attributes in links.items():
        if link_id in ids:
            continue
        match = next(
            (
                each
                for each, source in free.items()
                if "href" in source and "href" in attributes
            ),
            None,
        )
        if match is None:
            raise MismatchError("has a link that the source does not have.")
        addresses[free.pop(match)["href"]] = attributes["href"]
        ids[link_id] = match
    return _LINK_ID.sub(lambda found: f'id="{ids[found[1]]}"', text), addresses


def override_address(
    translation: Translation, path: str, source_address: str, address: str
) -> None:
    """Let a link lead to another address in this language."""
    context = TranslationContext.objects.get(
        object_id=translation.source.object_id,
        path=f"{path}.{quote_path_component(source_address)}",
    )
    SegmentOverride.objects.update_or_create(
        locale=translation.target_locale,
        context=context,
        defaults={"data_json": json.dumps(address)},
    )
