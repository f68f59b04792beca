"""Refuses the names of a body that nothing is done with, where Wagtail's own schemas ignore them.

Pages have the same check in their schemas, see ``page_input``; so have our own endpoints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.api.v3.registry import ContentTypeRegistration, registry
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from treatments.api.http.pointers import build_entry
from treatments.api.pages.body_types import expand_choices
from treatments.api.pages.targets import find_target, may_know, read_instance
from treatments.api.pages.write_schemas import (
    KEY_NAMES,
    build_unknown_name,
    find_unknown_names,
)
from treatments.content.pointers import split_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpRequest

    Schema = dict[str, Any]

FILE_WRITES = frozenset({"images_update", "documents_update"})
PAGE_WRITES = frozenset({"pages_create", "pages_update"})


def list_unknown_names(
    operation_id: str,
    path_values: Mapping[str, Any],
    body: Any,
    schema: Schema,
    components: dict[str, Schema],
) -> list[dict[str, Any]]:
    """Return an entry for each name of a JSON body that the operation does not know.

    A document that was read can be sent back whole: names that it only gives are ignored in it.
    """
    if operation_id in PAGE_WRITES:
        return []
    known = find_registration(operation_id, path_values)
    if known is None:
        problems = list(find_undocumented(body, [schema], components, ""))
    else:
        is_new = operation_id.endswith("_create")
        write = known.create_schema if is_new else known.patch_schema
        problems = find_unknown_names(body, write, known.read_schema) if write else []
    return [build_name_entry(problem) for problem in problems]


def list_unknown_form_names(
    request: HttpRequest, schema: Schema
) -> list[dict[str, Any]]:
    """Return an entry for each field of an upload's form that the operation does not know."""
    known = set(schema.get("properties", {}))
    names = [*request.POST, *request.FILES]
    return [
        build_name_entry(build_unknown_name(name, known, ""))
        for name in names
        if name not in known
    ]


def list_needless_names(body: Any) -> list[dict[str, Any]]:
    """Return an entry for each name in the body of an operation that takes none."""
    names = body if isinstance(body, dict) else ()
    return [build_name_entry(build_unknown_name(name, set(), "")) for name in names]


def list_ignored_keys(
    request: HttpRequest,
    operation_id: str,
    path_values: Mapping[str, Any],
    body: Any,
) -> list[dict[str, Any]]:
    """Return an entry for each foreign key that would change and has the name under which it is only read.

    One that says what is stored comes from a document that was read, and is sent back with it.
    """
    known = find_registration(operation_id, path_values)
    if known and isinstance(body, dict) and operation_id.endswith("_create"):
        return list_lost_keys(known.create_schema, body)
    target = find_target(request, operation_id, path_values)
    if not isinstance(body, dict) or known is None or target is None:
        return []
    aliases = find_aliases(known.patch_schema, body)
    instance = read_instance(target) if aliases else None
    if instance is None or not may_know(request, instance):
        return []
    entries = [
        refuse_key(name, alias)
        for name, alias in aliases.items()
        if get_key(body.get(name, {}), stored := getattr(instance, f"{name}_id", None))
        != stored
    ]
    if operation_id in FILE_WRITES:
        entries += [
            build_entry(f"/{alias}", [alias], "not_found", "There is no such entry.")
            for name, alias in aliases.items()
            if leads_to_nothing(instance._meta.get_field(name), body.get(alias))
        ]
    return entries


def list_lost_keys(schema: Any, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return an entry for each foreign key of something new that stands only under the name to read it."""
    return [
        refuse_key(name, alias)
        for name, alias in find_aliases(schema, body).items()
        if (key := get_key(body.get(name), None)) is not None and key != body.get(alias)
    ]


def find_aliases(schema: Any, body: dict[str, Any]) -> dict[str, str]:
    """Return the foreign keys that a body has: the name to read each, and the one to write it."""
    fields = schema.model_fields if schema else {}
    return {
        name: field.alias
        for name, field in fields.items()
        if field.alias not in {None, name} and {name, field.alias} & set(body)
    }


def refuse_key(name: str, alias: str) -> dict[str, Any]:
    """Return the entry of a foreign key under the name that is only read."""
    return build_entry(f"/{name}", [name], "read_only", f"Change this with {alias}.")


def leads_to_nothing(field: Any, pk: Any) -> bool:
    """Tell whether a number is the key of nothing; the forms of files have no such field where there is one choice."""
    if not isinstance(pk, int) or isinstance(pk, bool):
        return False
    return not field.related_model._base_manager.filter(pk=pk).exists()


def get_key(value: Any, otherwise: Any) -> Any:
    """Return the key that a value names; an object with more in it only represents what is chosen."""
    if not isinstance(value, dict):
        return value
    is_key = "id" in value and set(value) <= KEY_NAMES
    return value["id"] if is_key else otherwise


def build_name_entry(problem: dict[str, Any]) -> dict[str, Any]:
    """Return a problem as an entry of ``errors``."""
    pointer = problem["pointer"]
    return build_entry(pointer, split_pointer(pointer), problem["type"], problem["msg"])


def find_registration(
    operation_id: str, path_values: Mapping[str, Any]
) -> ContentTypeRegistration | None:
    """Return the schemas of the model that an operation writes, or None where it writes no model."""
    labels = {
        "snippets_create": path_values.get("type", ""),
        "snippets_update": path_values.get("type", ""),
        "images_update": get_image_model()._meta.label,
        "documents_update": get_document_model()._meta.label,
    }
    return registry.get(labels.get(operation_id, ""))


def find_undocumented(
    value: Any, schemas: list[Schema], components: dict[str, Schema], pointer: str
) -> Iterator[dict[str, Any]]:
    """Yield what is wrong with the names of an object, and of those inside it."""
    choices = list(expand_choices(schemas, components))
    if isinstance(value, list):
        items = [choice["items"] for choice in choices if "items" in choice]
        for index, child in enumerate(value if items else ()):
            yield from find_undocumented(child, items, components, f"{pointer}/{index}")
    if not isinstance(value, dict):
        return
    objects = [choice for choice in choices if "properties" in choice]
    known = {name for choice in objects for name in choice["properties"]}
    if not objects or any(choice.get("additionalProperties") for choice in choices):
        return
    for name, child in value.items():
        if name not in known:
            yield build_unknown_name(name, known, pointer)
            continue
        inner = [
            choice["properties"][name]
            for choice in objects
            if name in choice["properties"]
        ]
        yield from find_undocumented(child, inner, components, f"{pointer}/{name}")
