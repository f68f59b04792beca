"""What an article has chosen, each with its place: references, terms, pages, images and whatever else.

Only names the choices; whether readers get them is found out by ``treatments.content.hidden_choices``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import ForeignKey
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents import get_document_model
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.models import DraftStateMixin, Page

from snippets.models import GlossaryTerm, Reference, VocabularyMixin
from treatments.content.block_mistakes import name_block
from treatments.content.blocks import (
    get_raw_stream,
    iterate_list,
    iterate_stream,
    iterate_table,
)
from treatments.content.pointers import join_pointer
from treatments.content.rich_text import CITATION, DOCUMENT, PAGE, TERM, iterate_links

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that an article has chosen.

    Attributes:
        model: What kind of thing it is.
        pk: Its id.
        path: Where it stands in the article, as the API writes it.
        labels: The same place for people, the outermost part first.
        is_required: Whether the place makes no sense without it.
        list_path: The list that it is an entry of, where that has a smallest number of entries; else empty.
        least: That number.
    """

    model: type[Model]
    pk: Any
    path: tuple[Any, ...]
    labels: tuple[str, ...]
    is_required: bool = False
    list_path: tuple[Any, ...] = ()
    least: int = 0

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer (RFC 6901)."""
        return join_pointer(self.path)

    @property
    def place(self) -> str:
        """The place in words."""
        return " › ".join(self.labels)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk stands."""

    path: tuple[Any, ...]
    labels: tuple[str, ...]

    def enter(self, *parts: Any, label: Any = "") -> _Place:
        labels = (*self.labels, str(label)) if label else self.labels
        return replace(self, path=(*self.path, *parts), labels=labels)

    def choose(self, model: type[Model], pk: Any, **kwargs: Any) -> Choice:
        return Choice(model, pk, self.path, self.labels, **kwargs)


def is_watched(model: Any) -> bool:
    """Tell whether things of a model can be hidden from readers."""
    kinds = (
        Page,
        DraftStateMixin,
        VocabularyMixin,
        get_image_model(),
        get_document_model(),
    )
    return isinstance(model, type) and issubclass(model, kinds)


def get_link_models() -> dict[str, type[Model]]:
    """Return what the links of a rich text lead to, by their type."""
    return {
        PAGE: Page,
        DOCUMENT: get_document_model(),
        TERM: GlossaryTerm,
        CITATION: Reference,
    }


def iterate_choices(page: Any) -> Iterator[Choice]:
    """Yield what an article has chosen: in its fields, its rows, its streams and its rich texts."""
    for field in get_own_fields(type(page)):
        place = _Place((field.name,), (capfirst(str(field.verbose_name)),))
        if isinstance(field, StreamField):
            raw = get_raw_stream(page, field.name)
            yield from walk(field.stream_block, raw, place)
        elif isinstance(field, RichTextField):
            yield from walk_rich_text(getattr(page, field.name), place)
        elif isinstance(field, ParentalManyToManyField):
            for index, chosen in enumerate(getattr(page, field.name).all()):
                yield place.enter(index).choose(field.related_model, chosen.pk)
        else:
            pk = getattr(page, field.attname)
            if pk is not None:
                yield place.choose(field.related_model, pk, is_required=not field.blank)
    for relation in get_all_child_relations(page):
        yield from iterate_rows(page, relation)


def get_own_fields(model: type[Any]) -> list[Any]:
    """Return the fields of an article that can choose something, none of those that every page has."""
    inherited = {field.name for field in Page._meta.get_fields()}
    return [
        field
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if field.name not in inherited
        and (isinstance(field, (StreamField, RichTextField)) or can_choose(field))
    ]


def can_choose(field: Any) -> bool:
    """Tell whether a relation chooses something that can be hidden from readers."""
    if isinstance(field, ParentalManyToManyField):
        return is_watched(field.related_model)
    return (
        isinstance(field, ForeignKey)
        and not isinstance(field, ParentalKey)
        and not field.remote_field.parent_link
        and is_watched(field.related_model)
    )


def iterate_rows(page: Any, relation: Any) -> Iterator[Choice]:
    """Yield what the child rows of an article have chosen; a row is never required."""
    name = relation.get_accessor_name()
    fields = [each for each in relation.related_model._meta.concrete_fields if can_choose(each)]  # fmt: skip
    if not fields:
        return
    label = capfirst(str(relation.related_model._meta.verbose_name))
    for index, row in enumerate(getattr(page, name).all()):
        for field in fields:
            pk = getattr(row, field.attname)
            if pk is not None:
                place = _Place((name, index, field.name), (get_row_label(name, label),))
                yield place.choose(field.related_model, pk)


def get_row_label(name: str, otherwise: str) -> str:
    """Return what the editor calls the rows of an article."""
    labels = {
        "article_conditions": _("Conditions"),
        "article_contributors": _("Authors"),
        "related_articles": _("Related articles"),
    }
    return labels.get(name, otherwise)


def walk(block: blocks.Block, raw: Any, place: _Place) -> Iterator[Choice]:
    """Yield what is chosen in a raw value."""
    if isinstance(block, blocks.RichTextBlock):
        yield from walk_rich_text(raw, place)
    elif isinstance(block, blocks.ChooserBlock):
        yield from walk_chooser(block, raw, place)
    elif isinstance(block, blocks.ListBlock):
        yield from walk_list(block, raw, place)
    else:
        for child_block, child, inner in iterate_places(block, raw, place):
            yield from walk(child_block, child, inner)


def iterate_places(
    block: blocks.Block, raw: Any, place: _Place
) -> Iterator[tuple[blocks.Block, Any, _Place]]:
    """Yield ``(child block, raw value, place)`` of what stands directly in a raw value."""
    if isinstance(block, blocks.StreamBlock):
        for index, (child_block, child) in enumerate(iterate_stream(block, raw)):
            value = child.get("value")
            label = name_block(child_block, value)
            yield child_block, value, place.enter(index, "value", label=label)
    elif isinstance(block, blocks.StructBlock):
        for name in filter((raw or {}).__contains__, block.child_blocks):
            child_block = block.child_blocks[name]
            # A stream only holds others, which say more about the place than it does.
            is_stream = isinstance(child_block, blocks.StreamBlock)
            label = "" if is_stream else child_block.label
            yield child_block, raw[name], place.enter(name, label=label)
    elif isinstance(block, TypedTableBlock):
        for row, cells in enumerate(iterate_table(block, raw)):
            for column, (child_block, cell) in enumerate(cells):
                yield child_block, cell, place.enter("rows", row, "values", column)


def walk_chooser(
    block: blocks.ChooserBlock, raw: Any, place: _Place, **kwargs: Any
) -> Iterator[Choice]:
    """Yield what a chooser has chosen."""
    pk = raw.get("id") if isinstance(raw, dict) else raw
    if pk not in (None, ""):
        kwargs.setdefault("is_required", block.required)
        model = block.model_class
        yield place.choose(model, model._meta.pk.to_python(pk), **kwargs)


def walk_list(block: blocks.ListBlock, raw: Any, place: _Place) -> Iterator[Choice]:
    """Yield what is chosen in a list: of choosers, readers get those entries that are public."""
    least = block.meta.min_num or 0
    for index, item in enumerate(iterate_list(raw)):
        inner = place.enter(index)
        if isinstance(block.child_block, blocks.ChooserBlock):
            yield from walk_chooser(
                block.child_block,
                item,
                inner,
                is_required=False,
                list_path=place.path,
                least=least,
            )
        else:
            yield from walk(block.child_block, item, inner)


def walk_rich_text(source: Any, place: _Place) -> Iterator[Choice]:
    """Yield what a rich text leads to."""
    models = get_link_models()
    for link_type, pk in iterate_links(str(source or "")):
        if link_type in models:
            yield place.choose(models[link_type], pk)
