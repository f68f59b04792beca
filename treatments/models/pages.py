"""The page types of the plugin set: the article and the index, with the article's child rows."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, ObjectList, TabbedInterface
from wagtail.api import APIField
from wagtail.models import Page, get_page_models
from wagtail.search import index

from snippets.features import PLAIN_FEATURES
from snippets.models import PlainTextMixin
from treatments.article_fields import SYNCHRONIZED_FIELDS
from treatments.fields import ArticleRichTextField
from treatments.headless import HeadlessMixin
from treatments.models.articles import (
    AbstractArticleCondition,
    AbstractArticleContributor,
    AbstractRelatedArticle,
    TreatmentArticleMixin,
)
from treatments.models.copies import copy_page
from treatments.models.forms import ArticleForm


class TreatmentPage(HeadlessMixin, TreatmentArticleMixin, Page):
    """A treatment article."""

    base_form_class = ArticleForm
    page_description = _("An article for patients about a treatment or a procedure.")
    parent_page_types: ClassVar[list[str]] = ["treatments.TreatmentIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    translation_synchronized_fields: ClassVar[tuple[str, ...]] = SYNCHRONIZED_FIELDS
    search_fields = [*Page.search_fields, *TreatmentArticleMixin.article_search_fields]
    api_fields = TreatmentArticleMixin.article_api_fields
    edit_handler = TabbedInterface(
        [
            ObjectList(TreatmentArticleMixin.article_panels, heading=_("Article")),
            ObjectList(TreatmentArticleMixin.about_panels, heading=_("About it")),
            ObjectList(Page.promote_panels, heading=_("Promote")),
            ObjectList(
                Page.settings_panels, heading=_("Settings"), classname="settings"
            ),
        ]
    )

    class Meta:
        verbose_name = _("treatment article")
        verbose_name_plural = _("treatment articles")


class TreatmentIndexPage(HeadlessMixin, PlainTextMixin, Page):
    """Lists the articles below it, from A to Z and by condition."""

    intro = ArticleRichTextField(_("introduction"), features=PLAIN_FEATURES, blank=True)

    page_description = _("Lists the articles below it, from A to Z and by condition.")
    translation_synchronized_fields: ClassVar[tuple[str, ...]] = ("slug",)
    search_fields = [*Page.search_fields, index.SearchField("intro")]
    api_fields: ClassVar[list[APIField]] = [APIField("intro", writable=True)]
    content_panels = [*Page.content_panels, FieldPanel("intro")]

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        """Copy the index and what is below it, as private as they are."""
        copy = super().copy
        return copy_page(self, partial(copy, *args, **kwargs), kwargs.get("user"))

    @classmethod
    def clean_subpage_models(cls) -> list[type[Page]]:
        """Return every installed article type, a project's own among them, and further indexes.

        A subclass that sets ``subpage_types`` decides for itself.
        """
        if getattr(cls, "subpage_types", None) is not None:
            return super().clean_subpage_models()
        kinds = (TreatmentArticleMixin, TreatmentIndexPage)
        return [model for model in get_page_models() if issubclass(model, kinds)]

    class Meta:
        verbose_name = _("treatment index")
        verbose_name_plural = _("treatment indexes")


class TreatmentPageCondition(AbstractArticleCondition):
    """A condition of a treatment article."""

    page = ParentalKey(
        TreatmentPage, on_delete=models.CASCADE, related_name="article_conditions"
    )


class TreatmentPageContributor(AbstractArticleContributor):
    """An author of a treatment article."""

    page = ParentalKey(
        TreatmentPage, on_delete=models.CASCADE, related_name="article_contributors"
    )


class TreatmentPageRelated(AbstractRelatedArticle):
    """A related article of a treatment article."""

    page = ParentalKey(
        TreatmentPage, on_delete=models.CASCADE, related_name="related_articles"
    )
