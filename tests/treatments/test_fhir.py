"""Criteria lists as FHIR R5 resources: every variant is valid, and says what the list says."""

import copy

import pytest
from fhir.resources.evidencevariable import EvidenceVariable

from tests.factories import (
    create_full_article,
    create_reference,
    create_site,
    create_targets,
)
from tests.treatments.fhir_lists import (
    ARTICLE,
    MESH,
    NO_QUANTITY,
    PUBLISHED_AT,
    PURPOSES,
    URL,
    build,
    build_examples,
    get_combination,
    get_only,
    make_criterion,
    make_group,
    make_list,
)
from treatments.content.representation import represent_page
from treatments.exports.fhir import build_evidence_variable


def test_the_examples_for_the_second_model_are_different():
    assert len({str(example) for example in build_examples()}) == 16


def test_a_list_says_who_made_it_and_what_it_is_for():
    resource = build_evidence_variable(
        make_list(
            make_criterion(),
            population="194 women",
            disclaimer="Not known to help.",
            as_of="2026-04-01",
            evidence={"system": "grade", "level": "very_low", "plain_words": "Unsure."},
        ),
        {**ARTICLE, "version": {"published_at": PUBLISHED_AT, "number": 9}},
        URL,
        publisher="Demonstration Hospital",
    )
    EvidenceVariable.model_validate(copy.deepcopy(resource))
    expected = {
        "resourceType": "EvidenceVariable",
        "id": "aaaaaaaa-0000-4000-8000-000000000000",
        "language": "en",
        "url": URL,
        "version": "9",
        "name": "WhoMayBenefit",
        "title": "Who may benefit?",
        "status": "active",
        "date": PUBLISHED_AT,
        "publisher": "Demonstration Hospital",
    }
    assert {name: resource[name] for name in expected} == expected
    assert resource["purpose"].startswith("It may help people who … A list that helps")
    assert resource["description"] == (
        "It may help people who …\n\nSome people may benefit if the cancer:"
        "\n\nNot known to help."
    )
    # A date that an editor typed is no review.
    assert "lastReviewDate" not in resource
    assert resource["note"] == [
        {"text": "194 women"},
        {"text": "GRADE: very low. Unsure."},
        {"text": "As of: 2026-04-01"},
    ]


@pytest.mark.parametrize(
    ("logic", "minimum", "code", "threshold"),
    [
        ("all", None, "all-of", None),
        ("any", None, "any-of", None),
        ("at_least", 2, "at-least", 2),
    ],
)
def test_the_logic_of_a_list_is_kept(logic, minimum, code, threshold):
    items = [make_criterion(1), make_criterion(2)]
    combination = get_combination(build(*items, logic=logic, minimum=minimum))
    assert combination["code"] == code
    assert combination.get("threshold") == threshold
    assert [item["linkId"] for item in combination["characteristic"]] == [
        item["id"] for item in items
    ]


def test_a_group_stands_within_the_combination_of_the_list():
    group = make_group(
        make_criterion(2), make_criterion(3), logic="at_least", minimum=1
    )
    combination = get_combination(build(make_criterion(1), group))
    nested = combination["characteristic"][1]
    assert nested["linkId"] == group["id"]
    assert nested["description"] == "One test:"
    assert nested["definitionByCombination"]["code"] == "at-least"
    assert nested["definitionByCombination"]["threshold"] == 1
    assert len(nested["definitionByCombination"]["characteristic"]) == 2


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_list_says_in_a_code_what_it_is_for(purpose):
    resource = build(make_criterion(), purpose=purpose)
    (context,) = resource["useContext"]
    system = "urn:wagtail-treatments:criteria-purpose"
    assert context["code"] == {"system": system, "code": "purpose"}
    concept = context["valueCodeableConcept"]
    assert concept["coding"] == [{"system": system, "code": purpose}]
    assert resource["purpose"].startswith(concept["text"])
    assert resource["description"].startswith(concept["text"])


def test_the_purpose_is_made_of_sentences():
    purpose = build(make_criterion(), purpose="official_indication")["purpose"]
    assert purpose.startswith("Official indication. A list that helps")


def test_four_purposes_are_four_resources():
    resources = [build(make_criterion(), purpose=purpose) for purpose in PURPOSES]
    for name in ("useContext", "purpose", "description"):
        assert len({str(resource[name]) for resource in resources}) == 4


@pytest.mark.parametrize("purpose", PURPOSES)
def test_only_a_list_of_whom_it_may_not_suit_excludes(purpose):
    group = make_group(make_criterion(2, characteristic="exclude"), make_criterion(3))
    (root,) = build(make_criterion(1), group, purpose=purpose)["characteristic"]
    assert root["exclude"] is (purpose == "may_not_suit")
    first, inner = root["definitionByCombination"]["characteristic"]
    assert (first["exclude"], inner["exclude"]) == (False, False)
    parts = inner["definitionByCombination"]["characteristic"]
    assert [part["exclude"] for part in parts] == [True, False]


@pytest.mark.parametrize(
    ("status", "publication_status", "systems"),
    [
        ("current", "active", ["urn:wagtail-treatments:reference-status"]),
        ("corrected", "active", ["urn:wagtail-treatments:reference-status"]),
        ("expression_of_concern", "active", ["urn:wagtail-treatments:reference-status"]),
        (
            "retracted",
            "retired",
            [
                "http://hl7.org/fhir/cited-artifact-status-type",
                "urn:wagtail-treatments:reference-status",
            ],
        ),
    ],
)  # fmt: skip
def test_a_citation_says_in_a_code_how_its_source_stands(
    status, publication_status, systems
):
    source = {"id": 3, "vancouver": "Khan SA. A trial.", "status": status}
    resource = build(make_criterion(citations=[source]))
    citation = resource["relatedArtifact"][1]
    assert citation["type"] == "citation"
    assert citation["publicationStatus"] == publication_status
    (classifier,) = citation["classifier"]
    assert [(each["system"], each["code"]) for each in classifier["coding"]] == [
        (system, status) for system in systems
    ]


def test_a_criterion_may_exclude():
    included = make_criterion(1)
    excluded = make_criterion(2, characteristic="exclude")
    combination = get_combination(build(included, excluded))
    assert [item["exclude"] for item in combination["characteristic"]] == [False, True]


@pytest.mark.parametrize(
    ("comparator", "sign"),
    [("lt", "<"), ("le", "<="), ("eq", None), ("ge", ">="), ("gt", ">")],
)
def test_a_quantity_keeps_its_comparator(comparator, sign):
    quantity = {**NO_QUANTITY, "comparator": comparator, "value": 1.5, "unit": "cm"}
    criterion = get_only(build(make_criterion(quantity=quantity)))
    definition = criterion["definitionByTypeAndValue"]
    assert definition["type"] == {"text": "criterion 1"}
    assert definition["valueQuantity"].get("comparator") == sign
    assert definition["valueQuantity"]["value"] == 1.5
    assert definition["valueQuantity"]["system"] == "http://unitsofmeasure.org"
    assert definition["valueQuantity"]["code"] == "cm"
    assert "definitionCodeableConcept" not in criterion


def test_a_quantity_between_two_values_is_a_range():
    quantity = {"comparator": "between", "value": 6, "upper_value": 10, "unit": "a"}
    criterion = get_only(build(make_criterion(quantity=quantity, code=MESH)))
    assert "definitionCodeableConcept" not in criterion
    definition = criterion["definitionByTypeAndValue"]
    assert definition["type"] == {
        "coding": [{"system": "http://id.nlm.nih.gov/mesh", "code": "D001943"}],
        "text": "criterion 1",
    }
    assert definition["valueRange"]["low"]["value"] == 6
    assert definition["valueRange"]["high"]["value"] == 10
    assert definition["valueRange"]["high"]["unit"] == "years"


def test_a_number_of_things_has_no_unit_in_words():
    quantity = {**NO_QUANTITY, "comparator": "le", "value": 3, "unit": "1"}
    criterion = get_only(build(make_criterion(quantity=quantity)))
    assert criterion["definitionByTypeAndValue"]["valueQuantity"] == {
        "value": 3,
        "comparator": "<=",
        "system": "http://unitsofmeasure.org",
        "code": "1",
    }


@pytest.mark.parametrize(
    ("code", "system"),
    [
        (MESH, "http://id.nlm.nih.gov/mesh"),
        (
            {"system": None, "other_system": "https://example.org/cs", "code": "X1"},
            "https://example.org/cs",
        ),
    ],
)
def test_a_code_defines_a_criterion(code, system):
    criterion = get_only(build(make_criterion(code=code)))
    assert criterion["definitionCodeableConcept"] == {
        "coding": [{"system": system, "code": code["code"]}],
        "text": "criterion 1",
    }


def test_words_alone_describe_a_criterion():
    criterion = get_only(
        build(
            make_criterion(
                timing="at the time of surgery", explanation="Why.", note="Note."
            )
        )
    )
    assert criterion == {
        "linkId": "00000000-0000-4000-8000-000000000001",
        "description": "criterion 1",
        "exclude": False,
        "timeFromEvent": [{"description": "at the time of surgery"}],
        "note": [{"text": "Why."}, {"text": "Note."}],
    }


def test_sources_are_cited_once_and_the_made_up_ones_not_at_all():
    source = {
        "id": 3,
        "number": 1,
        "vancouver": "Khan SA. A trial.",
        "url": "https://doi.org/10.1000/x",
        "is_sample": False,
    }
    sample = {**source, "id": 4, "number": 2, "is_sample": True}
    resource = build(
        make_criterion(citations=[source, sample]),
        make_group(make_criterion(2, citations=[source])),
        citations=[source],
    )
    article, citation = resource["relatedArtifact"]
    assert article["type"] == "derived-from"
    assert article["document"]["url"] == ARTICLE["html_url"]
    assert citation == {
        "type": "citation",
        "label": "1",
        "citation": "Khan SA. A trial.",
        "document": {"url": "https://doi.org/10.1000/x"},
        "publicationStatus": "active",
    }


def test_the_words_that_are_added_stand_in_the_language_of_the_article():
    resource = build(make_criterion(), article={**ARTICLE, "locale": "es"})
    assert resource["language"] == "es"
    assert resource["description"].startswith("Puede ayudar")


@pytest.mark.parametrize("title", ["治疗", "123 reasons", "¿…?"])
def test_the_name_is_fit_for_programs(title):
    name = build(make_criterion(), title=title)["name"]
    assert name == "CriteriaList_aaaaaaaa_0000_4000_8000_000000000000"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("tok018q 5×10⁹", "Tok018q5_10Sup9"),
        ("tok018q 5×109", "Tok018q5_109"),
        ("tok018q 5×10₉", "Tok018q5_10Sub9"),
        ("tok018q 5×10⁻⁹", "Tok018q5_10Supm9"),
        ("tok018q 5×10^9", "Tok018q5_10Sup9"),
        ("Take ½", "TakeFrac1x2"),
        ("HbA1c 6.5", "Hba1c6_5"),
        ("m²", "MSup2"),
    ],
)
def test_the_name_glues_no_numbers(title, expected):
    assert build(make_criterion(), title=title)["name"] == expected


def test_an_unfinished_draft_is_still_valid():
    assert "characteristic" not in build()
    assert "characteristic" not in build(make_criterion(), logic=None)


@pytest.mark.parametrize(
    "block", [{"type": "callout", "id": "x", "value": {}}, {**make_list(), "id": None}]
)
def test_anything_else_is_refused(block):
    with pytest.raises(ValueError, match="criteria list with an id"):
        build_evidence_variable(block, ARTICLE, URL)


@pytest.mark.django_db
def test_a_list_from_the_api_is_valid():
    home = create_site()
    targets = create_targets(home.index)
    targets["reference"] = create_reference("A trial", is_sample=False).pk
    page, _sampler = create_full_article(home.index, targets)
    article = {**represent_page(page), "id": page.pk, "title": page.title}
    block = next(
        child
        for section in article["body"]
        for child in section["value"]["content"]
        if child["type"] == "criteria_list"
    )
    resource = build_evidence_variable(block, {**article, "locale": "en"}, URL)
    EvidenceVariable.model_validate(copy.deepcopy(resource))
    criterion, group = get_combination(resource)["characteristic"]
    measured = criterion["definitionByTypeAndValue"]
    assert measured["valueRange"]["low"]["value"] == 1.5
    assert measured["type"]["coding"][0]["code"] == "D001943"
    assert group["definitionByCombination"]["code"] == "any-of"
    assert [artifact["type"] for artifact in resource["relatedArtifact"]] == [
        "derived-from",
        "citation",
    ]
