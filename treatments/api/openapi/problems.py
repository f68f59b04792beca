"""The errors in the OpenAPI document: their one schema, and which of them an operation can answer with."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from treatments.api.http.errors import PROBLEM_JSON
from treatments.api.http.problem_places import build_place_schema
from treatments.api.http.problems import TYPE_BY_STATUS, ProblemType
from treatments.api.openapi.operations import is_secured, iterate_operations
from treatments.api.pages.targets import is_guarded

#: Drafts are kept by no cache, and a link that has ended is gone.
DRAFTS = "drafts_"
PROBLEM_HEADERS = {
    401: {"WWW-Authenticate": {"type": "string"}},
    429: {"Retry-After": {"type": "integer", "minimum": 1}},
}


def add_problem_schema(document: dict[str, Any]) -> None:
    """Add the one schema of all errors."""
    document["components"]["schemas"]["Problem"] = {
        "type": "object",
        "title": "Problem",
        "description": "An error (RFC 9457).",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {
                "type": "string",
                "format": "uri",
                "description": "A stable URI of the kind of error.",
                "examples": [ProblemType.UNKNOWN_PARAMETER.uri],
            },
            "title": {"type": "string"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {
                "type": "string",
                "description": "One sentence for whoever reads the answer.",
            },
            "errors": {
                "type": "array",
                "description": "What is not valid, part by part.",
                "items": {"$ref": "#/components/schemas/ProblemEntry"},
            },
            "places": {
                "type": "array",
                "description": "Where an article has chosen what readers would not get (`choices-hidden`), or where "
                "public articles use what is to go (`in-use`).",
                "items": {"$ref": "#/components/schemas/ProblemPlace"},
            },
        },
    }
    document["components"]["schemas"]["ProblemPlace"] = build_place_schema()
    document["components"]["schemas"]["ProblemEntry"] = {
        "type": "object",
        "title": "ProblemEntry",
        "required": ["pointer", "loc", "type", "msg"],
        "properties": {
            "pointer": {
                "type": "string",
                "description": "A JSON pointer into the body, or the name of a parameter.",
                "examples": ["/body/0/value/content/2/value/text", "limit"],
            },
            "loc": {
                "type": "array",
                "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            },
            "type": {"type": "string"},
            "msg": {"type": "string"},
        },
    }


def add_problem_responses(document: dict[str, Any]) -> None:
    """Give every operation the errors that it can answer with, one shared response for each status."""
    shared = document["components"].setdefault("responses", {})
    for path, method, operation in iterate_operations(document):
        for status in list_problem_statuses(path, method, operation):
            name = f"Problem{status}"
            shared.setdefault(name, build_problem_response(status))
            operation["responses"].setdefault(
                str(status), {"$ref": f"#/components/responses/{name}"}
            )
        operation["responses"] = dict(sorted(operation["responses"].items()))


def build_problem_response(status: int) -> dict[str, Any]:
    """Return the answer for a status, with the headers that a client acts on."""
    response: dict[str, Any] = {
        "description": TYPE_BY_STATUS[status].title,
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in PROBLEM_HEADERS:
        response["headers"] = {
            name: {"schema": deepcopy(schema), "required": True}
            for name, schema in PROBLEM_HEADERS[status].items()
        }
    return response


def list_problem_statuses(
    path: str, method: str, operation: dict[str, Any]
) -> list[int]:
    """Return the statuses of an operation's errors."""
    statuses = {400}
    # A token that is sent is checked wherever it is understood; where anonymous callers are welcome,
    # a wrong one counts as none.
    if operation["operationId"].startswith(DRAFTS):
        # A token that nobody ever had is answered like an address that leads nowhere.
        statuses.add(404)
    elif is_secured(operation):
        statuses |= {401, 403}
    if "{" in path or operation["operationId"] in {
        "pages_find",
        "redirects_find",
        "articles_find",
    }:
        statuses.add(404)
    if "security" in operation or "requestBody" in operation:
        statuses.add(422)
    if any(each["in"] == "query" for each in operation["parameters"]):
        statuses.add(422)
    if any(each["name"] == "locale" for each in operation["parameters"]):
        statuses.add(404)
    if method not in {"get", "head", "options"}:
        # What is in use, what is there already, and what another request has just made.
        statuses |= {404, 409, 429}
    if is_guarded(path, method, operation["operationId"]):
        statuses |= {412, 428}
    if "requestBody" in operation:
        statuses |= {413, 415}
    return sorted(statuses)
