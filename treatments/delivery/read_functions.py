"""The query of one document as functions of PostgreSQL, which keep the plan of their query.

To plan the query takes three times as long as to run it, and PostgreSQL would plan it anew for each read.
Prepared statements would do too, but do not pass through every connection pooler. The name of a function
says what it holds, so that processes of two releases can read the same database; where there is none, as
before the first ``migrate``, or the role may not use it, the query itself is sent.
"""

from __future__ import annotations

import hashlib
import logging
import re
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, ProgrammingError, transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)

#: Parameter → its type; the same for each function, besides what is looked up.
PARAMETERS = {
    "known": "text",
    "hostname": "text",
    "port": "integer",
    "now": "timestamptz",
    "recipe": "text",
}
#: What a document is looked up by → its type.
LOOKUPS = {"page_id": "bigint", "path": "text"}
#: The answers of PostgreSQL that there is no such function, and that the role may not use it.
NO_FUNCTION = frozenset(("42883", "42501"))
#: For how many seconds a database is taken to have no functions: somebody may make them, or allow them.
RETRY_AFTER = 60.0

#: Aliases of the databases that have the functions, as far as is known here.
_known: set[str] = set()
#: Alias of a database that has no functions → when it is asked again.
_missing: dict[str, float] = {}


def forget(using: str = DEFAULT_DB_ALIAS) -> None:
    """Find out anew whether a database has the functions."""
    _known.discard(using)
    _missing.pop(using, None)


def write_function(
    lookup: str, column: str, query: str, answer: str
) -> tuple[str, str]:
    """Return the name of a function, and the SQL that makes it.

    Args:
        lookup: What a document is looked up by.
        column: The column of ``Document`` with the bytes that are wanted.
        query: The query with ``%(name)s`` for each parameter, and ``%(wanted)s`` for what is looked up.
        answer: The names and types of the columns that it gives.
    """
    types = {**PARAMETERS, "wanted": LOOKUPS[lookup]}
    declared = ", ".join(f"{name}_ {kind}" for name, kind in types.items())
    body = re.sub(r"%\((\w+)\)s", r"\1_", query).replace("%%", "%")
    definition = (
        f"({declared}) RETURNS TABLE ({answer}) LANGUAGE plpgsql STABLE AS $query$\n"
        "#variable_conflict use_column\n"
        f"BEGIN RETURN QUERY {body}; END $query$"
    )
    digest = hashlib.sha256(definition.encode()).hexdigest()[:12]
    name = f"treatments_read_{column}_by_{lookup}_{digest}"
    return name, f"CREATE OR REPLACE FUNCTION {name}{definition}"


def call(
    connection: BaseDatabaseWrapper, name: str, values: Mapping[str, Any]
) -> list[tuple[Any, ...]] | None:
    """Return the rows that a function gives; None where the database does not have it.

    Args:
        connection: The connection.
        name: Of the function.
        values: Of its parameters, in their order.
    """
    alias = connection.alias
    if _missing.get(alias, 0) > monotonic():
        return None
    is_known = alias in _known
    marks = ", ".join(["%s"] * len(values))
    sql = f"SELECT * FROM {name}({marks})"  # noqa: S608 - a name of this module
    try:
        if is_known:
            return execute(connection, sql, values)
        # A failure must not end the transaction of whoever reads.
        with transaction.atomic(using=alias):
            rows = execute(connection, sql, values)
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", "") not in NO_FUNCTION:
            raise
        _known.discard(alias)
        _missing[alias] = monotonic() + RETRY_AFTER
        if is_known and connection.in_atomic_block:
            # This transaction has failed; the next one is read without the functions.
            raise
        return None
    _known.add(alias)
    _missing.pop(alias, None)
    return rows


def execute(
    connection: BaseDatabaseWrapper, sql: str, values: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values.values()))
        return cursor.fetchall()
