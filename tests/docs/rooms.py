"""The picture of the rooms in docs/architecture.md, drawn from the imports; ``make docs`` writes it anew."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING

import grimp

from tests.docs.reading import REPOSITORY, read

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = REPOSITORY / "docs" / "architecture.md"
START, END = "<!-- rooms: start -->", "<!-- rooms: end -->"
PACKAGES = ("cms", "home", "snippets", "treatments")


def read_floors() -> list[list[str]]:
    """Return the floors that import-linter guards, the highest first, each with its rooms."""
    project = tomllib.loads(read(REPOSITORY / "pyproject.toml"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each["id"] == "layers")
    return [re.split(r" [|:] ", layer) for layer in layers]


def list_rooms() -> list[str]:
    """Return all rooms, the lowest first."""
    return [room for floor in reversed(read_floors()) for room in floor]


def find_room(module: str) -> str | None:
    """Return the room of a module, or None for what puts the rooms together."""
    above = (module.rsplit(".", n)[0] for n in range(module.count(".") + 1))
    rooms = set(list_rooms())
    return next((name for name in above if name in rooms), None)


@cache
def find_imports() -> dict[str, set[str]]:
    """Return which rooms each room imports."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    imports: dict[str, set[str]] = {room: set() for room in list_rooms()}
    for module in graph.modules:
        room = find_room(module)
        if room is None:
            continue
        found = map(find_room, graph.find_modules_directly_imported_by(module))
        imports[room] |= {each for each in found if each not in (None, room)}
    return imports


def find_all_below(room: str) -> set[str]:
    """Return the rooms that a room reaches by any number of imports."""
    reached: set[str] = set()
    waiting = [*find_imports()[room]]
    while waiting:
        each = waiting.pop()
        if each not in reached:
            reached.add(each)
            waiting += find_imports()[each]
    return reached


def iterate_arrows() -> Iterator[tuple[str, str]]:
    """Yield the imports that are drawn: those that do not follow from others."""
    for room, imported in find_imports().items():
        for each in sorted(imported):
            others = imported - {each}
            if not any(each in find_all_below(other) for other in others):
                yield room, each


def draw() -> str:
    """Return the picture as a Mermaid diagram."""
    names = {room: room.replace(".", "_") for room in list_rooms()}
    lines = ["```mermaid", "flowchart TD"]
    lines += [
        f'    {name}["{room.removeprefix("treatments.")}"]'
        for room, name in names.items()
    ]
    lines += [f"    {names[a]} --> {names[b]}" for a, b in iterate_arrows()]
    return "\n".join([*lines, "```"])


def write() -> None:
    """Write the picture into its document."""
    text = read(FILE)
    before, rest = text.split(START)
    after = rest.split(END)[1]
    FILE.write_text(f"{before}{START}\n\n{draw()}\n\n{END}{after}", encoding="utf-8")
