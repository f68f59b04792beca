"""The bodies of writes in the OpenAPI document, as Wagtail's views take them."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from treatments.api.openapi.operations import find_operation
from treatments.api.openapi.references import iterate_references

#: The address says of what type the thing is, so that the body need not.
TYPED_BY_ADDRESS = ("snippets_create", "snippets_update", "pages_update")
COPIES = ("pages_actions_copy", "pages_actions_create_alias")
#: The texts of a copy that become columns of a page.
COPIED_TEXTS = ("slug", "title")


def open_types(document: dict[str, Any]) -> None:
    """Say that ``meta.type`` may be missing where the address gives it.

    Without it, a body can fit the schemas of several models: ``anyOf``, not ``oneOf``.
    """
    schemas = document["components"]["schemas"]
    for operation_id in TYPED_BY_ADDRESS:
        body = get_body_schema(document, operation_id)
        if "oneOf" in body:
            body["anyOf"] = body.pop("oneOf")
        for name in set(iterate_references(body)):
            for meta in iterate_references(schemas[name]["properties"]["meta"]):
                required = set(schemas[meta].pop("required", [])) - {"type"}
                if required:
                    schemas[meta]["required"] = sorted(required)


def bound_copies(document: dict[str, Any]) -> None:
    """Write down how long the texts of a copied page can be."""
    for operation_id in COPIES:
        for reference in iterate_references(get_body_schema(document, operation_id)):
            properties = document["components"]["schemas"][reference]["properties"]
            for name in COPIED_TEXTS:
                for choice in properties.get(name, {}).get("anyOf", []):
                    if choice["type"] == "string":
                        choice["maxLength"] = get_text_length(name)


def get_body_schema(document: dict[str, Any], operation_id: str) -> dict[str, Any]:
    """Return the schema of an operation's JSON body, empty where there is no such operation."""
    operation = find_operation(document, operation_id) or {}
    content = operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("schema", {})


def get_text_length(name: str) -> int | None:
    """Return how many characters a column of a page takes."""
    # Page._meta.fields are columns, without the relations to a page.
    return next(each.max_length for each in Page._meta.fields if each.name == name)
