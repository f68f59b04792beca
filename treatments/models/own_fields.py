"""The fields that a project has added to its type of article, and gives through the API, read from its models.

Each is read as the block that it would be in a stream, so that hashes, differences, types and search follow from
the rules for blocks. A change of such a field is clinical, unless ``editorial_fields`` of the page model names it.
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

from treatments.models import TreatmentArticleMixin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


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
