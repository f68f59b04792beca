"""Compare every public document with a fresh build."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from treatments.delivery.checking import check, list_page_ids
from treatments.delivery.progress import Progress


class Command(BaseCommand):
    """Reports documents that are not what they should be, and changes nothing."""

    help = (
        "Compares every public document with a fresh build, and its bytes with its hash. Fails where one differs; "
        "rebuild_documents repairs it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ids."""
        parser.add_argument(
            "page_ids", nargs="*", type=int, help="Only these articles."
        )

    def handle(self, *args, **options) -> None:
        """Compare, and list what differs.

        Raises:
            CommandError: something differs.
        """
        ids = options["page_ids"] or list_page_ids()
        progress = Progress(self.stderr, len(ids))
        drifts = []
        start = 0
        for found in check(ids):
            drifts += found
            size = min(len(ids) - start, 50)
            start += size
            progress.advance(size)
        for drift in drifts:
            self.stdout.write(f"Article {drift.page_id}: {drift.problem}")
        if drifts:
            count = len({drift.page_id for drift in drifts})
            raise CommandError(
                f"{count} of {len(ids)} documents are not what they should be. To repair them: "
                "manage.py rebuild_documents"
            )
        self.stdout.write(f"{len(ids)} documents are what they should be.")
