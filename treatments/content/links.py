"""What articles name in their child relations: conditions, authors, related articles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import F, Value

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet


@dataclass
class ArticleLinks:
    """What an article names in its child relations: ids in the editor's order.

    Attributes:
        related: Relations with the pages that they lead to.
    """

    conditions: list[int] = field(default_factory=list)
    contributors: list[int] = field(default_factory=list)
    related: list[tuple[str, int]] = field(default_factory=list)


#: Child relation → its columns: what it leads to, and what it says of that.
LINK_COLUMNS: dict[str, tuple[str, Any]] = {
    "article_conditions": ("condition_id", Value("")),
    "article_contributors": ("contributor_id", Value("")),
    "related_articles": ("related_page_id", F("relation")),
}


def set_links(pages: list[Any]) -> None:
    """Give each page of a model what it names, as ``page.article_links``.

    That of live pages is loaded in one query; a page from a revision or a form has its own.
    """
    live = {}
    for page in pages:
        if page.pk and not getattr(page, "_cluster_related_objects", None):
            live[page.pk] = page
            page.article_links = ArticleLinks()
        else:
            page.article_links = read_links(page)
    if not live:
        return
    for kind, page_id, target_id, relation, _order in load_links(type(pages[0]), live):
        links = live[page_id].article_links
        if kind == "article_conditions":
            links.conditions.append(target_id)
        elif kind == "article_contributors":
            links.contributors.append(target_id)
        else:
            links.related.append((relation, target_id))


def read_links(page: Any) -> ArticleLinks:
    """Return what a page that is not saved names."""
    return ArticleLinks(
        [row.condition_id for row in page.article_conditions.all()],
        [row.contributor_id for row in page.article_contributors.all()],
        [
            (row.relation, row.related_page_id)
            for row in page.related_articles.all()
            if row.related_page_id
        ],
    )


def load_links(model: type[Any], page_ids: Collection[int]) -> QuerySet[Any, Any]:
    """Return the rows of the three child relations, as they stand in ``set_links``; one query."""
    queries = []
    for name, (target, relation) in LINK_COLUMNS.items():
        child = model._meta.get_field(name)
        parent = child.field.attname
        rows = child.related_model._default_manager.filter(
            **{f"{parent}__in": list(page_ids)}
        )
        queries.append(
            rows.order_by()
            .annotate(
                kind=Value(name),
                parent_key=F(parent),
                target_key=F(target),
                says=relation,
            )
            .values_list("kind", "parent_key", "target_key", "says", "sort_order")
        )
    return queries[0].union(*queries[1:], all=True).order_by("sort_order")
