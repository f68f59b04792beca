"""A template that something has damaged is made anew."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

import pytest

from tests.databases import ROOT, find_migration_sources, is_whole, make_fingerprint


@pytest.fixture
def template(tmp_path):
    """Return a database that knows its migrations, of some pages."""
    file = tmp_path / "template.sqlite3"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE django_migrations (name TEXT)")
        rows = [("x" * 1000,) for _number in range(50)]
        database.executemany("INSERT INTO django_migrations VALUES (?)", rows)
        database.commit()
    return file


def test_a_whole_template_is_taken(template):
    assert is_whole(template)


@pytest.mark.parametrize("size", [0, 100, 20_000])
def test_one_that_was_cut_off_is_not(template, size):
    os.truncate(template, size)
    assert not is_whole(template)


def test_one_that_is_missing_is_not(tmp_path):
    assert not is_whole(tmp_path / "template.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_a_template_holds_until_a_migration_or_what_it_imports_changes(tmp_path):
    package = tmp_path / "snippets"
    (package / "migrations").mkdir(parents=True)
    migration = package / "migrations" / "0001_initial.py"
    migration.write_text("def run():\n    from snippets.words import clean\n")
    (package / "words.py").write_text("import snippets.signs\n")
    (package / "signs.py").write_text("SIGNS = 1\n")
    (package / "views.py").write_text("import snippets.words\n")
    sources = find_migration_sources(tmp_path)
    assert {file.name for file in sources} == {
        "0001_initial.py",
        "words.py",
        "signs.py",
    }
    before = make_fingerprint(tmp_path, sources)
    (package / "signs.py").write_text("SIGNS = 2\n")
    assert make_fingerprint(tmp_path, sources) != before


def test_our_migrations_are_among_the_sources_of_the_template():
    names = {str(file.relative_to(ROOT)) for file in find_migration_sources(ROOT)}
    assert "treatments/migrations/0001_initial.py" in names
    assert "treatments/search/tables.py" in names
    assert "treatments/api/openapi/document.py" not in names
