"""The streams of an article, as a table of contents of the blocks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from snippets.blocks import CodeBlock
from treatments.blocks.criteria import CriteriaListBlock
from treatments.blocks.evidence import EvidenceNoteBlock
from treatments.blocks.links import PromotionSlotBlock, RelatedArticleBlock
from treatments.blocks.media import FigureBlock, VideoBlock
from treatments.blocks.procedure import ProcedureStepsBlock
from treatments.blocks.safety import BenefitsRisksBlock, CareCardBlock
from treatments.blocks.statistic import StatisticBlock
from treatments.blocks.text import (
    PREVIEW_TEMPLATE,
    CalloutBlock,
    DataTableBlock,
    LongTextBlock,
    QuestionsAnswersBlock,
    RichTextBlock,
    ShortTextBlock,
)

#: The members of schema.org's HealthAspectEnumeration, in an order that suits an article.
HEALTH_ASPECTS = [
    ("OverviewHealthAspect", _("Overview")),
    ("TreatmentsHealthAspect", _("Treatments")),
    ("HowItWorksHealthAspect", _("How it works")),
    ("HowOrWhereHealthAspect", _("How or where")),
    ("BenefitsHealthAspect", _("Benefits")),
    ("EffectivenessHealthAspect", _("Effectiveness")),
    ("RisksOrComplicationsHealthAspect", _("Risks or complications")),
    ("SideEffectsHealthAspect", _("Side effects")),
    ("MayTreatHealthAspect", _("What it may treat")),
    ("UsageOrScheduleHealthAspect", _("Usage or schedule")),
    ("GettingAccessHealthAspect", _("Getting access")),
    ("PatientExperienceHealthAspect", _("Patient experience")),
    ("LivingWithHealthAspect", _("Living with it")),
    ("SelfCareHealthAspect", _("Self-care")),
    ("SeeDoctorHealthAspect", _("When to see a doctor")),
    ("PrognosisHealthAspect", _("Prognosis")),
    ("StagesHealthAspect", _("Stages")),
    ("TypesHealthAspect", _("Types")),
    ("SymptomsHealthAspect", _("Symptoms")),
    ("CausesHealthAspect", _("Causes")),
    ("PreventionHealthAspect", _("Prevention")),
    ("ScreeningHealthAspect", _("Screening")),
    ("MisconceptionsHealthAspect", _("Misconceptions")),
    ("PregnancyHealthAspect", _("Pregnancy")),
    ("AllergiesHealthAspect", _("Allergies")),
    ("ContagiousnessHealthAspect", _("Contagiousness")),
    ("IngredientsHealthAspect", _("Ingredients")),
    ("RelatedTopicsHealthAspect", _("Related topics")),
]

EXPLAIN = _("Explain")
DECIDE = _("Decide")
SHOW = _("Show")
LEAD_ON = _("Lead on")


class SectionContentStreamBlock(blocks.StreamBlock):
    """Everything that a section can hold."""

    rich_text = RichTextBlock(group=EXPLAIN)
    callout = CalloutBlock(group=EXPLAIN)
    questions_answers = QuestionsAnswersBlock(group=EXPLAIN)
    procedure_steps = ProcedureStepsBlock(group=EXPLAIN)
    criteria_list = CriteriaListBlock(group=DECIDE)
    statistic = StatisticBlock(group=DECIDE)
    evidence_note = EvidenceNoteBlock(group=DECIDE)
    benefits_risks = BenefitsRisksBlock(group=DECIDE)
    care_card = CareCardBlock(group=DECIDE)
    figure = FigureBlock(group=SHOW)
    video = VideoBlock(group=SHOW)
    table = DataTableBlock(group=SHOW)
    related_article = RelatedArticleBlock(group=LEAD_ON)
    promotion_slot = PromotionSlotBlock(group=LEAD_ON)

    class Meta:
        label = _("Content")
        min_num = 1
        max_num = 60
        block_counts = {"promotion_slot": {"max_num": 1}}


class SectionBlock(blocks.StructBlock):
    """A section of an article under its own heading."""

    heading = ShortTextBlock(
        max_length=160, label=_("Heading"), help_text=_("Say what the section answers.")
    )
    health_aspect = blocks.ChoiceBlock(
        choices=HEALTH_ASPECTS,
        required=False,
        clinically_significant=False,
        label=_("Health aspect"),
        help_text=_("Tells search engines what the section is about."),
    )
    standalone = blocks.BooleanBlock(
        required=False,
        clinically_significant=False,
        label=_("May be shown on its own"),
        help_text=_(
            "Other sites may show this section without the rest of the article. Only when nothing before it is needed to understand it."
        ),
    )
    content = SectionContentStreamBlock(label=_("Content"))

    class Meta:
        icon = "list-ul"
        label = _("Section")
        label_format = "{heading}"
        help_text = _(
            "A part of the article under one heading. It appears in the table of contents."
        )
        description = _("A heading with the content below it")
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "heading": "Surgery for liver metastases",
            "health_aspect": "TreatmentsHealthAspect",
            "standalone": False,
            "content": [
                {
                    "type": "rich_text",
                    "value": "<p>Surgery on the liver is an option for few people.</p>",
                }
            ],
        }


class ArticleBodyStreamBlock(blocks.StreamBlock):
    """The body of an article: sections and nothing else."""

    section = SectionBlock()

    class Meta:
        min_num = 0
        max_num = 40
        required = False


class KeyPointsStreamBlock(blocks.StreamBlock):
    """What a reader should remember."""

    point = LongTextBlock(max_length=250, label=_("Key point"))

    class Meta:
        min_num = 2
        max_num = 5


class NamesStreamBlock(blocks.StreamBlock):
    """Other names of the treatment."""

    name = ShortTextBlock(max_length=120, label=_("Name"))

    class Meta:
        required = False
        max_num = 12


class QuestionsStreamBlock(blocks.StreamBlock):
    """What to ask the doctor."""

    question = LongTextBlock(max_length=250, label=_("Question"))

    class Meta:
        required = False
        max_num = 20


#: Where a decision stands, in the words of the FDA and the EMA.
APPROVED = "approved"
REGULATORY_STATUSES = [
    (APPROVED, _("Approved")),
    ("conditional", _("Approved under conditions")),
    ("suspended", _("Suspended")),
    ("withdrawn", _("Withdrawn")),
    ("refused", _("Refused")),
]


class RegulatoryStatusBlock(blocks.StructBlock):
    """What an authority has decided."""

    authority = ShortTextBlock(
        max_length=120,
        label=_("Authority"),
        help_text=_("For example: FDA (United States)."),
    )
    identifier = blocks.RegexBlock(
        regex=r"^[A-Za-z0-9][A-Za-z0-9 ./\-]{0,39}$",
        required=False,
        default="",
        label=_("Number of the decision"),
        error_messages={
            "invalid": _("Letters, digits, spaces, dots, slashes and hyphens only.")
        },
    )
    status = blocks.ChoiceBlock(
        choices=REGULATORY_STATUSES,
        label=_("Status"),
        help_text=_("Keep a decision that no longer holds, and say so here."),
    )
    indication = LongTextBlock(
        max_length=600,
        label=_("Indication"),
        help_text=_("For whom and for what, as decided."),
    )
    decided_on = blocks.DateBlock(required=False, label=_("Date"))
    code = CodeBlock()

    class Meta:
        clinically_significant = True
        icon = "clipboard-list"
        label = _("Decision")
        label_format = "{authority}"


class RegulatoryStatusStreamBlock(blocks.StreamBlock):
    """The decisions of authorities about the treatment."""

    decision = RegulatoryStatusBlock()

    class Meta:
        required = False
        max_num = 10
