"""Every test module is classified, and none that depends on the server is left out."""

from __future__ import annotations

import pytest

from tests import second_run


def test_every_module_is_classified():
    unknown = [
        path
        for path in second_run.list_test_modules()
        if second_run.classify(path) is None
    ]
    assert unknown == [], (
        "Put these into tests/second_run.py, once: under a reason or under FIRST_RUN_ONLY."
    )


def test_a_module_that_imports_what_depends_on_the_server_runs_again():
    left_out = {
        path: found
        for path in second_run.list_test_modules()
        if second_run.classify(path) is False
        and (found := second_run.find_server_code(path))
    }
    assert left_out == {}, (
        "These depend on the server: put them into tests/second_run.py under a reason."
    )


def test_every_entry_is_there():
    entries = [each for group in second_run.SECOND_RUN.values() for each in group]
    entries += second_run.FIRST_RUN_ONLY
    assert [
        each for each in entries if not (second_run.ROOT / "tests" / each).exists()
    ] == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("delivery/test_new.py", True),
        ("cms/test_servers.py", True),
        ("cms/test_new.py", False),
        ("treatments/test_new.py", None),
        ("new/test_new.py", None),
    ],
)
def test_a_new_module_is_like_its_folder_where_all_are_alike(path, expected):
    assert second_run.classify(path) is expected
