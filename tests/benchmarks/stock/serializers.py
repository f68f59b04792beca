"""The articles in Wagtail's v2 API as a project expands them that follows Wagtail's documentation.

``APIField(serializer=…)`` for what is beside the stream, and for the stream what an overridden
``get_api_representation`` of each chooser block would give: an image with its renditions, a page with its
title and its address in the reader's language, a snippet with its fields, and display HTML for rich text. A
StreamField loads what its choosers name in one query for each type of block, as it does by itself; nothing is
made slower than it is. It gives less than our API: no list of references, no glossary, no table of contents,
no JSON-LD, no check of what is public except for pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework import serializers
from rest_framework.fields import Field
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import expand_db_html
from wagtail.snippets.blocks import SnippetChooserBlock

from snippets.models import Condition, Contributor, Reference, Treatment
from treatments.conf import get_conf

if TYPE_CHECKING:
    from wagtail.models import Page


class ReferenceSerializer(serializers.ModelSerializer):
    """A reference."""

    class Meta:
        model = Reference
        fields = [
            "id",
            "type",
            "title",
            "authors",
            "container_title",
            "issued_year",
            "volume",
            "issue",
            "page",
            "pmid",
            "doi",
            "url",
            "status",
            "vancouver",
        ]


class TreatmentSerializer(serializers.ModelSerializer):
    """A treatment."""

    class Meta:
        model = Treatment
        fields = ["id", "name", "slug", "description", "also_known_as", "mesh_id"]


class ConditionSerializer(serializers.ModelSerializer):
    """A condition."""

    class Meta:
        model = Condition
        fields = ["id", "name", "slug", "description", "also_known_as", "mesh_id"]


class ContributorSerializer(serializers.ModelSerializer):
    """An author."""

    class Meta:
        model = Contributor
        fields = ["id", "name", "credentials", "role", "affiliation", "orcid"]


SNIPPET_SERIALIZERS: dict[type, Any] = {Reference: ReferenceSerializer()}


def expand_image(image: Any) -> dict[str, Any] | None:
    """Return an image with its renditions."""
    if image is None:
        return None
    specs = get_conf().image_renditions
    renditions = image.get_renditions(*specs.values())
    return {
        "id": image.pk,
        "title": image.title,
        "width": image.width,
        "height": image.height,
        "renditions": {
            name: {
                "url": renditions[spec].url,
                "width": renditions[spec].width,
                "height": renditions[spec].height,
            }
            for name, spec in specs.items()
        },
    }


def expand_page(page: Page | None) -> dict[str, Any] | None:
    """Return a page in the active language."""
    if page is None:
        return None
    page = page.localized
    return {"id": page.pk, "title": page.title, "url": page.url}


def expand_snippet(snippet: Any) -> dict[str, Any] | None:
    """Return a snippet."""
    if snippet is None:
        return None
    return SNIPPET_SERIALIZERS[type(snippet)].to_representation(snippet)


def expand(block: blocks.Block, value: Any) -> Any:
    """Return the value of a block with everything that it chooses."""
    if isinstance(block, blocks.StreamBlock):
        return [
            {
                "type": child.block.name,
                "value": expand(child.block, child.value),
                "id": child.id,
            }
            for child in value
        ]
    if isinstance(block, blocks.StructBlock):
        return {
            name: expand(child, value.get(name))
            for name, child in block.child_blocks.items()
        }
    if isinstance(block, blocks.ListBlock):
        return [expand(block.child_block, item) for item in value]
    if isinstance(block, ImageChooserBlock):
        return expand_image(value)
    if isinstance(block, blocks.PageChooserBlock):
        return expand_page(value)
    if isinstance(block, SnippetChooserBlock):
        return expand_snippet(value)
    if isinstance(block, blocks.RichTextBlock):
        return expand_db_html(value.source)
    return block.get_api_representation(value)


class StreamSerializer(Field):
    """A StreamField with everything that it chooses."""

    def to_representation(self, value: Any) -> Any:
        """Return the blocks."""
        return expand(value.stream_block, value)


class RichTextSerializer(Field):
    """Rich text as display HTML."""

    def to_representation(self, value: str) -> str:
        """Return HTML."""
        return expand_db_html(value)


class ImageSerializer(Field):
    """An image with its renditions."""

    def to_representation(self, value: Any) -> dict[str, Any] | None:
        """Return the image."""
        return expand_image(value)


class ConditionRowsSerializer(Field):
    """The conditions of an article."""

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        """Return the conditions, loaded with their rows."""
        serializer = ConditionSerializer()
        rows = value.select_related("condition")
        return [serializer.to_representation(row.condition) for row in rows]


class ContributorRowsSerializer(Field):
    """The authors of an article."""

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        """Return the authors, loaded with their rows."""
        serializer = ContributorSerializer()
        rows = value.select_related("contributor")
        return [serializer.to_representation(row.contributor) for row in rows]


class RelatedRowsSerializer(Field):
    """The related articles of an article."""

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        """Return the articles in the active language, loaded with their rows."""
        return [
            {"relation": row.relation, "page": expand_page(row.related_page)}
            for row in value.select_related("related_page")
        ]


class TranslationsSerializer(Field):
    """The other languages of an article."""

    def get_attribute(self, instance: Page) -> Page:
        """Return the article."""
        return instance

    def to_representation(self, value: Page) -> list[dict[str, Any]]:
        """Return the public translations."""
        pages = value.get_translations().live().public().select_related("locale")
        return [
            {
                "id": page.pk,
                "locale": page.locale.language_code,
                "title": page.title,
                "url": page.url,
            }
            for page in pages
        ]
