"""The lint of JSON-LD finds each mistake, and nothing where there is none."""

from __future__ import annotations

import pytest

from tests.schema_org.documents import URL
from tests.schema_org.linter import find_problems, read_vocabulary


def test_the_vocabulary_says_where_it_comes_from():
    vocabulary = read_vocabulary()
    assert vocabulary["version"].startswith("30")
    assert "CC BY-SA 3.0" in vocabulary["credit"]


def make_document(*nodes):
    """Return a document of these nodes."""
    return {"@context": "https://schema.org", "@graph": list(nodes)}


def make_page(**kwargs):
    """Return a page node."""
    return {"@type": "MedicalWebPage", "@id": f"{URL}#webpage", **kwargs}


WRONG = {
    "lastReviewed does not belong to MedicalProcedure": make_document(
        {"@type": "MedicalProcedure", "lastReviewed": "2026-05-01"}
    ),
    "ItemList is none of CreativeWork": make_document(
        make_page(hasPart={"@type": "ItemList", "name": "A list"})
    ),
    "evidenceLevel does not belong to MedicalWebPage": make_document(
        make_page(evidenceLevel="https://schema.org/EvidenceLevelA")
    ),
    "contraindication does not belong to SurgicalProcedure": make_document(
        {"@type": "SurgicalProcedure", "contraindication": "Words"}
    ),
    "aspect is superseded by mainContentOfPage": make_document(
        make_page(aspect="treatment")
    ),
    "unknown property indication": make_document(
        {"@type": "MedicalTherapy", "indication": "Words"}
    ),
    "unknown type TreatmentPage": make_document(
        {"@type": "TreatmentPage", "name": "x"}
    ),
    "code does not belong to MedicalWebPage": make_document(
        make_page(code={"@type": "MedicalCode", "codeValue": "D1"})
    ),
    "hasHealthAspect does not belong to WebContent": make_document(
        {
            "@type": "WebContent",
            "hasHealthAspect": "https://schema.org/TypesHealthAspect",
        }
    ),
    "'treatment' where only HealthAspectEnumeration fits": make_document(
        {"@type": "HealthTopicContent", "hasHealthAspect": "treatment"}
    ),
    "where only MedicalProcedureType fits": make_document(
        {
            "@type": "MedicalProcedure",
            "procedureType": "https://schema.org/SurgicalProcedure",
        }
    ),
    "text 'Surgery' where only Thing fits": make_document(make_page(about="Surgery")),
    "'30 minutes' is no Duration": make_document(
        {"@type": "HowTo", "totalTime": "30 minutes"}
    ),
    "'May 2026' is no Date": make_document(make_page(lastReviewed="May 2026")),
    "'2026-02-30' is no Date": make_document(make_page(lastReviewed="2026-02-30")),
    "'/en/' is no URL": make_document(make_page(url="/en/")),
    "True is none of Text": make_document(make_page(name=True)),
    "#nothing is nowhere described": make_document(
        make_page(about={"@id": f"{URL}#nothing"})
    ),
    "Patient is none of ImageObject": make_document(
        make_page(primaryImageOfPage={"@id": f"{URL}#who"}),
        {"@type": "Patient", "@id": f"{URL}#who"},
    ),
    "#webpage is described twice": make_document(make_page(), make_page()),
    ".name: is empty": make_document(make_page(name="  ")),
    ".citation: is empty": make_document(make_page(citation=[])),
    ".image: is empty": make_document(make_page(image=None)),
    "has no type": make_document({"name": "x"}),
    "steps is superseded by step": make_document(
        {"@type": "HowTo", "steps": {"@type": "ItemList"}}
    ),
    "is no list of nodes": {"@context": "https://schema.org"},
    "is not https://schema.org": {"@graph": [make_page()]},
}


@pytest.mark.parametrize("reason", WRONG)
def test_the_lint_finds_one_mistake_for_the_right_reason(reason):
    (problem,) = find_problems(WRONG[reason])
    assert reason in problem


def test_two_types_allow_what_one_of_them_allows():
    node = {"@type": ["MedicalTherapy", "SurgicalProcedure"], "contraindication": "x"}
    assert find_problems(make_document(node)) == []


def test_a_node_of_another_page_need_not_be_described():
    other = {"@id": "https://example.org/en/other/#webpage"}
    assert find_problems(make_document(make_page(mentions=other))) == []


def test_the_lint_finds_a_translation_that_does_not_name_its_original():
    spanish_id = "https://example.org/es/#webpage"
    english = make_document(make_page(workTranslation={"@id": spanish_id}))
    spanish = make_document({"@type": "MedicalWebPage", "@id": spanish_id})
    (problem,) = find_problems(english, spanish)
    assert "which has no translationOfWork back" in problem
    (problem,) = find_problems(spanish, english)
    assert "has no translationOfWork" in problem
