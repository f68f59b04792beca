"""The map of the code is that of the code: its picture, its rooms, the functions that it names."""

from __future__ import annotations

import ast
import re
from importlib import import_module

import pytest

from tests.docs import rooms
from tests.docs.reading import DOCUMENTS, REPOSITORY, read

TREATMENTS = REPOSITORY / "treatments"
#: What puts the rooms together, and what Django or Wagtail look for by its name.
FACE = {"apps", "checks", "locale", "management", "migrations", "static", "templates", "templatetags", "wagtail_hooks"}  # fmt: skip
#: How documents name something that others import.
DOTTED = re.compile(r"\b(?:treatments|snippets)(?:\.[a-z_0-9]+)+(?:\.[A-Z]\w+)?")


def find_functions(path: str) -> set[str]:
    """Return the names that a file defines, methods with their class among them."""
    tree = ast.parse(read(REPOSITORY / path))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    found = {node.name for node in ast.walk(tree) if isinstance(node, kinds)}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{each.name}" for each in node.body if isinstance(each, kinds)}  # fmt: skip
    return found


def is_reexport(file) -> bool:
    """Tell whether a module only keeps a documented name for what lies elsewhere."""
    return read(file).startswith('"""Kept under its documented name')


def test_the_picture_is_drawn_from_the_imports():
    text = read(rooms.FILE)
    drawn = text.split(rooms.START)[1].split(rooms.END)[0].strip()
    assert drawn == rooms.draw(), "Write it anew: make docs"


def test_every_folder_and_module_is_in_a_room():
    names = {
        entry.stem
        for entry in TREATMENTS.iterdir()
        if not entry.name.startswith("_")
        and not (entry.suffix == ".py" and is_reexport(entry))
        # A folder that was moved can leave its compiled files behind.
        and (entry.is_file() or any(each.suffix != ".pyc" for each in entry.rglob("*.*")))
    }  # fmt: skip
    known = {room.split(".")[1] for room in rooms.list_rooms() if "." in room}
    assert names - known - FACE == set()


def test_every_room_has_its_line():
    text = read(rooms.FILE)
    missing = [
        room
        for room in rooms.list_rooms()
        if f"| `{room.removeprefix('treatments.')}` |" not in text
    ]
    assert missing == []


def test_the_functions_that_the_map_names_are_there():
    found = re.findall(r"`((?:treatments|snippets|cms)/[\w/]+\.py)` (?:`([\w.]+)`)?", read(rooms.FILE))  # fmt: skip
    assert len(found) > 20
    wrong = [
        (path, name)
        for path, name in found
        if not (REPOSITORY / path).exists()
        or (name and name not in find_functions(path))
    ]
    assert wrong == []


def test_content_knows_no_request():
    for file in (TREATMENTS / "content").glob("*.py"):
        assert "django.http" not in read(file), file.name


def iterate_documented():
    """Yield every dotted path of a document or a migration that could be imported."""
    sources = [*DOCUMENTS, *REPOSITORY.glob("*/migrations/*.py"), *REPOSITORY.glob("treatments/*/migrations/*.py")]  # fmt: skip
    for source in sources:
        yield from DOTTED.findall(read(source))


@pytest.mark.parametrize("path", sorted(set(iterate_documented())))
def test_every_documented_path_can_be_imported(path):
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        break
    for name in parts[length:]:
        if not hasattr(found, name):
            # Names of events, operations, models and signals have the same form.
            assert not (TREATMENTS / parts[1]).is_dir(), path
            return
        found = getattr(found, name)
