"""What the examples have of keys and types, as a hash for each SCHEMA_VERSION: clients must know of a change."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).with_name("schema_versions.json")
ADVICE = (
    "The keys or types of {names} have changed, and SCHEMA_VERSION is still {version}. Raise it in "
    "treatments/content/article_fields.py. Where no release has had that version, delete its entry in "
    "tests/contract/schema_versions.json instead. Then: make snapshots"
)
TYPES = {str: "string", bool: "boolean", int: "number", float: "number"}


def iterate_shape(value: Any, place: str = "") -> Iterator[str]:
    """Yield every place in an answer with the type of what stands there; a block is known by its type."""
    if isinstance(value, dict):
        if value.keys() == {"type", "id", "value"}:
            place = f"{place}<{value['type']}>"
        yield f"{place} object"
        for key, inner in value.items():
            yield from iterate_shape(inner, f"{place}/{key}")
    elif isinstance(value, list):
        yield f"{place} array"
        for inner in value:
            yield from iterate_shape(inner, f"{place}/*")
    else:
        yield f"{place} {TYPES.get(type(value), 'null')}"


def hash_shape(answer: Any) -> str:
    """Return a hash that changes with the keys and types of an answer, not with its values and its order."""
    lines = "\n".join(sorted(set(iterate_shape(answer))))
    return hashlib.sha256(lines.encode()).hexdigest()


def find_changed(
    versions: dict[str, dict[str, str]], version: str, answers: dict[str, Any]
) -> list[str]:
    """Return the examples whose keys or types are not those of a version; none where the version is new."""
    known = versions.get(version)
    made = {name: hash_shape(answer) for name, answer in answers.items()}
    if known is None:
        return []
    return sorted(
        name for name in {**known, **made} if known.get(name) != made.get(name)
    )


def read_versions() -> dict[str, dict[str, str]]:
    """Return version → example → hash."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def write_version(version: str, answers: dict[str, Any]) -> None:
    """Store what a version has, beside those before."""
    made = {name: hash_shape(answer) for name, answer in answers.items()}
    text = json.dumps({**read_versions(), version: made}, indent=2) + "\n"
    FILE.write_text(text, encoding="utf-8")
