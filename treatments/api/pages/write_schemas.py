"""What a client may send in a write of a page: nothing that it sends is lost without a word.

A document that was read with a token can be changed and sent back whole. What the page type only
gives and does not take is ignored in it; a name that the page type does not know is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast, get_args

from ninja import Schema  # noqa: TC002 - a base class at run time
from pydantic import BaseModel, model_validator
from pydantic_core import PydanticCustomError
from wagtail.api.v3.registry import ContentTypeRegistration, registry
from wagtail.api.v3.schemas import create_generator, patch_generator
from wagtail.api.v3.schemas.generators.write import RichTextInputSchema
from wagtail.api.v3.schemas.pages import (
    BASE_PAGE_FIELDS,
    PageCreateBaseSchema,
    PageUpdateBaseSchema,
)
from wagtail.models import Page, get_page_models

from treatments.api.pages.streams import suggest
from treatments.content.pointers import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: What a write takes of every page.
WRITTEN_FIELDS = [*BASE_PAGE_FIELDS, "expire_at"]
#: Stand below ``meta`` in an answer and beside it in a write: taken from there too.
LIFTED_FIELDS = frozenset(WRITTEN_FIELDS) - {"title"}

#: An object with no more than these is a key.
KEY_NAMES = frozenset({"id", "meta"})


def find_model_class(annotation: Any) -> type[BaseModel] | None:
    """Return the schema in an annotation such as ``list[X]`` or ``X | None``, or None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in get_args(annotation):
        found = find_model_class(part)
        if found is not None:
            return found
    return None


def get_nested(schema: type[BaseModel] | None, name: str) -> type[BaseModel] | None:
    """Return the schema of a field's objects, or None where it has none."""
    field = schema.model_fields.get(name) if schema else None
    return find_model_class(field.annotation) if field else None


def list_names(schema: type[BaseModel] | None) -> set[str]:
    """Return the names of a schema's fields, with those that they have in JSON."""
    fields = schema.model_fields if schema else {}
    return set(fields) | {field.alias for field in fields.values() if field.alias}


def find_unknown_names(
    data: Any, write: type[BaseModel], read: type[BaseModel] | None, pointer: str = ""
) -> list[dict[str, Any]]:
    """Return a mistake for each name that neither schema has, also in ``meta`` and in rows."""
    if not isinstance(data, dict):
        return []
    known = list_names(write) | list_names(read)
    problems = [
        build_unknown_name(name, known, pointer) for name in data if name not in known
    ]
    for name, nested in iterate_nested(write, data):
        is_list = isinstance(data[name], list)
        for index, row in enumerate(data[name] if is_list else [data[name]]):
            here = f"{pointer}/{name}/{index}" if is_list else f"{pointer}/{name}"
            problems += find_unknown_names(row, nested, get_nested(read, name), here)
    meta = get_nested(read, "meta")
    if meta is not None and "meta" in data and "meta" not in list_names(write):
        # What is only read there is sent back with a document.
        problems += find_unknown_names(data["meta"], meta, None, f"{pointer}/meta")
    return problems


def build_unknown_name(name: Any, known: set[str], pointer: str) -> dict[str, Any]:
    """Return the mistake of a name that nothing is done with."""
    return {
        "pointer": f"{pointer}/{escape(name)}",
        "type": "unknown_field",
        "msg": f"Unknown name {str(name)[:60]!r}. {suggest(name, known)}",
    }


def iterate_nested(
    write: type[BaseModel], data: dict[str, Any]
) -> Iterator[tuple[str, type[BaseModel]]]:
    """Yield the name and the schema of ``meta`` and of each list of rows in a body."""
    for name in write.model_fields:
        nested = get_nested(write, name)
        if name in data and nested is not None and nested is not RichTextInputSchema:
            yield name, nested


def find_double_names(
    data: Any, write: type[BaseModel], pointer: str = ""
) -> list[dict[str, Any]]:
    """Return a mistake for each key that a body gives under both of its names, as two keys; also in rows.

    An object with more than an ``id``, and null, come from a document that was read.
    """
    if not isinstance(data, dict):
        return []
    problems = []
    for name, field in write.model_fields.items():
        alias, chosen = field.alias, data.get(name)
        if isinstance(chosen, dict) and set(chosen) == {"id"}:
            chosen = chosen["id"]
        if alias in {None, name} or isinstance(chosen, dict) or chosen is None:
            continue
        if alias in data and data[alias] != chosen:
            message = f"This is another one than {alias}. Send one of them."
            problems.append(
                {"pointer": f"{pointer}/{name}", "type": "double_name", "msg": message}
            )
    for name, nested in iterate_nested(write, data):
        if isinstance(data[name], list):
            for index, row in enumerate(data[name]):
                problems += find_double_names(row, nested, f"{pointer}/{name}/{index}")
    return problems


def adapt_body(data: Any, write: type[BaseModel]) -> Any:
    """Return a body as the write schema takes it, where it has the shape of an answer.

    An answer has ``slug`` below ``meta``, and a foreign key as an object with an ``id``; a write takes
    ``slug`` beside ``meta``, and the key as ``condition_id``. An object with more in it represents what
    the key leads to, perhaps in another language than the stored one: it is read-only.
    """
    if not isinstance(data, dict):
        return data
    adapted = dict(data)
    meta = data.get("meta")
    if isinstance(meta, dict):
        for name in LIFTED_FIELDS & set(write.model_fields) & set(meta):
            adapted.setdefault(name, meta[name])
    for name, field in write.model_fields.items():
        alias = field.alias
        if alias and alias != name and name in adapted:
            chosen = adapted.pop(name)
            if not isinstance(chosen, dict):
                adapted.setdefault(alias, chosen)
            elif "id" in chosen and set(chosen) <= KEY_NAMES:
                adapted.setdefault(alias, chosen["id"])
    for name, nested in iterate_nested(write, adapted):
        if isinstance(adapted[name], list):
            adapted[name] = [adapt_body(row, nested) for row in adapted[name]]
    return adapted


def build_input_schema(
    write: type[Schema], read: type[BaseModel] | None
) -> type[Schema]:
    """Return a write schema that refuses names which neither it nor the read schema has."""

    def check(cls: type, data: Any, handler: Callable[[Any], Any]) -> Any:
        problems = [
            *find_unknown_names(data, write, read),
            *find_double_names(data, write),
        ]
        if problems:
            raise PydanticCustomError(
                "unknown_field",
                "There are names that would be lost.",
                {"problems": problems},
            )
        return handler(adapt_body(data, write))

    namespace = {
        "__module__": __name__,
        "__doc__": write.__doc__,
        # Around ninja's own validator, which hides the names of the body.
        "check_names": model_validator(mode="wrap")(classmethod(check)),  # ty: ignore[invalid-argument-type]
    }
    return cast("type[Schema]", type(write)(write.__name__, (write,), namespace))


def register_page_inputs() -> None:
    """Register the write schemas of every page model anew, with the checks of this module."""
    for model in get_page_models():
        known = registry.get(model._meta.label)
        if known is None or known.create_schema is None:
            continue
        create, patch = build_write_schemas(model)
        registry.register(
            ContentTypeRegistration(
                name=known.name,
                label=known.label,
                read_schema=known.read_schema,
                create_schema=build_input_schema(create, known.read_schema),
                patch_schema=build_input_schema(patch, known.read_schema),
            )
        )


def build_write_schemas(model: type[Page]) -> tuple[type[Schema], type[Schema]]:
    """Return what Wagtail makes of the fields as they are registered now: for POST and for PATCH."""
    create = create_generator.generate_schema(
        model,
        base_class=PageCreateBaseSchema,
        fields=WRITTEN_FIELDS,
        required_fields=("title",),
    )
    patch = patch_generator.generate_schema(
        model, base_class=PageUpdateBaseSchema, fields=WRITTEN_FIELDS
    )
    return create, patch
