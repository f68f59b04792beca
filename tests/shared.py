"""Content that many tests start with, built once for a module and not once for each test.

A layer is content in a transaction that stays open around those of the tests, which are rolled
back to it. A test gets the layers that it asks for and no others, so that its outcome does not
depend on what ran before it. What a layer gives is read from the database for each test, because
one test must not see what another did to an object.
"""

from __future__ import annotations

import copy
from contextlib import ExitStack
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction
from django.db.models import Model

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.databases import TestDatabase

#: Fixtures of which a test has at least one where it uses the database.
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "test_database"}
#: Fixtures of tests that commit: there nothing may be open.
COMMITTING_FIXTURES = {"transactional_db", "restored_database"}
#: The fixtures of pytest-django that empty all tables after the test.
EMPTYING_FIXTURES = {"transactional_db", "live_server"}


@dataclass(frozen=True)
class Layer:
    """What is built, and the layer that has to be there before."""

    name: str
    build: Callable[..., Any]
    on: str | None


class Stack:
    """The layers that are open in this process, each in a transaction within that of the one below."""

    def __init__(self) -> None:
        self.layers: dict[str, Layer] = {}
        self.opened: list[str] = []
        self.exits: list[ExitStack] = []
        self.values: dict[str, Any] = {}
        self.module: Any = None
        #: The database of this process and what unblocks it; None until there is one.
        self.database: TestDatabase | None = None
        self.blocker: Any = None

    def find_wanted(self, item: pytest.Item) -> list[str] | None:
        """Return the layers of a test, the lowest first, or None where it does not use the database."""
        names = set(item.fixturenames)
        if COMMITTING_FIXTURES & names:
            return []
        if not (item.get_closest_marker("django_db") or DATABASE_FIXTURES & names):
            return None
        wanted: list[str] = []
        for name in self.layers:
            if name in names:
                wanted += [each for each in self.list_below(name) if each not in wanted]
        return wanted

    def list_below(self, name: str) -> list[str]:
        """Return a layer and all below it, the lowest first."""
        on = self.layers[name].on
        return [*(self.list_below(on) if on else []), name]

    def prepare(self, item: pytest.Item) -> None:
        """Open the layers of the test that comes next, and take back all others."""
        check_restored(item)
        wanted = self.find_wanted(item)
        if self.database is None or wanted is None:
            return
        module = item.getparent(pytest.Module)
        with self.blocker.unblock():
            # A test with a loop of its own may have closed the connection under the layers.
            if module is not self.module or connection.closed_in_transaction:
                self.close()
                self.module = module
            while self.opened != wanted[: len(self.opened)]:
                self.close_last()
            if not self.opened:
                # Whatever ran before may have committed.
                self.database.restore()
            for name in wanted[len(self.opened) :]:
                self.open(name)

    def open(self, name: str) -> None:
        """Build a layer in a transaction that stays open."""
        layer = self.layers[name]
        with ExitStack() as stack:
            stack.enter_context(transaction.atomic())
            below = (self.values[layer.on],) if layer.on else ()
            self.values[name] = layer.build(*below)
            self.exits.append(stack.pop_all())
            self.opened.append(name)

    def close_last(self) -> None:
        """Take the highest layer back."""
        transaction.set_rollback(True)
        self.exits.pop().close()
        del self.values[self.opened.pop()]

    def close(self) -> None:
        """Take all layers back."""
        while self.opened:
            self.close_last()


def check_restored(item: pytest.Item) -> None:
    """Refuse a test that commits and does not have the database put back for those after it."""
    names, mark = set(item.fixturenames), item.get_closest_marker("django_db")
    commits = EMPTYING_FIXTURES & names or (mark and mark.kwargs.get("transaction"))
    if commits and "restored_database" not in names:
        pytest.fail(
            "This test commits: have it ask for the fixture “committing”, or for “database” or “server” of tests/live_server.py.",
            pytrace=False,
        )


STACK = Stack()


def load_anew(value: Any) -> Any:
    """Return a copy of a value in which every object of the database is read from there again."""
    if isinstance(value, Model):
        return type(value)._base_manager.get(pk=value.pk)
    if isinstance(value, dict):
        return {name: load_anew(child) for name, child in value.items()}
    if isinstance(value, list):
        return [load_anew(child) for child in value]
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{
                each.name: load_anew(getattr(value, each.name))
                for each in fields(value)
            },
        )
    return copy.deepcopy(value)


def share(name: str, build: Callable[..., Any], on: str | None = None) -> Any:
    """Return a fixture that gives what ``build`` returned, read anew from the database.

    Models may stand in dictionaries, lists and dataclasses; other values are copied. Where tests commit, and in the first test of a process, it is built for the test alone.

    Args:
        name: The name of the fixture, used for no other.
        build: Builds the content in the database; it is given the value of ``on``.
        on: The name of the layer that has to be there before.

    Raises:
        ValueError: there is another layer of that name, or none named ``on``.
    """
    known = STACK.layers.get(name)
    if known and (known.build.__code__ is not build.__code__ or known.on != on):
        raise ValueError(f"Two layers are named “{name}”.")
    if on and on not in STACK.layers:
        raise ValueError(f"The layer “{name}” stands on “{on}”, which is none.")
    STACK.layers[name] = Layer(name, build, on)

    @pytest.fixture(name=name)
    def give_shared(request: pytest.FixtureRequest, db: None) -> Any:
        if name in STACK.values:
            return load_anew(STACK.values[name])
        return build(*([request.getfixturevalue(on)] if on else []))

    return give_shared
