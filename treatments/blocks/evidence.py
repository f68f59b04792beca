"""How sure we are: evidence levels by system, and the note that explains them in plain words."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from snippets.blocks import CitationListBlock
from treatments.blocks.text import PREVIEW_TEMPLATE, LongTextBlock

EVIDENCE_SYSTEMS = [
    ("grade", "GRADE"),
    ("ocebm", "OCEBM"),
    ("esmo", "ESMO"),
    ("pdq", "PDQ"),
]

#: system → (pattern of a level, sentence for the editor)
_LEVELS = {
    "grade": (
        r"high|moderate|low|very_low",
        _("GRADE levels are high, moderate, low and very_low."),
    ),
    "ocebm": (r"[1-5]", _("OCEBM levels are 1 to 5.")),
    "esmo": (
        r"(I|II|III|IV|V)(, ?[A-E])?",
        _(
            "ESMO levels are I to V, with a grade A to E after a comma, for example II, B."
        ),
    ),
    "pdq": (
        r"[1-3](i|ii|iii)?([A-D](i|ii|iii|iv)?)?",
        _("PDQ levels look like 1iiA or 3iiiDiv."),
    ),
}


def find_level_error(system: str | None, level: str) -> ValidationError | None:
    """Return what is wrong with a level in its system, or None.

    Sources: GRADE Handbook; OCEBM Levels of Evidence 2011; ESMO guideline methodology; NCI PDQ
    levels of evidence for adult treatment.
    """
    if not level and not system:
        return None
    if not system:
        return ValidationError(_("Say which system this level belongs to."))
    if not level:
        return ValidationError(_("Enter the level, or clear the system."))
    pattern, message = _LEVELS[system]
    return None if re.fullmatch(pattern, level) else ValidationError(message)


def make_level_block(**kwargs) -> blocks.RegexBlock:
    """Return the block for a level: short, and never sent to a translator."""
    return blocks.RegexBlock(
        regex=r"^[A-Za-z0-9_, ]{1,12}$",
        default="",
        label=_("Level"),
        help_text=_(
            "GRADE: high, moderate, low, very_low. OCEBM: 1–5. ESMO: I–V, then A–E. PDQ: for example 1iiA."
        ),
        error_messages={"invalid": _("A level has a few letters or digits only.")},
        **kwargs,
    )


class EvidenceLevelBlock(blocks.StructBlock):
    """An optional evidence level inside another block."""

    system = blocks.ChoiceBlock(
        choices=EVIDENCE_SYSTEMS, required=False, label=_("System")
    )
    level = make_level_block(required=False)
    plain_words = LongTextBlock(
        required=False, max_length=300, label=_("In plain words")
    )

    def clean(self, value):
        """Refuse a level that its system does not have."""
        cleaned = super().clean(value)
        error = find_level_error(cleaned.get("system"), cleaned.get("level", ""))
        if error:
            raise StructBlockValidationError(block_errors={"level": error})
        return cleaned

    class Meta:
        clinically_significant = True
        icon = "clipboard-list"
        label = _("Evidence")
        label_format = "{level}"
        collapsed = True


class EvidenceNoteBlock(blocks.StructBlock):
    """What is claimed, how sure it is, and what limits it."""

    claim = LongTextBlock(
        max_length=400,
        label=_("Claim"),
        help_text=_("The statement that the evidence is about."),
    )
    system = blocks.ChoiceBlock(choices=EVIDENCE_SYSTEMS, label=_("System"))
    level = make_level_block()
    plain_words = LongTextBlock(
        max_length=400,
        label=_("In plain words"),
        help_text=_(
            "For example: “We are fairly sure, but more research could change this.”"
        ),
    )
    limits = LongTextBlock(
        required=False,
        max_length=400,
        label=_("Limits"),
        help_text=_("What the studies cannot tell."),
    )
    citations = CitationListBlock(label=_("Citations"))

    def clean(self, value):
        """Refuse a level that its system does not have."""
        cleaned = super().clean(value)
        error = find_level_error(cleaned.get("system"), cleaned.get("level", ""))
        if error:
            raise StructBlockValidationError(block_errors={"level": error})
        return cleaned

    class Meta:
        clinically_significant = True
        icon = "clipboard-list"
        label = _("Evidence note")
        help_text = _(
            "How sure we are of one statement, in a system that doctors know and in plain words."
        )
        description = _("A claim with its level of evidence in plain words")
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "claim": "Early surgery on the breast does not lengthen life when the cancer has already spread.",
            "system": "grade",
            "level": "moderate",
            "plain_words": "We are fairly sure. New studies could still change this.",
            "limits": "Few people in the studies had only one metastasis.",
            "citations": [],
        }
