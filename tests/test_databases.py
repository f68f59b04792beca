"""A template that something has damaged is made anew."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

import pytest

from tests.databases import is_whole


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
