"""Measures the articles side by side with stock Wagtail: ``make bench``.

Makes databases of its own, fills them, starts gunicorn under each of the settings, measures all contenders in
turn, round by round, prints ratios with their spread, and takes everything away again.
"""

from __future__ import annotations

import json
import os
import platform
import secrets
import shutil
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import redis

from tests.benchmarks.contenders import CONTENDERS, LARGE, SMALL
from tests.benchmarks.databases import NoServerError, Server
from tests.benchmarks.processes import (
    WORKERS,
    Deadline,
    Helper,
    ProcessError,
    Surroundings,
    start_server,
)
from tests.benchmarks.report import describe_contenders, describe_targets
from tests.benchmarks.writes import measure_writes

if TYPE_CHECKING:
    from tests.benchmarks.contenders import Sample
    from tests.benchmarks.report import Round

DATABASE_URL = "postgres://root@127.0.0.1:5432/postgres"
REDIS_URL = "redis://127.0.0.1:6379/0"
ARTICLES, SECONDS = 10_000, 840
#: So many articles are made one by one; the others are copies of them.
SOURCES = 100
SERVERS = ("short", "stock", "project")
ROUNDS = 12
#: The share of the time that is kept for writes.
WRITING_SHARE = 0.2


def report(text: str) -> None:
    """Print."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def read_number(name: str, default: int, least: int) -> int:
    """Return an environment variable.

    Raises:
        SystemExit: it is no number, or too small.
    """
    text = os.environ.get(name) or str(default)
    if not text.isascii() or not text.isdecimal() or int(text) < least:
        raise SystemExit(f"{name} must be a whole number from {least}; it is {text!r}.")
    return int(text)


class Run:
    """One run.

    Attributes:
        count: The number of articles in each language in the large database; the small one has a tenth.
        urls: Of the databases.
        ports: Of the servers, by settings and database.
        samples: What is asked in each database.
        probes: Queries and bytes of each contender.
    """

    def __init__(self, count: int, surroundings: Surroundings, server: Server):
        self.count, self.surroundings, self.server = count, surroundings, server
        self.name = f"treatments_benchmark_{os.getpid()}"
        self.started = time.monotonic()
        self.urls: dict[str, str] = {}
        self.ports: dict[tuple[str, str], int] = {}
        self.samples: dict[str, Sample] = {}
        self.probes: dict[tuple[str, str], dict[str, int]] = {}

    def say(self, text: str) -> None:
        """Print with the time since the start."""
        report(f"[{time.monotonic() - self.started:4.0f} s] {text}")

    def prepare(self, step: str, *arguments: object, size: str = SMALL) -> Any:
        """Run a step of the preparation."""
        return self.surroundings.call(
            "tests.benchmarks.preparing",
            step,
            *map(str, arguments),
            server="project",
            database_url=self.urls[size],
        )

    def fill(self) -> None:
        """Make both databases with their content."""
        small = self.count // 10
        sources = min(small, SOURCES)
        self.say("Making the database.")
        self.urls[SMALL] = self.server.create(f"{self.name}_small")
        self.surroundings.call(
            "django",
            "migrate",
            "--verbosity=0",
            server="project",
            database_url=self.urls[SMALL],
        )
        self.say(f"Writing {sources} articles in two languages.")
        self.prepare("create", sources)
        self.say("Indexing them and building their documents.")
        helpers = [
            self.surroundings.start(
                [
                    sys.executable,
                    "-m",
                    "tests.benchmarks.preparing",
                    "fill",
                    str(part),
                    str(WORKERS),
                ],
                f"fill-{part}",
                database_url=self.urls[SMALL],
            )
            for part in range(WORKERS)
        ]
        for part, helper in enumerate(helpers):
            if helper.wait():
                raise ProcessError(self.surroundings.read_log(f"fill-{part}"))
        self.say(f"Copying them: {small} articles in two languages.")
        self.prepare("grow", small)
        self.urls[LARGE] = self.server.create(
            f"{self.name}_large", f"{self.name}_small"
        )
        self.say(f"Copying them: {self.count} articles in two languages.")
        self.prepare("grow", self.count, size=LARGE)
        for size, url in self.urls.items():
            self.samples[size] = self.prepare("sample", size=size)
            self.server.tidy(url)

    def serve(self) -> None:
        """Start the servers, and ask each contender once."""
        self.say("Starting the servers, and asking each contender once.")
        for size, url in self.urls.items():
            for name in SERVERS:
                if any(
                    each.server == name and size in each.sizes for each in CONTENDERS
                ):
                    self.ports[name, size] = start_server(
                        self.surroundings, name, f"{name}-{size}", url
                    )
                    found = self.surroundings.call(
                        "tests.benchmarks.probing",
                        name,
                        size,
                        server=name,
                        database_url=url,
                        text=json.dumps(self.samples[size]),
                    )
                    self.probes |= {(key, size): value for key, value in found.items()}

    def measure(self, load: Helper, seconds: float, *, warm: bool = False) -> Round:
        """Measure every contender once, each for some seconds."""
        results: Round = {}
        for contender in CONTENDERS:
            for size in contender.sizes:
                result = load.ask(
                    {
                        "port": self.ports[contender.server, size],
                        "workers": WORKERS,
                        "requests": contender.requests(self.samples[size]),
                        "seconds": seconds,
                        "least": WORKERS,
                        "warm": warm or contender.is_kept,
                    }
                )
                if set(result["statuses"]) != {str(contender.status)}:
                    raise ProcessError(
                        f"{contender.name} answers {result['statuses']}."
                    )
                results[contender.name, size] = result
        return results

    def read(self) -> None:
        """Measure the contenders in turn, as often as the time allows, and report."""
        load = Helper(self.surroundings, "load", "tests.benchmarks.load")
        self.say("Warming up.")
        self.measure(load, 0.0, warm=True)
        left = self.surroundings.deadline.left()
        end = (
            time.monotonic()
            + left
            - WRITING_SHARE * (left + time.monotonic() - self.started)
        )
        rounds: list[Round] = []
        self.say("Measuring.")
        longest = 0.0
        while len(rounds) < ROUNDS:
            start = time.monotonic()
            if rounds and start + longest > end:
                break
            rounds.append(self.measure(load, 0.5))
            longest = max(longest, time.monotonic() - start)
        self.say(
            f"{len(rounds)} rounds, each contender in each for half a second or more:\n"
        )
        report("\n".join(describe_contenders(rounds, self.probes)) + "\n")
        report("\n".join(describe_targets(rounds, self.probes)) + "\n")

    def write(self) -> None:
        """Measure the writes in the large database, and report."""
        self.say("Publishing and renaming.\n")
        linked = self.prepare("link", size=LARGE)
        measure_writes(
            self.surroundings,
            self.urls[LARGE],
            self.ports["project", LARGE],
            linked,
            report,
        )


def describe_machine(server: Server) -> str:
    """Return the machine in one line."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [
            line.partition(":")[2].strip()
            for line in info.read_text().splitlines()
            if line.startswith("model name")
        ]
        model = names[0] if names else model
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} processors ({model}), Python {platform.python_version()}, "
        f"PostgreSQL {server.get_version()}; load average at the start {load}"
    )


def forget_cached(prefix: str, url: str) -> None:
    """Delete what the competitor has put into Redis."""
    with redis.from_url(url) as client:
        for key in client.scan_iter(f"*{prefix}*"):
            client.delete(key)


def stop_run(*_arguments: object) -> None:
    """End the run when its time is over.

    Raises:
        ProcessError: always.
    """
    raise ProcessError(
        "The time is over. BENCH_SECONDS gives more, a smaller BENCH_ARTICLES needs less."
    )


def main() -> None:
    """Run, and take everything away again, whatever happens.

    Raises:
        SystemExit: a server is missing, or a process has failed.
    """
    count = read_number("BENCH_ARTICLES", ARTICLES, 1000)
    seconds = read_number("BENCH_SECONDS", SECONDS, 60)
    database_url = os.environ.get("BENCH_DATABASE_URL") or DATABASE_URL
    redis_url = os.environ.get("BENCH_REDIS_URL") or REDIS_URL
    server = Server(database_url)
    try:
        machine = describe_machine(server)
        redis.from_url(redis_url, socket_timeout=5).ping()
    except (NoServerError, redis.RedisError) as error:
        raise SystemExit(
            f"The benchmark needs PostgreSQL and Redis: {error}\n"
            "BENCH_DATABASE_URL and BENCH_REDIS_URL name other servers than those on 127.0.0.1."
        ) from error
    prefix = f"benchmark-{secrets.token_hex(8)}"
    folder = Path(tempfile.mkdtemp(prefix="treatments-benchmark-"))
    surroundings = Surroundings(
        variables={
            "SECRET_KEY": secrets.token_urlsafe(64),
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "SECURE_SSL_REDIRECT": "no",
            "DEBUG": "no",
            "DATA_DIR": str(folder),
            "REDIS_URL": "",
            "FRONTEND_URL": "",
            "BENCH_REDIS_URL": redis_url,
            "BENCH_CACHE_PREFIX": prefix,
        },
        logs=folder,
        deadline=Deadline(time.monotonic() + seconds),
    )
    run = Run(count, surroundings, server)
    signal.signal(signal.SIGALRM, stop_run)
    signal.signal(signal.SIGTERM, stop_run)
    signal.signal(signal.SIGHUP, stop_run)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.callback(forget_cached, prefix, redis_url)
        stack.callback(server.drop, run.say)
        stack.callback(surroundings.stop)
        stack.callback(signal.alarm, 0)
        signal.alarm(seconds)
        report(f"{machine}.\n")
        try:
            run.fill()
            run.serve()
            run.read()
            run.write()
        except ProcessError as error:
            raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
