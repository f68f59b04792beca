"""What the tests of several modules start with: a site, an article, a token."""

from __future__ import annotations

import pytest

from tests import factories
from tests.treatments.api_calls import create_token


@pytest.fixture
def site():
    return factories.create_site()


@pytest.fixture
def index(site):
    return site.index


@pytest.fixture
def token():
    return create_token(is_superuser=True)


@pytest.fixture
def full_page(index):
    """Return a published article with every block type."""
    return factories.create_full_article(index, factories.create_targets(index))[0]
