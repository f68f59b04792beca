"""Mistakes with shared content are said at once, and not by the test that comes next."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.shared import STACK, check_restored, share


@pytest.fixture(autouse=True)
def _own_layers(monkeypatch):
    monkeypatch.setattr(STACK, "layers", {})


def make_item(*fixtures: str, **options: bool) -> SimpleNamespace:
    """Return a test that asks for fixtures, with the options of its mark."""
    mark = SimpleNamespace(kwargs=options)
    return SimpleNamespace(
        fixturenames=fixtures, get_closest_marker=lambda name: mark if options else None
    )


@pytest.mark.parametrize(
    "item",
    [
        make_item("transactional_db"),
        make_item("live_server"),
        make_item("client", transaction=True),
    ],
)
def test_a_test_that_commits_and_restores_nothing_is_refused(item):
    with pytest.raises(pytest.fail.Exception, match="“committing”"):
        check_restored(item)


@pytest.mark.parametrize(
    "item",
    [
        make_item("restored_database", "transactional_db"),
        make_item("db"),
        make_item("client", transaction=False),
    ],
)
def test_other_tests_are_not(item):
    check_restored(item)


def test_two_layers_have_two_names():
    share("shared_base", lambda: 1)
    share("shared_one", lambda base: base, on="shared_base")
    with pytest.raises(ValueError, match="Two layers are named “shared_base”"):
        share("shared_base", lambda: 2)


def test_a_layer_stands_on_one_that_is_there():
    with pytest.raises(ValueError, match="stands on “shared_nothing”, which is none"):
        share("shared_one", lambda base: base, on="shared_nothing")
