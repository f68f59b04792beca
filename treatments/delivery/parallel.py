"""Builds marked documents in several processes.

Imports no model: a new process imports this module before it has started Django.
"""

from __future__ import annotations

import multiprocessing
import queue
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

CONTEXT = multiprocessing.get_context("spawn")
#: How often it is looked whether the processes still live.
PATIENCE_SECONDS = 1.0


def build_in_processes(count: int, step: int, advance: Callable[[int], None]) -> int:
    """Build what is marked, each process its own part of the articles; return how many processes have died.

    Args:
        count: How many processes.
        step: How many documents a process builds before it says so.
        advance: Is told how many more are built.
    """
    from django.db import connections

    connections.close_all()
    done: Any = CONTEXT.Queue()
    workers = [
        CONTEXT.Process(target=build_part, args=(part, count, step, done))
        for part in range(count)
    ]
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers) or not done.empty():
        try:
            advance(done.get(timeout=PATIENCE_SECONDS))
        except queue.Empty:
            continue
    for worker in workers:
        worker.join()
    return sum(worker.exitcode != 0 for worker in workers)


def build_part(part: int, count: int, step: int, done: Any) -> None:
    """Build the marked documents whose id leaves the remainder ``part``, and say how many after each step."""
    import django

    django.setup()
    from treatments.delivery.building import refresh_marked

    while built := refresh_marked(step, part=(part, count)):
        done.put(built)
