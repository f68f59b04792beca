"""What the tests of several modules start with: a site, an article, a token."""

from __future__ import annotations

import pytest

from tests import factories
from tests.treatments.api_calls import create_token


@pytest.fixture
def index():
    return factories.create_site().index


@pytest.fixture
def token():
    return create_token(is_superuser=True)


@pytest.fixture
def full_page(index):
    return factories.create_full_article(index, factories.create_targets(index))[0]
