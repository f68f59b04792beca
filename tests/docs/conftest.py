"""The site that the examples are run against."""

from __future__ import annotations

import pytest

from tests.docs.site import DocumentedSite, create_documented_site


@pytest.fixture
def site(db) -> DocumentedSite:
    return create_documented_site()
