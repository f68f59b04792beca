"""The JSON types of a body: a number, a text and a truth value are not taken for one another.

Wagtail's schemas would read ``true`` as the number 1 and ``"5"`` as 5. Streams have checks of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treatments.api.http.pointers import build_entry
from treatments.content.pointers import join_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

    Schema = dict[str, Any]

COMPOSED = ("anyOf", "oneOf", "allOf")
NAMES = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "a text",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


def list_type_errors(
    body: Any, schema: Schema, components: dict[str, Schema]
) -> list[dict[str, Any]]:
    """Return an entry for each plain value of another type than is documented.

    Args:
        body: The JSON value that was sent.
        schema: Its schema in the OpenAPI document.
        components: The schemas of the document that references lead to, by name.
    """
    return [
        build_entry(
            join_pointer(path),
            path,
            "json_type",
            f"This must be {' or '.join(NAMES[each] for each in sorted(types))}.",
        )
        for path, types in find_mismatches(body, [schema], components, [])
    ]


def find_mismatches(
    value: Any, schemas: list[Schema], components: dict[str, Schema], path: list[Any]
) -> Iterator[tuple[list[Any], set[Any]]]:
    """Yield where a plain value is, and which types it could have."""
    choices = list(expand_choices(schemas, components))
    if isinstance(value, dict):
        for name, child in value.items():
            inner = [
                choice["properties"][name]
                for choice in choices
                if name in choice.get("properties", {})
            ]
            if inner:
                yield from find_mismatches(child, inner, components, [*path, name])
    elif isinstance(value, list):
        items = [choice["items"] for choice in choices if choice.get("items")]
        rows = list(expand_choices(items, components))
        # Several kinds of rows are the blocks of a stream; one kind, a block, says its type.
        if len(rows) == 1 and "type" not in rows[0].get("properties", {}):
            for index, child in enumerate(value):
                yield from find_mismatches(child, rows, components, [*path, index])
    else:
        types = {choice.get("type") for choice in choices}
        if types <= NAMES.keys() and not any(has_type(value, each) for each in types):
            yield path, types


def expand_choices(
    schemas: list[Schema], components: dict[str, Schema]
) -> Iterator[Schema]:
    """Yield every alternative of some schemas, with references followed."""
    for schema in schemas:
        # A single schema in allOf is a reference with a default.
        alternatives = next(filter(None, map(schema.get, COMPOSED)), None)
        if alternatives:
            yield from expand_choices(alternatives, components)
        elif "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            yield from expand_choices([components[name]], components)
        else:
            yield schema


def has_type(value: Any, name: Any) -> bool:
    """Tell whether a plain JSON value has a type of JSON Schema."""
    if isinstance(value, bool):
        return name == "boolean"
    if isinstance(value, int):
        return name in {"integer", "number"}
    if isinstance(value, float):
        return name == "number" or (name == "integer" and value.is_integer())
    return name == ("null" if value is None else "string")
