"""Writes the contract of the API as files, or checks that files are up to date."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from treatments.api.schema_files import MissingApiError, build_english_schema_files

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A difference is cut here: a renamed component changes hundreds of lines.
MAX_LINES = 120
MAX_CHARACTERS = 160


class Command(BaseCommand):
    """Export the OpenAPI document and the JSON Schemas."""

    help = (
        "Writes the OpenAPI document and the JSON Schemas of articles and blocks, "
        "for types in a frontend and for tests against the contract."
    )

    def add_arguments(self, parser) -> None:
        """Add ``--output`` and ``--check``."""
        parser.add_argument(
            "--output",
            type=Path,
            default=Path("api-schema"),
            metavar="DIR",
            help="The folder of the files; it is made where it is missing. Default: api-schema.",
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="Write nothing; show what differs, and exit with 1 when something does.",
        )

    def handle(self, *args, **options) -> None:
        """Write or check.

        Raises:
            CommandError: the project does not serve the API, or the folder cannot be written.
        """
        try:
            files = build_english_schema_files()
        except MissingApiError as error:
            raise CommandError(str(error)) from error
        folder: Path = options["output"]
        if options["check"]:
            self.check_files(folder, files)
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                (folder / name).write_bytes(content.encode())
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error}") from error
        if options["verbosity"]:
            self.stdout.write(f"Wrote {', '.join(files)} to {folder}.")

    def check_files(self, folder: Path, files: dict[str, str]) -> None:
        """Show what differs.

        Raises:
            CommandError: something does.
        """
        differing = []
        for name, content in files.items():
            lines = list(islice(iterate_differences(folder / name, content), MAX_LINES))
            if lines:
                differing.append(name)
                self.stdout.write("\n".join(lines))
            if len(lines) == MAX_LINES:
                self.stdout.write("… and more.")
        if differing:
            raise CommandError(
                f"{', '.join(differing)} in {folder} differ from the API. Write them anew with: "
                f"manage.py export_api_schema --output {folder}"
            )
        self.stdout.write(f"The files in {folder} are up to date.")


def iterate_differences(file: Path, content: str) -> Iterator[str]:
    """Yield the lines of the difference between a file and what it should hold."""
    if not file.is_file():
        yield f"{file.name} is missing."
        return
    known = file.read_bytes()
    if known == content.encode():
        return
    try:
        parsed = json.loads(known)
    except ValueError as error:
        yield f"{file.name} is not JSON: {error}"
        return
    lines = iterate_changes(parsed, json.loads(content), "")
    first = next(lines, "differs only in its order, spaces or line ends.")
    yield f"{file.name}: {first}"
    for line in lines:
        yield f"{file.name}: {line}"


def iterate_changes(known: Any, made: Any, pointer: str) -> Iterator[str]:
    """Yield what was added to, removed from and changed in a value, each with its JSON pointer."""
    if isinstance(known, list) and isinstance(made, list):
        if len(known) != len(made):
            yield from iterate_entries("-", pointer, known, made)
            yield from iterate_entries("+", pointer, made, known)
            return
        known, made = dict(enumerate(known)), dict(enumerate(made))
    if isinstance(known, dict) and isinstance(made, dict):
        for key in dict.fromkeys([*known, *made]):
            place = f"{pointer}/{escape(str(key))}"
            if key not in made:
                yield f"- {place} {shorten(known[key])}"
            elif key not in known:
                yield f"+ {place} {shorten(made[key])}"
            else:
                yield from iterate_changes(known[key], made[key], place)
    elif known != made:
        yield f"- {pointer} {shorten(known)}"
        yield f"+ {pointer} {shorten(made)}"


def iterate_entries(
    sign: str, pointer: str, entries: list[Any], others: list[Any]
) -> Iterator[str]:
    """Yield the entries of a list that another one does not have."""
    for entry in entries:
        if entry not in others:
            yield f"{sign} {pointer} {shorten(entry)}"


def escape(key: str) -> str:
    """Return a key as a part of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def shorten(value: Any) -> str:
    """Return the start of a value as JSON."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}…"
