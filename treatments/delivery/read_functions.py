"""The query of one document as functions of PostgreSQL, which keep the plan of their query.

To plan the query takes three times as long as to run it, and PostgreSQL would plan it anew for each read.
Prepared statements would do too, but do not pass through every connection pooler. The name of a function
says which query it holds, so that processes of two releases can read the same database; where there is
none, as before the first ``migrate``, the query itself is sent.
"""

from __future__ import annotations

import hashlib
import logging
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import ProgrammingError, connections, transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)

#: Parameter → its type; the same for each function, besides what is looked up.
PARAMETERS = {
    "known": "text",
    "now": "timestamptz",
    "hostname": "text",
    "port": "integer",
    "recipe": "text",
}
#: What a document is looked up by → its type.
LOOKUPS = {"page_id": "bigint", "path": "text"}
#: The answer of PostgreSQL that there is no such function.
UNDEFINED_FUNCTION = "42883"

#: Aliases of the databases that have the functions, and of those that have not, as far as is known here.
_known: dict[str, bool] = {}


def write_function(lookup: str, column: str, query: str, answer: str) -> str:
    """Return the SQL that makes a function.

    Args:
        lookup: What a document is looked up by.
        column: The column of ``Document`` with the bytes that are wanted.
        query: The query with ``%(name)s`` for each parameter, and ``%(wanted)s`` for what is looked up.
        answer: The names and types of the columns that it gives.
    """
    types = {**PARAMETERS, "wanted": LOOKUPS[lookup]}
    declared = ", ".join(f"{name}_ {kind}" for name, kind in types.items())
    body = re.sub(r"%\((\w+)\)s", r"\1_", query).replace("%%", "%")
    return (
        f"CREATE OR REPLACE FUNCTION {get_name(lookup, column, query)}({declared}) "
        f"RETURNS TABLE ({answer}) LANGUAGE plpgsql STABLE AS $query$\n"
        "#variable_conflict use_column\n"
        f"BEGIN RETURN QUERY {body}; END $query$"
    )


@cache
def get_name(lookup: str, column: str, query: str) -> str:
    """Return the name of a function."""
    digest = hashlib.sha256(query.encode()).hexdigest()[:12]
    return f"treatments_read_{column}_by_{lookup}_{digest}"


def create_functions(connection: BaseDatabaseWrapper) -> None:
    """Make the functions that a database does not have yet."""
    from treatments.delivery.reading import describe_functions

    with connection.cursor() as cursor:
        for name, statement in describe_functions().items():
            cursor.execute("SELECT to_regproc(%s)", [name])
            if cursor.fetchone()[0] is None:
                cursor.execute(statement)


def create_after_migrate(using: str, **kwargs: Any) -> None:
    """Make the functions in a database that has the tables."""
    from treatments.delivery.models import Document

    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    if Document._meta.db_table not in connection.introspection.table_names():
        return
    try:
        with transaction.atomic(using=using):
            create_functions(connection)
    except ProgrammingError:
        # A role that may make tables but no functions: reads are slower, and right.
        logger.exception("The functions that read documents cannot be made.")
    _known.pop(using, None)


def call(
    connection: BaseDatabaseWrapper, name: str, values: Mapping[str, Any]
) -> list[tuple[Any, ...]] | None:
    """Return the rows that a function gives; None where the database does not have it.

    Args:
        connection: The connection.
        name: Of the function.
        values: Of its parameters, in their order.
    """
    is_known = _known.get(connection.alias)
    if is_known is False:
        return None
    marks = ", ".join(["%s"] * len(values))
    sql = f"SELECT * FROM {name}({marks})"  # noqa: S608 - a name of this module
    try:
        if is_known:
            return execute(connection, sql, values)
        # A failure must not end the transaction of whoever reads.
        with transaction.atomic(using=connection.alias):
            rows = execute(connection, sql, values)
    except ProgrammingError as error:
        is_missing = getattr(error.__cause__, "sqlstate", "") == UNDEFINED_FUNCTION
        if not is_missing or (is_known and connection.in_atomic_block):
            raise
        _known[connection.alias] = False
        return None
    _known[connection.alias] = True
    return rows


def execute(
    connection: BaseDatabaseWrapper, sql: str, values: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values.values()))
        return cursor.fetchall()
