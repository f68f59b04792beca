"""An article with clinical and editorial content, in English and in Spanish."""

from __future__ import annotations

import pytest
import time_machine

from tests import factories
from tests.factories import to_spanish
from tests.treatments.translation_status.articles import MADE, build_body


@pytest.fixture
def index():
    home = factories.create_site()
    factories.create_spanish_tree(home)
    return home.index


@pytest.fixture
def page(index):
    """An English article, published."""
    with time_machine.travel(MADE, tick=False):
        return factories.create_article(
            index,
            title="Surgery",
            intro='<p data-block-key="a1">Intro</p>',
            body=build_body(factories.create_image().pk),
        )


@pytest.fixture
def spanish(page):
    """Its Spanish version, published."""
    with time_machine.travel(MADE, tick=False):
        return to_spanish(page)
