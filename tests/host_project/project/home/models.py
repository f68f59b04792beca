"""The clinic's pages: an entrance that knows nothing of the plugins, and an article type of its own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, ObjectList, TabbedInterface
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page
from wagtail.search import index

from treatments.blocks.streams import (
    ArticleBodyStreamBlock,
    SectionBlock,
    SectionContentStreamBlock,
)
from treatments.blocks.text import CalloutBlock, RichTextBlock, ShortTextBlock
from treatments.fields import ArticleStreamField
from treatments.forms import ArticleForm
from treatments.headless import HeadlessMixin
from treatments.models import (
    AbstractArticleCondition,
    AbstractArticleContributor,
    AbstractRelatedArticle,
    TreatmentArticleMixin,
    TreatmentIndexPage,
)


class EntrancePage(HeadlessMixin, Page):
    """The root of the site, without anything of an article."""

    translation_synchronized_fields: ClassVar[tuple[str, ...]] = ("slug",)


class ClinicIndexPage(TreatmentIndexPage):
    """Lists the clinic's articles."""

    subpage_types: ClassVar[list[str]] = ["home.ClinicArticlePage"]


class WardBlock(blocks.StructBlock):
    """A block that only this clinic has."""

    name = ShortTextBlock()
    floor = blocks.IntegerBlock(required=False)
    directions = RichTextBlock(required=False)
    prepare = blocks.PageChooserBlock(required=False)


class ClinicCalloutBlock(CalloutBlock):
    """A block of the plugin set with one field more."""

    nurse = ShortTextBlock(required=False)


class ClinicContentStreamBlock(SectionContentStreamBlock):
    ward = WardBlock()
    callout = ClinicCalloutBlock()


class ClinicSectionBlock(SectionBlock):
    content = ClinicContentStreamBlock()


class ClinicBodyStreamBlock(ArticleBodyStreamBlock):
    section = ClinicSectionBlock()


class ClinicArticlePage(HeadlessMixin, TreatmentArticleMixin, Page):
    """An article with the clinic's own blocks and fields."""

    body = ArticleStreamField(ClinicBodyStreamBlock(), blank=True)
    phone = models.CharField(max_length=40, blank=True)
    brand_name = models.CharField("name of the medicine", max_length=80, blank=True)
    beds = models.PositiveIntegerField(null=True, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    leaflet = RichTextField(blank=True)
    arrival = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    internal_note = models.CharField(max_length=80, blank=True)

    editorial_fields: ClassVar[tuple[str, ...]] = ("phone",)
    base_form_class = ArticleForm
    parent_page_types: ClassVar[list[str]] = ["home.ClinicIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    translation_synchronized_fields: ClassVar[tuple[str, ...]] = ("slug", "phone")
    search_fields = [
        *Page.search_fields,
        *TreatmentArticleMixin.article_search_fields,
        index.SearchField("phone"),
    ]
    api_fields: ClassVar[list[APIField]] = [
        *TreatmentArticleMixin.article_api_fields,
        APIField("phone", writable=True),
        APIField("brand_name", writable=True),
        APIField("beds"),
        APIField("opened_on"),
        APIField("leaflet"),
        APIField("arrival"),
        APIField("visits"),
        APIField("greeting"),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    *TreatmentArticleMixin.article_panels,
                    FieldPanel("phone"),
                    FieldPanel("brand_name"),
                ],
                heading="Article",
            ),
            ObjectList(TreatmentArticleMixin.about_panels, heading="About it"),
            ObjectList(Page.promote_panels, heading="Promote"),
        ]
    )

    @property
    def greeting(self) -> str:
        """Return what is no field: v2 gives it, the article does not."""
        return "Welcome"


class ClinicVisit(Orderable):
    """When visitors may come."""

    page = ParentalKey(
        ClinicArticlePage, on_delete=models.CASCADE, related_name="visits"
    )
    day = models.CharField(max_length=10, choices=[("mon", "Monday")])
    hours = models.CharField(max_length=40)
    api_fields: ClassVar[list[APIField]] = [APIField("day"), APIField("hours")]


class ClinicArticleCondition(AbstractArticleCondition):
    page = ParentalKey(
        ClinicArticlePage, on_delete=models.CASCADE, related_name="article_conditions"
    )


class ClinicArticleContributor(AbstractArticleContributor):
    page = ParentalKey(
        ClinicArticlePage, on_delete=models.CASCADE, related_name="article_contributors"
    )


class ClinicRelatedArticle(AbstractRelatedArticle):
    page = ParentalKey(
        ClinicArticlePage, on_delete=models.CASCADE, related_name="related_articles"
    )
