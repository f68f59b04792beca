"""Criteria lists as the API gives them, and the valid FHIR resources that are made of them."""

import copy

from fhir.resources.evidencevariable import EvidenceVariable

from treatments.exports.fhir import build_evidence_variable

URL = "https://example.org/fhir/EvidenceVariable/list"
MESH = {"system": "http://id.nlm.nih.gov/mesh", "other_system": "", "code": "D001943"}
NO_CODE = {"system": None, "other_system": "", "code": ""}
NO_QUANTITY = {"comparator": None, "value": None, "upper_value": None, "unit": None}
PUBLISHED_AT = "2026-05-01T10:00:00.123456+00:00"
ARTICLE = {
    "title": "Surgery",
    "locale": "en",
    "html_url": "https://example.org/en/surgery/",
    "references": [],
    "version": {"published_at": PUBLISHED_AT},
}


def make_criterion(number=1, **kwargs):
    """Return a criterion as the API gives it."""
    value = {
        "text": f"criterion {number}",
        "characteristic": "include",
        "explanation": "",
        "quantity": NO_QUANTITY,
        "code": NO_CODE,
        "timing": "",
        "note": "",
        "citations": [],
    }
    return {
        "type": "criterion",
        "id": f"00000000-0000-4000-8000-00000000000{number}",
        "value": {**value, **kwargs},
    }


def make_list(*items, **kwargs):
    """Return a criteria list as the API gives it."""
    value = {
        "purpose": "may_help",
        "title": "Who may benefit?",
        "lead_in": "Some people may benefit if the cancer:",
        "population": "",
        "logic": "all",
        "minimum": None,
        "items": list(items),
        "evidence": {"system": None, "level": "", "plain_words": ""},
        "as_of": None,
        "disclaimer": "",
        "citations": [],
    }
    return {
        "type": "criteria_list",
        "id": "aaaaaaaa-0000-4000-8000-000000000000",
        "value": {**value, **kwargs},
    }


def make_group(*items, **kwargs):
    """Return a group of criteria as the API gives it."""
    value = {"lead_in": "One test:", "logic": "any", "minimum": None}
    return {
        "type": "group",
        "id": "bbbbbbbb-0000-4000-8000-000000000000",
        "value": {**value, "items": list(items), **kwargs},
    }


def build(*items, article=ARTICLE, **kwargs):
    """Return a valid resource, as plain JSON."""
    resource = build_evidence_variable(make_list(*items, **kwargs), article, URL)
    EvidenceVariable.model_validate(copy.deepcopy(resource))
    for characteristic in resource.get("characteristic", []):
        check_invariants(characteristic)
    return resource


def check_invariants(characteristic):
    """Assert what HL7 demands of a characteristic beyond its shape, which the model does not check."""
    definitions = [name for name in characteristic if name.startswith("definition")]
    assert len(definitions) <= 1
    combination = characteristic.get("definitionByCombination")
    if combination:
        is_counted = combination["code"] in {"at-least", "at-most"}
        assert ("threshold" in combination) is is_counted
        assert combination["characteristic"]
        for inner in combination["characteristic"]:
            check_invariants(inner)


def build_examples():
    """Return a resource for each purpose, with all that a list can say."""
    quantity = {**NO_QUANTITY, "comparator": "lt", "value": 2, "unit": "cm"}
    between = {**quantity, "comparator": "between", "upper_value": 5}
    source = {"id": 3, "number": 1, "vancouver": "A trial.", "url": "https://doi.org/10.1000/x"}  # fmt: skip
    return [
        build(
            make_criterion(1, code=MESH, quantity=quantity, timing="at surgery", note="N."),
            make_criterion(2, code=MESH, citations=[{**source, "status": status}]),
            make_group(
                make_criterion(3, quantity=between, characteristic="exclude"),
                make_criterion(4),
                logic="at_least",
                minimum=1,
            ),
            purpose=purpose,
            logic=logic,
        )
        for purpose in PURPOSES
        for logic in ("all", "any")
        for status in ("current", "retracted")
    ]  # fmt: skip


def get_combination(resource):
    """Return the combination of the whole list."""
    (whole,) = resource["characteristic"]
    return whole["definitionByCombination"]


def get_only(resource):
    """Return the only criterion of a list."""
    (criterion,) = get_combination(resource)["characteristic"]
    return criterion


PURPOSES = ["may_help", "may_not_suit", "official_indication", "ask_about"]
