"""The processes of a run: the server under each of the settings, and helpers that answer line by line."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

REPOSITORY = Path(__file__).resolve().parents[2]
WORKERS = 2
START_SECONDS = 120


class ProcessError(Exception):
    """A process of the run has failed; the message is what it said last."""


@dataclass
class Deadline:
    """When the run has to be over, on the clock of ``time.monotonic``."""

    at: float

    def left(self) -> float:
        """Return the seconds that are left; never less than a tenth."""
        return max(self.at - time.monotonic(), 0.1)


@dataclass
class Surroundings:
    """What every process of a run gets.

    Attributes:
        variables: Environment variables.
        logs: The folder for what the processes say.
    """

    variables: Mapping[str, str]
    logs: Path
    deadline: Deadline
    started: list[subprocess.Popen] = field(default_factory=list)

    def build_environment(self, server: str, database_url: str) -> dict[str, str]:
        """Return the environment of a process under some settings."""
        return {
            **os.environ,
            **self.variables,
            "DJANGO_SETTINGS_MODULE": f"tests.benchmarks.settings.{server}",
            "DATABASE_URL": database_url,
        }

    def call(
        self,
        module: str,
        *arguments: str,
        server: str,
        database_url: str,
        text: str = "",
    ) -> Any:
        """Run a module to its end, and return the JSON of its last line; None where it says nothing.

        Raises:
            ProcessError: it has failed, or the time is over.
        """
        try:
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-m", module, *arguments],
                cwd=REPOSITORY,
                env=self.build_environment(server, database_url),
                input=text,
                capture_output=True,
                text=True,
                timeout=self.deadline.left(),
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise ProcessError(f"The time is over during {module}.") from error
        if done.returncode:
            raise ProcessError(f"{module} has failed:\n{done.stderr[-3000:]}")
        lines = done.stdout.strip().splitlines()
        return json.loads(lines[-1]) if lines else None

    def start(
        self,
        arguments: list[str],
        name: str,
        *,
        server: str = "project",
        database_url: str = "",
        **pipes: Any,
    ) -> subprocess.Popen:
        """Start a process that is stopped at the end of the run."""
        with (self.logs / f"{name}.log").open("ab") as log:
            options: Any = {"stdout": log, **pipes}
            process = subprocess.Popen(  # noqa: S603
                arguments,
                cwd=REPOSITORY,
                env=self.build_environment(server, database_url),
                stderr=log,
                **options,
            )
        self.started.append(process)
        return process

    def stop(self) -> None:
        """Stop everything that was started and still runs."""
        for process in self.started:
            if process.stdin:
                process.stdin.close()
            process.terminate()
        for process in self.started:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout:
                process.stdout.close()

    def read_log(self, name: str) -> str:
        """Return the last lines that a process has said."""
        return (self.logs / f"{name}.log").read_text(errors="replace")[-3000:]


class Helper:
    """A process that takes one JSON value per line and answers with one."""

    def __init__(
        self,
        surroundings: Surroundings,
        name: str,
        module: str,
        *arguments: str,
        **options: Any,
    ):
        self.surroundings, self.name = surroundings, name
        self.process = surroundings.start(
            [sys.executable, "-m", module, *arguments],
            name,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            **options,
        )

    def ask(self, value: Any) -> Any:
        """Return the answer to a value.

        Raises:
            ProcessError: the process has ended.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps(value).encode() + b"\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = b""
        if not line:
            raise ProcessError(
                f"{self.name} has failed:\n{self.surroundings.read_log(self.name)}"
            )
        return json.loads(line)


def find_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_server(surroundings: Surroundings, server: str, name: str, url: str) -> int:
    """Start gunicorn with two workers and connections that stay open; return its port when it listens.

    Raises:
        ProcessError: it does not start.
    """
    port = find_port()
    process = surroundings.start(
        [
            sys.executable,
            "-m",
            "gunicorn",
            f"--bind=127.0.0.1:{port}",
            f"--workers={WORKERS}",
            "--worker-class=gthread",
            "--threads=1",
            "--keep-alive=900",
            "--timeout=300",
            "--preload",
            "--log-level=warning",
            "tests.benchmarks.serving:application",
        ],
        name,
        server=server,
        database_url=url,
    )
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return port
        time.sleep(0.1)
    raise ProcessError(f"{name} does not start:\n{surroundings.read_log(name)}")
