"""Tell whether anything was changed of what is kept for ever."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from treatments.models.audits import (
    AuditError,
    compare_export,
    find_all_flaws,
    get_public_key,
    read_export,
)


class Command(BaseCommand):
    """Compares the hashes of the rows with the rows, and with earlier exports."""

    help = (
        "Checks the hashes of all published versions and decisions, and that exports of export_audit still fit. "
        "Fails, and says where, if something was changed or removed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take exports and the key that they have to be signed with."""
        parser.add_argument(
            "exports",
            nargs="*",
            type=Path,
            help="Files of export_audit; without any, only the present rows are checked.",
        )
        parser.add_argument(
            "--public-key",
            help="In base64, of whoever has to have signed them. Without it, that of AUDIT_KEY.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, and list what is wrong.

        Raises:
            CommandError: something was changed, or an export cannot be trusted.
        """
        flaws = list(find_all_flaws())
        for file in options["exports"]:
            try:
                key = options["public_key"] or get_public_key()
                content = file.read_text(encoding="utf-8")
                problems = list(compare_export(read_export(content, key)))
            except (AuditError, OSError, UnicodeDecodeError) as error:
                problems = [str(error)]
            flaws += [f"{file}: {problem}" for problem in problems]
        for flaw in flaws:
            self.stdout.write(flaw)
        if flaws:
            raise CommandError(f"{len(flaws)} problems were found.")
        self.stdout.write("Nothing was changed.")
