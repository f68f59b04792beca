"""An article whose draft has a number of which readers do not get the source."""

from __future__ import annotations

import pytest

from tests import factories
from tests.treatments.choices import build_section, build_statistic
from treatments.models import TreatmentPage


@pytest.fixture
def reference():
    """Return a reference that readers do not get."""
    return factories.create_reference("Hidden trial", live=False)


@pytest.fixture
def article(index):
    """Return a published article without a source."""
    return factories.create_article(index, title="Surgery", slug="surgery")


@pytest.fixture
def draft(article, reference):
    """Return the article, whose latest draft has a number of which readers do not get the source."""
    article.body = [build_section(build_statistic(reference.pk))]
    article.summary = "With a number"
    article.save_revision()
    return TreatmentPage.objects.get(pk=article.pk)
