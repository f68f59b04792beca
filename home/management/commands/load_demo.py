"""Loads the demonstration content, or removes it again."""

from __future__ import annotations

import gc
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from home.demo.accounts import (
    Account,
    AccountsRefusedError,
    check_accounts_allowed,
    load_accounts,
)
from home.demo.content import DemoContentError
from home.demo.loader import load
from home.demo.removal import remove

if TYPE_CHECKING:
    from collections.abc import Generator


class Command(BaseCommand):
    """Calls ``home.demo``; what it does is decided there."""

    help = (
        "Load the demonstration: articles, glossary, references and images in English and Spanish. "
        "What is there already is left as it is; run it again to complete an interrupted run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--remove",
            action="store_true",
            help="Remove what was loaded, edited or not, and nothing else.",
        )
        parser.add_argument(
            "--with-accounts",
            action="store_true",
            help="Also make demonstration accounts with well-known passwords. Refused where DEBUG is off.",
        )
        parser.add_argument(
            "--migrate",
            action="store_true",
            help="Bring the database up to date first.",
        )
        parser.add_argument(
            "--port",
            type=int,
            default=8000,
            help="The port that the site runs on (default: 8000).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load or remove, and say what to do next."""
        if options["remove"]:
            self.remove_all()
            return
        try:
            if options["with_accounts"]:
                check_accounts_allowed()
            with collect_seldom():
                if options["migrate"]:
                    with self.part("Preparing the database."):
                        call_command("migrate", interactive=False, verbosity=0)
                with self.part("Loading the demo content."):
                    loaded = load(options["port"], self.report)
                    accounts = load_accounts() if options["with_accounts"] else []
        except (DemoContentError, AccountsRefusedError) as error:
            raise CommandError(str(error)) from error
        added = loaded.objects + loaded.pages + loaded.translations
        self.report(
            f"Added {loaded.pages} pages, {loaded.translations} translations and {loaded.objects} other objects."
            if added
            else "Everything was there already; nothing was changed."
        )
        for remark in loaded.remarks:
            self.report(remark)
        self.show_addresses(options["port"], accounts)

    def remove_all(self) -> None:
        """Remove the demonstration and say what stays."""
        removed = remove()
        self.report(
            f"Removed {removed.pages} pages and {removed.objects} other objects."
        )
        if removed.kept:
            self.report("Kept, because your own content uses it:")
            for name in removed.kept:
                self.report(f"  {name}")

    def show_addresses(self, port: int, accounts: list[Account]) -> None:
        """Print what to open."""
        base = f"http://127.0.0.1:{port}"
        lines = [
            ("Reader", f"{base}/en/"),
            ("", f"{base}/es/"),
            ("Editing", f"{base}/admin/"),
            (
                "API v2",
                f"{base}/api/v2/pages/?type=treatments.TreatmentPage&locale=es&fields=*",
            ),
            ("API v3", f"{base}/api/v3/docs/"),
        ]
        self.report("")
        self.report("Open:")
        for name, address in lines:
            self.report(f"  {name:<8} {address}")
        if accounts:
            self.report("")
            self.report("Log in with:")
            for account in accounts:
                self.report(f"  {account.username:<12} {account.password}")
        self.report("")

    @contextmanager
    def part(self, line: str) -> Generator[None]:
        """Print a line as a part of the work begins, and how long it took when it is done."""
        self.report(line)
        start = time.monotonic()
        yield
        self.report(f"  Done in {time.monotonic() - start:.0f} seconds.")

    def report(self, line: str) -> None:
        """Print one line."""
        self.stdout.write(line)


@contextmanager
def collect_seldom() -> Generator[None]:
    """Look for garbage less often: migrations make many objects that stay, and each look at them takes time."""
    thresholds = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
