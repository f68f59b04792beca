"""The parameters of the OpenAPI document: those that the views do not name, and the bounds of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import AutoField
from wagtail.snippets.models import get_snippet_models

from treatments.api.http.parameters import DEFAULT_LIMIT, MAX_OFFSET, get_max_limit
from treatments.api.openapi.filters import list_filters
from treatments.api.openapi.operations import (
    REMOVALS,
    find_operation,
    iterate_operations,
)
from treatments.content.code_systems import list_code_systems

if TYPE_CHECKING:
    from django.db.models import Model

ID_SCHEMA = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
NO_NULL_CHARACTER = "^[^\\x00]*$"
#: A text with one of these cannot have a null character anyway.
CLOSED = frozenset({"pattern", "enum", "const", "format"})


def build_parameter(
    name: str, schema: dict[str, Any], description: str = ""
) -> dict[str, Any]:
    """Return an optional query parameter."""
    parameter = {"in": "query", "name": name, "schema": schema, "required": False}
    return {**parameter, "description": description} if description else parameter


def add_parameters(
    operation: dict[str, Any] | None, parameters: list[dict[str, Any]]
) -> None:
    """Add parameters that the operation does not document itself."""
    if operation is None:
        return
    known = {(each["in"], each["name"]) for each in operation["parameters"]}
    operation["parameters"] += [
        each for each in parameters if (each["in"], each["name"]) not in known
    ]


def build_paging() -> list[dict[str, Any]]:
    """Return ``limit`` and ``offset``."""
    limit: dict[str, Any] = {"type": "integer", "minimum": 1, "default": DEFAULT_LIMIT}
    limit_max = get_max_limit()
    if limit_max is not None:
        limit["maximum"] = limit_max
    offset = {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0}
    return [build_parameter("limit", limit), build_parameter("offset", offset)]


def list_languages() -> list[str]:
    """Return the codes of the languages in which content is published."""
    return [code for code, _name in getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", [])]


def add_list_filters(document: dict[str, Any]) -> None:
    """Document the fields that Wagtail's lists can be filtered by."""
    for operation_id in (
        "pages_list",
        "images_list",
        "documents_list",
        "redirects_list",
    ):
        operation = find_operation(document, operation_id)
        parameters = [
            build_parameter(name, schema, f"Exactly this {name}.")
            for name, schema in list_filters(operation_id, {}).items()
        ]
        add_parameters(operation, parameters)
    for operation_id in ("pages_list", "snippets_list"):
        operation = find_operation(document, operation_id)
        if operation is not None:
            operation["description"] = (
                operation.get("description", "")
                + " Where one type is listed, its own columns are filters too."
            ).strip()


def add_removal_parameters(document: dict[str, Any]) -> None:
    """Document the ways to go on where public articles use what is to go."""
    for operation_id in REMOVALS:
        parameters = [
            build_parameter(
                "replace_by",
                dict(ID_SCHEMA),
                "The id of what takes its place in the public articles first, in their drafts too.",
            ),
            build_parameter(
                "reason",
                {"type": "string", "maxLength": 1000},
                "Why it goes at once, for whoever may publish all the articles; each of these asks for a review.",
            ),
        ]
        add_parameters(find_operation(document, operation_id), parameters)


def close_parameters(document: dict[str, Any]) -> None:
    """Write down the bounds that hold for every number and every text of an address."""
    for _path, _method, operation in iterate_operations(document):
        for parameter in operation["parameters"]:
            schema, name = parameter["schema"], parameter["name"]
            if operation["operationId"] == "articles_by_code" and name == "system":
                schema["enum"] = list_code_systems()
            elif parameter["in"] == "path" and (
                schema.get("type") == "integer" or is_snippet_id(name)
            ):
                schema.update(ID_SCHEMA)
            elif name in {"limit", "offset"} and "maximum" not in schema:
                schema.update(
                    next(each for each in build_paging() if each["name"] == name)[
                        "schema"
                    ]
                )
            elif name == "locale" and list_languages():
                schema.pop("maxLength", None)
                schema["enum"] = list_languages()
            elif (
                operation["operationId"] == "snippets_list" and name == "translation_of"
            ) or (name == "user_id" and has_number_ids(get_user_model())):
                schema.clear()
                schema.update(ID_SCHEMA)
            elif name == "search":
                schema.clear()
                schema.update(
                    {"type": "string", "maxLength": 200, "pattern": NO_NULL_CHARACTER}
                )


def exclude_null_characters(document: dict[str, Any]) -> None:
    """Say of every other text of a query that a null character is refused in it."""
    for _path, _method, operation in iterate_operations(document):
        for parameter in operation["parameters"]:
            if parameter["in"] != "query":
                continue
            schema = parameter["schema"]
            for choice in (schema, *schema.get("anyOf", [])):
                is_text = choice.get("type") == "string" and "anyOf" not in choice
                if is_text and not CLOSED & choice.keys():
                    choice["pattern"] = NO_NULL_CHARACTER


def is_snippet_id(name: str) -> bool:
    """Tell whether a parameter is the id of a snippet, and all snippets have whole numbers for ids."""
    return name == "pk" and all(map(has_number_ids, get_snippet_models()))


def has_number_ids(model: type[Model]) -> bool:
    """Tell whether the things of a model have whole numbers for ids."""
    return isinstance(model._meta.pk, AutoField)


def describe_comma_separated(document: dict[str, Any]) -> None:
    """Say of the lists in one parameter that a comma separates their values."""
    for _path, _method, operation in iterate_operations(document):
        for parameter in operation["parameters"]:
            if parameter["schema"].pop("x-comma-separated", False):
                parameter.update({"style": "form", "explode": False})
