"""What follows from a change: done right away, or once for all the changes of one save.

An article is saved with its rows, and each of them tells that something has changed. ``gather`` has
what follows from them done when everything is written, in the same transaction.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.db import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Hashable, Iterable

    Action = Callable[[list[Any]], None]

_waiting: ContextVar[dict[Action, dict[Hashable, None]] | None] = ContextVar(
    "treatments_followups", default=None
)


def follow_up(action: Action, items: Iterable[Hashable]) -> None:
    """Do something right away, or once for all items at the end of ``gather``.

    Args:
        action: A function of a module; it gets a list. What it changes must be right whatever was written
            first, and superfluous items must do no harm: those of a rolled back savepoint stay.
        items: What it is done with, each once.
    """
    waiting = _waiting.get()
    if waiting is None:
        action(list(items))
    else:
        waiting.setdefault(action, {}).update(dict.fromkeys(items))


@contextmanager
def gather() -> Generator[None]:
    """Make one transaction of what is written inside, and do what follows from it at its end."""
    waiting: dict[Action, dict[Hashable, None]] = {}
    with transaction.atomic():
        token = _waiting.set(waiting)
        try:
            yield
            # What is done last can be the consequence of what was done before.
            while waiting:
                action = next(iter(waiting))
                action(list(waiting.pop(action)))
        finally:
            _waiting.reset(token)
