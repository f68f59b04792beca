"""The home page of the sample site."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.api import APIField
from wagtail.models import Orderable, Page
from wagtail.search import index

from snippets.features import PLAIN_FEATURES
from snippets.models import PlainTextMixin
from treatments.fields import ArticleRichTextField
from treatments.headless import HeadlessMixin


class HomePage(HeadlessMixin, PlainTextMixin, Page):
    """The entrance of one language."""

    intro = ArticleRichTextField(_("introduction"), features=PLAIN_FEATURES, blank=True)

    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["treatments.TreatmentIndexPage"]
    translation_synchronized_fields: ClassVar[tuple[str, ...]] = ("slug",)
    search_fields = [*Page.search_fields, index.SearchField("intro")]
    api_fields: ClassVar[list[APIField]] = [
        APIField("intro", writable=True),
        APIField("featured_articles", writable=True),
    ]
    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        InlinePanel(
            "featured_articles",
            heading=_("Featured articles"),
            label=_("Article"),
            max_num=6,
        ),
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")


class FeaturedArticle(Orderable):
    """An article that the home page leads to."""

    page = ParentalKey(
        HomePage, on_delete=models.CASCADE, related_name="featured_articles"
    )
    article = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("article"),
        on_delete=models.CASCADE,
        related_name="+",
    )

    api_fields: ClassVar[list[APIField]] = [APIField("article", writable=True)]
    panels: ClassVar[list] = [FieldPanel("article")]
