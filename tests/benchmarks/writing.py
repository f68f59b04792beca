"""A process that publishes articles and renames sections under one of the settings, one JSON order per line.

    python -m tests.benchmarks.writing [--queue]

With ``--queue`` tasks are only noted, as where a worker of its own does them; else they run at once.
"""

from __future__ import annotations

import json
import sys
from time import perf_counter
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable

QUEUE = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


class QueryCounter:
    """Counts the queries that it is wrapped around."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(
        self, execute: Callable, sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        """Count a query, and run it."""
        self.count += 1
        return execute(sql, params, many, context)


def change_article(page_id: int, text: str) -> Any:
    """Return a change of an article: another summary, and another introduction."""
    from treatments.models import TreatmentPage

    page = TreatmentPage.objects.get(pk=page_id)
    page.summary = f"{text}."
    page.intro = f"<p>{text}</p>{page.intro}"[:20_000]
    return page


def change_section(page_id: int, slug: str) -> Any:
    """Return a section with another slug."""
    from treatments.models import TreatmentIndexPage

    page = TreatmentIndexPage.objects.get(pk=page_id)
    page.slug = slug
    return page


CHANGES = {"publish": change_article, "rename": change_section}


def publish(page: Any) -> dict[str, Any]:
    """Save a draft and publish it, as the button of the editor does; return what it took in seconds and queries."""
    from django.db import connection

    counter = QueryCounter()
    with connection.execute_wrapper(counter):
        start = perf_counter()
        page.save_revision().publish()
        seconds = perf_counter() - start
    return {"seconds": seconds, "queries": counter.count}


def build_marked(limit: int) -> dict[str, Any]:
    """Do what a worker does, for so many documents."""
    from treatments.delivery.building import refresh_marked

    start = perf_counter()
    count = refresh_marked(limit)
    return {"seconds": perf_counter() - start, "documents": count}


def obey(order: dict[str, Any]) -> dict[str, Any]:
    """Do what an order says."""
    action, *values = order["do"]
    if action == "build":
        return build_marked(*values)
    return publish(CHANGES[action](*values))


def main(arguments: list[str]) -> None:
    """Obey one order after the other until the input ends."""
    if "--queue" in arguments:
        settings.TASKS = QUEUE
    django.setup()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(obey(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
