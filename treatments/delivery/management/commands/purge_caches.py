"""Send the purges that shared caches have not confirmed yet."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from treatments.delivery.purging import send_all


class Command(BaseCommand):
    """Sends the purges that wait: those that have failed, and those that were too many for one request."""

    help = "Sends again what shared caches have not confirmed yet. Run it every minute."

    def handle(self, *args, **options) -> None:
        """Send.

        Raises:
            CommandError: a cache has not confirmed everything.
        """
        waiting = send_all()
        if waiting:
            raise CommandError(f"{waiting} purges still wait. The log says why.")
        self.stdout.write("Nothing waits.")
