"""What the tests of several modules start with: a site, an article, a token."""

from __future__ import annotations

import pytest

from tests import factories
from tests.shared import share
from tests.treatments.api_calls import create_token
from treatments.models import TreatmentPage


@pytest.fixture
def index(site):
    return site.index


@pytest.fixture
def token():
    return create_token(is_superuser=True)


def create_full_page(home_id: int) -> int:
    """Return the id of a published article with every block type."""
    index = factories.load_site(home_id).index
    targets = factories.create_targets(index)
    return factories.create_full_article(index, targets)[0].pk


shared_full_page = share("shared_full_page", create_full_page, on="shared_site")


@pytest.fixture
def full_page(shared_full_page):
    """Return a published article with every block type."""
    return TreatmentPage.objects.get(pk=shared_full_page)
