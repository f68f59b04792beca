"""The operations of the OpenAPI document, by their address and by their id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The writes that publish where they are asked to.
PUBLISHING_WRITES = ("pages_create", "pages_update")
#: Those whose new pages, with the pages below, are as public as what they were made from.
PUBLISHING_COPIES = (
    "pages_actions_copy",
    "pages_actions_create_alias",
    "pages_actions_copy_for_translation",
)
#: An alias that becomes an article of its own, as public as it was.
CONVERSION = "pages_actions_convert_alias"
PUBLISHING = (
    *PUBLISHING_WRITES,
    *PUBLISHING_COPIES,
    "pages_actions_publish",
    CONVERSION,
)
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
