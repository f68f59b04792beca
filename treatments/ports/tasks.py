"""Work for the background: each app registers its tasks here, and whoever has work asks for them by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_tasks import task_backends
from django_tasks.backends.immediate import ImmediateBackend

if TYPE_CHECKING:
    from django_tasks.base import Task

_tasks: dict[str, Task] = {}


def register_task(task: Task) -> None:
    """Register a task under the name of its function."""
    _tasks[task.name] = task


def has_queue() -> bool:
    """Tell whether tasks run elsewhere, and not while their caller waits."""
    return not isinstance(task_backends["default"], ImmediateBackend)


def enqueue(name: str) -> bool:
    """Ask for a task soon; return False, and do nothing, where its caller would wait for it.

    Raises:
        KeyError: no app has a task of this name.
    """
    task = _tasks[name]
    if not has_queue():
        return False
    task.enqueue()
    return True
