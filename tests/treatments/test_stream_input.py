"""The check of blocks before the forms see them: nothing is dropped without a word."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

from treatments.api.pages.streams import (
    StreamInputError,
    check_stream_input,
    find_stream_errors,
)
from treatments.models import TreatmentPage

pytestmark = pytest.mark.django_db


class HostStream(blocks.StreamBlock):
    """What the stream of some other project may have in it."""

    rule = blocks.StaticBlock()
    table = TypedTableBlock([("text", blocks.CharBlock())])
    days = blocks.MultipleChoiceBlock(choices=[("mo", "Monday"), ("tu", "Tuesday")])
    names = blocks.ListBlock(blocks.CharBlock(max_length=5))
    day = blocks.DateBlock(required=False)
    count = blocks.IntegerBlock(max_value=10)


@pytest.mark.parametrize("name", ["rule", "table", "days"])
def test_blocks_that_the_form_layer_cannot_take_are_refused_by_name(name):
    with pytest.raises(StreamInputError) as caught:
        check_stream_input(HostStream(), [{"type": name, "value": None}])
    assert caught.value.errors[0]["pointer"] == "/0/value"
    assert caught.value.errors[0]["type"] == "unsupported_block"
    assert "admin" in caught.value.errors[0]["msg"]


def test_list_items_are_taken_plain_and_as_they_are_stored():
    stored = {"type": "item", "id": "a", "value": "one"}
    assert check_stream_input(
        HostStream(), [{"type": "names", "value": [stored, "two"]}]
    ) == [{"type": "names", "value": ["one", "two"]}]


def test_values_that_would_be_dropped_are_refused():
    raw = [
        {"type": "day", "value": "soon"},
        {"type": "day", "value": "2026-13-45"},
        {"type": "count", "value": "5"},
    ]
    with pytest.raises(StreamInputError) as caught:
        check_stream_input(HostStream(), raw)
    assert [e["pointer"] for e in caught.value.errors] == [
        "/0/value",
        "/1/value",
        "/2/value",
    ]


def test_the_rules_of_blocks_are_named_by_their_place():
    raw = [
        {"type": "names", "value": ["short", "much too long"]},
        {"type": "count", "value": 11},
    ]
    assert [
        (e["pointer"], e["type"]) for e in find_stream_errors(HostStream(), raw)
    ] == [
        ("/0/value/1", "max_length"),
        ("/1/value", "max_value"),
    ]


def test_every_block_of_ours_goes_through_unchanged(full_page):
    for name in (
        "body",
        "key_points",
        "questions",
        "also_known_as",
        "regulatory_status",
    ):
        block = TreatmentPage._meta.get_field(name).stream_block
        raw = block.get_prep_value(getattr(full_page, name))
        assert find_stream_errors(block, raw) == [], name


def test_checking_asks_once_for_each_kind_of_thing(
    full_page, django_assert_max_num_queries
):
    block = TreatmentPage._meta.get_field("body").stream_block
    raw = block.get_prep_value(full_page.body)
    with django_assert_max_num_queries(4, connection=connection):
        check_stream_input(block, raw)


def test_ids_that_differ_only_in_case_are_the_same():
    key = "a90d0000-0000-4000-8000-00000000000b"
    section = {"type": "section", "value": {"heading": "a", "content": []}}
    body = [{**section, "id": key}, {**section, "id": key.upper()}]
    block = TreatmentPage._meta.get_field("body").stream_block
    problems = [
        (each["pointer"], each["type"]) for each in find_stream_errors(block, body)
    ]
    assert problems == [("/1/id", "duplicate_id")]


def test_an_id_is_stored_in_lower_case():
    key = "A90D0000-0000-4000-8000-00000000000B"
    field: Any = TreatmentPage._meta.get_field("questions")
    name = next(iter(field.stream_block.child_blocks))
    value = field.to_python([{"type": name, "id": key, "value": None}])
    assert [each["id"] for each in field.get_prep_value(value)] == [key.lower()]
