"""Numbers that readers can understand: natural frequencies with their reference class and time span.

Source of the rules: IPDAS (International Patient Decision Aid Standards), presenting probabilities.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from snippets.blocks import CitationListBlock
from treatments.blocks.text import (
    PREVIEW_TEMPLATE,
    FlatStructBlock,
    LongTextBlock,
    ShortTextBlock,
)

DENOMINATORS = [("10", _("of 10")), ("100", _("of 100")), ("1000", _("of 1,000"))]


def find_share_errors(value, denominator: int | None) -> dict[str, ValidationError]:
    """Return what is wrong with ``value`` (and ``upper_value``) of ``denominator`` people."""
    errors = {}
    number, upper = value["value"], value["upper_value"]
    if number is not None and denominator and number > denominator:
        errors["value"] = ValidationError(
            _(
                "%(value)s of %(denominator)s cannot be: the number is larger than the group."
            ),
            params={"value": f"{number:g}", "denominator": denominator},
        )
    if upper is not None:
        if number is not None and upper <= number:
            errors["upper_value"] = ValidationError(
                _(
                    "The range is reversed: the upper value must be greater than the first one."
                )
            )
        elif denominator and upper > denominator:
            errors["upper_value"] = ValidationError(
                _(
                    "%(value)s of %(denominator)s cannot be: the number is larger than the group."
                ),
                params={"value": f"{upper:g}", "denominator": denominator},
            )
    return errors


def find_interval_errors(value, denominator: int | None) -> dict[str, ValidationError]:
    """Return what is wrong with the confidence interval of a number of people; it contains a range from end to end."""
    low, high = value["interval"]["low"], value["interval"]["high"]
    number, errors = value["value"], {}
    if number is None or low is None or high is None:
        return errors
    if low > number:
        errors["low"] = ValidationError(
            _("The interval must contain the number: it starts above %(value)s."),
            params={"value": f"{number:g}"},
        )
    largest = max(number, value["upper_value"] or 0)
    if high < largest:
        errors["high"] = ValidationError(
            _("The interval must contain the number: it ends below %(value)s."),
            params={"value": f"{largest:g}"},
        )
    elif denominator and high > denominator:
        errors["high"] = ValidationError(
            _(
                "%(value)s of %(denominator)s cannot be: the number is larger than the group."
            ),
            params={"value": f"{high:g}", "denominator": denominator},
        )
    return errors


class ConfidenceIntervalBlock(blocks.StructBlock):
    """An optional confidence interval, in the unit of the statistic."""

    level_percent = blocks.FloatBlock(
        required=False, min_value=50, max_value=99.9, label=_("Level in %")
    )
    low = blocks.FloatBlock(required=False, min_value=0, label=_("From"))
    high = blocks.FloatBlock(required=False, min_value=0, label=_("To"))

    def clean(self, value):
        """Refuse half an interval, and one with its ends reversed."""
        cleaned = super().clean(value)
        given = [cleaned[name] is not None for name in ("level_percent", "low", "high")]
        if any(given) and not all(given):
            raise StructBlockValidationError(
                non_block_errors=[
                    ValidationError(
                        _("An interval needs its level and both of its ends.")
                    )
                ]
            )
        if all(given) and cleaned["high"] < cleaned["low"]:
            raise StructBlockValidationError(
                block_errors={
                    "high": ValidationError(
                        _(
                            "The interval is reversed: its end must not be less than its start."
                        )
                    )
                }
            )
        return cleaned

    class Meta:
        icon = "order"
        label = _("Confidence interval")
        collapsed = True


class ComparisonBlock(FlatStructBlock):
    """An optional second group, counted on the same denominator."""

    label = ShortTextBlock(
        required=False,
        max_length=160,
        label=_("Compared with"),
        help_text=_("For example: people without early surgery."),
    )
    value = blocks.FloatBlock(
        required=False,
        min_value=0,
        label=_("Number there"),
        help_text=_("Out of the same 10, 100 or 1,000 people."),
    )
    upper_value = blocks.FloatBlock(required=False, min_value=0, label=_("Up to"))

    def clean(self, value):
        """Refuse half a comparison."""
        cleaned = super().clean(value)
        errors = {}
        if cleaned["label"] and cleaned["value"] is None:
            errors["value"] = ValidationError(_("Enter the number of the other group."))
        if not cleaned["label"] and (
            cleaned["value"] is not None or cleaned["upper_value"] is not None
        ):
            errors["label"] = ValidationError(_("Say who the other group is."))
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned

    class Meta:
        icon = "treatment-scales"
        label = _("Comparison")
        collapsed = True


class StatisticBlock(blocks.StructBlock):
    """One number: how many of how many, what happens to them, who, where and in what time."""

    qualifier = blocks.ChoiceBlock(
        choices=[
            ("about", _("about")),
            ("exactly", _("exactly")),
            ("at_least", _("at least")),
            ("up_to", _("up to")),
            ("fewer_than", _("fewer than")),
            ("more_than", _("more than")),
        ],
        label=_("Qualifier"),
    )
    value = blocks.FloatBlock(min_value=0, label=_("Number"))
    upper_value = blocks.FloatBlock(
        required=False,
        min_value=0,
        label=_("Up to"),
        help_text=_("For a range, for example 6 to 10."),
    )
    denominator = blocks.ChoiceBlock(choices=DENOMINATORS, label=_("Of how many"))
    outcome = LongTextBlock(
        max_length=300,
        label=_("What happens"),
        help_text=_("For example: have metastatic cancer at diagnosis."),
    )
    reference_class = ShortTextBlock(
        max_length=200,
        label=_("Of whom"),
        help_text=_("For example: people with breast cancer."),
    )
    place = ShortTextBlock(required=False, max_length=120, label=_("Where"))
    period = ShortTextBlock(
        required=False,
        max_length=120,
        label=_("In what time"),
        help_text=_("For example: within 3 years."),
    )
    comparison = ComparisonBlock()
    interval = ConfidenceIntervalBlock()
    as_of = blocks.DateBlock(required=False, label=_("As of"))
    note = LongTextBlock(required=False, max_length=300, label=_("Note"))
    citations = CitationListBlock(
        min_num=1,
        label=_("Citations"),
        help_text=_("A number without a source is not published."),
    )

    def clean(self, value):
        """Refuse more than everybody, a comparison that does not fit the denominator, and an interval beside its value."""
        cleaned = super().clean(value)
        # A draft can be without one.
        denominator = int(cleaned["denominator"] or 0) or None
        errors = find_share_errors(cleaned, denominator)
        interval_errors = find_interval_errors(cleaned, denominator)
        if interval_errors:
            errors["interval"] = StructBlockValidationError(
                block_errors=interval_errors
            )
        comparison_errors = find_share_errors(cleaned["comparison"], denominator)
        if comparison_errors:
            errors["comparison"] = StructBlockValidationError(
                block_errors=comparison_errors
            )
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned

    class Meta:
        clinically_significant = True
        icon = "success"
        label = _("Statistic")
        help_text = _(
            "How many of 10, 100 or 1,000 people. Never a percentage change on its own, and always with its source."
        )
        description = _("How many people out of 10, 100 or 1,000")
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "qualifier": "about",
            "value": 6,
            "upper_value": 10,
            "denominator": "100",
            "outcome": "have cancer that has already spread when it is found",
            "reference_class": "people with a new diagnosis of breast cancer",
            "citations": [],
        }
