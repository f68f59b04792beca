"""Sends the webhooks that are due, once or until it is told to stop."""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections

from treatments.webhooks.pruning import prune_deliveries
from treatments.webhooks.worker import run_until_idle

#: How often a watching worker deletes old deliveries, in seconds.
PRUNING_INTERVAL = 3600


class Command(BaseCommand):
    """For cron, and with ``--watch`` for systemd. Several may run at once."""

    help = (
        "Sends the webhooks that are due, and deletes old deliveries. With --watch it goes on until "
        "SIGTERM or SIGINT, and finishes the delivery in hand."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to go on, and how often to look."""
        parser.add_argument(
            "--watch", action="store_true", help="Go on until SIGTERM or SIGINT."
        )
        parser.add_argument(
            "--interval",
            type=float,
            default=2.0,
            help="With --watch: for how many seconds to wait when nothing is due. Default: 2.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Deliver."""
        if not 0.05 <= options["interval"] <= 3600:
            raise CommandError("--interval takes 0.05 to 3600 seconds.")
        stopped = threading.Event()
        previous = {
            number: signal.signal(number, lambda *_args: stopped.set())
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            count = run_until_idle(stopped.is_set)
            pruned = prune_deliveries()
            if options["watch"]:
                count += self.watch(stopped, options["interval"])
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
        if options["verbosity"] > 0:
            self.stdout.write(f"Attempts: {count}. Old deliveries deleted: {pruned}.")

    def watch(self, stopped: threading.Event, interval: float) -> int:
        """Deliver until it is told to stop, and return how many attempts that took."""
        count = 0
        pruned_at = time.monotonic()
        while not stopped.wait(interval):
            close_old_connections()
            count += run_until_idle(stopped.is_set)
            if time.monotonic() - pruned_at > PRUNING_INTERVAL:
                prune_deliveries()
                pruned_at = time.monotonic()
        return count
