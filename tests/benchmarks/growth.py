"""Lets a site grow to many articles: rows of articles that exist are copied, each with an id, a path and a title of its own.

To write, index and build ten thousand articles one by one would take longer than a run may. What is copied
is what the project's own functions made of the sources: the rows of the article index, of both searches and
of the ledger. Of a document its row and its card are those of the copy; its bytes stay those of the source
until it is built anew, as ``tests.benchmarks.preparing`` does with all that a run reads in detail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Max
from wagtail.models import Page, PageLogEntry, PageViewRestriction
from wagtail.search.models import IndexEntry

from tests.benchmarks.library import LANGUAGES
from tests.benchmarks.seeding import (
    BATCH_SIZE,
    build_key,
    build_path,
    build_title,
    compute_sizes,
)
from treatments.content.article import get_uuid
from treatments.models import (
    IndexedArticle,
    IndexedBlock,
    IndexedCitation,
    IndexedCondition,
    IndexedTerm,
    TreatmentIndexPage,
    TreatmentPage,
    TreatmentPageCondition,
    TreatmentPageContributor,
    TreatmentPageRelated,
)

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator

    from django.db import models

#: The rows that are copied for the time of a copy: which page from which.
MAP = "benchmark_copy"


@dataclass
class Copy:
    """One article in one language that is to be made from another."""

    source: Page
    page: Page
    language: str
    source_number: str
    number: str


def get_number(page: Page) -> str:
    """Return the five digits at the end of the title of an article."""
    return page.title[-5:]


def list_sections(language: str) -> list[Page]:
    """Return the sections of a language in the order of the tree."""
    return list(
        TreatmentIndexPage.objects.filter(
            locale__language_code=language, slug__startswith="section-"
        ).order_by("path")
    )


def plan(count: int) -> list[Copy]:
    """Return what has to be copied so that a site has ``count`` articles in each language."""
    private = set(PageViewRestriction.objects.values_list("page_id", flat=True))
    next_number = Page.objects.filter(depth=5).count() // len(LANGUAGES)
    sizes = compute_sizes(count)
    copies = []
    sections = {language: list_sections(language) for language in LANGUAGES}
    for position, size in enumerate(sizes):
        children = {
            language: list(sections[language][position].get_children().order_by("path"))
            for language in LANGUAGES
        }
        present = len(children[LANGUAGES[0]])
        sources = [
            place
            for place in range(present)
            if not private & {children[language][place].pk for language in LANGUAGES}
        ]
        for place in range(present, size):
            for language in LANGUAGES:
                source = children[language][sources[place % len(sources)]]
                copies.append(
                    build_copy(
                        source,
                        sections[language][position],
                        place,
                        next_number,
                        language,
                    )
                )
            next_number += 1
    return copies


def build_copy(
    source: Page, parent: Page, place: int, number: int, language: str
) -> Copy:
    """Return a copy of an article: the child number ``place`` of its parent, not saved."""
    source_number = get_number(source)
    slug = f"{source.slug.removesuffix(source_number)}{number:05d}"
    title = build_title(number, language)
    page = Page(
        title=title,
        draft_title=title,
        slug=slug,
        path=build_path(parent.path, place),
        depth=parent.depth + 1,
        numchild=0,
        url_path=f"{parent.url_path}{slug}/",
        content_type_id=source.content_type_id,
        locale_id=source.locale_id,
        translation_key=build_key(number),
        live=True,
        has_unpublished_changes=False,
        first_published_at=source.first_published_at,
        last_published_at=source.last_published_at,
        latest_revision_created_at=source.latest_revision_created_at,
        expire_at=source.expire_at,
    )
    return Copy(source, page, language, source_number, f"{number:05d}")


def grow(count: int) -> int:
    """Let a site grow to ``count`` articles in each language, and return how many rows of pages were added."""
    copies = plan(count)
    if not copies:
        return 0
    with transaction.atomic():
        Page.objects.bulk_create(
            [each.page for each in copies], batch_size=BATCH_SIZE * 2
        )
        for language in LANGUAGES:
            for section, size in zip(
                list_sections(language), compute_sizes(count), strict=True
            ):
                Page.objects.filter(pk=section.pk).update(numchild=size)
        write_map(copies)
        copy_articles()
        copy_indexes()
        copy_ledger()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {MAP}")
    return len(copies)


def write_map(copies: list[Copy]) -> None:
    """Write which page is made from which into a table."""
    kind = TreatmentPage._meta.get_field("translation_key").db_type(connection)
    rows = []
    for each in copies:
        keys = (each.source.translation_key, each.page.translation_key)
        rows.append(
            [
                each.source.pk,
                each.page.pk,
                each.source_number,
                each.number,
                *(adapt_key(key) for key in keys),
                *(str(key) for key in keys),
                *(get_uuid(key, each.language) for key in keys),
            ]
        )
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE {MAP} (source bigint, target bigint PRIMARY KEY, source_number text, number text, "
            f"source_key {kind}, key {kind}, source_key_text text, key_text text, source_uuid text, uuid text)"
        )
        marks = ", ".join(["%s"] * len(rows[0]))
        cursor.executemany(f"INSERT INTO {MAP} VALUES ({marks})", rows)  # noqa: S608
        cursor.execute(f"CREATE INDEX {MAP}_source ON {MAP} (source)")
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {MAP}")


def adapt_key(key: uuid.UUID) -> Any:
    """Return a key as the database takes it."""
    return key if connection.features.has_native_uuid_field else key.hex


def copy_rows(
    model: type[models.Model], join: str, changes: dict[str, str], where: str = "TRUE"
) -> None:
    """Copy the rows of a table.

    Args:
        model: Whose table.
        join: SQL that joins the rows ``t`` with the map ``m``.
        changes: Column → SQL of what the copy has there.
        where: Which rows.
    """
    quote = connection.ops.quote_name
    columns = [
        str(field.column)
        for field in model._meta.local_concrete_fields
        if field.column in changes or not is_automatic(field)
    ]
    values = ", ".join(changes.get(column, f"t.{quote(column)}") for column in columns)
    names = ", ".join(map(quote, columns))
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {MAP} m JOIN {table} t ON {join} WHERE {where}"  # noqa: S608 - names of tables and columns
        )


def is_automatic(field: models.Field) -> bool:
    """Tell whether the database numbers a column by itself."""
    return field.primary_key and field.remote_field is None and field.column == "id"


def replace_number(column: str) -> str:
    """Return SQL of a text with the number of the copy."""
    return (
        f"replace(replace({column}, ' ' || m.source_number, ' ' || m.number), "
        "'-' || m.source_number, '-' || m.number)"
    )


def copy_articles() -> None:
    """Copy the articles, and what hangs on them."""
    copy_rows(TreatmentPage, "t.page_ptr_id = m.source", {"page_ptr_id": "m.target"})
    for model in (
        TreatmentPageCondition,
        TreatmentPageContributor,
        TreatmentPageRelated,
    ):
        copy_rows(model, "t.page_id = m.source", {"page_id": "m.target"})
    copy_rows(
        PageLogEntry,
        "t.page_id = m.source",
        {"page_id": "m.target", "label": replace_number("t.label")},
    )


def copy_indexes() -> None:
    """Copy the article index with its search, and Wagtail's search."""
    copy_rows(
        IndexedArticle,
        "t.page_id = m.source",
        {
            "page_id": "m.target",
            "translation_key": "m.key",
            "title": replace_number("t.title"),
            "sort_title": replace_number("t.sort_title"),
        },
    )
    for model in (IndexedBlock, IndexedCitation, IndexedCondition, IndexedTerm):
        copy_rows(model, "t.article_id = m.source", {"article_id": "m.target"})
    if connection.vendor != "postgresql":
        # Elsewhere the entries have tables of their own beside them, which only their backend writes.
        return
    content_type = ContentType.objects.get_for_model(TreatmentPage)
    copy_rows(
        IndexEntry,
        "t.object_id = m.source::varchar",
        {"object_id": "m.target::varchar"},
        f"t.content_type_id = {content_type.pk}",
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO treatments_search (page_id, vector, head) SELECT m.target, t.vector, t.head "  # noqa: S608
            f"FROM {MAP} m JOIN treatments_search t ON t.page_id = m.source"
        )


def iterate_replacements() -> Iterator[tuple[str, str]]:
    """Yield SQL of what stands in a card for its identity, and of what stands there in the copy."""
    yield "' ' || m.source_number", "' ' || m.number"
    yield "'-' || m.source_number", "'-' || m.number"
    yield "m.source_key_text", "m.key_text"
    yield "m.source_uuid", "m.uuid"
    yield """'"id":' || m.source || ',"type"'""", """'"id":' || m.target || ',"type"'"""


def replace_identity(column: str) -> str:
    """Return SQL of the bytes of a card as those of the copy."""
    if connection.vendor == "postgresql":
        text, pattern = f"convert_from({column}, 'UTF8')", "convert_to({}, 'UTF8')"
    else:
        text, pattern = f"CAST({column} AS TEXT)", "CAST({} AS BLOB)"
    for source, target in iterate_replacements():
        text = f"replace({text}, {source}, {target})"
    return pattern.format(text)


def copy_ledger() -> None:
    """Copy the documents, their first versions and what they depend on; the cursor stays without gaps."""
    from treatments.delivery.models import Dependency, Document, Ledger, Version

    last = Ledger.objects.values_list("position", flat=True).first() or 0
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {MAP} ADD COLUMN position bigint")
        cursor.execute(
            f"UPDATE {MAP} SET position = %s + p.place FROM (SELECT o.target, row_number() OVER "  # noqa: S608
            f"(ORDER BY o.target) AS place FROM {MAP} o JOIN treatments_delivery_document d "
            f"ON d.page_id = o.source AND d.state = 'public') p WHERE p.target = {MAP}.target",
            [last],
        )
    copy_rows(
        Version,
        "t.page_id = m.source AND t.number = 1 AND t.kind = 'published'",
        {
            "position": "m.position",
            "page_id": "m.target",
            "translation_key": "m.key",
            "path": replace_number("t.path"),
            "title": replace_number("t.title"),
        },
        "m.position IS NOT NULL",
    )
    copy_rows(
        Document,
        "t.page_id = m.source",
        {
            "page_id": "m.target",
            "position": "m.position",
            "number": "1",
            "translation_key": "m.key",
            "path": replace_number("t.path"),
            "title": replace_number("t.title"),
            "tags": "replace(t.tags, 'article-' || m.source || ' ', 'article-' || m.target || ' ')",
            "card": replace_identity("t.card"),
        },
        "t.state = 'public'",
    )
    copy_rows(
        Dependency,
        "t.page_id = m.source",
        {
            "page_id": "m.target",
            "key": "replace(t.key, m.source_key_text, m.key_text)",
        },
    )
    highest = Version.objects.aggregate(highest=Max("position"))["highest"]
    Ledger.objects.update(position=highest or 0)
