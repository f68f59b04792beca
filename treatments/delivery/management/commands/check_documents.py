"""Compare every public document with a fresh build, and what is kept for ever with its hashes."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from treatments.delivery.checking import (
    BATCH_SIZE,
    check,
    inspect_version,
    list_page_ids,
)
from treatments.delivery.management.progress import Progress
from treatments.delivery.models import Version
from treatments.models.audits import find_guard_flaws
from treatments.models.chains import find_flaws, list_chained_models


class Command(BaseCommand):
    """Reports documents that are not what they should be, and changes nothing."""

    help = (
        "Compares every public document with a fresh build, and every version and decision with its hash. Fails where "
        "one differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ids."""
        parser.add_argument(
            "page_ids",
            nargs="*",
            type=int,
            help="Only the documents of these articles, and no versions.",
        )

    def handle(self, *args, **options) -> None:
        """Compare, and list what differs.

        Raises:
            CommandError: something differs.
        """
        ids = options["page_ids"] or list_page_ids()
        count = self.check_documents(ids)
        flaws = 0 if options["page_ids"] else self.check_past()
        problems = []
        if count:
            problems.append(
                f"{count} of {len(ids)} documents are not what they should be. To repair them: "
                "manage.py rebuild_documents."
            )
        if flaws:
            problems.append(
                f"{flaws} problems were found in what is kept for ever. Nothing repairs them but a backup."
            )
        if problems:
            raise CommandError(" ".join(problems))
        self.stdout.write(f"{len(ids)} documents are what they should be.")

    def check_documents(self, ids: list[int]) -> int:
        """List how documents differ, and return how many do."""
        progress = Progress(self.stderr, len(ids))
        wrong = set()
        start = 0
        for found in check(ids):
            for drift in found:
                self.stdout.write(f"Article {drift.page_id}: {drift.problem}")
                wrong.add(drift.page_id)
            size = min(len(ids) - start, BATCH_SIZE)
            start += size
            progress.advance(size)
        return len(wrong)

    def check_past(self) -> int:
        """List which rows of all chains are not as they were written, and return how many flaws there are."""
        count = 0
        for model in list_chained_models():
            inspect = inspect_version if model is Version else None
            for flaw in (*find_guard_flaws(model), *find_flaws(model, inspect)):
                self.stdout.write(str(flaw))
                count += 1
        return count
