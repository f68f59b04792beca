"""The table of the database's own full-text search: made by a migration, and where migrations do not run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connections

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

SQLITE = """
CREATE VIRTUAL TABLE IF NOT EXISTS treatments_search USING fts5(
    language, title, names, summary, headings, text,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
)
"""
POSTGRESQL = [
    """
    CREATE TABLE IF NOT EXISTS treatments_search (
        page_id bigint PRIMARY KEY,
        vector tsvector NOT NULL,
        head tsvector NOT NULL
    )
    """,
    "CREATE INDEX IF NOT EXISTS treatments_search_vector ON treatments_search USING gin (vector)",
    # The planner takes a scan of the table for cheap, since it does not count what it
    # costs to unpack a vector of thousands of words, and would hardly ever use the index.
    """
    CREATE OR REPLACE FUNCTION treatments_search_matches(wanted tsquery)
    RETURNS SETOF bigint LANGUAGE sql STABLE SET enable_seqscan = off
    AS $$ SELECT page_id FROM treatments_search WHERE vector @@ wanted $$
    """,
]


def create_tables(connection: BaseDatabaseWrapper) -> None:
    """Make what is missing, where the database has a full-text search."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in POSTGRESQL:
                cursor.execute(statement)
        elif connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
            if cursor.fetchone()[0]:
                cursor.execute(SQLITE)


def drop_tables(connection: BaseDatabaseWrapper) -> None:
    """Take everything away again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION IF EXISTS treatments_search_matches(tsquery)")
        if connection.vendor in ("postgresql", "sqlite"):
            cursor.execute("DROP TABLE IF EXISTS treatments_search")


def create_after_migrate(
    using: str, plan: Any = None, apps: Any = None, **kwargs: Any
) -> None:
    """Make the tables in a database that was made without migrations, as for tests."""
    connection = connections[using]
    names = connection.introspection.table_names()
    if "treatments_indexedarticle" in names and "treatments_search" not in names:
        create_tables(connection)
