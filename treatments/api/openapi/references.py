"""What the components of the OpenAPI document refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

COMPONENTS = "#/components/schemas/"


def find_parts(components: dict[str, Any], names: Iterable[str]) -> list[str]:
    """Return some components and all that they refer to, by name."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += iterate_references(components[name])
    return sorted(found)


def iterate_references(value: Any) -> Iterable[str]:
    """Yield the names of the components that a part of the document refers to."""
    if isinstance(value, list):
        for child in value:
            yield from iterate_references(child)
    elif isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str) and reference.startswith(COMPONENTS):
            yield reference.removeprefix(COMPONENTS)
        for child in value.values():
            yield from iterate_references(child)
