"""What the tests of several modules start with: a site, an article, a token."""

from __future__ import annotations

import pytest

from tests import factories
from tests.shared import share
from tests.treatments.api_calls import create_token
from treatments.models import TreatmentIndexPage, TreatmentPage


@pytest.fixture
def index(site):
    return site.index


@pytest.fixture
def bilingual_index(shared_bilingual_site):
    """Return the English index, with the Spanish tree above the articles published."""
    return TreatmentIndexPage.objects.get(pk=shared_bilingual_site)


@pytest.fixture
def token():
    return create_token(is_superuser=True)


def create_full_page(targets: dict[str, int]) -> int:
    """Return the id of a published article with every block type."""
    index = TreatmentIndexPage.objects.get()
    return factories.create_full_article(index, targets)[0].pk


shared_full_page = share("shared_full_page", create_full_page, on="shared_targets")


@pytest.fixture
def full_page(shared_full_page):
    """Return a published article with every block type."""
    return TreatmentPage.objects.get(pk=shared_full_page)


def create_surgery(home_id: int) -> TreatmentPage:
    """Return a published article without content."""
    index = factories.load_site(home_id).index
    return factories.create_article(index, title="Surgery", slug="surgery")


shared_surgery = share("shared_surgery", create_surgery, on="shared_site")
