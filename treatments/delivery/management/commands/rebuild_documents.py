"""Build public documents anew."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from treatments.delivery.building import get_failures, refresh_marked
from treatments.delivery.checking import list_page_ids
from treatments.delivery.management.progress import Progress
from treatments.delivery.marking import add_missing_documents, mark_documents
from treatments.delivery.models import Document, Mark
from treatments.delivery.parallel import build_in_processes

#: How many documents a process builds before it says how far it is.
STEP = 20


class Command(BaseCommand):
    """Marks documents, and builds what is marked."""

    help = (
        "Builds every public document anew. A document that comes out the same gets no new version. "
        "Stopped half-way, it goes on with --resume."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ids, how to go on, and the number of processes."""
        parser.add_argument(
            "page_ids", nargs="*", type=int, help="Only these articles."
        )
        parser.add_argument(
            "--resume",
            action="store_true",
            help="Build what is marked already, and mark nothing.",
        )
        parser.add_argument(
            "--processes",
            type=int,
            default=1,
            help="How many processes build at once.",
        )

    def handle(self, *args, **options) -> None:
        """Mark and build.

        Raises:
            CommandError: the options contradict each other, or a document cannot be built.
        """
        ids, processes = options["page_ids"], options["processes"]
        if ids and options["resume"]:
            raise CommandError("Give ids, or --resume, not both.")
        if not 1 <= processes <= 64:
            raise CommandError("--processes takes a number from 1 to 64.")
        if not options["resume"]:
            wanted = ids or list_page_ids()
            add_missing_documents(wanted)
            mark_documents(wanted)
            known = Document.objects.filter(pk__in=ids).values_list("pk", flat=True)
            for unknown in sorted({*ids} - {*known}):
                self.stderr.write(f"Article {unknown}: there is none, and never was.")
        # A document that failed is tried again now, not later.
        Document.objects.filter(retry_at__isnull=False).update(retry_at=None)
        total = Mark.objects.values("page_id").distinct().count()
        progress = Progress(self.stderr, total)
        if processes == 1:
            while done := refresh_marked(STEP):
                progress.advance(done)
        else:
            died = build_in_processes(processes, STEP, progress.advance)
            if died:
                raise CommandError(
                    f"{died} of {processes} processes have died. To go on: manage.py rebuild_documents --resume"
                )
        failed = list(get_failures())
        for document in failed:
            self.stderr.write(f"Article {document.pk}: {document.error}")
        if failed:
            raise CommandError(
                f"{len(failed)} documents could not be built; what was public before stays so."
            )
        self.stdout.write(f"{total} documents were built.")
