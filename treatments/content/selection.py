"""What a client takes of an answer: some of its fields, some renditions, one format of rich text.

Cut from the finished answer, so that it costs no query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treatments.content.formats import RichTextFormat, convert_rich_text

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Always given, so that an entry can be told apart.
IDENTIFYING_FIELDS = ("id", "type")


def select_fields(document: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the named fields of an answer in its own order, ``id`` and ``type`` among them."""
    wanted = {*IDENTIFYING_FIELDS, *names}
    return {name: value for name, value in document.items() if name in wanted}


def select_renditions(value: Any, names: frozenset[str] | None) -> Any:
    """Return a JSON value whose images have the named renditions only; all of them for None."""
    if names is None:
        return value
    if isinstance(value, dict):
        return {
            key: {name: inner[name] for name in inner if name in names}
            if key == "renditions" and isinstance(inner, dict)
            else select_renditions(inner, names)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [select_renditions(inner, names) for inner in value]
    return value


def shape_answer(
    document: dict[str, Any],
    fields: Iterable[str] | None,
    renditions: frozenset[str] | None,
    rich_text_format: RichTextFormat,
) -> dict[str, Any]:
    """Return an answer as it was asked for."""
    chosen = document if fields is None else select_fields(document, fields)
    return convert_rich_text(select_renditions(chosen, renditions), rich_text_format)


def shape_as_asked(document: dict[str, Any], given: Any) -> dict[str, Any]:
    """Return a document with the fields, renditions and rich text that were asked for."""
    renditions = frozenset(given.renditions) if given.renditions else None
    return shape_answer(document, given.fields, renditions, given.rich_text)
