"""The parts of an article's body: sections and what stands in them.

Statistics have no node: schema.org's observations cannot hold whom a number is about and in what
time, and a number without them misleads. Nor have promotions, which are no part of the content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from treatments.exports.schema_org.criteria import (
    build_criteria_list,
    describe_evidence,
)
from treatments.exports.schema_org.entities import build_described_image, build_image
from treatments.exports.schema_org.instructions import build_procedure
from treatments.exports.schema_org.nodes import UNORDERED, join_texts, make_term

if TYPE_CHECKING:
    from collections.abc import Callable

    from treatments.exports.schema_org.nodes import Node, Scope


def build_section(block: Node, scope: Scope) -> Node:
    """Return a section of the page; its own text is that of its paragraphs and callouts."""
    value = block["value"]
    aspect = make_term(value.get("health_aspect"))
    anchor = scope.anchors.get(block.get("id") or "")
    texts = []
    parts = []
    for child in value["content"]:
        if child["type"] == "rich_text":
            texts.append(child["value"]["text"])
        elif child["type"] == "callout":
            texts += [child["value"]["title"], child["value"]["content"]["text"]]
        elif child["type"] in BUILDERS:
            parts.append(BUILDERS[child["type"]](child, scope))
    return {
        "@id": scope.make_id(block.get("id")),
        "@type": "HealthTopicContent" if aspect else "WebContent",
        "name": value["heading"],
        "hasHealthAspect": aspect,
        "url": f"{scope.url}#{anchor}" if scope.url and anchor else None,
        "text": join_texts(*texts),
        "hasPart": parts,
    }


def build_questions_answers(block: Node, scope: Scope) -> Node:
    """Return questions with their answers; not as an FAQPage, which is a page of its own."""
    return {
        "@id": scope.make_id(block.get("id")),
        "@type": "WebContent",
        "name": block["value"].get("title"),
        "hasPart": [
            {
                "@id": scope.make_id(item.get("id")),
                "@type": "Question",
                "name": item["value"]["question"],
                "acceptedAnswer": {
                    "@type": "Answer",
                    "text": item["value"]["answer"]["text"],
                },
            }
            for item in block["value"]["items"]
        ],
    }


def build_questions(article: Node, scope: Scope) -> Node | None:
    """Return what to ask the doctor, or None without any question."""
    questions = article.get("questions") or []
    if not questions:
        return None
    return {
        "@id": scope.make_id("questions"),
        "@type": "HealthTopicContent",
        "name": capfirst(str(_("questions to ask the doctor"))),
        "hasHealthAspect": make_term("SeeDoctorHealthAspect"),
        "mainEntity": {
            "@type": "ItemList",
            "itemListOrder": UNORDERED,
            "numberOfItems": len(questions),
            "itemListElement": [
                {
                    "@id": scope.make_id(question.get("id")),
                    "@type": "ListItem",
                    "name": question["value"],
                }
                for question in questions
            ],
        },
    }


def build_evidence_note(block: Node, scope: Scope) -> Node:
    """Return a claim with how sure it is, in plain words, and its sources."""
    value = block["value"]
    return {
        "@id": scope.make_id(block.get("id")),
        "@type": "Claim",
        "text": value["claim"],
        "description": join_texts(describe_evidence(value), value.get("limits")),
        "citation": scope.cite(value.get("citations", [])),
    }


def build_benefits_risks(block: Node, scope: Scope) -> Node:
    """Return the options, “no treatment” among them, each with its benefits and its risks."""
    value = block["value"]
    options = value["options"]
    points = [
        point["value"]
        for option in options
        for side in ("benefits", "risks")
        for point in option["value"][side]
    ]
    return {
        "@id": scope.make_id(block.get("id")),
        "@type": "HealthTopicContent",
        "name": value.get("title"),
        "description": value.get("introduction"),
        "hasHealthAspect": [
            make_term("BenefitsHealthAspect"),
            make_term("RisksOrComplicationsHealthAspect"),
        ],
        "hasPart": [
            {
                "@id": scope.make_id(f"{option['id']}-{side}")
                if option.get("id")
                else None,
                "@type": "HealthTopicContent",
                "name": f"{option['value']['name']}: {name}",
                "hasHealthAspect": make_term(aspect),
                "mainEntity": {
                    "@type": "ItemList",
                    "itemListOrder": UNORDERED,
                    "itemListElement": [
                        {"@type": "ListItem", "name": point["value"]["text"]}
                        for point in option["value"][side]
                    ],
                },
            }
            for option in options
            for side, name, aspect in (
                ("benefits", _("Benefits"), "BenefitsHealthAspect"),
                ("risks", _("Risks and burdens"), "RisksOrComplicationsHealthAspect"),
            )
        ],
        "citation": scope.cite(*(point.get("citations", []) for point in points)),
    }


def build_care_card(block: Node, scope: Scope) -> Node:
    """Return when to get help, or what to do oneself."""
    value = block["value"]
    is_self_care = value["level"] == "self_care"
    return {
        "@id": scope.make_id(block.get("id")),
        "@type": "HealthTopicContent",
        "name": value["title"],
        "hasHealthAspect": make_term(
            "SelfCareHealthAspect" if is_self_care else "SeeDoctorHealthAspect"
        ),
        "text": value["content"]["text"],
    }


def build_figure(block: Node, scope: Scope) -> Node:
    """Return an image with its description, caption and credit."""
    return build_image(block["value"].get("image"), scope, block.get("id"))


def build_video(block: Node, scope: Scope) -> Node:
    """Return a video; whether its address is a page or a file is not known."""
    value = block["value"]
    seconds = value.get("duration_seconds")
    return {
        "@id": scope.make_id(block.get("id")),
        "@type": "VideoObject",
        "name": value["title"],
        "url": value["url"],
        "duration": f"PT{seconds}S" if seconds else None,
        "transcript": value["transcript"]["text"],
        "creditText": value.get("credit"),
        "thumbnail": build_described_image(value.get("poster"), scope),
    }


def build_table(block: Node, scope: Scope) -> Node:
    """Return a table by its caption."""
    return {
        "@id": scope.make_id(block.get("id")),
        "@type": "Table",
        "name": block["value"]["caption"],
    }


BUILDERS: dict[str, Callable[[Any, Any], Any]] = {
    "questions_answers": build_questions_answers,
    "procedure_steps": build_procedure,
    "criteria_list": build_criteria_list,
    "evidence_note": build_evidence_note,
    "benefits_risks": build_benefits_risks,
    "care_card": build_care_card,
    "figure": build_figure,
    "video": build_video,
    "table": build_table,
}
