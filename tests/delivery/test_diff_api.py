"""``/api/v3/articles/{id}/diff/``: what differs between two versions, for everybody who may read the article."""

from __future__ import annotations

import pytest
from wagtail.models import Page, PageViewRestriction, Site

from tests import factories
from tests.delivery.versions import (
    create_article_with_versions,
    create_version,
    withdraw,
)
from tests.openapi import find_untyped, get_operation, validate_answer
from tests.shared import share
from tests.treatments.api_calls import ARTICLES, read_problem
from tests.treatments.test_queries import count_queries
from treatments.api.http.problems import ProblemType

pytestmark = pytest.mark.django_db
TEMPLATE = "/api/v3/articles/{article_id}/diff/"


@pytest.fixture
def index(site):
    return site.index


shared_page_with_versions = share(
    "shared_page_with_versions",
    lambda home_id: create_article_with_versions(factories.load_site(home_id).index),
    on="shared_site",
)


@pytest.fixture
def page(shared_page_with_versions):
    return shared_page_with_versions


def get_address(page, query="from=1"):
    return f"{ARTICLES}/{page.pk}/diff/?{query}"


def read(client, page, query="from=1"):
    return validate_answer(client.get(get_address(page, query)), TEMPLATE)


def test_the_differences_to_the_present_version_are_given(client, page):
    answer = read(client, page)
    assert answer["id"] == page.pk
    assert (answer["from"]["number"], answer["to"]["number"]) == (1, 3)
    title, logic = answer["differences"]
    assert title["field"] == "Title"
    assert title["words"] == [
        {"mark": "same", "text": "Surgery"},
        {"mark": "added", "text": ", again"},
    ]
    assert logic == {
        "kind": "changed",
        "significance": "clinical",
        "place": "What it is → Criteria list “Who may benefit”",
        "block_id": "55555555-5555-4555-8555-555555555555",
        "field": "How many must apply",
        "old": "All of them must apply",
        "new": "Any one of them is enough",
        "words": logic["words"],
    }


def test_any_two_versions_are_compared_in_either_direction(client, page):
    (forth,) = read(client, page, "from=2&to=3")["differences"]
    (back,) = read(client, page, "from=3&to=2")["differences"]
    assert (forth["old"], forth["new"]) == (back["new"], back["old"])
    assert read(client, page, "from=2&to=2")["differences"] == []


def test_a_publication_is_compared_at_once(client, page):
    page.title = "The newest"
    page.save_revision().publish()
    answer = read(client, page, "from=3")
    assert answer["to"]["number"] == 4
    assert answer["differences"][0]["new"] == "The newest"


def test_labels_are_in_the_language_of_the_article(client, site):
    factories.create_spanish_tree(site)
    index = site.index.get_translation(factories.get_locale("es"))
    page = create_article_with_versions(index, locale=factories.get_locale("es"))
    answer = read(client, page, "from=1&to=2")
    assert answer["locale"] == "es"
    assert answer["differences"][0]["new"] == "Basta con que se cumpla uno"


def test_what_was_never_public_is_not_there(client, page, index):
    draft = factories.create_article(index, slug="draft", live=False)
    page.title = "Hushed draft"
    page.save_revision()
    for address in (
        get_address(page, "from=1&to=4"),
        get_address(page, "from=4"),
        get_address(draft),
        get_address(index),
        f"{ARTICLES}/{2**31 - 1}/diff/?from=1",
    ):
        problem = read_problem(client.get(address), 404, ProblemType.NOT_FOUND)
        assert "Hushed" not in str(problem)


def test_a_withdrawn_article_has_no_differences_until_it_is_public_again(client, page):
    withdraw(page)
    read_problem(client.get(get_address(page)), 404, ProblemType.NOT_FOUND)
    create_version(page, title="Back")
    assert read(client, page)["to"]["number"] == 4


@pytest.mark.parametrize("hidden", ["private", "expired", "deleted", "unpublished"])
def test_what_the_public_may_not_read_now_is_not_there(client, page, hidden):
    if hidden == "private":
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    elif hidden == "expired":
        page.expire_at = page.first_published_at
        Page.objects.filter(pk=page.pk).update(expire_at=page.expire_at)
    elif hidden == "deleted":
        page.delete()
    else:
        page.unpublish()
    answer = client.get(f"{ARTICLES}/{page.pk}/diff/?from=1")
    read_problem(answer, 404, ProblemType.NOT_FOUND)
    assert b"Surgery" not in answer.content


def test_the_articles_of_another_site_are_not_there(client, page, index, settings):
    settings.ALLOWED_HOSTS = ["other.example"]
    other = factories.create_article(index, slug="root-of-another", title="Other root")
    Site.objects.create(hostname="other.example", root_page=other)
    answer = client.get(get_address(page), headers={"host": "other.example"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 422),
        ("from=0", 400),
        ("from=x", 422),
        ("from=99999999999999999999", 400),
        ("from=1&to=0", 400),
        ("from=1&until=2", 400),
        ("from=1&from=2", 400),
    ],
)
def test_bad_parameters_are_refused_by_name(client, page, query, status):
    answer = client.get(get_address(page, query))
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_caches_can_forget_it_with_the_articles(client, page):
    answer = client.get(get_address(page))
    # The tag that is forgotten whenever any article changes.
    assert answer["Surrogate-Key"] == answer["Cache-Tag"] == "articles"
    again = client.get(get_address(page), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_it_costs_two_queries_whatever_has_changed(client, page, index):
    short = count_queries(client, get_address(page))
    targets = factories.create_targets(index)
    long, _sampler = factories.create_full_article(index, targets)
    create_version(long)
    for number in range(5):
        create_version(long, title=f"Title {number}", body=[])
    assert count_queries(client, get_address(long)) == short == 2


def test_the_answer_is_typed():
    answers = get_operation(TEMPLATE)["responses"]["200"]["content"]
    assert list(find_untyped(answers["application/json"]["schema"])) == []
