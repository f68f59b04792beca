"""Measures what publishing and renaming cost, and whether a reader ever gets an old path afterwards."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from tests.benchmarks.load import build_request, connect
from tests.benchmarks.processes import WORKERS, Helper
from tests.benchmarks.report import describe_publishing

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks.processes import Surroundings

SERVERS = ("stock", "articles", "project")
ROUNDS = 8


def start_writers(
    surroundings: Surroundings, url: str, *arguments: str
) -> dict[str, Helper]:
    """Start a writing process under each of the settings."""
    return {
        server: Helper(
            surroundings,
            f"writing-{server}{''.join(arguments)}",
            "tests.benchmarks.writing",
            *arguments,
            server=server,
            database_url=url,
        )
        for server in SERVERS
    }


def measure_publishing(
    writers: dict[str, Helper], ids: list[int], rounds: int = ROUNDS
) -> dict[str, list[dict[str, float]]]:
    """Publish each article under each of the settings, one after the other; the first round is not counted."""
    times: dict[str, list[dict[str, float]]] = {server: [] for server in writers}
    for number in range(rounds + 1):
        for server, writer in writers.items():
            text = f"Changed {number} times under {server}"
            page_id = ids[number % len(ids)]
            answer = writer.ask({"do": ["publish", page_id, text]})
            if number:
                times[server].append(answer)
    return times


def read_paths(port: int, ids: list[int]) -> dict[int, str]:
    """Return the path that a reader is told of each article now, by both workers in turn."""
    requests = [build_request(f"/api/v3/articles/{pk}/", {}) for pk in ids]
    connections = connect(port, WORKERS, build_request("/limits/constant/", {}))
    paths = {}
    for number, (pk, request) in enumerate(zip(ids, requests, strict=True)):
        answer = connections[number % len(connections)].ask(request)
        paths[pk] = json.loads(answer.body)["path"]
    for connection in connections:
        connection.socket.close()
    return paths


def measure_renaming(
    writers: dict[str, Helper], port: int, linked: dict[str, Any]
) -> list[str]:
    """Rename the large section under Wagtail alone and under the project, then read articles below it."""
    lines = [f"Renaming a section with {linked['below']} public articles below it:"]
    for number, (server, label) in enumerate(
        (("stock", "Wagtail alone"), ("project", "with the index and the ledger"))
    ):
        slug = f"{linked['slug']}-renamed-{number}"
        answer = writers[server].ask({"do": ["rename", linked["section"], slug]})
        lines.append(
            f"  {label:<32}{answer['seconds'] * 1000:,.0f} ms until the request returns, {answer['queries']} queries"
        )
    start = time.perf_counter()
    paths = read_paths(port, linked["readers"])
    seconds = time.perf_counter() - start
    old = [pk for pk, path in paths.items() if f"/{slug}/" not in path]
    lines.append(
        f"{'MISSED' if old else 'met':<7}{len(old)} of {len(paths)} readers right afterwards get an old path; "
        f"the first read takes {seconds / len(paths) * 1000:,.0f} ms, since it builds the document"
    )
    answer = writers["project"].ask({"do": ["build", 100]})
    rate = answer["documents"] / answer["seconds"]
    lines.append(f"  A worker builds {rate:.0f} documents per second of the rest.")
    return lines


def measure_writes(
    surroundings: Surroundings,
    url: str,
    port: int,
    linked: dict[str, Any],
    report: Callable[[str], None],
) -> None:
    """Measure all writes, and report each as soon as it is known."""
    for queue, arguments in (
        ("with a queue for tasks", ["--queue"]),
        ("without a queue: tasks run at once", []),
    ):
        writers = start_writers(surroundings, url, *arguments)
        times = measure_publishing(writers, linked["published"])
        report("\n".join(describe_publishing(times, queue)) + "\n")
        if arguments:
            report("\n".join(measure_renaming(writers, port, linked)) + "\n")
