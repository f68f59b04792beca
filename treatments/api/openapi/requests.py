"""What requests are checked by: the operations of an API one by one, without what they answer.

The whole document takes half a second of processor time, one operation a few milliseconds at most.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.signals import setting_changed
from django.dispatch import receiver
from ninja.openapi.schema import OpenAPISchema

from treatments.api.openapi.document import DOCUMENTED_SETTINGS, REQUEST_STEPS, to_plain
from treatments.api.openapi.operations import iterate_operations

if TYPE_CHECKING:
    from ninja import NinjaAPI
    from ninja.operation import Operation

    Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Expected:
    """What an operation takes.

    Attributes:
        id: Its id in the OpenAPI document.
        address: The schemas of the parameters in the path, by name.
        query: The schemas of the parameters in the query, by name.
        bodies: The schemas of the body, by content type; empty where it takes none.
        components: The schemas that references lead to, by name.
    """

    id: str
    address: dict[str, Schema]
    query: dict[str, Schema]
    bodies: dict[str, Schema]
    components: dict[str, Schema]


class OperationTable(OpenAPISchema):
    """Ninja's document with the operations themselves in place of what it says of them."""

    def methods(self, operations: list[Operation]) -> dict[str, Operation]:
        """Return the operations of an address by their methods."""
        return {
            method: operation
            for operation in operations
            if operation.include_in_schema
            for method in operation.methods
        }


class OneOperation(OpenAPISchema):
    """Ninja's document of a single operation, without its answers."""

    def __init__(self, api: NinjaAPI, operation: Operation) -> None:
        self.operation = operation
        super().__init__(api, "")

    def get_paths(self) -> dict[str, Any]:
        """Return the operation; nobody asks where it stands."""
        return {"": self.methods([self.operation])}

    def responses(self, operation: Operation) -> dict[int, Any]:
        """Leave the answers out: writing them takes the most time."""
        return {}


@cache
def list_operations(api: NinjaAPI) -> dict[str, dict[str, Operation]]:
    """Return the operations by path, without the names of its variable parts, and method.

    Raises:
        NoReverseMatch: the project does not serve the API.
    """
    table = OperationTable(api, api.get_root_path({}))
    return {strip_names(path): item for path, item in table["paths"].items()}


def find_expected(api: NinjaAPI, path: str, method: str) -> Expected | None:
    """Return what the operation at an address takes, or None where none is documented.

    Raises:
        NoReverseMatch: the project does not serve the API.
    """
    operation = list_operations(api).get(strip_names(path), {}).get(method)
    return None if operation is None else read_expected(api, operation)


@cache
def read_expected(api: NinjaAPI, operation: Operation) -> Expected | None:
    """Return what an operation takes, or None where no address leads to it."""
    document = to_plain(OneOperation(api, operation))
    for complete in REQUEST_STEPS:
        complete(document)
    for _path, _method, documented in iterate_operations(document):
        content = documented.get("requestBody", {}).get("content", {})
        return Expected(
            id=documented["operationId"],
            address=list_parameters(documented, "path"),
            query=list_parameters(documented, "query"),
            bodies={kind: each.get("schema", {}) for kind, each in content.items()},
            components=document["components"]["schemas"],
        )
    return None


@receiver(setting_changed)
def forget_expected(*, setting: str, **_kwargs: object) -> None:
    """Look at the operations again where a test has changed what is documented of them."""
    if setting in DOCUMENTED_SETTINGS:
        read_expected.cache_clear()


def list_parameters(documented: dict[str, Any], place: str) -> dict[str, Schema]:
    """Return the schemas of an operation's parameters in one place, by name."""
    return {
        each["name"]: each["schema"]
        for each in documented["parameters"]
        if each["in"] == place
    }


def strip_names(path: str) -> str:
    """Return a path that is equal for equal addresses: ``/api/v3/pages/{}/``."""
    return re.sub(r"{[^}]*}", "{}", path)
