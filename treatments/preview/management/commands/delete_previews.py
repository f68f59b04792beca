"""Deletes what was typed for a preview and is not looked at any more."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from treatments.preview.snapshots import delete_expired


class Command(BaseCommand):
    """Deletes expired snapshots. Run it every hour or so; each preview and each saved page do it too."""

    help = "Delete what was typed for a preview elsewhere and whose time is over."

    def handle(self, *args, **options) -> None:
        """Delete them, and say how many."""
        self.stdout.write(f"{delete_expired()} snapshots were deleted.")
