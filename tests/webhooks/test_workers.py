"""Workers as real processes: killed, stopped and several at once, nothing is lost and each article keeps its order."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import defaultdict
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cms.settings import env
from tests.webhooks.events import create_endpoint, get_secret, publish
from tests.webhooks.receiver import OK
from treatments.webhooks.models import WebhookDelivery

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TABLE = WebhookDelivery._meta.db_table
SETTINGS = """
from cms.settings.test import *

DATABASES = {{"default": {{**DATABASES["default"], "NAME": {name!r}}}}}
TREATMENTS = {{**TREATMENTS, "WEBHOOK_ALLOWED_HOSTS": ["127.0.0.1"], "WEBHOOK_TIMEOUT": 20}}
"""
PATIENCE = 240


class Workers:
    """Starts workers on a database that this test sees too: a copy in a file, or that of PostgreSQL."""

    def __init__(self, folder: Path):
        self.folder, self.file = folder, folder / "workers.sqlite3"
        self.processes: list[subprocess.Popen] = []

    def open(self) -> None:
        """Give the workers what is in the database now."""
        name = connection.settings_dict["NAME"]
        if connection.vendor == "sqlite":
            name = str(self.file)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [name])
        (self.folder / "worker_settings.py").write_text(SETTINGS.format(name=name))

    def start(self, *options: str) -> subprocess.Popen:
        """Start a worker."""
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "manage.py", "deliver_webhooks", *options, "--settings", "worker_settings"],
            cwd=env.REPOSITORY_DIR,
            env={**os.environ, "PYTHONPATH": str(self.folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def query(self, sql: str) -> list[tuple]:
        """Ask the workers' database; Django allows a test no connections but its own."""
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(self.file, timeout=20)) as database, database:
                return database.execute(sql).fetchall()
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def list_states(self) -> list[str]:
        """Return the states of all deliveries, in the order of their positions."""
        rows = self.query(f"SELECT state FROM {TABLE} ORDER BY position")  # noqa: S608
        return [state for (state,) in rows]

    def end_claims(self) -> int:
        """Let the claims of killed workers end, instead of waiting for it, and return how many there were."""
        held = f"FROM {TABLE} WHERE claimed_until IS NOT NULL"
        ((count,),) = self.query(f"SELECT count(*) {held}")
        self.query(
            f"UPDATE {TABLE} SET claimed_until = created_at "  # noqa: S608
            "WHERE claimed_until IS NOT NULL"
        )
        return count

    def wait_until_delivered(self) -> None:
        """Wait until everything is delivered."""
        ends_at = time.monotonic() + PATIENCE
        while set(self.list_states()) != {"delivered"}:
            assert time.monotonic() < ends_at, self.list_states()
            time.sleep(0.05)

    def close(self) -> None:
        """Leave no process behind."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()


@pytest.fixture
def workers(committing, tmp_path) -> Iterator[Workers]:
    workers = Workers(tmp_path)
    yield workers
    workers.close()


def publish_many(articles: int, versions: int) -> None:
    """Publish several versions of several articles, in turns."""
    for _ in range(versions):
        for page_id in range(1, articles + 1):
            publish(page_id=page_id)


def group_positions(received) -> dict[int, list[int]]:
    """Return the positions in the order in which they arrived, for each article, repeats left out."""
    groups: dict[int, list[int]] = defaultdict(list)
    for request in received:
        group = groups[request.payload["data"]["page_id"]]
        if request.position not in group:
            group.append(request.position)
    return groups


def test_killed_workers_lose_nothing(workers, receiver):
    endpoint = create_endpoint(receiver.url)
    publish_many(articles=3, versions=6)
    workers.open()
    kills = {3: "before", 8: "after", 12: "before"}
    killed = threading.Event()

    def answer(request):
        moment = kills.pop(len(receiver.received), None)
        process = workers.processes[-1]
        if moment == "before":
            process.kill()
            killed.set()
        elif moment == "after":
            # The answer is on its way; whether the worker still records it is left to chance.
            threading.Timer(0.003, lambda: (process.kill(), killed.set())).start()
        return OK

    receiver.answer = answer
    interrupted = 0
    for _ in range(3):
        process = workers.start("--watch", "--interval", "0.05")
        assert killed.wait(PATIENCE)
        assert process.wait(PATIENCE) == -signal.SIGKILL
        killed.clear()
        assert "waiting" in workers.list_states()
        interrupted += workers.end_claims()
    process = workers.start("--watch", "--interval", "0.05")
    workers.wait_until_delivered()
    process.terminate()
    output, _nothing = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    assert not kills
    groups = group_positions(receiver.received)
    assert len(groups) == 3
    for positions in groups.values():
        assert len(positions) == 6
        assert positions == sorted(positions)
    # What was killed before the answer came twice, with the same id.
    ids = [request.webhook_id for request in receiver.received]
    # A claim that was interrupted before the request left made no repeat.
    assert 2 <= len(ids) - 18 <= interrupted <= 3
    assert len(set(ids)) == 18
    for request in receiver.received:
        request.verify(get_secret(endpoint))


def test_two_workers_at_once_deliver_each_row_once(workers, receiver):
    create_endpoint(receiver.url)
    publish_many(articles=6, versions=5)
    workers.open()
    both = threading.Barrier(2, timeout=PATIENCE)
    numbers = iter(range(1000))

    def answer(request):
        # The first two requests wait for each other: both workers are at work.
        if next(numbers) < 2:
            both.wait()
        time.sleep(0.01)
        return OK

    receiver.answer = answer
    for _ in range(2):
        workers.start("--watch", "--interval", "0.05")
    workers.wait_until_delivered()
    for process in workers.processes:
        process.terminate()
        output, _nothing = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, output
        assert "Attempts: 0" not in output
    ids = [request.webhook_id for request in receiver.received]
    assert len(ids) == len(set(ids)) == 30
    for positions in group_positions(receiver.received).values():
        assert positions == sorted(positions)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_told_to_stop_finishes_what_it_has_in_hand(
    workers, receiver, number
):
    create_endpoint(receiver.url)
    publish_many(articles=3, versions=1)
    workers.open()

    def answer(request):
        workers.processes[-1].send_signal(number)
        time.sleep(0.3)
        return OK

    receiver.answer = answer
    process = workers.start("--watch")
    output, _nothing = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    assert "Attempts: 1." in output
    assert workers.list_states() == ["delivered", "waiting", "waiting"]
    assert workers.end_claims() == 0


@pytest.mark.django_db
def test_the_command_delivers_once_and_says_so(receiver, capsys):
    create_endpoint(receiver.url)
    publish()
    before = signal.getsignal(signal.SIGTERM)
    call_command("deliver_webhooks")
    assert "Attempts: 1. Old deliveries deleted: 0." in capsys.readouterr().out
    assert len(receiver.received) == 1
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.django_db
@pytest.mark.parametrize("interval", [0, -1, 10_000, float("nan")])
def test_the_command_refuses_a_useless_interval(interval):
    with pytest.raises(CommandError, match="--interval"):
        call_command("deliver_webhooks", "--watch", interval=interval)
