"""What a treatment article is: its fields and child relations, for the page types of any project."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    TitleFieldPanel,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.api import APIField
from wagtail.images import get_image_model_string
from wagtail.models import Orderable, Page
from wagtail.search import index

from snippets.features import SHORT_FEATURES
from snippets.models import Condition, Contributor, PlainTextMixin, Treatment
from treatments.article_fields import ARTICLE_FIELDS
from treatments.blocks.choosers import ArticleChooser
from treatments.blocks.streams import (
    ArticleBodyStreamBlock,
    KeyPointsStreamBlock,
    NamesStreamBlock,
    QuestionsStreamBlock,
    RegulatoryStatusStreamBlock,
)
from treatments.fields import ArticleRichTextField, ArticleStreamField
from treatments.models.copies import copy_page, is_copy, renew_page
from treatments.ports.followups import gather
from treatments.ports.publication import may_pass, passing


class TreatmentArticleMixin(PlainTextMixin, models.Model):
    """The fields of a treatment article. Subclass it together with ``Page`` for an article type of your own.

    A subclass adds the three child relations with ``AbstractArticleCondition``,
    ``AbstractArticleContributor`` and ``AbstractRelatedArticle`` under the related names
    ``article_conditions``, ``article_contributors`` and ``related_articles``.
    """

    class Kind(models.TextChoices):
        """What question an article answers."""

        TREATMENT = "treatment", _("Treatment")
        PROCEDURE = "procedure", _("Procedure")
        WHAT_TO_EXPECT = "what_to_expect", _("What to expect")
        CANDIDATE = "candidate", _("Am I a candidate?")

    class Audience(models.TextChoices):
        """Who an article is written for."""

        PATIENT = "patient", _("Patients and families")
        PROFESSIONAL = "professional", _("Health professionals")

    class Intent(models.TextChoices):
        """What a treatment is meant to achieve."""

        CURATIVE = "curative", _("To cure")
        CONTROL = "control", _("To control the disease")
        PALLIATIVE = "palliative", _("To ease symptoms")
        INVESTIGATIONAL = "investigational", _("Under study")

    #: Names of fields that a project has added, whose changes concern nobody's treatment. All others are clinical.
    editorial_fields: ClassVar[tuple[str, ...]] = ()

    summary = models.CharField(
        _("summary"),
        max_length=300,
        help_text=_("What the reader learns, in one or two sentences; shown in lists."),
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=Kind.choices, default=Kind.TREATMENT
    )
    audience = models.CharField(
        _("audience"), max_length=20, choices=Audience.choices, default=Audience.PATIENT
    )
    intent = models.CharField(
        _("intent"), max_length=20, choices=Intent.choices, blank=True
    )
    treatment = models.ForeignKey(
        Treatment,
        verbose_name=_("treatment"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    body_site = models.CharField(
        _("body site"),
        max_length=160,
        blank=True,
        help_text=_("Where in the body, for example: breast, liver."),
    )
    hero_image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    hero_image_alt = models.CharField(
        _("image description"),
        max_length=250,
        blank=True,
        help_text=_("What the image shows, for people who cannot see it."),
    )
    intro = ArticleRichTextField(_("introduction"), features=SHORT_FEATURES, blank=True)
    key_points = ArticleStreamField(
        KeyPointsStreamBlock(),
        verbose_name=_("key points"),
        help_text=_("Two to five sentences to remember."),
    )
    body = ArticleStreamField(
        ArticleBodyStreamBlock(), verbose_name=_("body"), blank=True
    )
    also_known_as = ArticleStreamField(
        NamesStreamBlock(), verbose_name=_("also known as"), blank=True
    )
    regulatory_status = ArticleStreamField(
        RegulatoryStatusStreamBlock(), verbose_name=_("regulatory status"), blank=True
    )
    questions = ArticleStreamField(
        QuestionsStreamBlock(),
        verbose_name=_("questions to ask the doctor"),
        blank=True,
    )

    article_search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("summary", boost=2),
        index.SearchField("key_points"),
        index.SearchField("intro"),
        index.SearchField("body"),
        index.SearchField("also_known_as", boost=2),
        index.SearchField("questions"),
        index.SearchField("regulatory_status"),
        index.FilterField("kind"),
        index.FilterField("audience"),
        index.FilterField("intent"),
    ]
    #: What an API client may write: every field, and the child relations.
    article_api_fields: ClassVar[list[APIField]]
    article_panels: ClassVar[list] = [
        TitleFieldPanel("title"),
        FieldPanel("summary", widget=AdminAutoHeightTextInput),
        MultiFieldPanel(
            [FieldPanel("kind"), FieldPanel("intent"), FieldPanel("audience")],
            heading=_("What kind of article it is"),
        ),
        FieldPanel("key_points"),
        FieldPanel("intro"),
        FieldPanel("body"),
        FieldPanel("questions"),
    ]
    about_panels: ClassVar[list] = [
        FieldPanel("treatment"),
        InlinePanel(
            "article_conditions",
            heading=_("Conditions"),
            label=_("Condition"),
            max_num=12,
        ),
        FieldPanel("also_known_as"),
        FieldPanel("body_site"),
        FieldPanel("regulatory_status"),
        InlinePanel(
            "related_articles",
            heading=_("Related articles"),
            label=_("Related article"),
            max_num=12,
        ),
        InlinePanel(
            "article_contributors", heading=_("Authors"), label=_("Author"), max_num=12
        ),
        MultiFieldPanel(
            [FieldPanel("hero_image"), FieldPanel("hero_image_alt")], heading=_("Image")
        ),
    ]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save the article with its rows, and do once what follows from them, in the same transaction."""
        if kwargs.get("update_fields") is not None:
            return super().save(*args, **kwargs)
        with gather():
            return super().save(*args, **kwargs)

    def publish(
        self, revision: Any, *args: Any, log_action: Any = True, **kwargs: Any
    ) -> Any:
        """Publish a revision, after whoever has a say in it.

        Raises:
            PublicationRefusedError: see ``treatments.ports.publication``.
        """
        publish = super().publish  # ty: ignore[missing-attribute]
        with passing(revision) as passage:
            if not may_pass(passage, revision, log_action):
                return None
            return publish(revision, *args, log_action=log_action, **kwargs)

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        """Copy the article, as private as it is."""
        copy = super().copy  # ty: ignore[missing-attribute]
        source: Any = self
        return copy_page(source, partial(copy, *args, **kwargs), kwargs.get("user"))

    def copy_all_child_relations(self, target: Any, *args: Any, **kwargs: Any) -> Any:
        """Copy the rows, as Wagtail does for each copy before it is saved; its blocks get ids of their own.

        ``copied_from`` says what a copy is a copy of: nothing else does once it is saved.
        """
        target.copied_from = self
        if is_copy(self, target):
            renew_page(target)
        copy = super().copy_all_child_relations  # ty: ignore[missing-attribute]
        return copy(target, *args, **kwargs)

    def clean(self) -> None:
        """Ask for a description of the image."""
        super().clean()
        if self.hero_image_id and not self.hero_image_alt.strip():
            raise ValidationError(
                {
                    "hero_image_alt": _(
                        "Describe the image for people who cannot see it."
                    )
                }
            )


def build_api_fields() -> list[APIField]:
    """Return the fields of every article in the order of the model, then its child relations."""
    fields = [field.name for field in TreatmentArticleMixin._meta.local_fields]
    known = {*fields, *(field.name for field in Page._meta.local_fields)}
    made_of = [name for row in ARTICLE_FIELDS for name in row.fields]
    relations = [name for name in made_of if name not in known]
    return [APIField(name, writable=True) for name in (*fields, *relations)]


TreatmentArticleMixin.article_api_fields = build_api_fields()


class AbstractArticleCondition(Orderable):
    """A condition that an article is about. A concrete class adds the ``page`` ParentalKey."""

    condition = models.ForeignKey(
        Condition,
        verbose_name=_("condition"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    api_fields: ClassVar[list[APIField]] = [APIField("condition", writable=True)]
    panels: ClassVar[list] = [FieldPanel("condition")]

    class Meta(Orderable.Meta):
        abstract = True


class AbstractArticleContributor(Orderable):
    """Somebody who wrote an article. A concrete class adds the ``page`` ParentalKey."""

    contributor = models.ForeignKey(
        Contributor,
        verbose_name=_("contributor"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    api_fields: ClassVar[list[APIField]] = [APIField("contributor", writable=True)]
    panels: ClassVar[list] = [FieldPanel("contributor")]

    class Meta(Orderable.Meta):
        abstract = True


class AbstractRelatedArticle(Orderable):
    """Another article, and how it relates to this one. A concrete class adds the ``page`` ParentalKey."""

    class Relation(models.TextChoices):
        """How the other article relates to this one."""

        BEFORE = "before", _("Read before")
        AFTER = "after", _("Read after")
        ALTERNATIVE = "alternative", _("Alternative")
        WHAT_TO_EXPECT = "what_to_expect", _("What to expect")
        MORE = "more", _("More on this")

    relation = models.CharField(
        _("relation"), max_length=20, choices=Relation.choices, default=Relation.MORE
    )
    related_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("article"),
        on_delete=models.CASCADE,
        related_name="+",
    )

    api_fields: ClassVar[list[APIField]] = [
        APIField("relation", writable=True),
        APIField("related_page", writable=True),
    ]
    panels: ClassVar[list] = [
        FieldPanel("relation"),
        FieldPanel("related_page", widget=ArticleChooser),
    ]

    class Meta(Orderable.Meta):
        abstract = True
