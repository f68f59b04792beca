"""The readers of the consistency test: each read is compared with what was acknowledged before it."""

from __future__ import annotations

import random
from typing import Any
from urllib.parse import urlsplit

from tests.delivery.consistency_board import (
    COUNTERS,
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


def run_reader(plan: Plan, board: Board, number: int, seed: int) -> None:
    """Read at random, and report whatever is older than what was acknowledged before."""
    start_django(plan)
    from django.test import Client

    chance = random.Random(seed)  # noqa: S311
    client = Client()
    # The first request of a process loads all addresses, which takes longer than many reads.
    client.get("/api/v3/articles/")
    board.ready.release()
    try:
        while not board.stop.value:
            article = chance.randrange(board.count)
            read = chance.choice(READERS)
            read(plan, board, client, article)
            board.reads[number] += 1
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


def check_path(
    board: Board, before: list[tuple[int, int]], article: int, path: str
) -> None:
    """Report a path that is older than what was acknowledged before it was read."""
    section = path.split("/")[-3]
    is_home = section.startswith("section-")
    if is_home:
        check(board, "path", before[SECTION][0], find_number(section))
    acknowledged, begun = before[PLACE]
    is_still = acknowledged == begun == board.look(article, PLACE)[1]
    if is_still and is_home != (acknowledged % 2 == 0):
        board.failures.put(f"{path} although move {acknowledged} was acknowledged")


def read_detail(plan: Plan, board: Board, client: Any, article: int) -> None:
    """Read an article in v3."""
    read_article(board, client, article, f"/api/v3/articles/{plan.pages[article]}/")


def read_detail_v2(plan: Plan, board: Board, client: Any, article: int) -> None:
    """Read an article in v2."""
    read_article(board, client, article, f"/api/v2/pages/{plan.pages[article]}/")


def read_article(board: Board, client: Any, article: int, address: str) -> None:
    """Read an article, and compare its numbers with those that were acknowledged before."""
    before = [board.look(article, counter) for counter in range(COUNTERS)]
    image, _begun = board.look(0, IMAGE)
    site, _begun = board.look(0, SITE)
    response = client.get(address)
    live_after = board.look(article, LIVE)
    if response.status_code >= 500:
        board.failures.put(f"{response.status_code}: {response.content[:300]!r}")
        return
    acknowledged, begun = before[LIVE]
    if acknowledged == begun == live_after[1]:
        expected = {200} if acknowledged % 2 == 0 else {404, 410}
        if response.status_code not in expected:
            board.failures.put(
                f"{address}: {response.status_code} although write {acknowledged} was acknowledged"
            )
    if response.status_code != 200:
        return
    document = response.json()
    check(board, "summary", before[TEXT][0], find_number(document["summary"]))
    definition = document["glossary"][0]["definition"]["text"]
    check(board, "term", before[TERM][0], find_number(definition))
    point = document["hero"]["focal_point"]
    check(board, "image", image, point["x"] if point else 0)
    # v2 has it among what Wagtail says.
    place = urlsplit(document.get("html_url") or document["meta"]["html_url"])
    check(board, "site", site, find_number(place.hostname or ""))
    check_path(board, before, article, place.path)


def read_list(plan: Plan, board: Board, client: Any, article: int) -> None:
    """Read the list."""
    read_cards(plan, board, client, article, {})


def read_facets(plan: Plan, board: Board, client: Any, article: int) -> None:
    """Read the list with the counts of a facet."""
    read_cards(plan, board, client, article, {"facets": "kind"})


def read_search(plan: Plan, board: Board, client: Any, article: int) -> None:
    """Search for a word of all titles."""
    read_cards(plan, board, client, article, {"search": "Article"})


def read_cards(
    plan: Plan, board: Board, client: Any, article: int, query: dict[str, str]
) -> None:
    """Read a list of all articles, and compare the card of one of them, and how many there are."""
    before = [board.look(article, counter) for counter in range(COUNTERS)]
    live_before = [board.look(number, LIVE) for number in range(board.count)]
    response = client.get("/api/v3/articles/", query)
    live_after = board.look(article, LIVE)
    if response.status_code != 200:
        board.failures.put(f"{response.status_code}: {response.content[:300]!r}")
        return
    answer = response.json()
    if all(
        acknowledged == begun == board.look(number, LIVE)[1]
        for number, (acknowledged, begun) in enumerate(live_before)
    ):
        public = sum(acknowledged % 2 == 0 for acknowledged, _begun in live_before)
        counts = {answer["count"]}
        if answer["facets"]:
            counts.add(sum(each["count"] for each in answer["facets"]["kind"]))
        if counts != {public}:
            board.failures.put(f"{query}: {counts} articles, {public} are public")
    cards = {card["id"]: card for card in answer["items"]}
    card = cards.get(plan.pages[article])
    acknowledged, begun = before[LIVE]
    if acknowledged == begun == live_after[1]:
        is_public = acknowledged % 2 == 0
        if is_public != (card is not None):
            board.failures.put(
                f"{query}: listed: {card is not None} although write {acknowledged} was acknowledged"
            )
    if card is not None:
        check(board, "card", before[TEXT][0], find_number(card["summary"]))
        check_path(board, before, article, card["path"])


def read_past_of_nothing(plan: Plan, board: Board, client: Any, article: int) -> None:
    """Read the feed from the beginning: positions follow each other."""
    response = client.get("/api/v3/articles/changes/", {"limit": 1000})
    positions = [item["position"] for item in response.json()["items"]]
    if positions != list(range(1, len(positions) + 1)):
        board.failures.put(f"gaps in the feed: {positions[:50]}")


READERS = (
    read_detail,
    read_detail_v2,
    read_list,
    read_facets,
    read_search,
    read_past_of_nothing,
)
