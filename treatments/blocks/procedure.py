"""Procedure steps: what happens before, during and after, and who does it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from snippets.blocks import CitationListBlock
from snippets.features import SHORT_FEATURES
from treatments.blocks.media import DescribedImageBlock
from treatments.blocks.text import (
    PREVIEW_TEMPLATE,
    FlatStructBlock,
    LongTextBlock,
    RichTextBlock,
    ShortTextBlock,
)


class DurationBlock(FlatStructBlock):
    """An optional length of time, such as “30 to 60 minutes”."""

    value = blocks.FloatBlock(
        required=False, min_value=0, label=pgettext_lazy("duration", "Time")
    )
    upper_value = blocks.FloatBlock(required=False, min_value=0, label=_("Up to"))
    unit = blocks.ChoiceBlock(
        choices=[
            ("min", _("minutes")),
            ("h", _("hours")),
            ("d", _("days")),
            ("wk", _("weeks")),
            ("mo", _("months")),
        ],
        required=False,
        label=_("Unit"),
    )

    def clean(self, value):
        """Refuse a time without a unit, and a range with its ends reversed."""
        cleaned = super().clean(value)
        errors = {}
        if cleaned["value"] is None:
            if cleaned["upper_value"] is not None or cleaned["unit"]:
                errors["value"] = ValidationError(
                    _("Enter the time, or clear the other fields.")
                )
        else:
            if not cleaned["unit"]:
                errors["unit"] = ValidationError(_("Choose the unit."))
            if (
                cleaned["upper_value"] is not None
                and cleaned["upper_value"] <= cleaned["value"]
            ):
                errors["upper_value"] = ValidationError(
                    _(
                        "The range is reversed: the upper time must be longer than the first one."
                    )
                )
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned

    class Meta:
        icon = "time"
        label = _("Duration")
        label_format = "{value}"
        collapsed = True


class StepBlock(blocks.StructBlock):
    """One step, from the patient's point of view."""

    title = ShortTextBlock(
        max_length=160, label=_("Step"), help_text=_("What happens, in a few words.")
    )
    text = RichTextBlock(features=SHORT_FEATURES, required=False, label=_("Details"))
    performed_by = ShortTextBlock(
        required=False, max_length=120, label=_("Who does it")
    )
    duration = DurationBlock()
    sensations = LongTextBlock(
        required=False, max_length=300, label=_("What you may feel")
    )
    risks = LongTextBlock(required=False, max_length=400, label=_("Risks"))
    tip = LongTextBlock(required=False, max_length=300, label=_("Tip"))
    when_to_call = LongTextBlock(
        required=False,
        max_length=400,
        label=_("When to call"),
        help_text=_("When to call the care team about this step."),
    )
    optional = blocks.BooleanBlock(
        required=False, label=_("Not everybody has this step")
    )
    image = DescribedImageBlock()
    video_url = blocks.URLBlock(required=False, default="", label=_("Video"))
    citations = CitationListBlock(label=_("Citations"))

    class Meta:
        icon = "arrow-right"
        label = _("Step")
        label_format = "{title}"


class StepsStreamBlock(blocks.StreamBlock):
    """The steps of one phase. May be empty here; the phase says in its own words that it needs one."""

    step = StepBlock()

    class Meta:
        label = _("Steps")
        required = False
        max_num = 30


class PhaseBlock(blocks.StructBlock):
    """The steps of one phase, with what leads into them."""

    introduction = LongTextBlock(
        required=False, max_length=400, label=_("Introduction")
    )
    steps = StepsStreamBlock(required=False, label=_("Steps"))

    def clean(self, value):
        """Refuse a phase without steps."""
        cleaned = super().clean(value)
        if not cleaned["steps"]:
            raise StructBlockValidationError(
                block_errors={
                    "steps": ValidationError(
                        _("This phase has no steps. Add one, or remove the phase.")
                    )
                }
            )
        return cleaned

    class Meta:
        icon = "list-ol"


class PhasesStreamBlock(blocks.StreamBlock):
    """The phases; each at most once."""

    before = PhaseBlock(label=_("Before"), icon="calendar")
    during = PhaseBlock(label=_("During"), icon="time")
    after = PhaseBlock(label=_("Right after"), icon="check")
    recovery = PhaseBlock(label=_("Recovery"), icon="home")

    class Meta:
        label = _("Phases")
        min_num = 1
        block_counts = {
            phase: {"max_num": 1} for phase in ("before", "during", "after", "recovery")
        }


class ProcedureStepsBlock(blocks.StructBlock):
    """A procedure from the first appointment to recovery."""

    procedure = ShortTextBlock(max_length=160, label=_("Procedure"))
    setting = blocks.ChoiceBlock(
        choices=[
            ("outpatient", _("Doctor's office or clinic, without a stay")),
            ("day_surgery", _("Hospital, home on the same day")),
            ("inpatient", _("Hospital, with a stay")),
            ("home", _("At home")),
            ("varies", _("It varies")),
        ],
        required=False,
        label=_("Where"),
    )
    anesthesia = blocks.ChoiceBlock(
        choices=[
            ("none", pgettext_lazy("anesthesia", "None")),
            ("local", _("Local")),
            ("sedation", _("Sedation")),
            ("regional", _("Regional")),
            ("general", _("General")),
            ("varies", _("It varies")),
        ],
        required=False,
        label=_("Anesthesia"),
    )
    total_time = DurationBlock(label=_("Total time"))
    phases = PhasesStreamBlock(label=_("Phases"))
    citations = CitationListBlock(label=_("Citations"))

    class Meta:
        clinically_significant = True
        icon = "list-ol"
        label = _("Procedure steps")
        help_text = _(
            "What happens, step by step, as the patient lives through it. Use only the phases that you need."
        )
        description = _("What happens before, during and after a procedure")
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "procedure": "Cryoablation of a small breast tumor",
            "setting": "outpatient",
            "anesthesia": "local",
            "total_time": {"value": 30, "upper_value": 60, "unit": "min"},
            "phases": [
                {
                    "type": "during",
                    "value": {
                        "introduction": "",
                        "steps": [
                            {
                                "type": "step",
                                "value": {
                                    "title": "The skin is numbed",
                                    "performed_by": "Radiologist",
                                },
                            },
                            {
                                "type": "step",
                                "value": {
                                    "title": "A thin probe is guided into the tumor",
                                    "sensations": "You may feel pressure.",
                                },
                            },
                        ],
                    },
                }
            ],
        }
