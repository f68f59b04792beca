"""Give an auditor what proves later that nothing was changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from treatments.models.audits import (
    AuditError,
    build_export,
    find_all_flaws,
    get_public_key,
)


class Command(BaseCommand):
    """Writes the signed last hashes of what is kept for ever."""

    help = (
        "Writes the last hash of all published versions and of all decisions, signed with AUDIT_KEY. Whoever keeps it "
        "sees later with verify_audit whether anything before it was changed or removed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a file, or the question for the public key."""
        parser.add_argument(
            "--output", type=Path, help="The file; without it, the standard output."
        )
        parser.add_argument(
            "--public-key",
            action="store_true",
            help="Only say with which key exports can be verified.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, sign and write.

        Raises:
            CommandError: there is no key, or something was changed already.
        """
        try:
            if options["public_key"]:
                self.stdout.write(get_public_key())
                return
            export = build_export()
        except AuditError as error:
            raise CommandError(str(error)) from error
        flaws = list(find_all_flaws())
        for flaw in flaws:
            self.stderr.write(flaw)
        if flaws:
            raise CommandError(
                "Nothing was exported: it would prove what is wrong already."
            )
        text = json.dumps(export, indent=2)
        if options["output"] is None:
            self.stdout.write(text)
            return
        try:
            options["output"].write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(
                f"{options['output']} cannot be written: {error}"
            ) from error
        self.stdout.write(f"{options['output']} was written.")
