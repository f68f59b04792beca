"""Criteria lists: whom a treatment may help or may not suit, with how many of them must apply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from treatments.blocks.criteria import LOGIC
from treatments.blocks.evidence import EVIDENCE_SYSTEMS
from treatments.exports.schema_org.entities import build_block_code
from treatments.exports.schema_org.nodes import UNORDERED, join_texts, label, make_term

if TYPE_CHECKING:
    from treatments.exports.schema_org.nodes import Node, Scope

#: What a criteria list is about, by its purpose.
PURPOSE_ASPECTS = {
    "may_help": "MayTreatHealthAspect",
    "official_indication": "MayTreatHealthAspect",
    "may_not_suit": "SafetyHealthAspect",
    "ask_about": "SeeDoctorHealthAspect",
}
LOGIC_LABELS = dict(LOGIC)
SYSTEM_LABELS = dict(EVIDENCE_SYSTEMS)


def build_criteria_list(block: Node, scope: Scope) -> Node:
    """Return who a treatment may help or may not suit; the lead-in and the limits go with the list."""
    value = block["value"]
    title = value.get("title") or value["lead_in"]
    items = list(iterate_criteria(value["items"]))
    return {
        "@id": scope.make_id(block.get("id")),
        "@type": "HealthTopicContent",
        "name": title,
        "hasHealthAspect": make_term(PURPOSE_ASPECTS.get(value["purpose"])),
        "description": join_texts(
            label(_("Who was studied"), value.get("population")),
            describe_evidence(value.get("evidence") or {}),
            value.get("disclaimer"),
        ),
        "mainEntity": build_criteria_items(value, value["lead_in"], scope),
        "citation": scope.cite(
            value.get("citations", []), *(item.get("citations", []) for item in items)
        ),
    }


def iterate_criteria(items: list[Node]):
    """Yield the values of all criteria, those in groups too."""
    for item in items:
        if item["type"] == "group":
            yield from iterate_criteria(item["value"]["items"])
        else:
            yield item["value"]


def build_criteria_items(value: Node, name: str, scope: Scope) -> Node:
    """Return criteria as a list that says how many of them must apply."""
    return {
        "@type": "ItemList",
        "name": name,
        "description": describe_logic(value),
        "itemListOrder": UNORDERED,
        "numberOfItems": len(value["items"]),
        "itemListElement": [build_criterion(item, scope) for item in value["items"]],
    }


def describe_logic(value: Node) -> str:
    """Return how many of the criteria must apply, in words; nothing for a single one."""
    if len(value["items"]) < 2:
        return ""
    if value["logic"] == "at_least" and value.get("minimum"):
        return f"{_('At least')} {value['minimum']}"
    return str(LOGIC_LABELS.get(value["logic"], ""))


def build_criterion(item: Node, scope: Scope) -> Node:
    """Return a criterion, or a group as a list within the list."""
    value = item["value"]
    if item["type"] == "group":
        return {
            "@id": scope.make_id(item.get("id")),
            "@type": "ListItem",
            "name": value["lead_in"],
            "item": build_criteria_items(value, value["lead_in"], scope),
        }
    code = build_block_code(value.get("code") or {})
    is_excluded = value.get("characteristic") == "exclude"
    return {
        "@id": scope.make_id(item.get("id")),
        "@type": "ListItem",
        "name": label(_("Must not apply"), value["text"])
        if is_excluded
        else value["text"],
        "description": join_texts(
            label(_("When"), value.get("timing")),
            value.get("explanation"),
            value.get("note"),
        ),
        # What the criterion speaks of: its sentence says more than the code does.
        "item": {"@type": "MedicalEntity", "code": code},
    }


def describe_evidence(evidence: Node) -> str:
    """Return a level of evidence with its system and in plain words."""
    system = SYSTEM_LABELS.get(evidence.get("system") or "")
    level = (evidence.get("level") or "").replace("_", " ")
    return join_texts(
        label(system, level) if system else "", evidence.get("plain_words")
    )
