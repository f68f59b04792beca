"""Turns measurements into tables: what each contender does, and how they compare with the targets."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from tests.benchmarks.contenders import LARGE, SMALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: A contender in one of the databases.
Key = tuple[str, str]
#: What one round has measured, as the load generator says it.
Round = dict[Key, dict[str, Any]]


@dataclass(frozen=True)
class Target:
    """How many times as many requests of one contender are to be answered as of another."""

    name: str
    other: str
    factor: float


@dataclass(frozen=True)
class Spread:
    """The median of some values, with the least and the greatest."""

    middle: float
    least: float
    most: float

    def format(self, unit: str = "") -> str:
        """Return the values with as many digits as say something."""
        least, middle, most = map(format_number, (self.least, self.middle, self.most))
        return f"{middle}{unit} ({least} to {most})"


TARGETS = [
    Target("detail", "stock v2 detail", 100),
    Target("detail", "bare query, short path", 0.6),
    Target("detail", "cache_page, local memory", 1.0),
    Target("detail", "cache_page, Redis", 1.5),
    Target("not modified", "stock v2 detail", 150),
    Target("live render", "stock v2 detail", 25),
    Target("v2 detail", "stock v2 detail", 20),
    Target("list", "stock v2 list", 80),
    Target("search", "stock v2 search", 20),
]
#: What may take 1.3 times as long with ten times the articles.
STEADY = ("list", "list, last page by offset", "list, last page by cursor")
STEADY_FACTOR = 1.3
LIVE_QUERIES = 8
PUBLISH_PERCENT = 10.0


def format_number(value: float) -> str:
    """Return a number with three digits or with all before the point."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def spread(values: Iterable[float]) -> Spread:
    """Return the median and the range of values."""
    known = sorted(values)
    return Spread(median(known), known[0], known[-1])


def get_rate(result: Mapping[str, Any]) -> float:
    """Return the requests per second."""
    return result["requests"] / result["seconds"]


def get_latency(result: Mapping[str, Any]) -> float:
    """Return the median latency in milliseconds."""
    return median(result["latencies"]) * 1000


def compare(rounds: list[Round], key: Key, other: Key) -> Spread:
    """Return how many times as many requests one contender answers, round by round."""
    return spread(get_rate(each[key]) / get_rate(each[other]) for each in rounds)


def judge(is_met: bool) -> str:
    """Return the word for a target."""
    return "met" if is_met else "MISSED"


def describe_contenders(
    rounds: list[Round], probes: Mapping[Key, Mapping[str, int]]
) -> list[str]:
    """Return a line for each contender."""
    lines = [
        f"{'contender':<32}{'articles':>9}  {'requests per second':<28}{'median ms':>10}{'queries':>9}{'bytes':>9}{'client µs':>11}"
    ]
    for key in rounds[0]:
        name, size = key
        results = [each[key] for each in rounds]
        rate = spread(map(get_rate, results)).format()
        latency = format_number(median(map(get_latency, results)))
        cpu = median(each["cpu"] / each["requests"] for each in results) * 1e6
        probe = probes[key]
        lines.append(
            f"{name:<32}{size:>9}  {rate:<28}{latency:>10}{probe['queries']:>9}{probe['bytes']:>9}{cpu:>11.0f}"
        )
    return lines


def describe_targets(
    rounds: list[Round], probes: Mapping[Key, Mapping[str, int]]
) -> list[str]:
    """Return a line for each target of reading."""
    lines = []
    for target in TARGETS:
        ratio = compare(rounds, (target.name, LARGE), (target.other, LARGE))
        lines.append(
            f"{judge(ratio.middle >= target.factor):<7}{target.name} / {target.other}: "
            f"{ratio.format(' ×')}, target at least {target.factor:g} ×"
        )
    for name in STEADY:
        growth = spread(
            get_latency(each[name, LARGE]) / get_latency(each[name, SMALL])
            for each in rounds
        )
        lines.append(
            f"{judge(growth.middle <= STEADY_FACTOR):<7}{name}, latency at ten times the articles: "
            f"{growth.format(' ×')}, target at most {STEADY_FACTOR:g} ×"
        )
    queries = probes["live render", LARGE]["queries"]
    lines.append(
        f"{judge(queries <= LIVE_QUERIES):<7}live render: {queries} queries, target at most {LIVE_QUERIES}"
    )
    return lines


def describe_publishing(
    times: Mapping[str, Sequence[Mapping[str, float]]], queue: str
) -> list[str]:
    """Return what publishing an article takes under each of the settings, and what is added to stock Wagtail.

    Args:
        times: Settings → answers of the writing process, round by round.
        queue: Who does what is left for later.
    """
    lines = [f"Publishing an article, {queue}:"]
    stock = [each["seconds"] for each in times["stock"]]
    for server, label in (
        ("stock", "Wagtail alone"),
        ("articles", "with the article index"),
        ("project", "with the index and the ledger"),
    ):
        seconds = [each["seconds"] for each in times[server]]
        queries = int(median(each["queries"] for each in times[server]))
        line = f"  {label:<32}{spread(each * 1000 for each in seconds).format(' ms')}, {queries} queries"
        lines.append(line)
    index = [each["seconds"] for each in times["articles"]]
    whole = [each["seconds"] for each in times["project"]]
    for label, base in (
        ("The ledger adds to Wagtail with the index", index),
        ("Index and ledger add to Wagtail alone", stock),
    ):
        added = spread(
            (ours - theirs) / theirs * 100
            for ours, theirs in zip(whole, base, strict=True)
        )
        is_met = added.middle <= PUBLISH_PERCENT
        lines.append(
            f"{judge(is_met):<7}{label}: {added.middle:.0f} % ({added.least:.0f} to {added.most:.0f}), "
            f"target at most {PUBLISH_PERCENT:g} %"
        )
    return lines
