"""The site that the examples are run against."""

from __future__ import annotations

import pytest

from tests.docs.site import DocumentedSite, create_documented_site
from tests.shared import share

shared_documented_site = share("shared_documented_site", create_documented_site)


@pytest.fixture
def site(shared_documented_site) -> DocumentedSite:
    return shared_documented_site
