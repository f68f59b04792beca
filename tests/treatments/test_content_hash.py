"""Hashes of sections: a change is known by the section that it touched."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from snippets.plain_text import get_plain_text
from tests.delivery.documents import iterate_leaves, read_example, replace_leaf
from treatments.hashes.content import (
    hash_clinical,
    hash_content,
    hash_json,
    hash_sections,
    select_content,
)

FIRST = "11111111-1111-4111-8111-111111111111"
SECOND = "22222222-2222-4222-8222-222222222222"


def build_section(section_id: str, html: str, **more: Any) -> dict[str, Any]:
    """Return a section with one rich text."""
    text = {"type": "rich_text", "id": f"text of {section_id}", "value": {"html": html}}
    value = {"heading": "Heading", "content": [text], **more}
    return {"type": "section", "id": section_id, "value": value}


def build_reference(pk: int, number: int, **more: Any) -> dict[str, Any]:
    """Return a reference as an article has it."""
    return {"number": number, "id": pk, "csl_type": "article-journal", **more}


def build_article(**fields: Any) -> dict[str, Any]:
    """Return an article with two sections; the second uses the term and the reference."""
    return {
        "title": "Surgery",
        "summary": "In short.",
        "body": [
            build_section(FIRST, "<p>First.</p>"),
            build_section(
                SECOND,
                '<p><dfn data-term="7">Margin</dfn><sup data-reference="3">1</sup></p>',
            ),
        ],
        "references": [build_reference(3, 1, status="current")],
        "glossary": [{"id": 7, "term": "Margin", "definition": {"html": "The edge."}}],
        **fields,
    }


def find_changed(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    """Return the sections that two articles have not in common."""
    hashes = hash_sections(old), hash_sections(new)
    names = {*hashes[0], *hashes[1]}
    return {name for name in names if hashes[0].get(name) != hashes[1].get(name)}


def test_every_section_and_every_part_outside_of_the_body_has_a_hash():
    assert hash_sections(build_article()).keys() == {
        FIRST,
        SECOND,
        "summary",
        "about",
        "order",
    }


def test_a_change_of_the_title_touches_only_what_the_article_is_about():
    assert find_changed(build_article(), build_article(title="Resection")) == {"about"}


def test_one_word_touches_one_section():
    new = build_article()
    new["body"][0]["value"]["content"][0]["value"]["html"] = "<p>Fist.</p>"

    assert find_changed(build_article(), new) == {FIRST}


def test_a_definition_touches_the_section_that_uses_the_term():
    new = build_article()
    new["glossary"][0]["definition"]["html"] = "The rim."

    assert find_changed(build_article(), new) == {SECOND}


def test_a_retracted_reference_touches_the_section_that_cites_it():
    new = build_article(references=[build_reference(3, 1, status="retracted")])

    assert find_changed(build_article(), new) == {SECOND}


def test_a_reference_in_a_definition_touches_the_section_that_uses_the_term():
    term = {
        "id": 7,
        "term": "Margin",
        "definition": {"html": 'Edge<sup data-reference="4">2</sup>'},
    }
    articles = [
        build_article(
            glossary=[term],
            references=[build_reference(3, 1), build_reference(4, 2, status=status)],
        )
        for status in ("current", "corrected")
    ]

    assert find_changed(*articles) == {SECOND}


def test_terms_that_name_each_other_come_to_an_end():
    glossary = [
        {"id": 7, "term": "A", "definition": {"html": '<dfn data-term="8">B</dfn>'}},
        {"id": 8, "term": "B", "definition": {"html": '<dfn data-term="7">A</dfn>'}},
    ]
    changed = deepcopy(glossary)
    changed[1]["term"] = "C"

    assert find_changed(
        build_article(glossary=glossary), build_article(glossary=changed)
    ) == {SECOND}


def test_a_new_citation_before_does_not_touch_the_sections_that_are_only_renumbered():
    new = build_article(references=[build_reference(9, 1), build_reference(3, 2)])
    old = build_article(references=[build_reference(3, 1)])
    first, second = new["body"]
    first["value"]["content"][0]["value"]["html"] = (
        '<p>First.<sup data-reference="9">1</sup></p>'
    )
    second["value"]["content"][0]["value"]["html"] = (
        '<p><dfn data-term="7">Margin</dfn><sup data-reference="3">2</sup></p>'
    )

    assert find_changed(old, new) == {FIRST}


def test_the_number_of_a_cited_reference_in_a_block_does_not_count():
    articles = [
        build_article(
            body=[
                build_section(
                    FIRST, "<p></p>", citations=[build_reference(3, number, doi=doi)]
                )
            ]
        )
        for number, doi in ((1, ""), (2, ""), (2, "10.1/x"))
    ]

    assert find_changed(articles[0], articles[1]) == set()
    assert find_changed(articles[1], articles[2]) == {FIRST}


def test_another_order_of_the_sections_is_a_change_of_its_own():
    new = build_article()
    new["body"].reverse()

    assert find_changed(build_article(), new) == {"order"}


def test_whatever_changes_the_whole_changes_a_section_and_the_other_way_round():
    """Each value of an article with every block type is changed in turn."""
    old = read_example()
    whole, sections = hash_content(old["title"], old), hash_sections(old)
    parts = select_content(old)
    assert {"title", "summary", "body", "references"} <= parts.keys()
    # Numbers follow from the text: alone they never change.
    ways = [way for way, _leaf in iterate_leaves(parts) if way[-1] != "number"]

    for way in ways:
        new = replace_leaf(old, way)
        is_changed = hash_content(new["title"], new) != whole

        assert (hash_sections(new) != sections) is is_changed, way


def build_figure(caption: str, **more: Any) -> dict[str, Any]:
    """Return a section with a figure."""
    figure = {"type": "figure", "id": "figure", "value": {"caption": caption}, **more}
    return {
        "type": "section",
        "id": FIRST,
        "value": {"heading": "Heading", "content": [figure]},
    }


def test_what_is_clinical_leaves_out_editorial_blocks_and_keeps_definitions():
    old = build_article(body=[build_figure('<dfn data-term="7">Margin</dfn>')])
    caption = build_article(body=[build_figure('The <dfn data-term="7">edge</dfn>')])
    definition = deepcopy(caption)
    definition["glossary"][0]["definition"]["html"] = "The rim."
    hero = build_article(body=old["body"], hero={"alt": "A drawing"})
    hashes = [
        hash_clinical(each, ["figure"]) for each in (old, caption, definition, hero)
    ]

    assert find_changed(old, caption) == {FIRST}
    assert hashes[0] == hashes[1] == hashes[3]
    assert hashes[2][FIRST] != hashes[0][FIRST]
    assert hash_clinical(old, []) != hash_clinical(caption, [])


def test_what_nobody_has_classified_is_clinical_content():
    old, new = ({**build_article(), "brand_name": name} for name in ("5 mg", "500 mg"))
    assert hash_content("Title", old) != hash_content("Title", new)
    changed = hash_sections(old).items() ^ hash_sections(new).items()
    assert {name for name, _digest in changed} == {"about"}
    assert hash_clinical(old, []) != hash_clinical(new, [])
    assert hash_clinical(old, ["brand_name"]) == hash_clinical(new, ["brand_name"])


def test_better_plain_text_ends_no_approval():
    html = (
        "<h3>Dose</h3><ul><li>Day 1<ul><li>2 tablets</li></ul></li></ul><p>Do not<br>stop 10<sup>-3</sup> &amp; "
        'T<sub>1/2</sub>, x &lt; 5<sup data-reference="3">1</sup> <sup>2<b>+</b></sup></p>'
    )
    first = "Dose\nDay 12 tablets\nDo not\nstop 10⁻³ & T1/2, x < 5 ²⁺"
    # What was stored of this text in the first release.
    digest = "sha256-3585495e698883dd0284ee926638cb7cd5acbe3227b948810ccc7a9736342bcf"
    for text in (first, get_plain_text(html)):
        assert hash_json({"a": [{"html": html, "text": text}]}) == digest
    assert get_plain_text(html) != first
    changed = html.replace("<sup>-3</sup>", "-3")
    assert hash_json({"a": [{"html": changed, "text": ""}]}) != digest
