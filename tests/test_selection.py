"""Every slow test on the list exists, and the fast ones start no program."""

from __future__ import annotations

import ast

from tests.second_run import ROOT
from tests.selection import LONG, WITH_PROGRAMS, get_base, is_long, read_slow_tests


def find_tests(path: str) -> set[str]:
    """Return the names of the tests in a module."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_slow_test_is_there():
    gone = [
        name
        for name in read_slow_tests()
        if name.partition("::")[2] not in find_tests(name.partition("::")[0])
    ]
    assert gone == []


def test_every_folder_with_programs_is_there():
    assert all((ROOT / "tests" / folder).is_dir() for folder in WITH_PROGRAMS)


def test_every_long_module_and_folder_is_there():
    assert [each for each in LONG if not (ROOT / "tests" / each).exists()] == []


def test_a_folder_that_is_long_is_long_with_all_its_modules(request):
    assert is_long("browser/test_new.py")
    assert not is_long("webhooks/test_new.py")
    long = [item for item in request.session.items if item.get_closest_marker("long")]
    assert not [item for item in long if item.get_closest_marker("fast")]


def test_one_case_of_a_fast_test_is_chosen(request):
    fast = [item for item in request.session.items if item.get_closest_marker("fast")]
    bases = [get_base(item.nodeid) for item in fast]
    assert len(bases) == len(set(bases))
    assert not set(bases) & set(read_slow_tests())
