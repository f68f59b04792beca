"""Block definitions as types: a project's own blocks, and whether the types are true."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import TypeAdapter, ValidationError
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from treatments.api.pages.stored_blocks import StoredBlockTypes
from treatments.blocks.criteria import CriteriaListBlock
from treatments.blocks.text import ShortTextBlock
from treatments.content.block_shapes import PublicBlockTypes
from treatments.content.blocks import collect, represent
from treatments.content.lookups import Lookups
from treatments.content.needs import Needs
from treatments.content.scopes import Scope


def get_schema(block, types=None):
    """Return the JSON schema of a block's value."""
    shape = (types or PublicBlockTypes()).get_type(block)
    return TypeAdapter(shape).json_schema(mode="serialization")


class GradedCriteriaListBlock(CriteriaListBlock):
    """A project's criteria list with a grade."""

    grade = blocks.ChoiceBlock(
        choices=[("A", "a"), ("More", [("B", "b"), ("C", "c")])], required=False
    )


class SummaryBlock(blocks.StructBlock):
    """A project's block that says itself how it looks in the API."""

    title = blocks.CharBlock()

    def get_api_representation(self, value, context=None) -> dict[str, str]:
        """Return the title twice."""
        return {"title": value["title"], "again": value["title"]}


class EverythingBlock(blocks.StructBlock):
    """One field of each kind that Wagtail has."""

    char = blocks.CharBlock(label="A line", help_text="Say it.")
    email = blocks.EmailBlock(required=False)
    integer = blocks.IntegerBlock()
    decimal = blocks.DecimalBlock(required=False)
    boolean = blocks.BooleanBlock(required=False)
    date = blocks.DateBlock()
    time = blocks.TimeBlock(required=False)
    moment = blocks.DateTimeBlock(required=False)
    url = blocks.URLBlock()
    no_url = blocks.URLBlock(required=False)
    raw = blocks.RawHTMLBlock(required=False)
    quote = blocks.BlockQuoteBlock(required=False)
    several = blocks.MultipleChoiceBlock(choices=[("x", "X"), ("y", "Y")])
    changing = blocks.ChoiceBlock(choices=lambda: [("now", "Now")])
    static = blocks.StaticBlock()
    page = blocks.PageChooserBlock()
    image = ImageChooserBlock()
    document = DocumentChooserBlock()
    pages = blocks.ListBlock(blocks.PageChooserBlock())
    texts = blocks.ListBlock(blocks.CharBlock())
    table = TableBlock(required=False)
    typed = TypedTableBlock([("text", blocks.CharBlock()), ("n", blocks.FloatBlock())])
    stream = blocks.StreamBlock(
        [("line", ShortTextBlock()), ("summary", SummaryBlock())]
    )


def test_a_subclass_has_a_component_of_its_own():
    stream = blocks.StreamBlock(
        [("criteria_list", CriteriaListBlock()), ("graded", GradedCriteriaListBlock())]
    )
    definitions = get_schema(stream)["$defs"]
    assert "grade" not in definitions["CriteriaListValue"]["properties"]
    graded = definitions["GradedCriteriaListValue"]["properties"]["grade"]
    assert graded["anyOf"] == [
        {"enum": ["A", "B", "C"], "type": "string"},
        {"type": "null"},
    ]


def test_two_classes_of_one_name_do_not_share_a_component():
    other = type(
        "CriteriaListBlock", (blocks.StructBlock,), {"note": blocks.CharBlock()}
    )
    stream = blocks.StreamBlock(
        [("criteria_list", CriteriaListBlock()), ("x", other())]
    )
    definitions = get_schema(stream)["$defs"]
    assert set(definitions["CriteriaListValue2"]["properties"]) == {"note"}
    assert "lead_in" in definitions["CriteriaListValue"]["properties"]


def test_every_kind_of_field_has_its_type():
    schema = get_schema(EverythingBlock())
    fields = schema["properties"]
    assert fields["char"] == {
        "title": "A line",
        "description": "Say it.",
        "type": "string",
    }
    assert fields["integer"]["type"] == "integer"
    assert fields["decimal"]["anyOf"][0]["format"] == "decimal"
    assert fields["boolean"]["type"] == "boolean"
    assert fields["date"]["format"] == "date"
    assert fields["time"]["anyOf"][0]["format"] == "time"
    assert fields["moment"]["anyOf"][0]["format"] == "date-time"
    assert fields["url"]["format"] == "uri"
    assert {"const": ""} in fields["no_url"]["anyOf"]
    assert fields["raw"]["format"] == "html"
    assert fields["several"]["items"]["enum"] == ["x", "y"]
    assert "enum" not in fields["changing"]
    assert fields["static"]["type"] == "null"
    for name in ("page", "image", "document"):
        assert {"type": "null"} in fields[name]["anyOf"]
    assert "anyOf" not in fields["pages"]["items"]
    assert fields["texts"]["items"] == {"type": "string"}
    assert set(schema["required"]) == set(fields)
    rows = schema["$defs"]["TypedTableRow"]["properties"]["values"]["items"]
    assert {kind["type"] for kind in rows["anyOf"]} == {"string", "number"}
    stream = fields["stream"]["items"]["discriminator"]["mapping"]
    assert set(stream) == {"line", "summary"}


def test_an_own_representation_is_typed_by_its_annotation():
    stream = blocks.StreamBlock([("summary", SummaryBlock())])
    definition = get_schema(stream)["$defs"]["SummaryBlock"]["properties"]["value"]
    assert definition["additionalProperties"] == {"type": "string"}


def test_what_is_stored_takes_ids_and_leaves_fields_out():
    types = StoredBlockTypes()
    shape = TypeAdapter(
        types.get_type(blocks.StreamBlock([("all", EverythingBlock())]))
    )
    given = {
        "char": "x",
        "integer": 1,
        "date": "2026-01-01",
        "url": "https://example.org",
        "several": ["x"],
        "changing": "now",
        "page": {"id": 3, "title": "ignored"},
        "image": 4,
        "document": None,
    }
    assert shape.validate_python([{"type": "all", "value": given}])
    with pytest.raises(ValidationError):
        shape.validate_python([{"type": "all", "value": {**given, "several": ["z"]}}])
    with pytest.raises(ValidationError):
        shape.validate_python([{"type": "unknown", "value": given}])


def test_the_same_block_gives_the_same_type():
    types = PublicBlockTypes()
    block = EverythingBlock()
    assert types.get_type(block) is types.get_type(block)
    assert types.get_type(blocks.ChoiceBlock(choices=[("a", "A")])) == Literal["a"]


def test_the_tables_of_wagtail_are_answered_as_they_are_typed():
    kinds = [("text", blocks.RichTextBlock()), ("n", blocks.FloatBlock(required=False))]
    scope = Scope(Lookups(), 1, "en", [], [])
    typed, plain = TypedTableBlock(kinds), TableBlock()
    types = PublicBlockTypes()
    values = [
        (
            typed,
            {
                "caption": "Doses",
                "columns": [
                    {"type": "text", "heading": "Drug"},
                    {"type": "gone", "heading": "Gone"},
                    {"type": "n", "heading": "mg"},
                ],
                "rows": [{"values": ["<p>A</p>", "x", 3.5]}],
            },
        ),
        (typed, None),
        (
            plain,
            {"data": [["a", None], ["1", "2"]], "first_row_is_table_header": True},
        ),
        (plain, None),
    ]
    answers = []
    for block, raw in values:
        collect(block, raw, Needs())
        answer = represent(block, raw, scope)
        TypeAdapter(types.get_type(block)).validate_python(answer)
        answers.append(answer)
    assert answers[0]["columns"] == [
        {"type": "text", "heading": "Drug"},
        {"type": "n", "heading": "mg"},
    ]
    assert answers[0]["rows"] == [{"values": [{"html": "<p>A</p>", "text": "A"}, 3.5]}]
    assert answers[1] == {"caption": "", "columns": [], "rows": []}
    assert answers[2]["has_header_row"] is True
    assert answers[3] is None
