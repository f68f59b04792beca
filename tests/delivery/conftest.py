"""An article that contains one of everything, and what a reader gets of it."""

from __future__ import annotations

import json

import pytest

from snippets.models import Condition, Contributor, Treatment
from tests import factories
from tests.delivery.cache_servers import cache_server, memory  # noqa: F401 - fixtures
from tests.delivery.public_states import create_states
from tests.shared import share
from treatments.content.documents import load_documents
from treatments.delivery import building
from treatments.models import (
    TreatmentIndexPage,
    TreatmentPage,
    TreatmentPageCondition,
    TreatmentPageContributor,
    TreatmentPageRelated,
)

ARTICLES = "/api/v3/articles"


@pytest.fixture
def index(site):
    return site.index


def create_referring_article(targets: dict[str, int]) -> int:
    """Return the id of a published article with one of everything that it can refer to."""
    index = TreatmentIndexPage.objects.get()
    locale = factories.get_locale("en")
    text = (
        f'<p><a linktype="glossary-term" id="{targets["term"]}">word</a>, '
        f'<a linktype="page" id="{targets["page"]}">link</a>'
        f'<a linktype="citation" id="{targets["reference"]}">1</a></p>'
    )
    page = factories.build_article(
        title="Everything",
        intro=text,
        treatment=Treatment.objects.create(name="Surgery", locale=locale),
        hero_image_id=targets["image"],
        hero_image_alt="A drawing",
        live=False,
    )
    index.add_child(instance=page)
    condition = Condition.objects.create(name="Condition", locale=locale)
    contributor = Contributor.objects.create(name="Author", locale=locale)
    page.article_conditions.add(TreatmentPageCondition(condition=condition))
    page.article_contributors.add(TreatmentPageContributor(contributor=contributor))
    page.related_articles.add(
        TreatmentPageRelated(relation="more", related_page_id=targets["page"])
    )
    return factories.publish(page).pk


shared_referring_article = share(
    "shared_referring_article", create_referring_article, on="shared_targets"
)


@pytest.fixture
def article(shared_referring_article):
    """Return a published article with one of everything that it can refer to."""
    return TreatmentPage.objects.get(pk=shared_referring_article)


def build_documents(page_id: int) -> int:
    """Build what waits; return the id of the article."""
    building.refresh_marked()
    return page_id


shared_built_article = share(
    "shared_built_article", build_documents, on="shared_referring_article"
)


@pytest.fixture
def page(shared_plain_article):
    """Return a published article that refers to nothing."""
    return TreatmentPage.objects.get(pk=shared_plain_article)


@pytest.fixture
def read(client):
    """Return a function that gives the answer for an article."""

    def read(page_id: int, expected: int = 200, **headers):
        response = client.get(f"{ARTICLES}/{page_id}/", headers=headers)
        assert response.status_code == expected, response.content[:500]
        return response

    return read


@pytest.fixture
def read_document(read):
    """Return a function that gives the document of an article, checked against a fresh build."""

    def read_document(page_id: int) -> dict:
        document = read(page_id).json()
        fresh = json.loads(json.dumps(load_documents([page_id])[page_id], default=str))
        assert without_version(document) == without_version(fresh)
        return document

    return read_document


def without_version(document: dict) -> dict:
    """Return a document without what only the ledger knows."""
    version = {
        name: value
        for name, value in document["version"].items()
        if name not in {"number", "etag"}
    }
    return {**document, "version": version}


shared_states = share("shared_states", create_states)


@pytest.fixture
def states(shared_states):
    """Return a site with an article in each state."""
    return shared_states
