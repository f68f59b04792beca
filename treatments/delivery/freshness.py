"""Decides whether a stored document is stale, and whether the public may have it.

Both rules are written once, as SQL about a document ``d`` and its page ``p``, which may be missing. Reads of one
document put that SQL into a query of their own, since Django takes longer to compile such a query than the database
to run it; lists and builds put it into theirs with ``IsStale`` and ``IsOutdated``. Only for many pages at once is
"public" left to the conditions of ``treatments.content.visibility``, which suit the planner better there.

Scalar subqueries stand where joins would read better: PostgreSQL plans the query anew for each read, and takes longer
over a join than over its execution. A join of the restrictions could even end in a walk over all pages.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import BooleanField, Exists, Func, OuterRef, Q, QuerySet
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from treatments.api.resolve.sites import get_readable_pages
from treatments.delivery.models import Change, Dependency, Document, Mark
from treatments.delivery.recipe import get_recipe

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler
    from django.http import HttpRequest


def quote(model: Any) -> str:
    """Return the name of a model's table for SQL."""
    return connection.ops.quote_name(model._meta.db_table)


def build_source() -> str:
    """Return the tables that the rules are asked of: documents ``d`` and their pages ``p``."""
    return f"{quote(Document)} d LEFT JOIN {quote(Page)} p ON p.id = d.page_id"


def get_parameters() -> dict[str, Any]:
    """Return the values of ``now`` and ``recipe`` in the rule of what is stale."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    return {"now": now, "recipe": get_recipe()}


def build_stale() -> str:
    """Return SQL for: the document has to be built before it is read.

    A change of what it contains makes it stale at once, even where its last build has failed.
    """
    change, dependency = quote(Change), quote(Dependency)
    key = connection.ops.quote_name("key")
    return f"""
        EXISTS (
            SELECT 1 FROM {change} c WHERE c.generation IS NULL
            AND (c.due_at IS NULL OR c.due_at <= %(now)s) AND (
                SELECT dep.id FROM {dependency} dep
                WHERE dep.page_id = d.page_id AND dep.{key} = c.{key} LIMIT 1) IS NOT NULL)
        OR {build_outdated()}
    """  # noqa: S608 - names of tables


def build_outdated() -> str:
    """Return SQL for: the document has to be built, once marks are made of all changes.

    A withdrawn article has no document that could be outdated: only a mark has it built.
    """
    return f"""
        (d.retry_at IS NULL OR d.retry_at <= %(now)s) AND (
            d.state = '{Document.State.WAITING.value}'
            OR EXISTS (SELECT 1 FROM {quote(Mark)} m WHERE m.page_id = d.page_id)
            OR (d.state = '{Document.State.PUBLIC.value}' AND (
                p.id IS NULL
                OR d.recipe <> %(recipe)s
                OR COALESCE(d.valid_until <= %(now)s, FALSE)
                OR p.last_published_at IS DISTINCT FROM d.source_published_at)))
    """  # noqa: S608 - names of tables


def build_public() -> str:
    """Return SQL for: readers of the site ``hostname``, ``port`` may have the page ``now``.

    ``list_public_documents`` says the same for many pages. The order of the sites is that of ``get_asked_sites``.
    """
    page, site, restriction = quote(Page), quote(Site), quote(PageViewRestriction)
    return f"""
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
                AND p.path LIKE tree.path || '%%')
    """  # noqa: S608 - names of tables


def list_public_documents(request: HttpRequest) -> QuerySet[Document]:
    """Return the documents that readers of the asked site may have now, for use inside another query."""
    pages = get_readable_pages(request).filter(alias_of__isnull=True)
    return Document.objects.filter(
        Exists(pages.filter(pk=OuterRef("pk"))), state=Document.State.PUBLIC
    )


@cache
def number_parameters(sql: str) -> tuple[str, tuple[str, ...]]:
    """Return SQL with ``%s`` for each of its named parameters, and their names in that order."""
    pattern = r"%\((\w+)\)s"
    return re.sub(pattern, "%s", sql), tuple(re.findall(pattern, sql))


class IsStale(Func):
    """Whether the document of a page is stale, or missing: ``IsStale("pk")`` in a query of pages or documents.

    One scalar subquery: of several EXISTS the planner would rather read the whole table.
    """

    arity = 1
    output_field = BooleanField()

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        *args: Any,
        **kwargs: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the SQL of the rule, and its parameters in their order."""
        page_id, given = compiler.compile(self.source_expressions[0])
        rule, names = number_parameters(self.build_rule())
        values = get_parameters()
        query = f"SELECT {rule} FROM {build_source()} WHERE d.page_id = {page_id}"  # noqa: S608 - names of tables
        return f"COALESCE(({query}), TRUE)", (*(values[each] for each in names), *given)

    def build_rule(self) -> str:
        """Return the rule that is asked."""
        return build_stale()


class IsOutdated(IsStale):
    """Whether the document of a page is to be built once marks are made of all changes."""

    def build_rule(self) -> str:
        """Return the rule that is asked."""
        return build_outdated()


def find_unmarked() -> QuerySet[Change]:
    """Return the changes of which no marks were made yet."""
    return Change.objects.filter(generation__isnull=True)


def find_pending() -> QuerySet[Change]:
    """Return the changes of which no marks were made yet and now can be."""
    is_due = Q(due_at__isnull=True) | Q(due_at__lte=timezone.now())
    return find_unmarked().filter(is_due)


def find_due() -> QuerySet[Document]:
    """Return the documents that have become other ones by themselves."""
    return Document.objects.filter(
        state=Document.State.PUBLIC, valid_until__lte=timezone.now()
    )
