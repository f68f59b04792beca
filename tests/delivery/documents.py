"""Documents to compare: the article with every block type, and ways to change one of its parts."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from treatments.comparison.documents import Difference, compare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EXAMPLE = Path(__file__).parents[1] / "snapshots/examples/treatments.TreatmentPage.json"
Way = tuple[str | int, ...]
SECTION: dict[str, Any] = {
    "type": "section",
    "id": "11111111-1111-4111-8111-111111111111",
    "value": {
        "heading": "Another section",
        "health_aspect": None,
        "standalone": False,
        "content": [
            {
                "type": "rich_text",
                "id": "22222222-2222-4222-8222-222222222222",
                "value": {"html": "<p>Plain words.</p>", "text": "Plain words."},
            }
        ],
    },
}


def read_example() -> dict[str, Any]:
    """Return an article with every block type and every field."""
    return json.loads(EXAMPLE.read_text(encoding="utf-8"))


def find_block(value: Any, kind: str) -> dict[str, Any]:
    """Return the first block of a kind.

    Raises:
        LookupError: there is none.
    """
    for block in iterate_blocks(value):
        if block["type"] == kind:
            return block
    raise LookupError(kind)


def get_content(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the blocks of the first section."""
    return document["body"][0]["value"]["content"]


def rewrite(document: dict[str, Any], **values: Any) -> None:
    """Give the first text of an article other words."""
    find_block(document, "rich_text")["value"].update(values)


def iterate_blocks(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every block, the outer ones first."""
    if isinstance(value, dict):
        if set(value) == {"type", "id", "value"}:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from iterate_blocks(part)


def change(edit: Callable[[dict[str, Any]], Any]) -> list[Difference]:
    """Return the differences that a change of the example makes."""
    old = read_example()
    new = deepcopy(old)
    edit(new)
    return compare(old, new)


def change_block(block: str, /, **values: Any) -> list[Difference]:
    """Return the differences that new values of a block's fields make."""
    return change(lambda new: find_block(new, block)["value"].update(values))


def describe(differences: list[Difference]) -> list[tuple[str, ...]]:
    """Return kind, significance, field, old and new value of each."""
    return [
        (each.kind.value, each.significance.value, each.field, each.old, each.new)
        for each in differences
    ]


def iterate_leaves(value: Any, way: Way = ()) -> Iterator[tuple[Way, Any]]:
    """Yield every value that holds no others, with the way to it."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from iterate_leaves(part, (*way, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from iterate_leaves(part, (*way, number))
    else:
        yield way, value


def replace_leaf(document: dict[str, Any], way: Way) -> dict[str, Any]:
    """Return a copy with another value at the end of a way."""
    changed = deepcopy(document)
    part: Any = changed
    for step in way[:-1]:
        part = part[step]
    part[way[-1]] = get_other(part[way[-1]])
    return changed


def get_other(value: Any) -> Any:
    """Return another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    return f"{value or ''} changed"
