"""The end of a run names what is slow and what was skipped; in CI a skip fails."""

from __future__ import annotations

import pytest

from tests.reporting import describe_reason, find_forbidden_skips, read_allowed_skips
from tests.selection import read_slow_tests

pytest_plugins = ["pytester"]

CONFTEST = """
from tests.reporting import RunReport

def pytest_configure(config):
    config.pluginmanager.register(RunReport())
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """Return a function that runs a test module and gives its outcome."""
    monkeypatch.delenv("FORBID_SKIPS", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest(CONFTEST)

    def run(source: str):
        pytester.makepyfile(source)
        return pytester.runpytest_inprocess()

    return run


def skip(reason: str) -> str:
    return f"import pytest\n\ndef test_one():\n    pytest.skip({reason!r})\n"


def test_the_slowest_tests_and_the_time_are_named(run):
    outcome = run("def test_one():\n    pass\n")
    outcome.stdout.fnmatch_lines(["* s  *::test_one", "The run took * seconds."])
    assert outcome.ret == 0


def test_a_newcomer_is_told_how_the_browser_tests_run(run):
    outcome = run(skip("Chromium is missing: install chromium"))
    assert outcome.outlines[-1].startswith("The browser tests were skipped")
    assert outcome.outlines[-1].endswith("apt install chromium")
    assert outcome.ret == 0


@pytest.mark.parametrize(
    ("reason", "code"),
    [("Chromium is missing: install chromium", 1), (read_allowed_skips()[0], 0)],
)
def test_in_ci_a_skip_fails_unless_it_is_on_the_list(run, monkeypatch, reason, code):
    monkeypatch.setenv("FORBID_SKIPS", "1")
    outcome = run(skip(reason))
    assert outcome.ret == code
    assert ("SKIPPED WITHOUT PERMISSION" in outcome.stdout.str()) is bool(code)
    assert ("FAILED for skipped tests: 1" in outcome.stdout.str()) is bool(code)


@pytest.mark.parametrize(
    ("nodeid", "seconds", "preparation", "expected"),
    [
        ("tests/test_x.py::test_x", 4, 0, ""),
        ("tests/test_x.py::test_x", 9, 1, "No reason is given"),
        ("tests/test_x.py::test_x", 9, 8, "it builds what the others use too"),
    ],
)
def test_a_long_test_says_why(nodeid, seconds, preparation, expected):
    assert expected in describe_reason(nodeid, seconds, preparation)
    assert bool(describe_reason(nodeid, seconds, preparation)) is bool(expected)


def test_the_reason_of_a_long_test_is_that_on_the_list():
    nodeid, reason = next(item for item in read_slow_tests().items() if item[1])
    assert reason in describe_reason(f"{nodeid}[case]", 9, 8)


def test_no_skip_is_no_forbidden_skip():
    assert find_forbidden_skips([]) == []
