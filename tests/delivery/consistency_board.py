"""What all processes of the consistency test share: what they work on, and what was written and read so far."""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import dataclass, field

CONTEXT = multiprocessing.get_context("spawn")
#: What an article counts: words of its own, of its term, of its section's address; whether it is public, in which
#: of two sections it is. What all articles contain, the image and the site, is counted by the first editor.
TEXT, TERM, SECTION, LIVE, PLACE, IMAGE, SITE = range(7)
COUNTERS = 7


class Board:
    """Numbers that all processes share: for each article what was begun, what is acknowledged."""

    def __init__(self, count: int, readers: int):
        self.count = count
        # Without locks: a process that is killed would keep them. Each place has one writer.
        self.begun = CONTEXT.RawArray("q", count * COUNTERS)
        self.acknowledged = CONTEXT.RawArray("q", count * COUNTERS)
        self.writes = CONTEXT.RawArray("q", count)
        self.refused = CONTEXT.RawArray("q", count)
        self.reads = CONTEXT.RawArray("q", readers)
        self.reason = CONTEXT.RawArray("c", 200)
        self.builds = CONTEXT.RawValue("q", 0)
        self.kills = 0
        self.stop = CONTEXT.RawValue("b", 0)
        self.ready = CONTEXT.Semaphore(0)
        self.failures = CONTEXT.Queue()

    def begin(self, article: int, counter: int) -> int:
        """Say that the next write is about to be made, and return its number."""
        place = article * COUNTERS + counter
        # A process that was killed may have left a write behind that was begun only.
        self.begun[place] += 1
        return self.begun[place]

    def acknowledge(self, article: int, counter: int, number: int) -> None:
        """Say that a write of an editor is committed."""
        self.acknowledged[article * COUNTERS + counter] = number
        self.writes[article] += 1

    def refuse(self, article: int, reason: str) -> None:
        """Say that the database has refused a write of an editor."""
        self.refused[article] += 1
        self.reason.value = reason.encode()[:199]

    def look(self, article: int, counter: int) -> tuple[int, int]:
        """Return how many writes are acknowledged and how many were begun."""
        place = article * COUNTERS + counter
        acknowledged = self.acknowledged[place]
        return acknowledged, self.begun[place]


@dataclass
class Plan:
    """What the processes work on: ids by article."""

    pages: list[int]
    terms: list[int]
    sections: list[int]
    others: list[int]
    image: int
    seconds: float
    database_url: str
    environment: dict[str, str] = field(default_factory=dict)


def start_django(plan: Plan) -> None:
    """Start Django in a new process, on the database of the test."""
    os.environ.update(plan.environment)
    os.environ["DATABASE_URL"] = plan.database_url
    os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings.test"
    import django

    django.setup()
