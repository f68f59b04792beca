"""Wagtail's v2 endpoint of pages with the expanded fields of the articles."""

from __future__ import annotations

from django.utils import translation
from wagtail.api import APIField
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet

from tests.benchmarks.stock.serializers import (
    ConditionRowsSerializer,
    ContributorRowsSerializer,
    ImageSerializer,
    RelatedRowsSerializer,
    RichTextSerializer,
    StreamSerializer,
    TranslationsSerializer,
    TreatmentSerializer,
)
from treatments.models import TreatmentPage

ARTICLE_FIELDS = [
    APIField("summary"),
    APIField("kind"),
    APIField("audience"),
    APIField("intent"),
    APIField("treatment", serializer=TreatmentSerializer()),
    APIField("body_site"),
    APIField("hero_image", serializer=ImageSerializer()),
    APIField("hero_image_alt"),
    APIField("intro", serializer=RichTextSerializer()),
    *(
        APIField(name, serializer=StreamSerializer())
        for name in (
            "key_points",
            "body",
            "also_known_as",
            "regulatory_status",
            "questions",
        )
    ),
    APIField("article_conditions", serializer=ConditionRowsSerializer()),
    APIField("article_contributors", serializer=ContributorRowsSerializer()),
    APIField("related_articles", serializer=RelatedRowsSerializer()),
    APIField("translations", serializer=TranslationsSerializer()),
]


class StockPagesAPIViewSet(PagesAPIViewSet):
    """The stock view; the fields are what ``api_fields`` of the model would say in such a project."""

    @classmethod
    def get_body_fields(cls, model):
        """Return the expanded fields of an article, and the stock ones of other pages."""
        if model is TreatmentPage:
            stock = cls._convert_api_fields(cls.body_fields)
            return stock + cls._convert_api_fields(ARTICLE_FIELDS)
        return super().get_body_fields(model)

    def detail_view(self, request, pk):
        """Answer in the language of the page, so that links and choosers lead to it."""
        page = self.get_object()
        with translation.override(page.locale.language_code):
            return super().detail_view(request, pk)


router = WagtailAPIRouter("stock_v2")
router.register_endpoint("pages", StockPagesAPIViewSet)
detail_view = router.wrap_view(StockPagesAPIViewSet.as_view({"get": "detail_view"}))
