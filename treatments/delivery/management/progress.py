"""How far a long command is: a bar on a terminal, a line for each tenth elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.core.management.base import OutputWrapper

WIDTH = 40


class Progress:
    """Counts what is done."""

    def __init__(self, output: OutputWrapper, total: int):
        self.output = output
        self.total = total
        self.count = 0
        self.said = 0

    def advance(self, count: int) -> None:
        """Say that so many more are done."""
        self.count = min(self.count + count, self.total)
        tenths = 10 * self.count // self.total if self.total else 10
        if self.output.isatty():
            filled = WIDTH * self.count // self.total if self.total else WIDTH
            bar = "#" * filled + "." * (WIDTH - filled)
            self.output.write(f"\r[{bar}] {self.count} of {self.total}", ending="")
            if self.count == self.total:
                self.output.write("")
        elif tenths > self.said:
            self.output.write(f"{self.count} of {self.total}")
        self.said = max(self.said, tenths)
