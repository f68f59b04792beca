"""Reads documents: one query that also decides whether the reader may have them and whether they are up to date.

Privacy, publication and expiry are asked of the pages themselves, in the same query: a document is not
trusted to know. The SQL is written out, since compiling it from Django's expressions takes longer than
running it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from treatments.api.http.process_cache import DOCUMENTS
from treatments.delivery import connecting, freshness, read_functions
from treatments.delivery.building import refresh
from treatments.delivery.compression import COLUMNS, choose_column, decompress_gzip
from treatments.delivery.freshness import build_public, build_source, build_stale, quote
from treatments.delivery.models import Change, Document, Ledger

#: How a document is asked for: its columns in the query, and their types in PostgreSQL.
FIELDS = {
    "page_id": "bigint",
    "state": "text",
    "position": "bigint",
    "etag": "text",
    "tags": "text",
    "locale": "text",
    "path": "text",
    "public_from": "timestamptz",
    "valid_until": "timestamptz",
    "reason": "text",
}
#: What stands behind them.
ANSWERS = {"content": "bytea", "is_public": "boolean", "is_stale": "boolean"}
#: In the place of a column with bytes: how far the ledger is, as ``LedgerStore.get_state`` tells it.
LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What is known of one document when it is read.

    Attributes:
        etag: 64 hexadecimal digits.
        content: The bytes of the column that was asked for, or how far the ledger is; None where they were not.
        is_public: Whether a reader may have it.
        is_stale: Whether it is to be built before it is read.
    """

    page_id: int
    state: str
    position: int | None
    etag: str
    tags: str
    locale: str
    path: str
    public_from: datetime | None
    valid_until: datetime | None
    reason: str
    content: bytes | None
    is_public: bool
    is_stale: bool


def build_query(vendor: str, condition: str, column: str) -> str:
    """Return the SQL that reads documents. Its parameters have names: see ``get_parameters``.

    Args:
        vendor: Of the database; the names of the tables are quoted for it.
        condition: SQL about the document ``d``.
        column: The column of ``Document`` with the bytes that are wanted, or ``LEDGER``.
    """
    wanted = pack_ledger_state(vendor) if column == LEDGER else f"d.{column}"
    # With the types that a function declares: a length would make another type of a text.
    columns = ", ".join(
        f"CAST(d.{name} AS {kind})"
        if vendor == "postgresql" and kind in ("text", "bigint")
        else f"d.{name}"
        for name, kind in FIELDS.items()
    )
    return f"""
        SELECT {columns},
            CASE WHEN d.etag = %(known)s THEN NULL ELSE {wanted} END,
            {build_public()},
            {build_stale()}
        FROM {build_source()}
        WHERE {condition}
    """  # noqa: S608 - names of tables and columns


def build_ledger_state() -> str:
    """Return SQL for how far the ledger is: its turn, and how many changes wait for the next one.

    Within a turn changes are only added; ids alone would not do, since a later one can be committed first.
    """
    ledger, change = quote(Ledger), quote(Change)
    return f"""
        CAST((SELECT l.generation FROM {ledger} l LIMIT 1) AS text) || '/' ||
        CAST((SELECT COUNT(*) FROM {change} w WHERE w.generation IS NULL) AS text)"""  # noqa: S608


def pack_ledger_state(vendor: str) -> str:
    """Return SQL for ``build_ledger_state`` as bytes in UTF-8."""
    text = build_ledger_state()
    if vendor == "postgresql":
        return f"convert_to({text}, 'UTF8')"
    return f"CAST({text} AS blob)"


@cache
def build_lookup(vendor: str, lookup: str, column: str) -> str:
    """Return the SQL that finds documents by one value, the parameter ``wanted``.

    Args:
        vendor: Of the database.
        lookup: ``page_id`` or ``path``.
        column: See ``build_query``.
    """
    query = build_query(vendor, f"d.{lookup} = %(wanted)s", column)
    if lookup == "page_id":
        return query
    public = f"CASE WHEN d.state = '{Document.State.PUBLIC.value}' THEN 0 ELSE 1 END"
    return f"{query} ORDER BY {public}, d.position DESC"


@cache
def build_function(lookup: str, column: str) -> tuple[str, str]:
    """Return the name of the function of PostgreSQL that finds one document, and the SQL that makes it.

    The arguments are those of ``build_lookup``.
    """
    answer = ", ".join(
        f'"{name}" {kind}' for name, kind in {**FIELDS, **ANSWERS}.items()
    )
    query = build_lookup("postgresql", lookup, column)
    return read_functions.write_function(lookup, column, query, answer)


def describe_functions() -> dict[str, str]:
    """Return the functions of PostgreSQL that find one document: name → the SQL that makes it."""
    columns = dict.fromkeys(
        choose_column("postgresql", column)
        for column in (*COLUMNS.values(), "card", LEDGER)
    )
    return dict(
        build_function(lookup, column)
        for lookup in read_functions.LOOKUPS
        for column in columns
    )


def get_parameters(host: tuple[str, int], known_etag: str = "") -> dict[str, Any]:
    """Return the parameters of the query, beside those of its condition."""
    return {
        "known": known_etag,
        "hostname": host[0],
        "port": host[1],
        **freshness.get_parameters(),
    }


def find(
    host: tuple[str, int], lookup: str, value: Any, column: str, known_etag: str
) -> list[StoredDocument]:
    """Look documents up in one query, those that are public first.

    A connection that was lost since the last request is replaced: see ``connecting.read``.

    Args:
        host: The hostname and the port that were asked.
        lookup: ``page_id`` or ``path``.
        value: Its value.
        column: See ``build_query``.
        known_etag: The content of a document with this tag is not read.
    """
    stored = choose_column(connection.vendor, column)
    query = build_lookup(connection.vendor, lookup, stored)
    parameters = {**get_parameters(host, known_etag), "wanted": value}

    def ask() -> list[tuple[Any, ...]]:
        rows = None
        if connection.vendor == "postgresql":
            name, _statement = build_function(lookup, stored)
            rows = read_functions.call(connection, name, parameters)
        return execute(query, parameters) if rows is None else rows

    rows = connecting.read(ask)
    return [build_row(row, is_packed=stored != column) for row in rows]


def execute(query: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


def build_row(row: tuple[Any, ...], *, is_packed: bool) -> StoredDocument:
    """Return what one row of the query says.

    Args:
        row: The row.
        is_packed: The bytes are compressed and wanted as they were before.
    """
    values = dict(zip(FIELDS, row, strict=False))
    content, is_public, is_stale = row[len(FIELDS) :]
    for name in ("public_from", "valid_until"):
        values[name] = read_time(values[name])
    if content is not None:
        content = decompress_gzip(content) if is_packed else bytes(content)
    return StoredDocument(
        **values,
        content=content,
        is_public=bool(is_public),
        is_stale=bool(is_stale),
    )


def read_time(value: Any) -> datetime | None:
    """Return an instant as the database gives it to a bare query."""
    if isinstance(value, str):
        value = parse_datetime(value)
    if value is not None and timezone.is_naive(value):
        value = value.replace(tzinfo=UTC)
    return value


def find_by_id(
    host: tuple[str, int], page_id: int, *, column: str = "body", known_etag: str = ""
) -> StoredDocument | None:
    """Return the document of a page, up to date; None where there never was one.

    One query, unless the document has to be built.
    """
    found = find_current(host, "page_id", page_id, column, known_etag, {page_id})
    return found[0] if found else None


def list_by_path(
    host: tuple[str, int], path: str, *, column: str = "body", known_etag: str = ""
) -> list[StoredDocument]:
    """Return the documents that the public gets, or last got, at a path, up to date: what is public first.

    One query, unless something has to be built.
    """
    return find_current(host, "path", path, column, known_etag, set())


def find_current(
    host: tuple[str, int],
    lookup: str,
    value: Any,
    column: str,
    known_etag: str,
    expected: set[int],
) -> list[StoredDocument]:
    """Look documents up; what has to be built is built first.

    Args:
        host: The hostname and the port that were asked.
        lookup: ``page_id`` or ``path``.
        value: Its value.
        column: The column with the bytes that are wanted.
        known_etag: The content of a document with this tag is not wanted.
        expected: The pages that are built where there is no document of them yet.
    """
    place = (lookup, value, column)
    cached = None if known_etag else DOCUMENTS.get(place)
    etag = cached.state if cached else known_etag
    found = find(host, lookup, value, column, etag)
    stale = {each.page_id for each in found if each.is_stale}
    missing = expected - {each.page_id for each in found}
    if stale or missing:
        refresh(stale | missing)
        found = find(host, lookup, value, column, etag)
    if found and found[0].content:
        content, size = found[0].content, len(found[0].content)
        DOCUMENTS.set(place, content, found[0].etag, None, size)
    if cached is None:
        return found
    return [
        replace(each, content=cached.value)
        if each.etag == cached.state and each.content is None
        else each
        for each in found
    ]


def find_many(page_ids: list[int]) -> list[StoredDocument]:
    """Return documents, up to date, whoever asks; one query, unless some have to be built."""
    if not page_ids:
        return []
    wanted = {f"wanted_{number}": pk for number, pk in enumerate(page_ids)}
    condition = f"d.page_id IN ({', '.join(f'%({name})s' for name in wanted)})"
    stored = choose_column(connection.vendor, "body")
    query = build_query(connection.vendor, condition, stored)

    def read() -> list[StoredDocument]:
        # No site is asked: the caller knows that the pages may be read.
        rows = execute(query, {**get_parameters(("", 0)), **wanted})
        return [build_row(row, is_packed=stored != "body") for row in rows]

    found = read()
    missing = set(page_ids) - {document.page_id for document in found}
    stale = missing | {document.page_id for document in found if document.is_stale}
    if stale:
        refresh(stale)
        found = read()
    return found
