"""What is compared: each contender's server, its requests, and what a right answer holds."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import brotli

from tests.benchmarks.words import COMMON_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

Sample = dict[str, Any]
Request = tuple[str, dict[str, str]]

LARGE, SMALL = "large", "small"
PAGES = "type=treatments.TreatmentPage&locale=en&limit={limit}"
ARTICLES = "/api/v3/articles/"
WORD = COMMON_WORDS["en"]


class WrongAnswerError(Exception):
    """A contender does not answer what it is measured for."""


@dataclass(frozen=True)
class Contender:
    """Something that is measured.

    Attributes:
        server: The name of the settings under which it is served.
        requests: From a sample to paths and headers.
        check: Raises for a wrong answer: the sample, the number of the request, the body.
        status: The right status.
        sizes: In which of the databases.
        is_kept: Its process keeps answers for less time than passes between two rounds: each round asks for
            everything once before it measures, as readers who come more often than once a minute do.
    """

    name: str
    server: str
    requests: Callable[[Sample], list[Request]]
    check: Callable[[Sample, int, bytes], None]
    status: int = 200
    sizes: tuple[str, ...] = (LARGE,)
    headers: dict[str, str] = field(default_factory=dict)
    is_kept: bool = False


def ask_each(pattern: str, **headers: str) -> Callable[[Sample], list[Request]]:
    """Return a request for each article of a sample; ``{page_id}``, ``{path}`` and ``{etag}`` are filled in."""

    def build(sample: Sample) -> list[Request]:
        return [
            (
                pattern.format(**{**article, "path": quote(article["path"], safe="")}),
                {
                    name.replace("_", "-"): value.format(**article)
                    for name, value in headers.items()
                },
            )
            for article in sample["articles"]
        ]

    return build


def ask_once(pattern: str) -> Callable[[Sample], list[Request]]:
    """Return one request; what the sample knows is filled in."""

    def build(sample: Sample) -> list[Request]:
        return [(pattern.format(**sample), {})]

    return build


def expect_article(sample: Sample, number: int, body: bytes) -> None:
    """Check that an answer is that article with its body."""
    article = sample["articles"][number]
    answer = json.loads(body)
    expect(answer["id"] == article["page_id"], "another article")
    expect(answer["title"] == article["title"], "another title")
    expect(len(answer["body"]) == 5, "not the whole body")


def expect_compressed(sample: Sample, number: int, body: bytes) -> None:
    """Check that an answer is that article, compressed with brotli."""
    expect_article(sample, number, brotli.decompress(body))


def expect_bytes(sample: Sample, number: int, body: bytes) -> None:
    """Check that there is an answer of the size of an article."""
    expect(len(body) > 10_000, "not the bytes of an article")


def expect_nothing(sample: Sample, number: int, body: bytes) -> None:
    """Check that there is no body."""
    expect(not body, "a body")


def expect_items(sample: Sample, number: int, body: bytes) -> None:
    """Check that a list has a full page."""
    expect(len(json.loads(body)["items"]) == sample["limit"], "not a full page")


def expect_all(sample: Sample, number: int, body: bytes) -> None:
    """Check that a list or a search counts all public English articles."""
    answer = json.loads(body)
    expect(len(answer["items"]) == sample["limit"], "not a full page")
    expect(answer["count"] == sample["count"], "not all articles")


def expect_facets(sample: Sample, number: int, body: bytes) -> None:
    """Check that there are facets with all public English articles."""
    answer = json.loads(body)
    total = sum(value["count"] for value in answer["facets"]["kind"])
    expect(total == sample["count"], "not all articles in a facet")


def expect(is_right: bool, problem: str) -> None:
    """Raise where something is wrong.

    Raises:
        WrongAnswerError: it is.
    """
    if not is_right:
        raise WrongAnswerError(problem)


BOTH = (SMALL, LARGE)
LISTS = f"{ARTICLES}?locale=en&limit={{limit}}"

CONTENDERS = [
    Contender(
        "constant, short path", "short", ask_once("/limits/constant/"), expect_bytes
    ),
    Contender(
        "bare query, short path",
        "short",
        ask_each("/limits/stored/{page_id}/"),
        expect_bytes,
    ),
    Contender(
        "constant, full stack", "project", ask_once("/limits/constant/"), expect_bytes
    ),
    Contender(
        "bare query, full stack",
        "project",
        ask_each("/limits/stored/{page_id}/"),
        expect_bytes,
    ),
    Contender(
        "stock v2 detail",
        "stock",
        ask_each("/api/v2/pages/{page_id}/?fields=*"),
        expect_article,
    ),
    Contender(
        "cache_page, local memory",
        "stock",
        ask_each("/cached/memory/pages/{page_id}/?fields=*"),
        expect_article,
    ),
    Contender(
        "cache_page, Redis",
        "stock",
        ask_each("/cached/redis/pages/{page_id}/?fields=*"),
        expect_article,
    ),
    Contender(
        "stock v3 detail, not expanded",
        "stock",
        ask_each("/api/v3/pages/{page_id}/"),
        expect_article,
    ),
    Contender(
        "stock v2 list",
        "stock",
        ask_once(f"/api/v2/pages/?{PAGES}&fields=*"),
        expect_items,
    ),
    Contender(
        "stock v3 list", "stock", ask_once(f"/api/v3/pages/?{PAGES}"), expect_items
    ),
    Contender(
        "stock v2 search",
        "stock",
        ask_once(f"/api/v2/pages/?{PAGES}&search={WORD}"),
        expect_items,
    ),
    Contender(
        "stock v3 search",
        "stock",
        ask_once(f"/api/v3/pages/?{PAGES}&search={WORD}"),
        expect_items,
    ),
    Contender("detail", "project", ask_each(f"{ARTICLES}{{page_id}}/"), expect_article),
    Contender(
        "detail, brotli",
        "project",
        ask_each(f"{ARTICLES}{{page_id}}/", Accept_Encoding="gzip, br"),
        expect_compressed,
    ),
    Contender(
        "find", "project", ask_each(f"{ARTICLES}find/?path={{path}}"), expect_article
    ),
    Contender(
        "not modified",
        "project",
        ask_each(f"{ARTICLES}{{page_id}}/", If_None_Match='"{etag}"'),
        expect_nothing,
        status=304,
    ),
    Contender("live render", "project", ask_each("/live/{page_id}/"), expect_article),
    Contender(
        "v2 detail",
        "project",
        ask_each("/api/v2/pages/{page_id}/?fields=*"),
        expect_article,
        is_kept=True,
    ),
    # Nested fields are not kept: what the first reader after a change waits for.
    Contender(
        "v2 detail, written anew",
        "project",
        ask_each("/api/v2/pages/{page_id}/?fields=*,alias_of(title)"),
        expect_article,
    ),
    Contender("list", "project", ask_once(LISTS), expect_all, sizes=BOTH),
    Contender(
        "list, last page by offset",
        "project",
        ask_once(f"{LISTS}&offset={{last_offset}}"),
        expect_all,
        sizes=BOTH,
    ),
    Contender(
        "list, last page by cursor",
        "project",
        ask_once(f"{LISTS}&cursor={{last_cursor}}"),
        expect_all,
        sizes=BOTH,
    ),
    Contender(
        "facets",
        "project",
        ask_once(f"{ARTICLES}?locale=en&limit=1&facets=kind,audience,condition"),
        expect_facets,
        sizes=BOTH,
    ),
    Contender(
        "search", "project", ask_once(f"{LISTS}&search={WORD}"), expect_all, sizes=BOTH
    ),
]
