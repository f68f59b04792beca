"""The Spanish texts of the admin are complete, and compiled from what is in the repository."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def open_catalog(package: str, suffix: str) -> polib.POFile | polib.MOFile:
    """Return the Spanish catalog of a package."""
    path = REPOSITORY / package / "locale/es/LC_MESSAGES" / f"django.{suffix}"
    return polib.pofile(str(path)) if suffix == "po" else polib.mofile(str(path))


@pytest.mark.parametrize("package", ["home", "snippets", "treatments"])
def test_every_text_is_translated(package):
    catalog = open_catalog(package, "po")
    assert [entry.msgid for entry in catalog.untranslated_entries()] == []
    assert [entry.msgid for entry in catalog.fuzzy_entries()] == []


@pytest.mark.parametrize("package", ["home", "snippets", "treatments"])
def test_placeholders_survive_translation(package):
    for entry in open_catalog(package, "po"):
        expected = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            assert not text or set(PLACEHOLDER.findall(text)) == expected


@pytest.mark.parametrize("package", ["home", "snippets", "treatments"])
def test_compiled_texts_are_those_of_the_source(package):
    catalogs = [open_catalog(package, suffix) for suffix in ("po", "mo")]
    source, compiled = (
        {
            (entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural)
            for entry in catalog
        }
        for catalog in catalogs
    )
    assert compiled == source
