"""Checks criteria lists against a second, independent model of FHIR R5, that of npm's ``@types/fhir``.

``make fhir`` runs this file. The first model, ``fhir.resources``, is asked by each test of the lists.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django

from tests.types.compiler import MissingToolsError, find_type_errors, install_tools

FOLDER = Path(__file__).resolve().parent
HEAD = 'import type { EvidenceVariable } from "fhir/r5";\nexport const resources: EvidenceVariable[] = '


def find_errors(resources: list[dict]) -> list[str]:
    """Return what the compiler has against some resources; it knows their fields and their codes."""
    text = json.dumps(resources, ensure_ascii=False, indent=1)
    (FOLDER / "resources.ts").write_text(f"{HEAD}{text};\n")
    return find_type_errors(FOLDER, FOLDER / "node_modules")


def main() -> int:
    """Check a list of each kind, and that the model notices a mistake."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    django.setup()
    from tests.treatments.fhir_lists import build_examples

    try:
        install_tools(FOLDER)
    except MissingToolsError as error:
        sys.stderr.write(f"{error}.\n")
        return 1
    examples = build_examples()
    wrong = {**examples[0], "status": "alive", "color": "red"}
    if not find_errors([wrong]):
        sys.stderr.write("The second model takes what is wrong.\n")
        return 1
    errors = find_errors(examples)
    sys.stdout.write("".join(f"{error}{os.linesep}" for error in errors))
    if not errors:
        sys.stdout.write(f"{len(examples)} criteria lists are valid FHIR R5.\n")
    return int(bool(errors))


if __name__ == "__main__":
    sys.exit(main())
