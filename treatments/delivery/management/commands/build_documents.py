"""Build the public documents that wait for it."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from treatments.delivery.building import get_failures, refresh_marked


class Command(BaseCommand):
    """Builds what nobody has read since it changed, and what time has changed. For cron."""

    help = (
        "Builds the public documents that something has changed or whose time has come, such as a promotion's end. "
        "Feeds, webhooks and shared caches hear of it then. Run it every minute."
    )

    def handle(self, *args, **options) -> None:
        """Build.

        Raises:
            CommandError: a document cannot be built.
        """
        count = refresh_marked()
        failures = list(get_failures())
        for document in failures:
            self.stderr.write(f"Article {document.pk}: {document.error}")
        if failures:
            raise CommandError(
                f"{len(failures)} documents cannot be built; what was public before stays so."
            )
        self.stdout.write(f"{count} documents were built.")
