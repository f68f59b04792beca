"""Rebuilds the article index and the search, or checks the index."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from treatments.search.backends import get_backend
from treatments.search.index.indexing import find_differences, index_all


class Command(BaseCommand):
    """Rebuild the index of the live articles."""

    help = (
        "Rebuilds the index by which articles are listed, filtered and searched. "
        "It can be stopped and run again at any time."
    )

    def add_arguments(self, parser) -> None:
        """Add ``--check``."""
        parser.add_argument(
            "--check",
            action="store_true",
            help="Change nothing; report what differs, and exit with 1 when something does.",
        )

    def handle(self, *args, **options) -> None:
        """Rebuild or check."""
        if options["check"]:
            self.check_index()
            return
        count = index_all(report=self.report if options["verbosity"] else None)
        self.stdout.write(f"The index is up to date: {count} articles.")

    def report(self, done: int, total: int) -> None:
        """Say how far it is."""
        self.stdout.write(f"{done} of {total} pages")

    def check_index(self) -> None:
        """Report what differs.

        Raises:
            CommandError: something does.
        """
        differences = find_differences()
        for pk, problem in differences.items():
            self.stdout.write(f"Page {pk}: {problem}")
        is_ready = get_backend().is_ready()
        if not is_ready:
            self.stdout.write("The search has no articles.")
        if differences or not is_ready:
            raise CommandError(
                "The article index is not up to date. Run update_article_index."
            )
        self.stdout.write("The index is up to date.")
