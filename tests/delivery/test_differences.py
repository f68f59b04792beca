"""What a reader got to see differently, told for people: every kind of difference, and nothing forgotten."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.utils import translation

from tests.delivery.documents import (
    SECTION,
    change,
    change_block,
    describe,
    find_block,
    get_content,
    iterate_leaves,
    read_example,
    replace_leaf,
    rewrite,
)
from treatments.comparison.documents import Significance, compare

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
                value["vancouver"] += " Retracted."
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


def test_all_that_a_new_condition_says_is_told():
    old = read_example()
    new = deepcopy(old)
    more = {"description": "What it is.", "also_known_as": ["Its synonym"]}
    new["conditions"].append(
        {**old["conditions"][0], "id": 2, "name": "Another", **more}
    )
    [found] = compare(old, new)
    assert found.new.startswith("Another\n")
    assert "What it is." in found.new
    assert "Its synonym" in found.new
    new = deepcopy(old)
    new["conditions"][0].update(more)
    assert {each.new for each in compare(old, new)} == {"What it is.", "Its synonym"}


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


@pytest.mark.parametrize(
    ("old", "new", "texts"),
    [
        ("10<sup>9</sup>/L", "109/L", ("10⁹/L", "109/L")),
        ("10<sup>9</sup>/L", "10<sup>6</sup>/L", ("10⁹/L", "10⁶/L")),
        ("T<sub>1/2</sub>", "T1/2", ("T_(1/2)", "T1/2")),
    ],
)
def test_a_sign_that_leaves_its_place_is_a_change_of_numbers(old, new, texts):
    def set_html(html):
        return lambda document: rewrite(document, html=f"<p>{html}</p>", text="")

    before = read_example()
    set_html(old)(before)
    after = deepcopy(before)
    set_html(new)(after)
    (found,) = compare(before, after)
    assert (found.old, found.new) == texts
    assert found.significance is Significance.CLINICAL


def test_a_text_that_was_stored_by_other_rules_is_no_change():
    html = "<ul><li>Day 1<ul><li>2 tablets</li></ul></li></ul>"
    before, after = read_example(), read_example()
    rewrite(before, html=html, text="Day 12 tablets")
    rewrite(after, html=html, text="Day 1\n2 tablets")
    (found,) = compare(before, after)
    assert found.significance is Significance.TECHNICAL
    rewrite(after, html=html.replace("2 tablets", "3 tablets"), text="")
    (found,) = compare(before, after)
    assert (found.old, found.new) == ("Day 1\n2 tablets", "Day 1\n3 tablets")


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
