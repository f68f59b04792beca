"""Creates the groups of an editorial office with their permissions. May be run again."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from treatments.admin.groups import ROLES, create_editorial_groups


class Command(BaseCommand):
    """Calls ``treatments.admin.groups.create_editorial_groups`` and reports what it made."""

    help = (
        f"Create the groups {', '.join(ROLES)}, their permissions and the workflow of the clinical review. "
        "Adds what is missing; never takes a permission away."
    )

    def handle(self, *args, **options) -> None:
        """Create the groups and report."""
        made = create_editorial_groups()
        for sentence in made or ["Nothing was missing."]:
            self.stdout.write(sentence)
