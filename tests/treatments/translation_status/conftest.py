"""An article with clinical and editorial content, in English and in Spanish."""

from __future__ import annotations

import pytest
import time_machine

from tests import factories
from tests.factories import to_spanish
from tests.shared import share
from tests.treatments.translation_status.articles import MADE, build_body
from treatments.models import TreatmentIndexPage, TreatmentPage


@pytest.fixture
def index(bilingual_index):
    return bilingual_index


def create_clinical_article(index_id: int) -> int:
    """Return the id of a published English article."""
    with time_machine.travel(MADE, tick=False):
        return factories.create_article(
            TreatmentIndexPage.objects.get(pk=index_id),
            title="Surgery",
            intro='<p data-block-key="a1">Intro</p>',
            body=build_body(factories.create_image().pk),
        ).pk


shared_clinical_article = share(
    "shared_clinical_article", create_clinical_article, on="shared_bilingual_site"
)


@pytest.fixture
def page(shared_clinical_article):
    """An English article, published."""
    return TreatmentPage.objects.get(pk=shared_clinical_article)


def create_spanish_version(page_id: int) -> int:
    """Return the id of the published Spanish version of an article."""
    with time_machine.travel(MADE, tick=False):
        return to_spanish(TreatmentPage.objects.get(pk=page_id)).pk


shared_spanish_version = share(
    "shared_spanish_version", create_spanish_version, on="shared_clinical_article"
)


@pytest.fixture
def spanish(shared_spanish_version):
    """Its Spanish version, published."""
    return TreatmentPage.objects.get(pk=shared_spanish_version)
