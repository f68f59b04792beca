"""Procedures as instructions: phases, steps, and how long they take where that is one number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from treatments.blocks.procedure import ProcedureStepsBlock
from treatments.exports.schema_org.entities import build_described_image
from treatments.exports.schema_org.nodes import join_texts, label

if TYPE_CHECKING:
    from treatments.exports.schema_org.nodes import Node, Scope

PHASES = {
    "before": _("Before"),
    "during": _("During"),
    "after": _("Right after"),
    "recovery": _("Recovery"),
}


def build_procedure(block: Node, scope: Scope) -> Node:
    """Return a procedure with its phases and their steps."""
    value = block["value"]
    steps = [
        step["value"] for phase in value["phases"] for step in phase["value"]["steps"]
    ]
    return {
        "@id": scope.make_id(block.get("id")),
        "@type": "HowTo",
        "name": value["procedure"],
        "description": join_texts(
            label(_("Where"), get_choice("setting", value.get("setting"))),
            label(_("Anesthesia"), get_choice("anesthesia", value.get("anesthesia"))),
        ),
        "totalTime": build_duration(value.get("total_time") or {}),
        "step": [
            build_phase(phase, position, scope)
            for position, phase in enumerate(value["phases"], start=1)
        ],
        "citation": scope.cite(
            value.get("citations", []), *(step.get("citations", []) for step in steps)
        ),
    }


def get_choice(name: str, choice: str | None) -> str:
    """Return the words for a choice of a procedure."""
    choices = ProcedureStepsBlock.base_blocks[name].field.choices  # ty: ignore[missing-attribute]
    return str(dict(choices).get(choice, "")) if choice else ""


def build_duration(duration: Node) -> str | None:
    """Return an ISO 8601 duration; None for a range, for which there is no such form."""
    value, unit = duration.get("value"), duration.get("unit")
    if not value or not unit or duration.get("upper_value") is not None:
        return None
    minutes = value * {"min": 1, "h": 60, "d": 1440, "wk": 10080, "mo": 0}[unit]
    if unit == "mo":
        # Half a month is no certain number of days.
        return f"P{value:.0f}M" if float(value).is_integer() else None
    if not float(minutes).is_integer():
        return f"PT{minutes * 60:.0f}S"
    days, rest = divmod(int(minutes), 1440)
    hours, rest = divmod(rest, 60)
    date = f"{days}D" if days else ""
    time = (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "")
    return f"P{date}" + (f"T{time}" if time else "")


def build_phase(phase: Node, position: int, scope: Scope) -> Node:
    """Return a phase as a section of the instructions."""
    return {
        "@id": scope.make_id(phase.get("id")),
        "@type": "HowToSection",
        "name": str(PHASES.get(phase["type"], "")),
        "description": phase["value"].get("introduction"),
        "position": position,
        "itemListElement": [
            build_step(step, index, scope)
            for index, step in enumerate(phase["value"]["steps"], start=1)
        ],
    }


def build_step(step: Node, position: int, scope: Scope) -> Node:
    """Return a step; what may be felt, and when to call, stand in its text under their names."""
    value = step["value"]
    video = value.get("video_url")
    return {
        "@id": scope.make_id(step.get("id")),
        "@type": "HowToStep",
        "name": value["title"],
        "position": position,
        "text": join_texts(
            value["text"]["text"],
            str(_("Not everybody has this step")) if value.get("optional") else "",
            label(_("Who does it"), value.get("performed_by")),
            label(_("What you may feel"), value.get("sensations")),
            label(_("Risks"), value.get("risks")),
            label(_("When to call"), value.get("when_to_call")),
        ),
        "image": build_described_image(value.get("image"), scope),
        "video": {"@type": "VideoObject", "name": value["title"], "url": video}
        if video
        else None,
        "itemListElement": {"@type": "HowToTip", "text": value.get("tip")},
    }
