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
from wagtail.models import Page, PageViewRestriction, Site

from treatments.api.http.process_cache import DOCUMENTS
from treatments.delivery import connecting, read_functions
from treatments.delivery.building import get_recipe, refresh
from treatments.delivery.compression import COLUMNS, choose_column, decompress_gzip
from treatments.delivery.models import Change, Dependency, Document, Ledger, Mark

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


def quote(model: Any) -> str:
    """Return the name of a model's table for SQL."""
    return connection.ops.quote_name(model._meta.db_table)


def build_query(vendor: str, condition: str, column: str) -> str:
    """Return the SQL that reads documents. Its parameters have names: see ``get_parameters``.

    Scalar subqueries stand where joins would read better: PostgreSQL plans the query anew for each read,
    and takes longer over a join than over its execution. A join of the restrictions could even end in a
    walk over all pages.

    Args:
        vendor: Of the database; the names of the tables are quoted for it.
        condition: SQL about the document ``d``.
        column: The column of ``Document`` with the bytes that are wanted, or ``LEDGER``.
    """
    wanted = build_ledger_state(vendor) if column == LEDGER else f"d.{column}"
    document, page = quote(Document), quote(Page)
    site, restriction = quote(Site), quote(PageViewRestriction)
    mark, change, dependency = quote(Mark), quote(Change), quote(Dependency)
    key = connection.ops.quote_name("key")
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
            COALESCE(p.live, FALSE)
                AND p.alias_of_id IS NULL
                AND (p.expire_at IS NULL OR p.expire_at > %(now)s)
                AND NOT EXISTS (
                    SELECT 1 FROM {restriction} r WHERE p.path LIKE (
                        SELECT rp.path FROM {page} rp WHERE rp.id = r.page_id) || '%%')
                AND EXISTS (
                    SELECT 1 FROM {page} tree WHERE tree.translation_key = (
                        SELECT asked.translation_key FROM {page} asked WHERE asked.id = (
                        SELECT s.root_page_id FROM {site} s
                        WHERE s.hostname = %(hostname)s OR s.is_default_site
                        ORDER BY CASE
                            WHEN s.hostname = %(hostname)s AND s.port = %(port)s THEN 0
                            WHEN s.hostname = %(hostname)s AND s.is_default_site THEN 1
                            WHEN s.hostname = %(hostname)s AND (
                                SELECT COUNT(*) FROM {site} same WHERE same.hostname = %(hostname)s
                            ) = 1 THEN 2
                            WHEN s.is_default_site THEN 3 ELSE 4 END
                        LIMIT 1))
                    AND p.path LIKE tree.path || '%%'),
            EXISTS (
                SELECT 1 FROM {change} c WHERE c.generation IS NULL
                AND (c.due_at IS NULL OR c.due_at <= %(now)s) AND (
                    SELECT dep.id FROM {dependency} dep
                    WHERE dep.page_id = d.page_id AND dep.{key} = c.{key} LIMIT 1) IS NOT NULL)
            OR (d.retry_at IS NULL OR d.retry_at <= %(now)s) AND (
                d.state = '{Document.State.WAITING.value}'
                OR EXISTS (SELECT 1 FROM {mark} m WHERE m.page_id = d.page_id)
                OR (d.state = '{Document.State.PUBLIC.value}' AND (
                    p.id IS NULL
                    OR d.recipe <> %(recipe)s
                    OR COALESCE(d.valid_until <= %(now)s, FALSE)
                    OR p.last_published_at IS DISTINCT FROM d.source_published_at)))
        FROM {document} d LEFT JOIN {page} p ON p.id = d.page_id
        WHERE {condition}
    """  # noqa: S608 - names of tables and columns


def build_ledger_state(vendor: str) -> str:
    """Return SQL for how far the ledger is, as bytes in UTF-8: ``LedgerStore.get_state`` in the query of a document."""
    ledger, change = quote(Ledger), quote(Change)
    text = f"""
        CAST((SELECT l.generation FROM {ledger} l LIMIT 1) AS text) || '/' ||
        CAST((SELECT COUNT(*) FROM {change} w WHERE w.generation IS NULL) AS text)"""  # noqa: S608
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
        "now": connection.ops.adapt_datetimefield_value(timezone.now()),
        "hostname": host[0],
        "port": host[1],
        "recipe": get_recipe(),
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
