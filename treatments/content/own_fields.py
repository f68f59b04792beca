"""The fields that a project has added to its type of article, and gives through the API.

What such a field contains is a part of the article like any other: it is in the stored document, in the
hashes that reviews are bound to, in the differences, in the types and in the search. Each field is
read as the block that it would be in a stream, so that all of this follows from the rules for blocks.

A change of such a field is clinical, unless ``editorial_fields`` of the page model names it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.documents.models import AbstractDocument
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.images.models import AbstractImage
from wagtail.models import Page
from wagtail.snippets.blocks import SnippetChooserBlock

from treatments.content.blocks import get_raw_stream
from treatments.models import TreatmentArticleMixin

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

#: The first that fits decides.
BLOCKS: list[tuple[type[models.Field], type[blocks.FieldBlock]]] = [
    (RichTextField, blocks.RichTextBlock),
    (models.BooleanField, blocks.BooleanBlock),
    (models.IntegerField, blocks.IntegerBlock),
    (models.FloatField, blocks.FloatBlock),
    (models.DecimalField, blocks.DecimalBlock),
    (models.DateTimeField, blocks.DateTimeBlock),
    (models.DateField, blocks.DateBlock),
    (models.TimeField, blocks.TimeBlock),
    (models.URLField, blocks.URLBlock),
    (models.TextField, blocks.TextBlock),
]


@cache
def get_own_fields(model: type[Any]) -> Mapping[str, blocks.Block]:
    """Return the fields that a project has added to an article type: name → the block that it is read as.

    They are the fields and child relations of the model that its ``api_fields`` name beyond those of every
    article. What is not given through the API is not for readers.

    Args:
        model: A page model; one that is no article has none.
    """
    if not issubclass(model, TreatmentArticleMixin):
        return {}
    known = set(get_names(TreatmentArticleMixin.article_api_fields))
    own = (
        name
        for name in get_names(getattr(model, "api_fields", ()))
        if name not in known
    )
    found = {name: build_block(model, name) for name in own}
    return {name: block for name, block in found.items() if block is not None}


def get_names(api_fields: Iterable[Any]) -> list[str]:
    """Return the names in a list of API fields, which are objects or names."""
    return [getattr(each, "name", each) for each in api_fields]


def build_block(model: type[models.Model], name: str) -> blocks.Block | None:
    """Return the block that a field is read as; None for what is no field, such as a property."""
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if isinstance(field, StreamField):
        return field.stream_block
    if field.one_to_many:
        row: Any = field.related_model
        children = [
            (each, block)
            for each in get_names(getattr(row, "api_fields", ()))
            if (block := build_block(row, each)) is not None
        ]
        return blocks.ListBlock(blocks.StructBlock(children))
    label, is_required = field.verbose_name, not (field.blank or field.null)
    if field.many_to_many:
        chooser = build_chooser(field.related_model, label, is_required=False)
        return blocks.ListBlock(chooser, label=label)
    if field.is_relation:
        return build_chooser(field.related_model, label, is_required=is_required)
    if field.choices and isinstance(field, models.CharField):
        return blocks.ChoiceBlock(
            choices=field.choices, label=label, required=is_required
        )
    block_class = next(
        (block for kind, block in BLOCKS if isinstance(field, kind)), blocks.CharBlock
    )
    return block_class(label=label, required=is_required)


def build_chooser(
    model: type[models.Model], label: str, *, is_required: bool
) -> blocks.ChooserBlock:
    """Return the chooser of what a relation leads to."""
    kinds = [
        (AbstractImage, ImageChooserBlock),
        (AbstractDocument, DocumentChooserBlock),
        (Page, blocks.PageChooserBlock),
    ]
    for base, block_class in kinds:
        if issubclass(model, base):
            return block_class(label=label, required=is_required)
    return SnippetChooserBlock(model, label=label, required=is_required)


def load_own_rows(pages: Iterable[Any]) -> None:
    """Load what the own fields of live pages of one model lead to, with one query for each relation.

    A page from a revision or a form has its own rows.
    """
    live = [
        page
        for page in pages
        if page.pk and not getattr(page, "_cluster_related_objects", None)
    ]
    if live:
        own = get_own_fields(type(live[0]))
        relations = [name for name in own if isinstance(own[name], blocks.ListBlock)]
        models.prefetch_related_objects(live, *relations)


def read_own_fields(page: Any) -> dict[str, tuple[blocks.Block, Any]]:
    """Return the raw values of an article's own fields with their blocks.

    Args:
        page: A specific article, from the database, a revision or a form.
    """
    own = get_own_fields(type(page))
    return {name: (block, read(page, name, block)) for name, block in own.items()}


def load_own_fields(
    model: type[Any], page_ids: Collection[int]
) -> dict[int, dict[str, tuple[blocks.Block, Any]]]:
    """Return the raw values of the own fields of stored articles by their ids; no query where there are none."""
    if not get_own_fields(model):
        return {}
    pages = list(model._base_manager.filter(pk__in=page_ids))
    load_own_rows(pages)
    return {page.pk: read_own_fields(page) for page in pages}


def read(instance: Any, name: str, block: blocks.Block) -> Any:
    """Return the raw value of a field, as it would stand in a stream."""
    if isinstance(block, blocks.StreamBlock):
        return get_raw_stream(instance, name)
    if isinstance(block, blocks.ListBlock):
        return [read_row(each, block.child_block) for each in getattr(instance, name).all()]  # fmt: skip
    field = instance._meta.get_field(name)
    if isinstance(block, blocks.ChooserBlock):
        return getattr(instance, field.attname)
    value = getattr(instance, name)
    if type(block) is blocks.CharBlock and not isinstance(value, str):
        return "" if value is None else field.value_to_string(instance)
    return value


def read_row(row: Any, block: blocks.Block) -> Any:
    """Return the raw value of what a relation with many rows leads to."""
    if isinstance(block, blocks.StructBlock):
        values = {name: read(row, name, child) for name, child in block.child_blocks.items()}  # fmt: skip
        return {"type": "item", "value": values}
    return row.pk
