"""What a run says at its end: how long it took, its slowest tests, and what it did not run."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.selection import get_base, read_slow_tests

if TYPE_CHECKING:
    from collections.abc import Generator

ALLOWED_SKIPS = Path(__file__).with_name("skips.txt")
SLOWEST = 10
#: From how many seconds on a test says why.
LONG_SECONDS = 5


def read_allowed_skips() -> list[str]:
    """Return the reasons for which a test may be skipped in CI."""
    lines = ALLOWED_SKIPS.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def get_reason(report: pytest.TestReport) -> str:
    """Return why a test was skipped."""
    place = report.longrepr
    reason = place[2] if isinstance(place, tuple) else ""
    return reason.removeprefix("Skipped: ")


def find_forbidden_skips(reports: list[pytest.TestReport]) -> list[str]:
    """Return the skipped tests whose reason is not on the list, with the reason."""
    allowed = read_allowed_skips()
    return [
        f"{report.nodeid}: {get_reason(report)}"
        for report in reports
        if not any(get_reason(report).endswith(reason) for reason in allowed)
    ]


def describe_reason(nodeid: str, seconds: float, preparation: float) -> str:
    """Return why a test took long, on a line of its own.

    Args:
        nodeid: The test.
        seconds: How long it took, in seconds.
        preparation: How much of that its set-up took.
    """
    if seconds < LONG_SECONDS:
        return ""
    reason = read_slow_tests().get(get_base(nodeid))
    if not reason and seconds - preparation < LONG_SECONDS:
        reason = "The first of several tests: it builds what the others use too."
    return f"\n             {reason or 'No reason is given in tests/slow_tests.txt.'}"


class RunReport:
    """Collects durations and skips, in the process that reports."""

    def __init__(self) -> None:
        self.started_at = time.monotonic()
        self.seconds: dict[str, float] = defaultdict(float)
        self.preparation: dict[str, float] = defaultdict(float)
        self.skipped: list[pytest.TestReport] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember what a phase of a test took, and whether it was skipped."""
        self.seconds[report.nodeid] += report.duration
        if report.when == "setup":
            self.preparation[report.nodeid] += report.duration
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped.append(report)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        """Fail a run of CI in which a test was skipped without permission; say last what was left out."""
        forbids = os.environ.get("FORBID_SKIPS")
        forbidden = find_forbidden_skips(self.skipped) if forbids else []
        if forbidden and session.exitstatus == 0:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        yield
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is None:
            return
        for line in forbidden:
            reporter.write_line(f"SKIPPED WITHOUT PERMISSION: {line}", red=True)
        if forbidden:
            reporter.write_line(
                f"FAILED for skipped tests: {len(forbidden)}. tests/skips.txt has the reasons that are allowed.",
                red=True,
            )
        if any("Chromium is missing" in get_reason(each) for each in self.skipped):
            reporter.write_line(
                "The browser tests were skipped: Chromium is missing. "
                "On Debian and Ubuntu: sudo apt install chromium",
                yellow=True,
            )

    def pytest_terminal_summary(self, terminalreporter) -> None:
        """Print the time and the slowest tests."""
        if not self.seconds:
            return
        write = terminalreporter.write_line
        terminalreporter.section(f"slowest {SLOWEST} tests, set-up included")
        slowest = sorted(self.seconds.items(), key=lambda each: -each[1])
        for nodeid, seconds in slowest[:SLOWEST]:
            reason = describe_reason(nodeid, seconds, self.preparation[nodeid])
            write(f"{seconds:7.1f} s  {nodeid}{reason}")
        write(f"The run took {time.monotonic() - self.started_at:.0f} seconds.")
