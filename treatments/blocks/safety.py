"""What readers need for a safe decision: care cards, and benefits weighed against risks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from snippets.blocks import CitationListBlock
from snippets.features import SHORT_FEATURES
from treatments.blocks.text import (
    PREVIEW_TEMPLATE,
    LongTextBlock,
    RichTextBlock,
    ShortTextBlock,
)


class CareCardBlock(blocks.StructBlock):
    """What to do about a problem, and how urgent it is (after the NHS care card pattern)."""

    level = blocks.ChoiceBlock(
        choices=[
            ("emergency", _("Emergency: call an ambulance")),
            ("urgent", _("Urgent: get help today")),
            ("non_urgent", _("Not urgent: make an appointment")),
            ("self_care", _("Self-care: what you can do yourself")),
        ],
        label=_("How urgent"),
    )
    title = ShortTextBlock(
        max_length=160,
        label=_("Title"),
        help_text=_("Start with what to do, for example: Call your care team today if"),
    )
    content = RichTextBlock(features=SHORT_FEATURES, label=_("Signs or advice"))

    class Meta:
        clinically_significant = True
        icon = "warning"
        label = _("Care card")
        help_text = _(
            "Signs that need help, and how fast. One card for each level of urgency."
        )
        description = _("When to get help, and how fast")
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "level": "urgent",
            "title": "Call your care team today if",
            "content": "<ul><li>you have a fever of 38 °C or more</li><li>the wound is red, hot or leaks pus</li></ul>",
        }


class PointBlock(blocks.StructBlock):
    """One benefit or one risk."""

    text = LongTextBlock(max_length=300, label=_("Text"))
    citations = CitationListBlock(label=_("Citations"))

    class Meta:
        icon = "check"
        label = _("Point")
        label_format = "{text}"


class PointsStreamBlock(blocks.StreamBlock):
    """Benefits, or risks."""

    point = PointBlock()

    class Meta:
        min_num = 1
        max_num = 12


class OptionBlock(blocks.StructBlock):
    """One option with its benefits and its risks."""

    name = ShortTextBlock(max_length=160, label=_("Option"))
    benefits = PointsStreamBlock(label=_("Benefits"))
    risks = PointsStreamBlock(label=_("Risks and burdens"))

    class Meta:
        icon = "pick"
        label = _("Option")
        label_format = "{name}"


class OptionsStreamBlock(blocks.StreamBlock):
    """The options, “no treatment” always among them."""

    option = OptionBlock(label=_("Option"))
    no_treatment = OptionBlock(label=_("No treatment"), icon="cross")

    class Meta:
        label = _("Options")
        min_num = 2
        max_num = 6
        block_counts = {
            "no_treatment": {"min_num": 1, "max_num": 1},
            "option": {"min_num": 1},
        }


class BenefitsRisksBlock(blocks.StructBlock):
    """Options side by side. Doing nothing is an option too, and must be among them."""

    title = ShortTextBlock(required=False, max_length=160, label=_("Title"))
    introduction = LongTextBlock(
        required=False, max_length=400, label=_("Introduction")
    )
    options = OptionsStreamBlock(label=_("Options"))

    class Meta:
        clinically_significant = True
        icon = "treatment-scales"
        label = _("Benefits and risks")
        help_text = _(
            "The options side by side, with the same care for benefits and risks. “No treatment” is one of them."
        )
        description = _("Options side by side, “no treatment” among them")
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "title": "Surgery or not?",
            "introduction": "",
            "options": [
                {
                    "type": "option",
                    "value": {
                        "name": "Surgery on the breast",
                        "benefits": [
                            {
                                "type": "point",
                                "value": {
                                    "text": "Fewer problems in the breast itself",
                                    "citations": [],
                                },
                            }
                        ],
                        "risks": [
                            {
                                "type": "point",
                                "value": {
                                    "text": "Pain, infection, time to recover",
                                    "citations": [],
                                },
                            }
                        ],
                    },
                },
                {
                    "type": "no_treatment",
                    "value": {
                        "name": "No surgery",
                        "benefits": [
                            {
                                "type": "point",
                                "value": {
                                    "text": "No recovery from an operation",
                                    "citations": [],
                                },
                            }
                        ],
                        "risks": [
                            {
                                "type": "point",
                                "value": {
                                    "text": "The tumor in the breast may grow",
                                    "citations": [],
                                },
                            }
                        ],
                    },
                },
            ],
        }
