"""Says which tests ``make test-fast`` and ``make test`` run, which ``make test-long``, and why a slow test is slow."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

from tests.shared import STACK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pytest

SLOW_TESTS = Path(__file__).with_name("slow_tests.txt")
#: Folders whose tests start browsers, servers, other programs, or load the whole demonstration.
WITH_PROGRAMS = {
    "benchmarks",
    "browser",
    "contract",
    "docs",
    "home",
    "host_project",
    "types",
}
#: Folders and modules, below ``tests``, that ``make test`` leaves to ``make test-long``: they take a third of the
#: time of all tests, because they work a browser, a compiler or another program, load the demo, or ask for every address.
LONG = {
    "benchmarks",
    "browser",
    "contract/test_contract.py",
    "contract/test_wagtail_cli.py",
    "delivery/test_leak_sweep.py",
    "docs/test_frontend_examples.py",
    "docs/test_host_project.py",
    "home/test_demo_loading.py",
    "home/test_demo_served.py",
    "host_project/test_host_project.py",
    "types",
}


def read_slow_tests() -> dict[str, str]:
    """Return the tests that take over a third of a second → why they take over five, or an empty text."""
    slow = {}
    for line in SLOW_TESTS.read_text(encoding="utf-8").splitlines():
        name, _, reason = line.partition("  # ")
        if name and not name.startswith("#"):
            slow[name] = reason
    return slow


def get_base(nodeid: str) -> str:
    """Return the name of a test without that of its case."""
    return nodeid.partition("[")[0]


def mix_modules(items: list[pytest.Item], seed: int | None) -> None:
    """Put the modules in a random order, the tests of a module one after another.

    pytest-django puts all that commit at the end: then every process waits for a browser at the same
    time, and before that none does. Within a module, tests with the same layers stand together, so
    that these are built once; their order stays. So does that of all where there is no seed.
    """
    if not isinstance(seed, int):
        return
    modules: dict[Path, list[pytest.Item]] = {}
    for item in items:
        modules.setdefault(item.path, []).append(item)
    order = sorted(modules)
    random.Random(seed).shuffle(order)  # noqa: S311 - no secret
    items[:] = [
        item
        for path in order
        for item in sorted(
            modules[path], key=lambda item: STACK.find_wanted(item) or []
        )
    ]


def is_long(path: str) -> bool:
    """Tell whether a module, named by its path below ``tests``, is left to ``make test-long``."""
    return path in LONG or path.partition("/")[0] in LONG


def find_fast(items: Iterable[pytest.Item], tests: Path) -> Iterator[pytest.Item]:
    """Yield one case of each test that starts no program and takes less than a third of a second."""
    seen = set(read_slow_tests())
    for item in items:
        base = get_base(item.nodeid)
        folder = item.path.relative_to(tests).parts[0]
        if folder not in WITH_PROGRAMS and base not in seen:
            seen.add(base)
            yield item
