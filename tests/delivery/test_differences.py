"""What a reader got to see differently, told for people: every kind of difference, and nothing forgotten."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.utils import translation

from tests.delivery.documents import (
    change,
    change_block,
    describe,
    find_block,
    iterate_leaves,
    read_example,
    replace_leaf,
)
from treatments.delivery.differences import Kind, Significance, compare

SECTION: dict[str, Any] = {
    "type": "section",
    "id": "11111111-1111-4111-8111-111111111111",
    "value": {
        "heading": "Another section",
        "health_aspect": None,
        "standalone": False,
        "content": [
            {
                "type": "rich_text",
                "id": "22222222-2222-4222-8222-222222222222",
                "value": {"html": "<p>Plain words.</p>", "text": "Plain words."},
            }
        ],
    },
}
#: Steps on the way to a number that is no quantity: an id, a place in a list, the size of a file, a year.
NO_QUANTITY = {
    "id",
    "number",
    "width",
    "height",
    "focal_point",
    "renditions",
    "version",
    "issued",
}


def get_content(document):
    return document["body"][0]["value"]["content"]


def rewrite(document, **values):
    """Give the first text of an article other words."""
    find_block(document, "rich_text")["value"].update(values)


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
            {"interval": {"level_percent": 90, "low": 5, "high": 9}},
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
            "1 hours",
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


# Words


def test_words_are_editorial_until_a_number_or_its_unit_changes():
    text = "Take 20 mg twice a day"
    old = read_example()
    rewrite(old, html=f"<p>{text}</p>", text=text)
    for words, significance in (
        ("Take 20 mg two times a day", "editorial"),
        ("Swallow 20 mg twice a day", "editorial"),
        ("Take 40 mg twice a day", "clinical"),
        ("Take 20 g twice a day", "clinical"),
        ("Take medicine twice a day", "clinical"),
    ):
        new = deepcopy(old)
        rewrite(new, html=f"<p>{words}</p>", text=words)
        (found,) = compare(old, new)
        assert found.significance == significance, words


def test_changed_words_are_marked():
    (found,) = change(lambda new: new.update(summary="word180x and more"))
    assert found.words == [("same", "word180x"), ("added", " and more")]
    old, new = read_example(), read_example()
    old["summary"] = "It helps one of ten people."
    new["summary"] = "It helps two in ten people."
    (found,) = compare(old, new)
    assert found.words == [
        ("same", "It helps "),
        ("removed", "one of"),
        ("added", "two in"),
        ("same", " ten people."),
    ]


def test_long_texts_are_marked_in_no_time():
    old, new = read_example(), read_example()
    old["summary"] = "old " * 20_000
    new["summary"] = "new " * 20_000
    (found,) = compare(old, new)
    assert [run.mark for run in found.words] == ["removed", "added", "same"]


# Links, images, what stands beside the text


def test_a_link_that_leads_elsewhere_is_told():
    html = find_block(read_example(), "rich_text")["value"]["html"]
    other = html.replace(
        '/en/treatments/companion/" data-page-id="5"', '/en/other/" data-page-id="7"'
    )
    (found,) = change(lambda new: rewrite(new, html=other))
    assert found.field == "Link"
    assert found.old == "word10x → /en/treatments/companion/ (#5)"
    assert found.new == "word10x → /en/other/ (#7)"
    (found,) = change(
        lambda new: rewrite(
            new, html=html.replace("/en/treatments/companion/", "/en/x/")
        )
    )
    assert found.significance is Significance.TECHNICAL


def test_terms_citations_and_formatting_of_the_same_words_are_told():
    html = find_block(read_example(), "rich_text")["value"]["html"]
    for part, rest, field in (
        ('<dfn data-term="1">word11x</dfn>', "word11x", "Glossary term"),
        ('<sup data-reference="1">1</sup>', "", "Citation"),
        ("<b>word9x</b>", "word9x", "Formatting"),
    ):
        changed = html.replace(part, rest)
        assert changed != html
        (found,) = change(lambda new, changed=changed: rewrite(new, html=changed))
        assert (found.field, found.significance) == (field, Significance.EDITORIAL)
    (found,) = change(
        lambda new: rewrite(
            new, html=html.replace('reference="1">1<', 'reference="1">2<')
        )
    )
    assert found.significance is Significance.TECHNICAL


def test_an_image_and_its_words_are_told_once():
    def describe_anew(new):
        for image in (new["hero"], new["seo"]["image"]):
            image["alt"] = "A liver"

    assert describe(change(describe_anew)) == [
        ("changed", "editorial", "Description of the image", "word183x", "A liver")
    ]

    def replace_image(new):
        figure = find_block(new, "figure")["value"]
        figure["image"]["id"] = 9

    (found,) = change(replace_image)
    assert (found.old, found.new) == ("word149x (#1)", "word149x (#9)")


def test_a_retraction_is_told_once_and_clinical():
    def retract(value):
        if isinstance(value, dict):
            if "vancouver" in value:
                value["status"] = "retracted"
            value = list(value.values())
        if isinstance(value, list):
            for part in value:
                retract(part)

    (found,) = change(retract)
    assert found.place == "References → A sample trial"
    assert describe([found]) == [
        ("changed", "clinical", "Status", "Current", "Retracted")
    ]


def test_references_are_added_and_removed_by_id():
    (found,) = change(lambda new: new["references"].clear())
    assert describe([found]) == [
        ("removed", "clinical", "References", "A sample trial", "")
    ]

    def add(new):
        other = {**new["references"][0], "id": 2, "number": 1, "title": "Another trial"}
        new["references"][0]["number"] = 2
        new["references"].insert(0, other)

    assert describe(change(add)) == [
        ("added", "clinical", "References", "", "Another trial")
    ]


@pytest.mark.parametrize(
    ("edit", "place", "field", "significance"),
    [
        (lambda new: new.update(title="Other"), "", "Title", "editorial"),
        (lambda new: new.update(kind="medicine"), "", "Kind", "clinical"),
        (
            lambda new: new["treatment"].update(name="Other"),
            "Treatment → Other",
            "Name",
            "clinical",
        ),
        (
            lambda new: new["conditions"].clear(),
            "",
            "Conditions",
            "clinical",
        ),
        (
            lambda new: new["glossary"][0].update(
                definition={"html": "<p>New</p>", "text": "New"}
            ),
            "Glossary → metastasis",
            "Plain definition",
            "editorial",
        ),
        (
            lambda new: new["governance"]["reviewers"].append(
                {**new["governance"]["authors"][0], "id": 5}
            ),
            "Authors and reviews",
            "Reviewers",
            "editorial",
        ),
        (
            lambda new: new["governance"].update(last_reviewed="2026-06-01"),
            "Authors and reviews",
            "Last reviewed",
            "editorial",
        ),
        (lambda new: new["related"].clear(), "", "Related articles", "editorial"),
        (
            lambda new: new["promotions"].append({"id": 4, "title": "A talk"}),
            "",
            "Promotions",
            "editorial",
        ),
        (
            lambda new: new["seo"].update(title="Other"),
            "Search engines",
            "Title",
            "editorial",
        ),
        (
            lambda new: new["translations"].append(
                {"id": 8, "locale": "es", "title": "Todo"}
            ),
            "",
            "Other languages",
            "editorial",
        ),
        (lambda new: new.update(path="/en/other/"), "", "Address", "editorial"),
    ],
)
def test_what_stands_beside_the_text_is_told(edit, place, field, significance):
    (found,) = change(edit)
    assert (found.place, found.field, found.significance) == (
        place,
        field,
        significance,
    )


def test_what_search_engines_get_is_not_told_twice():
    def edit(new):
        new["title"] = new["seo"]["title"] = "Other"

    assert [each.field for each in change(edit)] == ["Title"]


def test_the_order_of_conditions_is_told():
    old = read_example()
    old["conditions"].append({**old["conditions"][0], "id": 2, "name": "Another"})
    new = deepcopy(old)
    new["conditions"].reverse()
    assert describe(compare(old, new)) == [
        (
            "moved",
            "editorial",
            "Conditions",
            "Sample condition, Another",
            "Another, Sample condition",
        )
    ]


def test_what_is_technical_is_told_only_when_nothing_else_is():
    def touch(new):
        new["html_url"] = "https://elsewhere.example/"
        new["json_ld"]["@graph"][0]["name"] = "Other"

    found = change(touch)
    assert {each.significance for each in found} == {Significance.TECHNICAL}
    assert len(found) == 2

    def write(new):
        touch(new)
        new["title"] = "Other"

    assert [each.field for each in change(write)] == ["Title"]


# General


def test_a_block_of_a_project_needs_no_list_of_its_own():
    old = read_example()
    get_content(old).append(
        {
            "type": "dose_plan",
            "id": SECTION["id"],
            "value": {
                "drug": "Tamoxifen",
                "dose": 20,
                "dose_unit": "mg",
                "weeks": [{"day": 1, "note": "with food"}, {"day": 8, "note": ""}],
                "fasting": False,
            },
        }
    )

    def edit(**values):
        new = deepcopy(old)
        get_content(new)[-1]["value"].update(values)
        return describe(compare(old, new))

    assert edit(dose=40) == [("changed", "clinical", "Dose", "20 mg", "40 mg")]
    assert edit(dose_unit="g") == [("changed", "clinical", "Dose unit", "mg", "g")]
    assert edit(fasting=True) == [("changed", "clinical", "Fasting", "No", "Yes")]
    assert edit(drug="Letrozole") == [
        ("changed", "editorial", "Drug", "Tamoxifen", "Letrozole")
    ]
    days = [{"day": 1, "note": "with food"}, {"day": 9, "note": ""}]
    assert edit(weeks=days) == [("changed", "clinical", "Day", "8", "9")]
    assert edit(weeks=days[:1]) == [("removed", "clinical", "", "Day: 8", "")]


def test_labels_and_numbers_are_in_the_language_in_use():
    with translation.override("es"):
        found = change_block(
            "criterion",
            quantity={
                "comparator": "between",
                "value": 1.5,
                "upper_value": 3,
                "unit": "cm",
            },
        )
    assert found[0].new == "1,5–3 cm"
    assert "Criterio" in found[0].place


def test_documents_of_another_shape_are_compared_too():
    assert compare({}, {}) == []
    assert compare({"body": None}, {"body": []}) != []
    (found,) = compare({"type": "gone.Page", "x": 1}, {"type": "gone.Page", "x": 2})
    assert describe([found]) == [("changed", "clinical", "X", "1", "2")]


def test_no_leaf_of_a_document_changes_in_silence():
    document = read_example()
    seen = set()
    for way, value in iterate_leaves(document):
        names = tuple(step for step in way if isinstance(step, str))
        pattern = (names, type(value))
        # One citation and one rendition stand for all: they have the same form everywhere.
        key = pattern if "renditions" not in names else names[-3:]
        if key in seen or ("json_ld" in names and len(names) > 2):
            continue
        seen.add(key)
        found = compare(document, replace_leaf(document, way))
        assert found, way
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if is_number and not NO_QUANTITY & set(names) and "json_ld" not in names:
            assert Significance.CLINICAL in {each.significance for each in found}, way
    assert len(seen) > 200
