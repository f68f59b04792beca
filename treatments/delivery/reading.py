"""Reads documents: one query that also decides whether the reader may have them and whether they are up to date.

Privacy, publication and expiry are asked of the pages themselves, in the same query: a document is not
trusted to know. The SQL is written out, since compiling it from Django's expressions takes longer than
running it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.models import Page, PageViewRestriction, Site

from treatments.delivery.building import get_recipe, refresh
from treatments.delivery.compression import choose_column, decompress_gzip
from treatments.delivery.models import Change, Dependency, Document, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable

#: How a document is asked for: its columns in the query.
FIELDS = (
    "page_id",
    "state",
    "position",
    "etag",
    "tags",
    "locale",
    "path",
    "public_from",
    "valid_until",
    "reason",
)


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What is known of one document when it is read.

    Attributes:
        etag: 64 hexadecimal digits.
        content: The bytes of the column that was asked for; None where they were not.
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


@cache
def build_query(vendor: str, condition: str, column: str) -> str:
    """Return the SQL that reads documents.

    Its parameters: those that ``read`` gives, then those of the condition.

    Scalar subqueries stand where joins would read better: PostgreSQL plans the query anew for each read,
    and takes longer over a join than over its execution. A join of the restrictions could even end in a
    walk over all pages.

    Args:
        vendor: Of the database; the names of the tables are quoted for it.
        condition: SQL about the document ``d``.
        column: The column of ``Document`` with the bytes that are wanted.
    """
    document, page = quote(Document), quote(Page)
    site, restriction = quote(Site), quote(PageViewRestriction)
    mark, change, dependency = quote(Mark), quote(Change), quote(Dependency)
    key = connection.ops.quote_name("key")
    columns = ", ".join(f"d.{name}" for name in FIELDS)
    return f"""
        SELECT {columns},
            CASE WHEN d.etag = %s THEN NULL ELSE d.{column} END,
            COALESCE(p.live, FALSE)
                AND p.alias_of_id IS NULL
                AND (p.expire_at IS NULL OR p.expire_at > %s)
                AND NOT EXISTS (
                    SELECT 1 FROM {restriction} r WHERE p.path LIKE (
                        SELECT rp.path FROM {page} rp WHERE rp.id = r.page_id) || '%%')
                AND EXISTS (
                    SELECT 1 FROM {page} tree WHERE tree.translation_key = (
                        SELECT asked.translation_key FROM {page} asked WHERE asked.id = (
                        SELECT s.root_page_id FROM {site} s
                        WHERE s.hostname = %s OR s.is_default_site
                        ORDER BY CASE
                            WHEN s.hostname = %s AND s.port = %s THEN 0
                            WHEN s.hostname = %s AND s.is_default_site THEN 1
                            WHEN s.hostname = %s AND (
                                SELECT COUNT(*) FROM {site} same WHERE same.hostname = %s
                            ) = 1 THEN 2
                            WHEN s.is_default_site THEN 3 ELSE 4 END
                        LIMIT 1))
                    AND p.path LIKE tree.path || '%%'),
            (d.retry_at IS NULL OR d.retry_at <= %s) AND (
                d.state = '{Document.State.WAITING.value}'
                OR EXISTS (SELECT 1 FROM {mark} m WHERE m.page_id = d.page_id)
                OR EXISTS (
                    SELECT 1 FROM {change} c WHERE c.generation IS NULL AND (
                        SELECT dep.id FROM {dependency} dep
                        WHERE dep.page_id = d.page_id AND dep.{key} = c.{key} LIMIT 1) IS NOT NULL)
                OR (d.state = '{Document.State.PUBLIC.value}' AND (
                    p.id IS NULL
                    OR d.recipe <> %s
                    OR COALESCE(d.valid_until <= %s, FALSE)
                    OR p.last_published_at IS DISTINCT FROM d.source_published_at)))
        FROM {document} d LEFT JOIN {page} p ON p.id = d.page_id
        WHERE {condition}
        ORDER BY CASE WHEN d.state = '{Document.State.PUBLIC.value}' THEN 0 ELSE 1 END, d.position DESC
    """  # noqa: S608 - names of tables and columns


def read(
    host: tuple[str, int],
    condition: str,
    parameters: Iterable[Any],
    *,
    column: str = "body",
    known_etag: str = "",
) -> list[StoredDocument]:
    """Read documents in one query, those that are public first.

    Args:
        host: The hostname and the port that were asked.
        condition: SQL about the document ``d``.
        parameters: Of the condition.
        column: The column with the bytes that are wanted.
        known_etag: The content of a document with this tag is not read.
    """
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    name, port = host
    site = [name, name, port, name, name, name]
    stored = choose_column(connection.vendor, column)
    with connection.cursor() as cursor:
        cursor.execute(
            build_query(connection.vendor, condition, stored),
            [known_etag, now, *site, now, get_recipe(), now, *parameters],
        )
        return [build_row(row, is_packed=stored != column) for row in cursor.fetchall()]


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
    options = {"column": column, "known_etag": known_etag}
    found = read(host, "d.page_id = %s", [page_id], **options)
    if not found or found[0].is_stale:
        refresh([page_id])
        found = read(host, "d.page_id = %s", [page_id], **options)
    return found[0] if found else None


def find_many(page_ids: list[int]) -> list[StoredDocument]:
    """Return documents, up to date, whoever asks; one query, unless some have to be built."""
    if not page_ids:
        return []
    condition = f"d.page_id IN ({', '.join(['%s'] * len(page_ids))})"
    # No site is asked: the caller knows that the pages may be read.
    found = read(("", 0), condition, page_ids)
    missing = set(page_ids) - {document.page_id for document in found}
    stale = missing | {document.page_id for document in found if document.is_stale}
    if stale:
        refresh(stale)
        found = read(("", 0), condition, page_ids)
    return found


def find_by_path(
    host: tuple[str, int], path: str, *, column: str = "body", known_etag: str = ""
) -> StoredDocument | None:
    """Return the public document at a path, up to date, or None; one query, unless it has to be built."""
    options = {"column": column, "known_etag": known_etag}
    found = read(host, "d.path = %s", [path], **options)
    stale = [each.page_id for each in found if each.is_stale]
    if stale:
        refresh(stale)
        found = read(host, "d.path = %s", [path], **options)
    return next(
        (
            each
            for each in found
            if each.is_public and each.state == Document.State.PUBLIC
        ),
        None,
    )
