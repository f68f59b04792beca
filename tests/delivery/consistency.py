"""Random editors and random readers in processes of their own, and the promise that they check.

After a write is acknowledged, no reader gets anything older. Each editor owns an article and counts its
writes into it; the shared ``Board`` says how many were begun and how many are acknowledged.
"""

from __future__ import annotations

import faulthandler
import itertools
import os
import random
import signal
import time
from typing import Any

from tests.delivery.consistency_board import (
    CONTEXT,
    IMAGE,
    LIVE,
    PLACE,
    SECTION,
    SITE,
    TERM,
    TEXT,
    Board,
    Plan,
    start_django,
)
from tests.delivery.consistency_readers import run_reader

#: How many seconds one write may take.
PATIENCE = 120

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


def write_place(plan: Plan, article: int, number: int) -> None:
    """Move the article: with an odd number to its other section, with an even one back."""
    from wagtail.models import Page

    target = Page.objects.get(
        pk=(plan.others if number % 2 else plan.sections)[article]
    )
    page = Page.objects.get(pk=plan.pages[article])
    if not page.is_child_of(target):
        page.move(target, pos="last-child")


def write_image(plan: Plan, article: int, number: int) -> None:
    """Move the focal point of the image that all articles contain."""
    from wagtail.images import get_image_model

    image = get_image_model().objects.get(pk=plan.image)
    image.focal_point_x = image.focal_point_y = number
    image.focal_point_width = image.focal_point_height = 4
    image.save()


def write_site(plan: Plan, article: int, number: int) -> None:
    """Give the site of all articles another name."""
    from wagtail.models import Site

    site = Site.objects.get()
    site.hostname = f"site-{number}.example"
    site.save()


WRITERS = {
    TEXT: write_text,
    TERM: write_term,
    SECTION: write_section,
    LIVE: write_live,
    PLACE: write_place,
    IMAGE: write_image,
    SITE: write_site,
}


def run_editor(plan: Plan, board: Board, article: int, seed: int) -> None:
    """Make random writes until the time is over."""
    start_django(plan)
    from django.db import OperationalError

    chance = random.Random(seed)  # noqa: S311 - no secret
    board.ready.release()
    try:
        while not board.stop.value:
            # Somebody who waits for so long waits for ever: say where.
            faulthandler.dump_traceback_later(PATIENCE, exit=True)
            try:
                write(plan, board, article, chance)
            except OperationalError as error:
                # A deadlock is an error that an editor sees: nothing was acknowledged.
                board.refuse(article, str(error))
    except Exception as error:
        board.failures.put(f"An editor: {type(error).__name__}: {error}")
        raise


def write(plan: Plan, board: Board, article: int, chance: random.Random) -> None:
    """Make a random write, and acknowledge it."""
    weights = [6, 3, 1, 2, 1, *([0.7, 0.7] if article == 0 else [0, 0])]
    counter = chance.choices(list(WRITERS), weights)[0]
    number = board.begin(article, counter)
    WRITERS[counter](plan, article, number)
    board.acknowledge(article, counter, number)


# Builders


def run_builder(plan: Plan, board: Board, number: int, seed: int) -> None:
    """Build what waits, as workers do, until the time is over."""
    start_django(plan)
    from treatments.delivery.building import refresh_marked

    board.ready.release()
    try:
        while not board.stop.value:
            board.builds.value += refresh_marked(20)
            time.sleep(0.2)
    except Exception as error:
        board.failures.put(f"A builder: {type(error).__name__}: {error}")
        raise


# The run


def run(plan: Plan, *, readers: int, kill: bool) -> Board:
    """Let editors, readers and a builder work for some seconds, and return what was counted.

    Args:
        plan: What they work on.
        readers: How many.
        kill: Whether all of them are killed now and then, and started again.
    """
    board = Board(len(plan.pages), readers)
    chance = random.Random(1)  # noqa: S311
    places = [
        *((run_editor, number) for number in range(board.count)),
        *((run_reader, number) for number in range(readers)),
        (run_builder, 0),
    ]
    seeds = itertools.count()

    def start(place: int) -> Any:
        target, number = places[place]
        arguments = (plan, board, number, next(seeds))
        process = CONTEXT.Process(target=target, args=arguments)
        process.start()
        return process

    processes = [start(place) for place in range(len(places))]
    for _process in processes:
        board.ready.acquire(timeout=120)
    begun_at = time.monotonic()

    def is_over() -> bool:
        """Tell whether the time is over; a slow machine gets more."""
        elapsed = time.monotonic() - begun_at
        is_enough = sum(board.writes) >= 10 and sum(board.reads) >= 30
        return elapsed >= plan.seconds * (1 if is_enough else 5)

    while not is_over():
        time.sleep(0.5)
        if kill and sum(board.writes) > 5:
            time.sleep(chance.random() * 2)
            place = chance.randrange(len(places))
            os.kill(processes[place].pid, signal.SIGKILL)
            processes[place].join()
            board.kills += 1
            processes[place] = start(place)
            # Whoever is killed was at work.
            board.ready.acquire(timeout=120)
    board.stop.value = 1
    for process in processes:
        process.join(timeout=180)
        if process.is_alive():
            process.kill()
            process.join()
            board.failures.put("A process did not end.")
        elif process.exitcode:
            board.failures.put(f"A process ended with {process.exitcode}.")
    return board
