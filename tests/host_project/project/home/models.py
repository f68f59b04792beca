"""The clinic's pages: an entrance that knows nothing of the plugins, and an article type of its own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, ObjectList, TabbedInterface
from wagtail.api import APIField
from wagtail.models import Page
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
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [*TreatmentArticleMixin.article_panels, FieldPanel("phone")],
                heading="Article",
            ),
            ObjectList(TreatmentArticleMixin.about_panels, heading="About it"),
            ObjectList(Page.promote_panels, heading="Promote"),
        ]
    )


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
