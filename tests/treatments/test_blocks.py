"""Every block type, found by walking the definitions: none can be forgotten."""

from __future__ import annotations

import itertools
import json

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail import blocks
from wagtail.rich_text import RichText

from tests import factories
from tests.samples import Sampler, find_words
from tests.shared import share
from treatments.blocks import criteria, procedure, statistic, text
from treatments.blocks.streams import (
    ArticleBodyStreamBlock,
    RegulatoryStatusBlock,
    SectionContentStreamBlock,
)
from treatments.models import TreatmentIndexPage, TreatmentPage

pytestmark = pytest.mark.django_db
CONTENT = SectionContentStreamBlock()
BLOCK_NAMES = sorted(CONTENT.child_blocks)


def wrap(name, value):
    """Return a body with one section that holds one block."""
    return [
        {
            "type": "section",
            "id": "55555555-5555-4555-8555-555555555555",
            "value": {
                "heading": "Heading",
                "content": [
                    {
                        "type": name,
                        "id": "66666666-6666-4666-8666-666666666666",
                        "value": value,
                    }
                ],
            },
        }
    ]


def create_pages(targets):
    """Return the id and the words of an article for each block type, filled and empty.

    No two articles have a word in common.
    """
    index = TreatmentIndexPage.objects.get()
    counter = itertools.count(1)
    pages = {}
    for number, (name, filled) in enumerate(
        itertools.product(BLOCK_NAMES, (True, False))
    ):
        sampler = Sampler(targets, filled=filled)
        sampler.counter = counter
        body = wrap(name, sampler.build(CONTENT.child_blocks[name]))
        page = factories.create_article(
            index, title="One block", slug=f"block-{number}", body=body
        )
        pages[name, filled] = (page.pk, sampler.words)
    return pages


shared_block_pages = share("shared_block_pages", create_pages, on="shared_targets")


@pytest.mark.parametrize("filled", [True, False], ids=["filled", "empty"])
@pytest.mark.parametrize("name", BLOCK_NAMES)
def test_sample_of_every_block_is_valid(targets, name, filled):
    sampler = Sampler(targets, filled=filled)
    block = ArticleBodyStreamBlock()
    value = block.to_python(wrap(name, sampler.build(CONTENT.child_blocks[name])))
    block.clean(value)


@pytest.mark.parametrize("name", BLOCK_NAMES)
def test_every_block_has_what_an_editor_needs(admin_client, name):
    body = TreatmentPage._meta.get_field("body").stream_block
    block = body.child_blocks["section"].child_blocks["content"].child_blocks[name]
    assert block.meta.icon not in {"", "placeholder"}
    assert block.label
    assert block.meta.help_text
    assert block.get_description()
    assert block.is_previewable
    answer = admin_client.get(
        reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix}
    )
    assert answer.status_code == 200
    assert len(answer.content) > 400


@pytest.mark.parametrize("filled", [True, False], ids=["filled", "empty"])
@pytest.mark.parametrize("name", BLOCK_NAMES)
def test_every_block_is_served_by_both_apis(client, shared_block_pages, name, filled):
    pk, words = shared_block_pages[name, filled]
    for url in (f"/api/v2/pages/{pk}/", f"/api/v3/pages/{pk}/"):
        answer = client.get(url)
        assert answer.status_code == 200, answer.content
        content = answer.json()["body"][0]["value"]["content"]
        assert [child["type"] for child in content] == [name]
        assert content[0]["id"] == "66666666-6666-4666-8666-666666666666"
        assert find_words(json.dumps(content)) == set(words)


@pytest.mark.parametrize("name", BLOCK_NAMES)
def test_every_text_is_found_by_search(shared_block_pages, name):
    pk, words = shared_block_pages[name, True]
    page = TreatmentPage.objects.get(pk=pk)
    content = " ".join(page.body.stream_block.get_searchable_content(page.body))
    assert find_words(content) == set(words)
    for word in words[:1]:
        assert [hit.pk for hit in type(page).objects.all().search(word)] == [page.pk]


@pytest.mark.parametrize("name", BLOCK_NAMES)
def test_every_block_can_be_edited_in_the_admin(admin_client, shared_block_pages, name):
    pk, words = shared_block_pages[name, True]
    answer = admin_client.get(f"/admin/pages/{pk}/edit/")
    assert answer.status_code == 200
    html = answer.content.decode()
    assert find_words(html) >= set(words)


def test_no_block_has_a_template():
    def walk(block, seen):
        assert getattr(block.meta, "template", None) is None
        children = (
            getattr(block, "child_blocks", {}).values()
            if hasattr(block, "child_blocks")
            else []
        )
        for child in [
            *children,
            *([block.child_block] if isinstance(block, blocks.ListBlock) else []),
        ]:
            walk(child, seen)

    walk(ArticleBodyStreamBlock(), set())


def clean(block, value):
    """Clean a raw value, and return the messages of all errors in it."""
    try:
        block.clean(block.to_python(value))
    except ValidationError as error:
        return json.dumps(
            error.as_json_data() if hasattr(error, "as_json_data") else error.messages,  # ty: ignore[not-callable]
            default=str,
        )
    return ""


@pytest.mark.parametrize(
    ("block", "value", "message"),
    [
        (
            criteria.CriteriaListBlock(),
            {
                "purpose": "may_help",
                "lead_in": "If",
                "logic": "at_least",
                "minimum": 3,
                "items": [
                    {"type": "criterion", "value": {"text": "a"}},
                    {"type": "criterion", "value": {"text": "b"}},
                ],
            },
            "At least 3 cannot apply: the list has 2 criteria.",
        ),
        (
            criteria.CriteriaListBlock(),
            {
                "purpose": "may_help",
                "lead_in": "If",
                "logic": "at_least",
                "items": [{"type": "criterion", "value": {"text": "a"}}],
            },
            "Say how many of the criteria must apply.",
        ),
        (
            criteria.CriteriaGroupBlock(),
            {
                "lead_in": "One of",
                "logic": "at_least",
                "minimum": 2,
                "items": [{"type": "criterion", "value": {"text": "a"}}],
            },
            "At least 2 cannot apply: the list has 1 criterion.",
        ),
        (
            criteria.QuantityBlock(),
            {"comparator": "between", "value": 5, "upper_value": 2, "unit": "cm"},
            "The range is reversed",
        ),
        (
            criteria.QuantityBlock(),
            {"comparator": "le", "value": 5},
            "Choose the unit.",
        ),
        (
            criteria.QuantityBlock(),
            {"value": 5, "unit": "cm"},
            "Say how the value is compared",
        ),
        (procedure.PhaseBlock(), {"steps": []}, "This phase has no steps."),
        (
            procedure.DurationBlock(),
            {"value": 60, "upper_value": 30, "unit": "min"},
            "The range is reversed",
        ),
        (
            text.DataTableBlock(),
            {
                "caption": "c",
                "columns": [
                    {"type": "column", "value": "a"},
                    {"type": "column", "value": "b"},
                ],
                "rows": [
                    {
                        "type": "row",
                        "value": {
                            "heading": "h",
                            "cells": [{"type": "cell", "value": "1"}] * 2,
                        },
                    }
                ],
            },
            "This row needs 1 cell",
        ),
    ],
)
def test_validation_says_what_is_wrong(block, value, message):
    assert message in clean(block, value)


def test_a_statistic_of_14_per_10_is_refused():
    reference = factories.create_reference()
    value = {
        "qualifier": "about",
        "value": 14,
        "denominator": "10",
        "outcome": "get better",
        "reference_class": "people",
        "citations": [reference.pk],
    }
    assert "14 of 10 cannot be" in clean(statistic.StatisticBlock(), value)
    assert clean(statistic.StatisticBlock(), {**value, "value": 4}) == ""


def test_a_statistic_without_a_source_is_refused():
    value = {
        "qualifier": "about",
        "value": 4,
        "denominator": "10",
        "outcome": "o",
        "reference_class": "people",
        "citations": [],
    }
    assert clean(statistic.StatisticBlock(), value)


def test_a_comparison_uses_the_same_denominator():
    reference = factories.create_reference()
    value = {
        "qualifier": "about",
        "value": 4,
        "denominator": "10",
        "outcome": "o",
        "reference_class": "people",
        "citations": [reference.pk],
        "comparison": {"label": "others", "value": 40},
    }
    assert "40 of 10 cannot be" in clean(statistic.StatisticBlock(), value)


def test_missing_text_is_the_empty_text():
    assert text.ShortTextBlock().to_python(None) == ""
    assert text.LongTextBlock().normalize(None) == ""
    assert isinstance(text.RichTextBlock().to_python(None), RichText)


#: What a choice would claim, were it made for the editor.
CLAIMS = {
    "criteria_list": ["purpose", "logic"],
    "statistic": ["qualifier", "denominator"],
    "care_card": ["level"],
}


@pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name in CLAIMS for field in CLAIMS[name]]
)
def test_a_clinical_choice_starts_empty_and_has_to_be_made_before_publication(
    targets, name, field
):
    block = CONTENT.child_blocks[name]
    assert not block.get_default()[field]
    stream = ArticleBodyStreamBlock()
    value = Sampler(targets).build(block)
    value[field] = None
    if field == "logic":
        value["minimum"] = None
    body = stream.to_python(wrap(name, value))
    with pytest.raises(ValidationError) as refused:
        stream.clean(body)
    errors = refused.value.block_errors[0].block_errors["content"].block_errors[0]
    assert list(errors.block_errors) == [field]
    # As everything else in a draft, it may wait.
    stream.clean_deferred(body)


def test_the_logic_of_a_group_and_the_status_of_a_decision_start_empty():
    assert criteria.CriteriaGroupBlock().get_default()["logic"] is None
    assert RegulatoryStatusBlock().get_default()["status"] is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"low": 7, "high": 9}, "low"),
        ({"low": 3, "high": 5}, "high"),
        ({"low": 5, "high": 101}, "high"),
        ({"low": 6, "high": 6}, None),
        ({"low": 5.5, "high": 9}, None),
        ({"low": 5, "high": 7, "upper_value": 10}, "high"),
        ({"low": 7, "high": 11, "upper_value": 10}, "low"),
        ({"low": 5, "high": 10, "upper_value": 10}, None),
    ],
)
def test_a_confidence_interval_contains_its_number(targets, changes, field):
    block = statistic.StatisticBlock()
    value = Sampler(targets).build(block)
    ends = {name: changes[name] for name in ("low", "high")}
    upper = changes.get("upper_value")
    value |= {"value": 6, "upper_value": upper, "comparison": {}}
    value["interval"] = {"level_percent": 95, **ends}
    value = block.to_python(value)
    if field is None:
        block.clean(value)
        return
    with pytest.raises(ValidationError) as refused:
        block.clean(value)
    assert list(refused.value.block_errors) == ["interval"]
    assert list(refused.value.block_errors["interval"].block_errors) == [field]
