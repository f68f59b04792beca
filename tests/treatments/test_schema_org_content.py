"""What an article is about, in JSON-LD: treatments, sources, criteria and decisions."""

from __future__ import annotations

import json

import pytest

from tests.schema_org.documents import URL, build, find_nodes, get_page
from treatments.exports.schema_org.instructions import build_duration

REFERENCE = {
    "id": 3,
    "csl_type": "article-journal",
    "title": "A trial",
    "authors": ["Khan SA", "Sample Trial Group", "et al"],
    "container_title": "J Clin Oncol",
    "publisher": "",
    "issued": {"year": 2022, "month": 3, "day": None},
    "volume": "40",
    "issue": "9",
    "page": "978–987",
    "pmid": "12345",
    "pmcid": "",
    "doi": "10.1000/x",
    "nct": "",
    "url": "https://doi.org/10.1000/x",
    "status": "retracted",
    "is_sample": False,
}


def make_section(*content, **kwargs):
    """Return a section of the API with its blocks."""
    value = {"heading": "Section", "health_aspect": None, "content": list(content)}
    return {"type": "section", "id": "section-id", "value": {**value, **kwargs}}


def test_a_treatment_has_its_codes_and_other_names():
    treatment = {
        "id": 1,
        "name": "Cryoablation",
        "description": "",
        "also_known_as": ["Cryotherapy"],
        "schema_type": "SurgicalProcedure",
        "codes": [{"system": "http://id.nlm.nih.gov/mesh", "code": "D003452"}],
    }
    names = [{"type": "name", "id": "1", "value": "Freezing a tumor"}]
    document = build(treatment=treatment, also_known_as=names, body_site="Breast")
    (node,) = find_nodes(document, "SurgicalProcedure")
    assert node["alternateName"] == ["Cryotherapy"]
    assert get_page(document)["alternateName"] == ["Freezing a tumor"]
    assert node["bodyLocation"] == "Breast"
    assert node["code"][0]["codingSystem"] == "MeSH"
    assert node["code"][0]["codeValue"] == "D003452"
    assert get_page(document)["mainEntity"] == {"@id": node["@id"]}
    assert "code" not in get_page(document)


def test_a_drug_has_no_place_in_the_body():
    treatment = {"id": 1, "name": "Tamoxifen", "schema_type": "Drug"}
    (node,) = find_nodes(build(treatment=treatment, body_site="Breast"), "Drug")
    assert "bodyLocation" not in node


def test_a_source_has_its_identifiers_its_journal_and_its_fate():
    document = build(references=[REFERENCE])
    (node,) = find_nodes(document, "ScholarlyArticle")
    assert node["@id"] == "https://doi.org/10.1000/x"
    assert node["author"] == [{"@type": "Person", "name": "Khan SA"}]
    assert node["datePublished"] == "2022-03"
    assert node["creativeWorkStatus"] == "Retracted"
    assert [entry["propertyID"] for entry in node["identifier"]] == ["doi", "pmid"]
    issue = node["isPartOf"]
    assert issue["issueNumber"] == "9"
    assert issue["isPartOf"]["volumeNumber"] == "40"
    assert issue["isPartOf"]["isPartOf"]["name"] == "J Clin Oncol"
    assert get_page(document)["citation"] == [{"@id": node["@id"]}]


@pytest.mark.parametrize(
    ("csl_type", "kind"),
    [
        ("book", "Book"),
        ("chapter", "Chapter"),
        ("report", "Report"),
        ("webpage", "WebPage"),
        ("regulation", "CreativeWork"),
        ("dataset", "Dataset"),
    ],
)
def test_every_kind_of_source_is_right(csl_type, kind):
    bare = {**REFERENCE, "csl_type": csl_type, "doi": "", "pmid": "", "url": ""}
    bare["authors"] = ["World Health Organization"]
    document = build(references=[{**bare, "publisher": "Press"}])
    nodes = {node.get("@id"): node for node in find_nodes(document, kind)}
    node = nodes[f"{URL}#reference-3"]
    assert node["publisher"]["name"] == "Press"
    assert ("author" in node) == (csl_type not in {"book", "chapter"})


def test_a_trial_number_identifies_its_entry_and_not_what_is_written_about_it():
    url = "https://clinicaltrials.gov/study/NCT02200705"
    trial = {**REFERENCE, "doi": "", "pmid": "", "nct": "NCT02200705", "url": url}
    document = build(references=[trial])
    (article,) = find_nodes(document, "ScholarlyArticle")
    assert article["about"]["@type"] == "MedicalTrial"
    assert article["about"]["identifier"]["value"] == "NCT02200705"
    assert article.keys().isdisjoint({"identifier", "url"})
    (entry,) = find_nodes(
        build(references=[{**trial, "csl_type": "dataset"}]), "Dataset"
    )
    assert entry["identifier"][0]["value"] == "NCT02200705"
    assert entry["url"] == url


def test_a_made_up_source_is_not_cited():
    document = build(references=[{**REFERENCE, "is_sample": True}])
    assert len(document["@graph"]) == 2
    assert "citation" not in get_page(document)


def test_a_criterion_that_must_not_apply_says_so():
    criterion = {
        "type": "criterion",
        "id": "criterion-id",
        "value": {"text": "has grown", "characteristic": "exclude", "code": {}},
    }
    criteria = {
        "type": "criteria_list",
        "id": "list-id",
        "value": {
            "purpose": "may_not_suit",
            "title": "",
            "lead_in": "If the cancer:",
            "logic": "at_least",
            "minimum": 2,
            "items": [criterion, {**criterion, "id": "second-id"}],
        },
    }
    section = make_section(criteria)
    document = build(body=[section], toc=[{"id": "section-id", "anchor": "section"}])
    (node,) = find_nodes(document, "HealthTopicContent")
    assert node["hasHealthAspect"] == "https://schema.org/SafetyHealthAspect"
    assert node["mainEntity"]["description"] == "At least 2"
    items = node["mainEntity"]["itemListElement"]
    assert [item["name"] for item in items] == ["Must not apply: has grown"] * 2
    (part,) = get_page(document)["hasPart"]
    assert part["@type"] == "WebContent"
    assert part["url"] == f"{URL}#section"
    spanish = build(body=[section], locale="es")
    assert "No debe cumplirse: has grown" in json.dumps(spanish, ensure_ascii=False)


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        ({"value": 90, "unit": "min"}, "PT1H30M"),
        ({"value": 1.5, "unit": "h"}, "PT1H30M"),
        ({"value": 0.5, "unit": "min"}, "PT30S"),
        ({"value": 2, "unit": "d"}, "P2D"),
        ({"value": 1.5, "unit": "wk"}, "P10DT12H"),
        ({"value": 3, "unit": "mo"}, "P3M"),
        ({"value": 1.5, "unit": "mo"}, None),
        ({"value": 30, "upper_value": 60, "unit": "min"}, None),
        ({"value": None, "unit": None}, None),
        ({}, None),
    ],
)
def test_a_duration_is_given_where_it_is_one_number(duration, expected):
    assert build_duration(duration) == expected


def test_a_decision_is_mentioned_and_not_claimed_of_the_treatment():
    decision = {
        "type": "decision",
        "id": "decision-id",
        "value": {
            "authority": "FDA (United States)",
            "identifier": "DEN220077",
            "indication": "A small tumor.",
            "status": "withdrawn",
            "decided_on": "2025-10-03",
            "code": {"system": "", "other_system": "https://e.org/cs", "code": "X"},
        },
    }
    treatment = {"id": 1, "name": "Surgery", "schema_type": "SurgicalProcedure"}
    document = build(regulatory_status=[decision], treatment=treatment)
    (mentioned,) = get_page(document)["mentions"]
    assert mentioned["name"] == "FDA (United States) DEN220077"
    assert mentioned["creativeWorkStatus"] == "withdrawn"
    assert mentioned["about"]["code"]["codingSystem"] == "https://e.org/cs"
    assert "legalStatus" not in find_nodes(document, "SurgicalProcedure")[0]
