"""Every block can be seen in the block picker before it is inserted."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.urls import reverse
from wagtail import blocks
from wagtail.admin.icons import get_icons

from tests import factories
from treatments.blocks import previews
from treatments.blocks.criteria import QuantityBlock
from treatments.blocks.media import FigureBlock
from treatments.blocks.streams import ArticleBodyStreamBlock
from treatments.models import TreatmentPage

pytestmark = pytest.mark.django_db


def iterate_blocks(block):
    """Yield a block and everything below it."""
    yield block
    if isinstance(block, (blocks.StructBlock, blocks.StreamBlock)):
        for child in block.child_blocks.values():
            yield from iterate_blocks(child)
    elif isinstance(block, blocks.ListBlock):
        yield from iterate_blocks(block.child_block)


BODY: Any = TreatmentPage._meta.get_field("body").stream_block
PREVIEWED = {
    block.name: block
    for block in iterate_blocks(BODY)
    if block.name
    in {"section", *BODY.child_blocks["section"].child_blocks["content"].child_blocks}
    and hasattr(block.meta, "preview_value")
}


def find_strings(value):
    """Return the words of a preview value that a person would look for."""
    if isinstance(value, dict):
        return [
            text
            for key, item in value.items()
            if key not in {"type", "id"}
            for text in find_strings(item)
        ]
    if isinstance(value, list):
        return [text for item in value for text in find_strings(item)]
    return (
        [value] if isinstance(value, str) and " " in value and "<" not in value else []
    )


def test_all_blocks_of_the_picker_are_covered():
    content = BODY.child_blocks["section"].child_blocks["content"]
    assert set(PREVIEWED) == {"section", *content.child_blocks}


@pytest.mark.parametrize("name", sorted(PREVIEWED))
def test_preview_shows_the_words_of_the_example(admin_client, name):
    block = PREVIEWED[name]
    assert block.is_previewable
    response = admin_client.get(
        reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix}
    )
    assert response.status_code == 200
    assert "treatments/css/block-preview.css" in response.text
    text = response.text.replace("&#x27;", "'").replace("&quot;", '"')
    for words in find_strings(block.meta.preview_value):
        assert words in text
    for raw in ("None", "StructValue", "&lt;p&gt;"):
        assert raw not in text


def test_every_icon_of_a_block_exists():
    sprite = get_icons()
    fields = [
        field
        for field in TreatmentPage._meta.get_fields()
        if hasattr(field, "stream_block")
    ]
    icons = {
        block.meta.icon
        for field in fields
        for block in iterate_blocks(field.stream_block)
    }
    assert [icon for icon in icons if f'id="icon-{icon}"' not in sprite] == []


def test_figure_shows_its_image(admin_client):
    image = factories.create_image()
    block = FigureBlock()
    node = previews.build_node(
        block, block.to_python({"image": image.pk, "alt": "A drawing"})
    )
    assert node is not None
    assert node.children[0].kind == "image"
    assert node.children[0].value == image


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"comparator": "le", "value": 1.5, "unit": "cm"}, "at most 1.5 cm"),
        (
            {"comparator": "between", "value": 6, "upper_value": 10, "unit": "%"},
            "6–10 %",
        ),
        ({"comparator": "lt", "value": 0, "unit": "a"}, "less than 0 years"),
    ],
)
def test_measured_values_read_like_a_phrase(raw, expected):
    block = QuantityBlock()
    node = previews.build_node(block, block.to_python(raw))
    assert node is not None
    assert node.text == expected


@pytest.mark.parametrize(
    ("block", "value", "expected"),
    [
        (blocks.BooleanBlock(), True, "Yes"),
        (blocks.ChoiceBlock(choices=[("a", "Apple")]), "a", "Apple"),
        (blocks.ChoiceBlock(choices=[("Fruit", [("a", "Apple")])]), "a", "Apple"),
        (blocks.DateBlock(), datetime.date(2026, 5, 1), "May 1, 2026"),
        (blocks.FloatBlock(), 2.0, "2"),
    ],
)
def test_values_are_shown_in_words(block, value, expected):
    assert previews.describe_value(block, value) == expected


def test_empty_values_are_left_out():
    block = blocks.StructBlock(
        [("text", blocks.CharBlock()), ("flag", blocks.BooleanBlock(required=False))]
    )
    assert (
        previews.build_node(block, block.to_python({"text": "", "flag": False})) is None
    )
    assert (
        previews.build_node(
            ArticleBodyStreamBlock(), ArticleBodyStreamBlock().to_python([])
        )
        is None
    )
