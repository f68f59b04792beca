"""Runs schemathesis against a server and counts what it did, check by check."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.contract.serving import TestServer

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
SEED = 20260501


@dataclass
class Outcome:
    """What a run found.

    Attributes:
        checks: Passed and failed executions by the check's name.
        statuses: Answers by their status.
        output: What schemathesis printed.
        code: Its exit code.
    """

    checks: Counter = field(default_factory=Counter)
    statuses: Counter = field(default_factory=Counter)
    output: str = ""
    code: int = 0

    @property
    def total(self) -> int:
        """The number of requests that were answered."""
        return sum(self.statuses.values())

    def describe(self) -> str:
        """Return the counts as lines."""
        lines = [f"{self.total} requests"]
        for status, count in sorted(self.statuses.items()):
            lines.append(f"  answered {status}: {count}")
        for (name, status), count in sorted(self.checks.items()):
            lines.append(f"  {name} {status}: {count}")
        return "\n".join(lines)


def run_schemathesis(
    server: TestServer,
    path: str,
    folder: Path,
    options: list[str],
    *,
    header: str | None,
    examples: int,
) -> Outcome:
    """Run schemathesis with all its checks, and return what it found.

    Args:
        server: What is tested; it answers while schemathesis runs.
        path: Where its OpenAPI document is.
        folder: Where the report may be written.
        options: Filters of operations, and phases.
        header: By which the caller is known, or None for an anonymous one.
        examples: How many requests are generated for each operation in each phase, at most.
    """
    report = folder / "events.ndjson"
    command = [
        sys.executable,
        "-m",
        "schemathesis.cli",
        f"--config-file={CONFIGURATION}",
        "run",
        server.url + path,
        "--checks=all",
        "--mode=all",
        f"--max-examples={examples}",
        f"--seed={SEED}",
        "--generation-deterministic",
        "--continue-on-failure",
        "--suppress-health-check=all",
        "--warnings=off",
        "--request-timeout=60",
        "--no-color",
        "--report=ndjson",
        f"--report-ndjson-path={report}",
        "--output-sanitize=false",
        *options,
    ]
    if header is not None:
        command += ["--header", header]
    log = folder / "output.txt"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(  # noqa: S603 - our own arguments
            command, stdout=output, stderr=subprocess.STDOUT, cwd=folder
        )
        try:
            server.serve_until(lambda: process.poll() is not None)
        finally:
            process.kill()
            process.wait()
    outcome = Outcome(output=log.read_text(encoding="utf-8"), code=process.returncode)
    if report.exists():
        read_report(report, outcome)
    return outcome


def read_report(report: Path, outcome: Outcome) -> None:
    """Count the answers and checks of a report, which has one JSON object on each line."""
    with report.open(encoding="utf-8") as lines:
        for line in lines:
            scenario = json.loads(line).get("ScenarioFinished", {})
            recorder = scenario.get("recorder", {})
            for interaction in recorder.get("interactions", {}).values():
                answer = interaction.get("response")
                if answer is not None:
                    outcome.statuses[answer["status_code"]] += 1
            for checks in recorder.get("checks", {}).values():
                for check in checks:
                    outcome.checks[check["name"], check["status"]] += 1
