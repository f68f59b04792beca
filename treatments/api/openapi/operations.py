"""The operations of the OpenAPI document, by their address and by their id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The writes that publish where they are asked to, and the one that does nothing else.
PUBLISHING_WRITES = ("pages_create", "pages_update")
PUBLISHING = (*PUBLISHING_WRITES, "pages_actions_publish")
#: The writes that are refused for what public articles use.
REMOVALS = (
    "snippets_delete",
    "snippets_actions_delete",
    "snippets_actions_unpublish",
    "images_delete",
    "documents_delete",
)
#: Its value is a word for programs, such as ``not-reviewed``.
WARNING_HEADER = "Publication-Warning"

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def iterate_operations(
    document: dict[str, Any],
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield path, method and operation."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def find_operation(
    document: dict[str, Any], operation_id: str
) -> dict[str, Any] | None:
    """Return an operation by its id, or None."""
    for _path, _method, operation in iterate_operations(document):
        if operation["operationId"] == operation_id:
            return operation
    return None


def is_secured(operation: dict[str, Any]) -> bool:
    """Tell whether an operation answers 401 without a token."""
    security = operation.get("security", [])
    return bool(security) and {} not in security
