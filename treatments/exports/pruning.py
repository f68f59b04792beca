"""What JSON-LD and FHIR documents leave out: they have no empty values."""

from __future__ import annotations

from typing import Any


def prune(value: Any) -> Any:
    """Return a value without empty texts, lists, objects and nulls at any depth.

    An object that says no more than its type is empty too.
    """
    if isinstance(value, dict):
        kept = {
            key: pruned
            for key, child in value.items()
            if (pruned := prune(child)) is not None
        }
        return kept if set(kept) - {"@type"} else None
    if isinstance(value, list):
        return [kept for child in value if (kept := prune(child)) is not None] or None
    if isinstance(value, str):
        return value.strip() or None
    return value
