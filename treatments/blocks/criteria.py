"""Criteria lists: who something may help or may not suit, as data.

A criteria list informs; it never computes that somebody is eligible. Its logic follows FHIR R5
EvidenceVariable (all-of, any-of, at-least; include or exclude). What a choice claims has no default: somebody has to say it.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from snippets.blocks import CitationListBlock, CodeBlock
from treatments.blocks.evidence import EvidenceLevelBlock
from treatments.blocks.text import (
    PREVIEW_TEMPLATE,
    FlatStructBlock,
    LongTextBlock,
    ShortTextBlock,
)

LOGIC = [
    ("all", _("All of them must apply")),
    ("any", _("Any one of them is enough")),
    ("at_least", _("At least a certain number must apply")),
]

COMPARATORS = [
    ("lt", _("less than")),
    ("le", _("at most")),
    ("eq", _("exactly")),
    ("ge", _("at least")),
    ("gt", _("more than")),
    ("between", _("from … to …")),
]

#: UCUM codes (https://ucum.org) with the words that editors see.
UNITS = [
    ("1", _("(a number of things)")),
    ("%", "%"),
    ("mm", "mm"),
    ("cm", "cm"),
    ("a", _("years")),
    ("mo", _("months")),
    ("wk", _("weeks")),
    ("d", _("days")),
    ("h", _("hours")),
    ("min", _("minutes")),
    ("kg", "kg"),
    ("g", "g"),
    ("mg", "mg"),
    ("mg/m2", "mg/m²"),
    ("mL", "mL"),
    ("Gy", "Gy"),
    ("Cel", "°C"),
    ("kg/m2", "kg/m²"),
    ("mm[Hg]", "mmHg"),
    ("{score}", _("points of a score")),
]


class QuantityBlock(FlatStructBlock):
    """An optional measured limit, such as “at most 1.5 cm” or “from 6 to 10 %”."""

    comparator = blocks.ChoiceBlock(
        choices=COMPARATORS, required=False, label=_("Comparison")
    )
    value = blocks.FloatBlock(required=False, label=_("Value"))
    upper_value = blocks.FloatBlock(
        required=False, label=_("Upper value"), help_text=_("Only for “from … to …”.")
    )
    unit = blocks.ChoiceBlock(choices=UNITS, required=False, label=_("Unit"))

    def clean(self, value):
        """Refuse half a quantity, and a range with its ends reversed."""
        cleaned = super().clean(value)
        comparator, number, upper = (
            cleaned["comparator"],
            cleaned["value"],
            cleaned["upper_value"],
        )
        if not comparator and number is None and upper is None and not cleaned["unit"]:
            return cleaned
        errors = {}
        if not comparator:
            errors["comparator"] = ValidationError(
                _("Say how the value is compared, for example “at most”.")
            )
        if number is None:
            errors["value"] = ValidationError(_("Enter the value."))
        if not cleaned["unit"]:
            errors["unit"] = ValidationError(_("Choose the unit."))
        if comparator == "between" and upper is None:
            errors["upper_value"] = ValidationError(
                _("“From … to …” needs an upper value.")
            )
        elif comparator != "between" and upper is not None:
            errors["upper_value"] = ValidationError(
                _("An upper value goes with “from … to …” only.")
            )
        elif upper is not None and number is not None and upper <= number:
            errors["upper_value"] = ValidationError(
                _(
                    "The range is reversed: the upper value must be greater than the first one."
                )
            )
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned

    class Meta:
        icon = "order"
        label = _("Quantity")
        label_format = "{value}"
        collapsed = True


class CriterionBlock(blocks.StructBlock):
    """One criterion: a sentence for readers, and the same as data where that is possible."""

    text = LongTextBlock(
        max_length=300,
        label=_("Criterion"),
        help_text=_("One short sentence or phrase in plain words."),
    )
    characteristic = blocks.ChoiceBlock(
        choices=[("include", _("Applies")), ("exclude", _("Must not apply"))],
        default="include",
        label=_("Include or exclude"),
    )
    explanation = LongTextBlock(
        required=False,
        max_length=500,
        label=_("Explanation"),
        help_text=_("Why it matters, or what a difficult word means."),
    )
    quantity = QuantityBlock()
    code = CodeBlock()
    timing = ShortTextBlock(
        required=False,
        max_length=160,
        label=_("When"),
        help_text=_("For example: at the time of surgery."),
    )
    note = LongTextBlock(required=False, max_length=300, label=_("Note"))
    citations = CitationListBlock(label=_("Citations"))

    class Meta:
        icon = "check"
        label = _("Criterion")
        label_format = "{text}"


def find_minimum_error(
    logic: str | None, minimum: int | None, count: int
) -> ValidationError | None:
    """Return what is wrong with “at least ``minimum``” of ``count`` criteria, or None.

    In a draft nothing is wrong as long as nobody has said how many must apply.
    """
    if not logic:
        return None
    if logic != "at_least":
        return (
            ValidationError(_("A number goes with “at least a certain number” only."))
            if minimum is not None
            else None
        )
    if minimum is None:
        return ValidationError(_("Say how many of the criteria must apply."))
    if minimum > count:
        message = ngettext(
            "At least %(minimum)d cannot apply: the list has %(count)d criterion.",
            "At least %(minimum)d cannot apply: the list has %(count)d criteria.",
            count,
        )
        return ValidationError(message % {"minimum": minimum, "count": count})
    return None


class GroupCriteriaStreamBlock(blocks.StreamBlock):
    """The criteria of a group."""

    criterion = CriterionBlock()

    class Meta:
        label = _("Criteria")
        min_num = 1
        max_num = 20


class CriteriaGroupBlock(blocks.StructBlock):
    """Criteria that count as one of the list, such as “any of these two tests”."""

    lead_in = ShortTextBlock(
        max_length=250,
        label=_("Lead-in"),
        help_text=_("For example: One of these tests shows a low risk."),
    )
    logic = blocks.ChoiceBlock(choices=LOGIC, label=_("How many must apply"))
    minimum = blocks.IntegerBlock(
        required=False, min_value=1, max_value=20, label=_("At least")
    )
    items = GroupCriteriaStreamBlock(label=_("Criteria"))

    def clean(self, value):
        """Refuse “at least” more criteria than the group has."""
        cleaned = super().clean(value)
        error = find_minimum_error(
            cleaned["logic"], cleaned["minimum"], len(cleaned["items"])
        )
        if error:
            raise StructBlockValidationError(block_errors={"minimum": error})
        return cleaned

    class Meta:
        icon = "list-ul"
        label = _("Group of criteria")
        label_format = "{lead_in}"


class CriteriaItemsStreamBlock(blocks.StreamBlock):
    """The criteria of a list, and groups of them. A group holds no further groups."""

    criterion = CriterionBlock()
    group = CriteriaGroupBlock()

    class Meta:
        label = _("Criteria")
        min_num = 1
        max_num = 30


class CriteriaListBlock(blocks.StructBlock):
    """Who a treatment may help, may not suit, or is approved for; or what to ask about."""

    purpose = blocks.ChoiceBlock(
        choices=[
            ("may_help", _("It may help people who …")),
            ("may_not_suit", _("It may not suit people who …")),
            ("official_indication", _("Official indication")),
            ("ask_about", _("Ask your doctor about it if …")),
        ],
        label=_("Purpose"),
    )
    title = ShortTextBlock(required=False, max_length=160, label=_("Title"))
    lead_in = LongTextBlock(
        max_length=400,
        label=_("Lead-in"),
        help_text=_(
            "The sentence before the list, for example: Some people may benefit if the cancer"
        ),
    )
    population = ShortTextBlock(
        required=False,
        max_length=250,
        label=_("Who was studied"),
        help_text=_("For example: 194 women aged 60 or older."),
    )
    logic = blocks.ChoiceBlock(choices=LOGIC, label=_("How many must apply"))
    minimum = blocks.IntegerBlock(
        required=False,
        min_value=1,
        max_value=30,
        label=_("At least"),
        help_text=_("Only for “at least a certain number”."),
    )
    items = CriteriaItemsStreamBlock(label=_("Criteria"))
    evidence = EvidenceLevelBlock(label=_("Evidence"))
    as_of = blocks.DateBlock(
        required=False,
        label=_("As of"),
        help_text=_("When the criteria were checked against their source."),
    )
    disclaimer = LongTextBlock(
        required=False,
        max_length=400,
        label=_("Limits"),
        help_text=_(
            "For example: It is not known whether this leads to better outcomes."
        ),
    )
    citations = CitationListBlock(label=_("Citations"))

    def clean(self, value):
        """Refuse “at least” more criteria than the list has."""
        cleaned = super().clean(value)
        error = find_minimum_error(
            cleaned["logic"], cleaned["minimum"], len(cleaned["items"])
        )
        if error:
            raise StructBlockValidationError(block_errors={"minimum": error})
        return cleaned

    class Meta:
        clinically_significant = True
        icon = "list-ol"
        label = _("Criteria list")
        help_text = _(
            "A list that helps readers and doctors to talk about who may benefit. It never decides for anybody."
        )
        description = _("Who it may help, may not suit, or is approved for")
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "purpose": "may_help",
            "title": "Who may benefit",
            "lead_in": "Some people may benefit from surgery if the cancer:",
            "population": "Women in a small study",
            "logic": "all",
            "minimum": None,
            "items": [
                {
                    "type": "criterion",
                    "value": {
                        "text": "is hormone receptor-positive",
                        "characteristic": "include",
                    },
                },
                {
                    "type": "criterion",
                    "value": {
                        "text": "got smaller with chemotherapy before surgery",
                        "characteristic": "include",
                    },
                },
                {
                    "type": "criterion",
                    "value": {
                        "text": "grew between diagnosis and surgery",
                        "characteristic": "exclude",
                    },
                },
            ],
            "disclaimer": "It is not known whether this leads to better outcomes.",
        }
