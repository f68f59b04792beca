"""The article endpoints cost a number of queries that depends on no length."""

from __future__ import annotations

import pytest

from tests.treatments.test_queries import count_queries, create_articles

pytestmark = pytest.mark.django_db
LISTS = {
    "cards": "/api/v3/articles/?limit=100",
    "whole articles": "/api/v3/articles/?limit=100&fields=title,body,references",
    "search": "/api/v3/articles/?limit=100&search=article",
    "facets": "/api/v3/articles/?facets=kind,condition,treatment,locale",
}


@pytest.fixture
def index(site):
    return site.index


def test_an_article_costs_the_same_for_14_and_for_112_blocks(client, index, targets):
    short = create_articles(index, targets, 1, 1)[0]
    long = create_articles(index, targets, 1, 8)[0]
    costs = [
        count_queries(client, f"/api/v3/articles/{page.pk}/") for page in (short, long)
    ]
    assert costs[0] == costs[1]
    assert costs[0] <= 32


def test_lists_cost_the_same_for_20_and_for_100_articles(client, index, targets):
    create_articles(index, targets, 20, 1)
    few = {name: count_queries(client, address) for name, address in LISTS.items()}
    create_articles(index, targets, 80, 4)
    many = {name: count_queries(client, address) for name, address in LISTS.items()}
    assert few == many
    found = {name: client.get(url).json()["count"] for name, url in LISTS.items()}
    assert min(found.values()) == 100
    assert few["cards"] <= 22
    assert few["search"] <= 26
