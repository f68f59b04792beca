"""A criteria list as an ``EvidenceVariable`` of HL7 FHIR R5.

Pure: made from the public JSON of a block and its article. The resource says whom a text is about, so
that other systems can read the logic; it is no rule by which anybody is found eligible.
Source: https://hl7.org/fhir/R5/evidencevariable.html
"""

from __future__ import annotations

import re
from typing import Any

from django.utils import translation

from snippets.words import build_slug
from treatments.blocks.criteria import UNITS, CriteriaListBlock
from treatments.blocks.evidence import EVIDENCE_SYSTEMS
from treatments.exports.pruning import prune

Element = dict[str, Any]

#: Its help text and its choices say in the admin's words what a list is for.
LIST_BLOCK = CriteriaListBlock()
UCUM = "http://unitsofmeasure.org"
COMBINATIONS = {"all": "all-of", "any": "any-of", "at_least": "at-least"}
#: What a list is for, and how a source stands, in words of ours: FHIR has none. The codes are those of the API.
PURPOSES = "urn:wagtail-treatments:criteria-purpose"
REFERENCE_STATUSES = "urn:wagtail-treatments:reference-status"
#: Where FHIR R5 has a code for how a source stands: https://hl7.org/fhir/R5/valueset-cited-artifact-status-type.html
CITED_STATUSES = "http://hl7.org/fhir/cited-artifact-status-type"
RETRACTED = "retracted"
#: The purpose of a list whose criteria speak against a treatment.
MAY_NOT_SUIT = "may_not_suit"
#: FHIR has no comparator for “exactly”: a quantity without one is the value itself.
COMPARATORS = {"lt": "<", "le": "<=", "ge": ">=", "gt": ">"}
#: The name of a computable artifact: a capital, then letters, digits and underscores.
NAME_LENGTH = 255
NUMBER_EDGE = re.compile(r"(?<=\d)-+(?=\d)")


def build_evidence_variable(
    block: dict[str, Any], article: dict[str, Any], url: str, *, publisher: str = ""
) -> dict[str, Any]:
    """Return one criteria list as an ``EvidenceVariable``.

    Args:
        block: The list as the API gives it: ``{"type": "criteria_list", "id", "value"}``.
        article: The article that it stands in, with ``title`` and ``locale``.
        url: The canonical address of the resource.
        publisher: Who publishes it; left out when it is not known.

    Raises:
        ValueError: The block is no criteria list, or has no id.
    """
    if block.get("type") != "criteria_list" or not block.get("id"):
        message = "Only a criteria list with an id can become an EvidenceVariable."
        raise ValueError(message)
    value = block["value"]
    version = article.get("version") or {}
    title = value.get("title") or article["title"]
    with translation.override(article["locale"]):
        return prune(
            {
                "resourceType": "EvidenceVariable",
                "id": block["id"],
                "language": article["locale"],
                "url": url,
                "version": str(version.get("number") or ""),
                "name": build_name(title, block["id"]),
                "title": title,
                "status": "active",
                "date": version.get("published_at"),
                "publisher": publisher,
                "description": build_description(value),
                "useContext": build_contexts(value),
                "purpose": build_purpose(value),
                "note": build_notes(
                    value.get("population"),
                    describe_evidence(value.get("evidence")),
                    describe_date(value.get("as_of")),
                ),
                "relatedArtifact": build_artifacts(value, article),
                "characteristic": [build_root(block["id"], value)],
            }
        )


def build_name(title: str, block_id: str) -> str:
    """Return a name for programs, such as ``WhoMayBenefit``; from the id where no letter remains."""
    slug = NUMBER_EDGE.sub(".", build_slug(title).replace("_", "-"))
    words = [word[:1].upper() + word[1:] for word in slug.split("-")]
    name = "".join(words).replace(".", "_")
    if not re.match(r"[A-Z]", name):
        name = f"CriteriaList_{block_id.replace('-', '_')}"
    return name[:NAME_LENGTH]


def name_purpose(value: Element) -> str:
    """Return what a list is for, as readers see it; nothing for a draft that does not say it."""
    purposes = dict(LIST_BLOCK.child_blocks["purpose"].field.choices)
    return str(purposes.get(value["purpose"], "")) if value["purpose"] else ""


def build_purpose(value: Element) -> str:
    """Return what a list is for, and that it decides nothing, as sentences."""
    name = name_purpose(value)
    ending = "." if name and name[-1] not in ".…:?!" else ""
    return f"{name}{ending} {LIST_BLOCK.meta.help_text}".strip()


def build_contexts(value: Element) -> list[Element]:
    """Return what a list is for as a coded context of use."""
    if not value["purpose"]:
        return []
    purpose = {"system": PURPOSES, "code": value["purpose"]}
    concept = {"coding": [purpose], "text": name_purpose(value)}
    code = {"system": PURPOSES, "code": "purpose"}
    return [{"code": code, "valueCodeableConcept": concept}]


def build_description(value: Element) -> str:
    """Return purpose, lead-in and limits: what a reader of the list sees around it."""
    texts = (
        name_purpose(value),
        value["lead_in"],
        value.get("disclaimer"),
    )
    return "\n\n".join(text.strip() for text in texts if text and text.strip())


def describe_evidence(evidence: Element | None) -> str:
    """Return a level of evidence with its system and in plain words."""
    if not evidence:
        return ""
    system = dict(EVIDENCE_SYSTEMS).get(evidence.get("system") or "")
    level = (evidence.get("level") or "").replace("_", " ")
    parts = (f"{system}: {level}" if system else "", evidence.get("plain_words"))
    return ". ".join(part.strip() for part in parts if part and part.strip())


def describe_date(as_of: str | None) -> str:
    """Return when the criteria were compared with their source; no review of the article is claimed."""
    label = LIST_BLOCK.child_blocks["as_of"].label
    return f"{label}: {as_of}" if as_of else ""


def build_notes(*texts: str | None) -> list[Element]:
    """Return an annotation for each text."""
    return [{"text": text} for text in texts if text]


def build_artifacts(value: Element, article: Element) -> list[Element]:
    """Return the article that the list comes from, and every real source that it cites, once."""
    artifacts: list[Element] = []
    if article.get("html_url"):
        artifacts.append(
            {
                "type": "derived-from",
                "display": article["title"],
                "document": {"url": article["html_url"], "title": article["title"]},
            }
        )
    known = {entry["id"]: entry for entry in article.get("references") or []}
    cited = {entry["id"]: entry for entry in iterate_citations(value)}
    artifacts += [
        build_citation(known.get(pk, reference))
        for pk, reference in cited.items()
        if not reference.get("is_sample")
    ]
    return artifacts


def iterate_citations(value: Element):
    """Yield the references of a list, of its groups and of its criteria."""
    yield from value.get("citations") or []
    for item in value.get("items") or []:
        yield from iterate_citations(item["value"])


def build_citation(reference: Element) -> Element:
    """Return a source in the form in which readers see it, and how it stands: a retracted one is retired."""
    status = reference.get("status") or ""
    codings = [{"system": REFERENCE_STATUSES, "code": status}] if status else []
    if status == RETRACTED:
        codings.insert(0, {"system": CITED_STATUSES, "code": status})
    return {
        "type": "citation",
        "classifier": [{"coding": codings}] if codings else None,
        "label": str(reference.get("number") or ""),
        "citation": reference["vancouver"],
        "document": {"url": reference.get("url")},
        "publicationStatus": "retired" if status == RETRACTED else "active",
    }


def build_root(block_id: str, value: Element) -> Element | None:
    """Return a whole list: whom it describes, or whom it leaves out because a treatment may not suit them."""
    root = build_combination(block_id, value)
    return root and {**root, "exclude": value["purpose"] == MAY_NOT_SUIT}


def build_combination(link_id: str | None, value: Element) -> Element | None:
    """Return a list or a group as the combination of its criteria.

    None for a draft without criteria, or without a word on how many of them must apply.
    """
    items = [build_characteristic(item) for item in value.get("items") or []]
    code = COMBINATIONS.get(value.get("logic") or "")
    if not items or not code:
        return None
    return {
        "linkId": link_id,
        "description": value["lead_in"],
        "exclude": False,
        "definitionByCombination": {
            "code": code,
            "threshold": value.get("minimum") if code == "at-least" else None,
            "characteristic": items,
        },
    }


def build_characteristic(item: Element) -> Element | None:
    """Return a criterion, or a group of them.

    A characteristic has one definition at most: beside a quantity, a code says what is measured.
    """
    value = item["value"]
    if item["type"] == "group":
        return build_combination(item.get("id"), value)
    concept = build_concept(value.get("code") or {}, value["text"])
    quantity = build_quantity(value.get("quantity") or {})
    characteristic: Element = {
        "linkId": item.get("id"),
        "description": value["text"],
        "exclude": value.get("characteristic") == "exclude",
        "timeFromEvent": [{"description": value["timing"]}]
        if value.get("timing")
        else None,
        "note": build_notes(value.get("explanation"), value.get("note")),
    }
    if quantity:
        measured = {"type": concept or {"text": value["text"]}, **quantity}
        return {**characteristic, "definitionByTypeAndValue": measured}
    return {**characteristic, "definitionCodeableConcept": concept}


def build_concept(code: Element, text: str) -> Element | None:
    """Return a coded concept with its words, or None without a code."""
    system = code.get("system") or code.get("other_system")
    if not code.get("code") or not system:
        return None
    return {"coding": [{"system": system, "code": code["code"]}], "text": text}


def build_quantity(quantity: Element) -> Element | None:
    """Return ``valueQuantity``, or ``valueRange`` for “from … to …”; None for no quantity."""
    comparator, number = quantity.get("comparator"), quantity.get("value")
    if not comparator or number is None:
        return None
    unit = quantity.get("unit") or "1"
    measure = {"system": UCUM, "code": unit}
    if unit not in {"1", "{score}"}:
        measure["unit"] = str(dict(UNITS).get(unit, unit))
    if comparator == "between":
        if quantity.get("upper_value") is None:
            return None
        return {
            "valueRange": {
                "low": {"value": number, **measure},
                "high": {"value": quantity["upper_value"], **measure},
            }
        }
    return {
        "valueQuantity": {
            "value": number,
            "comparator": COMPARATORS.get(comparator),
            **measure,
        }
    }
