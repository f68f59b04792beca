"""Sections, blocks and their numbers that a reader got to see differently."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.delivery.documents import (
    SECTION,
    change,
    change_block,
    describe,
    find_block,
    get_content,
    read_example,
)
from treatments.comparison.documents import Kind, Significance, compare

# Sections and blocks


def test_a_section_is_added_and_removed():
    added = change(lambda new: new["body"].append(SECTION))
    assert describe(added) == [
        ("added", "editorial", "", "", "Another section\nPlain words.")
    ]
    assert added[0].place == "Another section"
    assert added[0].block_id == SECTION["id"]
    removed = change(lambda new: new["body"].clear())
    assert [(each.kind, each.significance) for each in removed] == [
        (Kind.REMOVED, Significance.CLINICAL)
    ]
    assert "at most" not in removed[0].old
    assert "1.5–2.5 cm" in removed[0].old


def test_a_new_block_with_a_number_is_clinical():
    section = deepcopy(SECTION)
    text = {"html": "<p>Take 5 mg.</p>", "text": "Take 5 mg."}
    section["value"]["content"][0]["value"] = text
    (found,) = change(lambda new: new["body"].append(section))
    assert found.significance is Significance.CLINICAL


def test_a_section_is_renamed():
    old = read_example()
    find_block(old, "section")["value"]["heading"] = "Who may it help"
    new = deepcopy(old)
    find_block(new, "section")["value"]["heading"] = "Who may benefit"
    (found,) = compare(old, new)
    assert describe([found]) == [
        ("changed", "editorial", "Heading", "Who may it help", "Who may benefit")
    ]
    assert found.place == "Who may benefit"


def test_sections_are_moved():
    old = read_example()
    old["body"].append(deepcopy(SECTION))
    new = deepcopy(old)
    new["body"].reverse()
    (found,) = compare(old, new)
    assert (found.kind, found.significance) == (Kind.MOVED, Significance.EDITORIAL)
    assert {found.old, found.new} == {"1 of 2", "2 of 2"}


def test_the_fewest_blocks_are_said_to_have_moved():
    def edit(new):
        content = get_content(new)
        content.insert(0, content.pop())

    (found,) = change(edit)
    assert found.kind is Kind.MOVED
    assert found.place == "word6x → Promotion slot"
    assert (found.old, found.new) == ("14 of 14", "1 of 14")


def test_a_block_moves_to_another_section_and_changes_on_the_way():
    def edit(new):
        block = find_block(new, "statistic")
        get_content(new).remove(block)
        section = deepcopy(SECTION)
        section["value"]["content"].append(block)
        block["value"]["value"] = 8
        new["body"].append(section)

    assert describe(change(edit)) == [
        ("added", "editorial", "", "", "Another section\nPlain words."),
        ("moved", "clinical", "", "word6x", "Another section"),
        (
            "changed",
            "clinical",
            "Number",
            "about 6–10 of 100",
            "about 8–10 of 100",
        ),
    ]


def test_a_block_of_another_kind_is_another_block():
    kinds = [
        each.kind
        for each in change(lambda new: get_content(new)[1].update(type="care_card"))
    ]
    assert sorted(kinds) == ["added", "removed"]


def test_another_id_alone_is_technical():
    def edit(new):
        find_block(new, "statistic")["id"] = SECTION["id"]

    (found,) = change(edit)
    assert found.significance is Significance.TECHNICAL
    assert found.kind is Kind.CHANGED


@pytest.mark.parametrize("block_id", [None, "", "twice"])
def test_blocks_whose_ids_do_not_tell_are_compared_in_their_order(block_id):
    old = read_example()
    old["key_points"] = [
        {"type": "point", "id": block_id, "value": words}
        for words in ("first", "second", "third")
    ]
    new = deepcopy(old)
    new["key_points"][1]["value"] = "other"
    assert describe(compare(old, new)) == [
        ("changed", "editorial", "", "second", "other")
    ]


# Criteria, steps, numbers


def test_logic_is_told_as_a_sentence():
    found = change_block("criteria_list", logic="all", minimum=None)
    assert describe(found) == [
        (
            "changed",
            "clinical",
            "How many must apply",
            "At least 1",
            "All of them must apply",
        )
    ]


@pytest.mark.parametrize(
    ("kind", "stream"),
    [("criteria_list", "items"), ("before", "steps"), ("option", "benefits")],
)
def test_items_are_added_removed_moved_and_changed(kind, stream):
    old = read_example()
    items = find_block(old, kind)["value"][stream]
    del items[1:]
    items.append({**deepcopy(items[0]), "id": SECTION["id"]})
    name = "title" if stream == "steps" else "text"
    items[1]["value"][name] = "Another"

    def edit(function):
        new = deepcopy(old)
        function(find_block(new, kind)["value"][stream])
        return [
            (each.kind.value, each.significance.value) for each in compare(old, new)
        ]

    assert edit(lambda items: items.pop()) == [("removed", "clinical")]
    assert edit(lambda items: items.reverse()) == [("moved", "clinical")]
    assert edit(lambda items: items[1]["value"].update({name: "Words"})) == [
        ("changed", "clinical")
    ]
    assert edit(lambda items: items.append({**items[0], "id": "new"})) == [
        ("added", "clinical")
    ]


def test_an_item_is_named_by_its_words():
    found = change_block("criterion", explanation="Why it matters")
    assert found[0].place == "word6x → Criteria list “word90x” → Criterion “word94x”"
    assert found[0].field == "Explanation"


@pytest.mark.parametrize(
    ("kind", "values", "field", "old", "new"),
    [
        ("statistic", {"value": 8}, "Number", "about 6–10 of 100", "about 8–10 of 100"),
        (
            "statistic",
            {"denominator": "1000"},
            "Number",
            "about 6–10 of 100",
            "about 6–10 of 1,000",
        ),
        (
            "statistic",
            {"comparison": {"label": "word115x", "value": 8, "upper_value": 9}},
            "Number there",
            "7 of 100",
            "8 of 100",
        ),
        (
            "statistic",
            {"interval": {"level_percent": 90, "low": 5, "high": 11}},
            "Level in %",
            "95 %",
            "90 %",
        ),
        (
            "criterion",
            {
                "quantity": {
                    "comparator": "le",
                    "value": 20,
                    "upper_value": None,
                    "unit": "mg",
                }
            },
            "Value",
            "1.5–2.5 cm",
            "at most 20 mg",
        ),
        (
            "step",
            {"duration": {"value": 1, "upper_value": None, "unit": "h"}},
            "Value",
            "30–60 minutes",
            "1 hour",
        ),
    ],
)
def test_a_number_is_told_with_its_unit(kind, values, field, old, new):
    found = change_block(kind, **values)
    assert [(each.significance.value, each.old, each.new) for each in found] == [
        ("clinical", old, new)
    ]


def test_warnings_evidence_and_decisions_are_clinical_in_every_word():
    for kind, values in (
        ("care_card", {"title": "Other"}),
        ("callout", {"kind": "warning"}),
        ("evidence_note", {"level": "3"}),
        (
            "criteria_list",
            {
                "evidence": {
                    "system": "grade",
                    "level": "low",
                    "plain_words": "word107x",
                }
            },
        ),
        ("decision", {"indication": "Other"}),
        ("benefits_risks", {"introduction": "Other"}),
    ):
        (found,) = change_block(kind, **values)
        assert found.significance is Significance.CLINICAL, kind
