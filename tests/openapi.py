"""Checks answers of the v3 API against its own OpenAPI document, which is taken at its word."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, FormatChecker

from cms.api import v3_api
from treatments.api.openapi.document import get_openapi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

#: Keys of JSON Schema under which anything may stand that is no schema.
VALUES = {"const", "default", "enum", "example", "examples", "mapping", "required"}


@cache
def get_document() -> dict[str, Any]:
    """Return the document as a client reads it: status codes are texts."""
    return json.loads(json.dumps(get_openapi(v3_api)))


@cache
def get_strict_components() -> dict[str, Any]:
    """Return the components; an object has no property that is not documented."""
    return {"schemas": close_objects(get_document()["components"]["schemas"])}


def close_objects(value: Any) -> Any:
    """Return a copy in which every object with properties takes no others, unless it says so itself."""
    if isinstance(value, list):
        return [close_objects(item) for item in value]
    if not isinstance(value, dict):
        return value
    closed = {
        key: child if key in VALUES else close_objects(child)
        for key, child in value.items()
    }
    if closed.get("type") == "object" and "properties" in closed:
        closed.setdefault("additionalProperties", False)
    return closed


def get_operation(path_template: str, method: str = "get") -> dict[str, Any]:
    """Return a documented operation.

    Raises:
        AssertionError: the document has no such operation.
    """
    paths = get_document()["paths"]
    assert path_template in paths, f"{path_template} is not among {sorted(paths)}"
    assert method in paths[path_template], f"{method} {path_template} is missing"
    return paths[path_template][method]


def get_responses(operation: dict[str, Any]) -> dict[str, Any]:
    """Return status → what an operation answers, shared answers looked up."""
    shared = get_document()["components"]["responses"]
    return {
        status: shared[answer["$ref"].rpartition("/")[2]]
        if "$ref" in answer
        else answer
        for status, answer in operation["responses"].items()
    }


def find_problems(
    response: HttpResponse, path_template: str, method: str = "get"
) -> list[str]:
    """Return where an answer is not what the document says, a sentence each."""
    responses = get_responses(get_operation(path_template, method))
    documented = responses.get(str(response.status_code))
    if documented is None:
        return [f"{response.status_code} is not among {sorted(responses)}"]
    media_type = response["Content-Type"].split(";")[0]
    content = documented.get("content", {})
    if media_type not in content:
        return [f"{media_type} is not among {sorted(content)}"]
    schema = {
        **close_objects(content[media_type]["schema"]),
        "components": get_strict_components(),
    }
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [
        f"{error.json_path}: {error.message[:300]}"
        for error in validator.iter_errors(json.loads(response.content))
    ]


def validate_answer(
    response: HttpResponse, path_template: str, method: str = "get"
) -> Any:
    """Return the JSON of an answer that is as documented, nothing more and nothing less.

    Args:
        response: What the test client got.
        path_template: The path in the document, such as ``/api/v3/glossary/{term_id}/``.
        method: The method in lower case.
    """
    problems = find_problems(response, path_template, method)
    assert problems == [], problems
    return json.loads(response.content)


def find_untyped(schema: Any, place: str = "") -> Iterator[str]:
    """Yield the places of a schema, and of all that it refers to, at which anything at all may stand."""
    seen: set[str] = set()

    def walk(schema: Any, place: str) -> Iterator[str]:
        if schema is True or not (set(schema) - {"title", "description", "default"}):
            yield place
            return
        reference = schema.get("$ref")
        if reference and reference not in seen:
            seen.add(reference)
            name = reference.rpartition("/")[2]
            yield from walk(get_document()["components"]["schemas"][name], name)
        for key in ("anyOf", "oneOf", "allOf"):
            for number, child in enumerate(schema.get(key, [])):
                yield from walk(child, f"{place}/{key}/{number}")
        for name, child in schema.get("properties", {}).items():
            yield from walk(child, f"{place}/{name}")
        if schema.get("type") == "array":
            yield from walk(schema.get("items", {}), f"{place}/items")
        if schema.get("type") == "object" and "properties" not in schema:
            yield from walk(schema.get("additionalProperties", {}), f"{place}/*")

    yield from walk(schema, place)
