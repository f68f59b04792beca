"""Reminds people of the reviews of articles by e-mail."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from treatments.review.reminders import send_reminders


class Command(BaseCommand):
    """For cron, once a day. A missed day loses nothing, and a second run on the same day sends nothing again."""

    help = (
        "Sends an e-mail about each article whose review is due soon or overdue, to its owner and to those who "
        "reviewed it last, and brings the states of reviews in lists and reports up to date."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Send."""
        count = send_reminders()
        if options["verbosity"] > 0:
            self.stdout.write(f"Reminders sent: {count}.")
