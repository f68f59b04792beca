"""JSON pointers (RFC 6901): where something stands in an article or in a body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def escape(name: Any) -> str:
    """Return one part of a JSON pointer."""
    return str(name).replace("~", "~0").replace("/", "~1")


def join_pointer(parts: Iterable[Any]) -> str:
    """Return a JSON pointer."""
    return "".join(f"/{escape(part)}" for part in parts)


def split_pointer(pointer: str) -> list[Any]:
    """Return the parts of a JSON pointer, indexes as numbers."""
    return [
        int(part) if part.isdecimal() else part.replace("~1", "/").replace("~0", "~")
        for part in pointer.split("/")[1:]
    ]
