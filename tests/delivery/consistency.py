"""Random editors and random readers in processes of their own, and the promise that they check.

After a write is acknowledged, no reader gets anything older. Each editor owns an article and counts its
writes into it; the shared ``Board`` says how many were begun and how many are acknowledged.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import random
import signal
import time
from dataclasses import dataclass, field
from typing import Any

CONTEXT = multiprocessing.get_context("spawn")
#: How many seconds one write may take.
PATIENCE = 120
#: What an article counts: words of its own, of its term, of its section's address; whether it is public.
TEXT, TERM, SECTION, LIVE = range(4)
COUNTERS = 4


class Board:
    """Numbers that all processes share: for each article what was begun, what is acknowledged."""

    def __init__(self, count: int):
        self.count = count
        self.begun = CONTEXT.Array("q", count * COUNTERS)
        self.acknowledged = CONTEXT.Array("q", count * COUNTERS)
        self.writes = CONTEXT.Value("q", 0)
        self.reads = CONTEXT.Value("q", 0)
        self.ready = CONTEXT.Semaphore(0)
        self.stop = CONTEXT.Event()
        self.failures = CONTEXT.Queue()
        self.refused = CONTEXT.Value("q", 0)
        self.reason = CONTEXT.Array("c", 200)

    def begin(self, article: int, counter: int) -> int:
        """Say that the next write is about to be made, and return its number."""
        place = article * COUNTERS + counter
        # A process that was killed may have left a write behind that was begun only.
        self.begun[place] += 1
        return self.begun[place]

    def acknowledge(self, article: int, counter: int, number: int) -> None:
        """Say that a write is committed."""
        self.acknowledged[article * COUNTERS + counter] = number
        with self.writes.get_lock():
            self.writes.value += 1

    def refuse(self, reason: str) -> None:
        """Say that the database has refused a write."""
        with self.refused.get_lock():
            self.refused.value += 1
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


# Editors


def write_text(plan: Plan, article: int, number: int) -> None:
    """Publish the article with a number in its summary."""
    from treatments.models import TreatmentPage

    page = TreatmentPage.objects.get(pk=plan.pages[article])
    page.summary = f"number {number}"
    # What is hidden stays hidden: whether it is public is another counter.
    if page.live:
        page.save_revision().publish()
    else:
        page.save()


def write_term(plan: Plan, article: int, number: int) -> None:
    """Publish the article's term with a number in its definition."""
    from snippets.models import GlossaryTerm

    term = GlossaryTerm.objects.get(pk=plan.terms[article])
    term.definition = f"<p>number {number}</p>"
    term.save_revision().publish()


def write_section(plan: Plan, article: int, number: int) -> None:
    """Rename the section that the article stands in."""
    from treatments.models import TreatmentIndexPage

    section = TreatmentIndexPage.objects.get(pk=plan.sections[article])
    section.slug = f"section-{article}-{number}"
    section.save_revision().publish()


def write_live(plan: Plan, article: int, number: int) -> None:
    """Hide the article with an odd number, and show it with an even one; in one of two ways."""
    from wagtail.models import PageViewRestriction

    from treatments.models import TreatmentPage

    page = TreatmentPage.objects.get(pk=plan.pages[article])
    if number % 2:
        if number % 4 == 1:
            page.unpublish()
        else:
            PageViewRestriction.objects.create(page=page, restriction_type="login")
    else:
        for restriction in PageViewRestriction.objects.filter(page=page):
            restriction.delete()
        if not page.live:
            page.save_revision().publish()


def disturb(plan: Plan, chance: random.Random) -> None:
    """Change something that all articles contain."""
    from wagtail.images import get_image_model
    from wagtail.models import Site

    if chance.random() < 0.5:
        image = get_image_model().objects.get(pk=plan.image)
        image.focal_point_x = image.focal_point_y = chance.randrange(5, 30)
        image.focal_point_width = image.focal_point_height = 4
        image.save()
    else:
        site = Site.objects.get()
        site.hostname = f"site-{chance.randrange(1000)}.example"
        site.save()


WRITERS = {TEXT: write_text, TERM: write_term, SECTION: write_section, LIVE: write_live}


def run_editor(plan: Plan, board: Board, article: int, seed: int) -> None:
    """Make random writes until the time is over."""
    start_django(plan)
    from django.db import OperationalError

    chance = random.Random(seed)  # noqa: S311 - no secret
    board.ready.release()
    try:
        while not board.stop.is_set():
            # Somebody who waits for so long waits for ever: say where.
            faulthandler.dump_traceback_later(PATIENCE, exit=True)
            try:
                write(plan, board, article, chance)
            except OperationalError as error:
                # A deadlock is an error that an editor sees: nothing was acknowledged.
                board.refuse(str(error))
    except Exception as error:
        board.failures.put(f"An editor: {type(error).__name__}: {error}")
        raise


def write(plan: Plan, board: Board, article: int, chance: random.Random) -> None:
    """Make a random write, and acknowledge it."""
    if chance.random() < 0.1:
        disturb(plan, chance)
        return
    counter = chance.choices([TEXT, TERM, SECTION, LIVE], [6, 3, 1, 2])[0]
    number = board.begin(article, counter)
    WRITERS[counter](plan, article, number)
    board.acknowledge(article, counter, number)


# Readers


def run_reader(plan: Plan, board: Board, seed: int) -> None:
    """Read at random, and report whatever is older than what was acknowledged before."""
    start_django(plan)
    from django.test import Client

    chance = random.Random(seed)  # noqa: S311
    client = Client()
    board.ready.release()
    try:
        while not board.stop.is_set():
            article = chance.randrange(board.count)
            chance.choice([read_detail, read_list, read_past_of_nothing])(
                plan, board, client, article
            )
            with board.reads.get_lock():
                board.reads.value += 1
    except Exception as error:
        board.failures.put(f"{type(error).__name__}: {error}")
        raise


def find_number(text: str) -> int:
    """Return the number in ``number 7``, ``section-1-7``; 0 where there is none."""
    digits = "".join(each if each.isdigit() else " " for each in text).split()
    return int(digits[-1]) if digits else 0


def check(board: Board, place: str, known: int, found: int) -> None:
    """Report what is older than what was known to be acknowledged before it was read."""
    if found < known:
        board.failures.put(f"{place}: {found} after {known} was acknowledged")


def read_detail(plan: Plan, board: Board, client: Any, article: int) -> None:
    """Read an article, and compare its numbers with those that were acknowledged before."""
    before = [board.look(article, counter) for counter in range(COUNTERS)]
    response = client.get(f"/api/v3/articles/{plan.pages[article]}/")
    live_after = board.look(article, LIVE)
    if response.status_code >= 500:
        board.failures.put(f"{response.status_code}: {response.content[:300]!r}")
        return
    acknowledged, begun = before[LIVE]
    if acknowledged == begun == live_after[1]:
        expected = {200} if acknowledged % 2 == 0 else {404, 410}
        if response.status_code not in expected:
            board.failures.put(
                f"{response.status_code} although write {acknowledged} was acknowledged"
            )
    if response.status_code != 200:
        return
    document = response.json()
    check(board, "summary", before[TEXT][0], find_number(document["summary"]))
    definition = document["glossary"][0]["definition"]["text"]
    check(board, "term", before[TERM][0], find_number(definition))
    section = document["path"].split("/")[-3]
    check(board, "path", before[SECTION][0], find_number(section))


def read_list(plan: Plan, board: Board, client: Any, article: int) -> None:
    """Read the list, and compare the card of one article, and how many there are."""
    before = [board.look(article, counter) for counter in range(COUNTERS)]
    live_before = [board.look(number, LIVE) for number in range(board.count)]
    response = client.get("/api/v3/articles/")
    live_after = board.look(article, LIVE)
    if all(
        acknowledged == begun == board.look(number, LIVE)[1]
        for number, (acknowledged, begun) in enumerate(live_before)
    ):
        public = sum(acknowledged % 2 == 0 for acknowledged, _begun in live_before)
        if response.status_code == 200 and response.json()["count"] != public:
            board.failures.put(
                f"{response.json()['count']} articles counted, {public} are public"
            )
    if response.status_code != 200:
        board.failures.put(f"{response.status_code}: {response.content[:300]!r}")
        return
    cards = {card["id"]: card for card in response.json()["items"]}
    card = cards.get(plan.pages[article])
    acknowledged, begun = before[LIVE]
    if acknowledged == begun == live_after[1]:
        is_public = acknowledged % 2 == 0
        if is_public != (card is not None):
            board.failures.put(
                f"listed: {card is not None} although write {acknowledged} was acknowledged"
            )
    if card is not None:
        check(board, "card", before[TEXT][0], find_number(card["summary"]))
        section = card["path"].split("/")[-3]
        check(board, "card's path", before[SECTION][0], find_number(section))


def read_past_of_nothing(plan: Plan, board: Board, client: Any, article: int) -> None:
    """Read the feed from a random place: positions follow each other."""
    response = client.get("/api/v3/articles/changes/", {"limit": 1000})
    positions = [item["position"] for item in response.json()["items"]]
    if positions != list(range(1, len(positions) + 1)):
        board.failures.put(f"gaps in the feed: {positions[:50]}")


# The run


def run(plan: Plan, *, readers: int, kill: bool) -> Board:
    """Let editors and readers work for some seconds, and return what was counted."""
    board = Board(len(plan.pages))
    chance = random.Random(1)  # noqa: S311

    def start_editor(article: int, seed: int) -> Any:
        process = CONTEXT.Process(target=run_editor, args=(plan, board, article, seed))
        process.start()
        return process

    editors = [start_editor(article, article) for article in range(board.count)]
    others = [
        CONTEXT.Process(target=run_reader, args=(plan, board, 100 + number))
        for number in range(readers)
    ]
    for process in others:
        process.start()
    for _process in (*editors, *others):
        board.ready.acquire(timeout=120)
    start = time.monotonic()
    seed = 1000

    def is_over() -> bool:
        """Tell whether the time is over; a slow machine gets more."""
        elapsed = time.monotonic() - start
        is_enough = board.writes.value >= 10 and board.reads.value >= 30
        return elapsed >= plan.seconds * (1 if is_enough else 5)

    while not is_over():
        time.sleep(0.5)
        if kill and board.writes.value > 5:
            time.sleep(chance.random() * 2)
            article = chance.randrange(board.count)
            os.kill(editors[article].pid, signal.SIGKILL)
            editors[article].join()
            seed += 1
            editors[article] = start_editor(article, seed)
    board.stop.set()
    for process in (*editors, *others):
        process.join(timeout=180)
        if process.is_alive():
            process.kill()
            process.join()
            board.failures.put("A process did not end.")
        elif process.exitcode:
            board.failures.put(f"A process ended with {process.exitcode}.")
    return board
