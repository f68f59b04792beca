"""The rows of ``treatments.article_fields`` for a type of article, with what a project has added to it.

A field is read as the block that it would be in a stream, so that documents, differences, types and search follow
from the rules for blocks. A change of an own field is clinical, unless ``editorial_fields`` of the page model names it.
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

from treatments.article_fields import ABOUT, ARTICLE_FIELDS, TEXT, ArticleField, Weight
from treatments.models import TreatmentArticleMixin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: In the searched text, behind what every article has.
OWN_PLACE = max(place for _, place in (row.searched for row in ARTICLE_FIELDS)) + 1
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


def is_article(model: Any) -> bool:
    """Tell whether something is an article type."""
    return isinstance(model, type) and issubclass(model, TreatmentArticleMixin)


@cache
def get_own_rows(model: Any) -> Mapping[str, ArticleField]:
    """Return the rows of what a project has added to an article type, by name.

    They are the fields and child relations of the model that its ``api_fields`` name beyond those of every
    article. What is not given through the API is not for readers.

    Args:
        model: A page model; what is no article has none.
    """
    if not is_article(model):
        return {}
    known = {
        *get_names(model.article_api_fields),
        *(row.name for row in ARTICLE_FIELDS),
    }
    return {
        name: ArticleField(
            name,
            (name,),
            ABOUT,
            Weight.EDITORIAL if name in model.editorial_fields else Weight.CLINICAL,
            searched=(TEXT, OWN_PLACE),
            is_translated=name
            not in getattr(model, "translation_synchronized_fields", ()),
        )
        for name in get_names(getattr(model, "api_fields", ()))
        if name not in known and build_block(model, name) is not None
    }


@cache
def get_article_fields(model: Any) -> Mapping[str, ArticleField]:
    """Return the rows of an article type by name, its own last."""
    return {**{row.name: row for row in ARTICLE_FIELDS}, **get_own_rows(model)}


@cache
def get_blocks(model: Any) -> Mapping[str, blocks.Block]:
    """Return what a document of an article type gives as it is: name → the block that the field is read as."""
    if not is_article(model):
        return {}
    written = get_names(model.article_api_fields)
    names = [row.name for row in ARTICLE_FIELDS if row.name in written]
    found = {name: build_block(model, name) for name in (*names, *get_own_rows(model))}
    return {name: block for name, block in found.items() if block is not None}


@cache
def get_own_fields(model: Any) -> Mapping[str, blocks.Block]:
    """Return what a project has added to an article type: name → the block that it is read as."""
    return {name: get_blocks(model)[name] for name in get_own_rows(model)}


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
