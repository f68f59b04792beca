"""What the article index holds of each article: built from the database, and as it is stored.

Everything is read from the database: an instance in memory can hold a draft.
"""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from wagtail.blocks import CharBlock
from wagtail.images import get_image_model
from wagtail.models import Page

from snippets.models import Condition, GlossaryTerm, Reference, Treatment
from treatments.article_fields import BODY, HERO, TEXT
from treatments.blocks.criteria import CriteriaListBlock
from treatments.blocks.procedure import ProcedureStepsBlock
from treatments.blocks.streams import SectionBlock
from treatments.content.blocks import collect, iterate_stream
from treatments.content.documents import load_articles
from treatments.content.lookups import get_article_models
from treatments.content.needs import Needs
from treatments.content.own_fields import load_own_rows, read_fields
from treatments.content.texts import iterate_texts, walk
from treatments.content.visibility import build_public_file_condition
from treatments.models import (
    IndexedArticle,
    IndexedBlock,
    IndexedCitation,
    IndexedCondition,
    IndexedTerm,
)
from treatments.models.own_fields import get_article_fields
from treatments.search.index.states import load_states
from treatments.search.stemming import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from wagtail import blocks
    from wagtail.query import PageQuerySet

PAGE_FIELDS = (
    "locale_id",
    "translation_key",
    "title",
    "first_published_at",
    "last_published_at",
)
INDEX_FIELDS = tuple(
    field.attname for field in IndexedArticle._meta.concrete_fields[1:]
)
#: The raw values of an article with the blocks that they are read as, by name.
Given = dict[str, tuple[Any, Any]]


@dataclass
class Entry:
    """What the index holds of one article.

    Attributes:
        fields: The columns of ``IndexedArticle`` without the page.
        conditions: Translation keys.
        blocks: ``(block id, type, section id, standalone)`` in reading order.
        citations: Ids of references.
        terms: Translation keys.
        sections: Id and heading of what stands in the body itself; no part of what is stored.
    """

    fields: dict[str, Any]
    conditions: frozenset[uuid.UUID]
    blocks: tuple[tuple[uuid.UUID, str, uuid.UUID | None, bool], ...]
    citations: frozenset[int]
    terms: frozenset[uuid.UUID]
    sections: tuple[tuple[str, str], ...] = field(default=(), compare=False)


def get_indexable_pages() -> PageQuerySet:
    """Return the pages that belong into the index: live articles that are no alias."""
    is_article = Q(pk__in=[])
    for model in get_article_models():
        is_article |= Q(
            content_type__app_label=model._meta.app_label,
            content_type__model=model._meta.model_name,
        )
    return Page.objects.live().filter(is_article, alias_of__isnull=True)


def build_entries(
    page_ids: Collection[int], states: dict[int, dict[str, Any]] | None = None
) -> dict[int, Entry]:
    """Return what the index should hold; pages that do not belong into it are left out.

    The number of queries depends on the number of article types only.

    Args:
        page_ids: Ids of any pages.
        states: What ``load_states`` gives of these pages, where that is known.
    """
    articles = load_articles(Q(pk__in=page_ids, live=True, alias_of__isnull=True))
    if not articles:
        return {}
    names = _Names()
    given: dict[int, Given] = {}
    needs = Needs()
    for model in {type(page): None for page in articles}:
        pages = [page for page in articles if type(page) is model]
        load_own_rows(pages)
        names.add_conditions(model, [page.pk for page in pages])
    for page in articles:
        needs.current = page.pk
        given[page.pk] = read_fields(page)
        for block, raw in given[page.pk].values():
            collect(block, raw, needs)
        if page.hero_image_id:
            needs.image_ids.add(page.hero_image_id)
    names.load(page.treatment_id for page in articles)
    known = _Known(needs)
    for page in articles:
        if page.hero_image_id in known.images:
            given[page.pk][HERO] = (CharBlock(), page.hero_image_alt)
    if states is None:
        states = load_states(list(given))
    return {
        page.pk: _build_entry(page, given[page.pk], names, known, states[page.pk])
        for page in articles
    }


class _Names:
    """The treatments and conditions of articles, and their names in every language."""

    def __init__(self) -> None:
        #: page id → ids of its conditions, in order
        self.condition_ids: dict[int, list[int]] = defaultdict(list)
        self.keys: dict[tuple[type, int], uuid.UUID] = {}
        self.rows: dict[tuple[type, Any], dict[str, Any]] = {}

    def add_conditions(self, model: type[Any], page_ids: list[int]) -> None:
        """Load which conditions the articles of a model have."""
        relation = model._meta.get_field("article_conditions")
        parent = relation.field.attname
        rows = relation.related_model._base_manager.filter(
            **{f"{parent}__in": page_ids}
        )
        for page_id, pk in rows.order_by("sort_order", "pk").values_list(
            parent, "condition_id"
        ):
            self.condition_ids[page_id].append(pk)

    def load(self, treatment_ids) -> None:
        """Load the names, two queries."""
        wanted = {
            Treatment: {pk for pk in treatment_ids if pk},
            Condition: {pk for ids in self.condition_ids.values() for pk in ids},
        }
        for model, ids in wanted.items():
            keys = model._default_manager.filter(pk__in=ids).values("translation_key")
            for row in model._default_manager.filter(translation_key__in=keys).values(
                "pk",
                "translation_key",
                "locale_id",
                "name",
                "also_known_as",
                "is_public",
            ):
                key = row["translation_key"]
                self.keys[model, row["pk"]] = key
                if row["is_public"]:
                    self.rows[model, row["pk"]] = row
                    self.rows[model, (key, row["locale_id"])] = row

    def get_names(self, model: type, pk: int, locale_id: int) -> list[str]:
        """Return the names that readers of a language see, none of what is not public."""
        own = self.rows.get((model, (self.keys.get((model, pk)), locale_id)))
        row = own or self.rows.get((model, pk))
        return [row["name"], *row["also_known_as"].splitlines()] if row else []


class _Known:
    """Which references and terms of the content exist, and which images readers get; a query for each."""

    def __init__(self, needs: Needs):
        self.needs = needs
        reference_ids = {pk for ids in needs.references.values() for pk in ids}
        term_ids = {pk for ids in needs.terms.values() for pk in ids}
        self.references = set(
            Reference.objects.filter(pk__in=reference_ids).values_list("pk", flat=True)
        )
        shown = get_image_model()._default_manager.filter(
            build_public_file_condition(), pk__in=needs.image_ids
        )
        self.images = set(shown.values_list("pk", flat=True))
        self.terms = dict(
            GlossaryTerm.objects.filter(pk__in=term_ids).values_list(
                "pk", "translation_key"
            )
        )

    def get_citations(self, page_id: int) -> frozenset[int]:
        """Return the references that a page cites."""
        return frozenset(self.references & set(self.needs.references.get(page_id, ())))

    def get_terms(self, page_id: int) -> frozenset[uuid.UUID]:
        """Return the keys of the terms that a page uses."""
        ids = self.needs.terms.get(page_id, ())
        return frozenset(self.terms[pk] for pk in ids if pk in self.terms)


def _iterate_texts(
    model: type[Any], given: Given, column: str, images: Collection[int]
) -> Iterator[str]:
    """Yield the words for a column, in their order; of the body those outside of the headings."""
    fields = sorted(get_article_fields(model).values(), key=lambda row: row.searched)
    for name in (row.name for row in fields if row.searched[0] == column):
        if name == BODY:
            yield from _iterate_body_texts(*given[name], images)
        elif name in given:
            yield from iterate_texts(*given[name], images)


def _build_entry(page, given, names, known, states) -> Entry:
    model, locale_id = type(page), page.locale_id
    condition_ids = names.condition_ids[page.pk]
    all_names = [
        *_iterate_texts(model, given, "names", known.images),
        *names.get_names(Treatment, page.treatment_id, locale_id),
        *(
            name
            for condition_id in condition_ids
            for name in names.get_names(Condition, condition_id, locale_id)
        ),
    ]
    body = given[BODY]
    inner_blocks = [block for block, _ in walk(*body)]
    return Entry(
        fields={
            **{name: getattr(page, name) for name in PAGE_FIELDS},
            "sort_title": build_sort_title(page.title),
            "type": model._meta.label,
            "kind": page.kind,
            "audience": page.audience,
            "intent": page.intent,
            "treatment_key": names.keys.get((Treatment, page.treatment_id)),
            "has_criteria": any(
                isinstance(block, CriteriaListBlock) for block in inner_blocks
            ),
            "has_steps": any(
                isinstance(block, ProcedureStepsBlock) for block in inner_blocks
            ),
            **states,
            "names": _join(dict.fromkeys(all_names)),
            "summary": page.summary,
            "headings": _join(_iterate_headings(*body)),
            "text": _join(_iterate_texts(model, given, TEXT, known.images)),
        },
        conditions=frozenset(names.keys[Condition, pk] for pk in condition_ids),
        blocks=tuple(_iterate_blocks(*body)),
        citations=known.get_citations(page.pk),
        terms=known.get_terms(page.pk),
        sections=tuple(_iterate_sections(*body)),
    )


def build_sort_title(title: str) -> str:
    """Return what a title is sorted by: “¿Qué es…?” stands under Q."""
    return re.sub(r"^\W+", "", fold(title))[:255]


def _join(texts) -> str:
    return "\n".join(stripped for text in texts if (stripped := text.strip()))


def _iterate_headings(
    stream_block: blocks.StreamBlock, raw: list[dict[str, Any]]
) -> Iterator[str]:
    """Yield the headings of the sections of a body."""
    for block, child in iterate_stream(stream_block, raw):
        if isinstance(block, SectionBlock) and child.get("value"):
            yield child["value"].get("heading") or ""


def _iterate_body_texts(
    stream_block: blocks.StreamBlock, raw: list[dict[str, Any]], images: Collection[int]
) -> Iterator[str]:
    """Yield the texts of a body without the headings of its sections."""
    for block, child in iterate_stream(stream_block, raw):
        value = child.get("value")
        if isinstance(block, SectionBlock) and value:
            value = {name: inner for name, inner in value.items() if name != "heading"}
        yield from iterate_texts(block, value, images)


def _iterate_blocks(
    stream_block: blocks.StreamBlock, raw: list[dict[str, Any]]
) -> Iterator[tuple[uuid.UUID, str, uuid.UUID | None, bool]]:
    """Yield what stands in a body, and directly in its sections; without a proper id, nobody can ask for it."""
    for block, child in iterate_stream(stream_block, raw):
        value = child.get("value")
        is_section = isinstance(block, SectionBlock) and bool(value)
        standalone = is_section and bool(value.get("standalone"))
        block_id = _parse_uuid(child.get("id"))
        if block_id:
            yield block_id, child["type"], None, standalone
        if is_section:
            content = block.child_blocks["content"]
            for _, inner in iterate_stream(content, value.get("content")):
                inner_id = _parse_uuid(inner.get("id"))
                if inner_id:
                    yield inner_id, inner["type"], block_id, standalone


def _iterate_sections(
    stream_block: blocks.StreamBlock, raw: list[dict[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Yield the id and the heading of what stands in a body itself."""
    for _block, child in iterate_stream(stream_block, raw):
        value = child.get("value")
        heading = value.get("heading") if isinstance(value, dict) else ""
        yield str(_parse_uuid(child.get("id")) or ""), heading or ""


def _parse_uuid(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except (AttributeError, TypeError, ValueError):
        return None


def load_entries(page_ids: Collection[int]) -> dict[int, Entry]:
    """Return what the index holds; five queries."""
    articles = IndexedArticle.objects.filter(pk__in=page_ids).values(
        "pk", *INDEX_FIELDS
    )
    if not (fields := {row.pop("pk"): row for row in articles}):
        return {}
    conditions, citations, terms, blocks = (
        defaultdict(list),
        defaultdict(list),
        defaultdict(list),
        defaultdict(list),
    )
    for model, name, found in (
        (IndexedCondition, "condition_key", conditions),
        (IndexedCitation, "reference_id", citations),
        (IndexedTerm, "term_key", terms),
    ):
        rows = model._default_manager.filter(article__in=fields)
        for pk, value in rows.values_list("article_id", name):
            found[pk].append(value)
    for pk, *block in (
        IndexedBlock.objects.filter(article__in=fields)
        .order_by("article_id", "position")
        .values_list("article_id", "block_id", "type", "section_id", "standalone")
    ):
        blocks[pk].append(tuple(block))
    return {
        pk: Entry(
            fields=row,
            conditions=frozenset(conditions[pk]),
            blocks=tuple(blocks[pk]),
            citations=frozenset(citations[pk]),
            terms=frozenset(terms[pk]),
        )
        for pk, row in fields.items()
    }
