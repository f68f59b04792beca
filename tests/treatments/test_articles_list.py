"""Lists of articles: what stands in them, search, order, pages and fields."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from wagtail.models import PageViewRestriction

from tests import factories
from tests.ports import offer
from tests.shared import share
from tests.treatments.listed_articles import read, titles, with_words
from treatments.models import IndexedArticle
from treatments.ports import states
from treatments.ports.states import ReviewState, ReviewStatus
from treatments.search.index import indexing
from treatments.signals import article_states_changed

pytestmark = pytest.mark.django_db


def test_a_list_holds_public_articles_only(client, site):
    factories.create_article(site.index, title="Public", slug="public")
    factories.create_article(site.index, title="Draft", slug="draft", live=False)
    private = factories.create_article(site.index, title="Private", slug="private")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    answer = read(client, facets="kind,locale,has_criteria")
    assert titles(answer) == ["Public"]
    assert answer["count"] == 1
    assert answer["facets"]["kind"] == [
        {"value": "treatment", "label": "Treatment", "count": 1}
    ]
    assert answer["facets"]["locale"] == [
        {"value": "en", "label": "English", "count": 1}
    ]
    assert "Private" not in str(read(client, search="private draft"))


def test_unpublishing_takes_an_article_out_of_the_list(client, site):
    page = factories.create_article(site.index, title="Gone soon")
    assert titles(read(client)) == ["Gone soon"]
    page.unpublish()
    assert titles(read(client)) == []


def test_a_card_says_what_a_list_shows(client, full_page):
    card = read(client, ids=full_page.pk)["items"][0]
    assert card["title"] == "Everything"
    assert card["path"] == "/en/treatments/everything/"
    assert card["kind"] == "treatment"
    assert card["intent"] == "palliative"
    assert card["treatment"]["name"] == "Sample surgery"
    assert [condition["name"] for condition in card["conditions"]] == [
        "Sample condition"
    ]
    assert card["image"]["renditions"]["small"]["width"] > 0
    assert card["has_criteria"] is True
    assert card["has_steps"] is True
    assert card["review_state"] == "never_reviewed"
    assert card["highlights"] == []


def test_a_review_changes_the_list_without_a_publication(client, site, monkeypatch):
    page = factories.create_article(site.index, title="Reviewed")
    state = ReviewState(
        status=ReviewStatus.CURRENT,
        last_reviewed=datetime(2026, 5, 1, tzinfo=UTC).date(),
    )
    offer(monkeypatch, states._review_providers, lambda ids: {page.pk: state})
    article_states_changed.send(sender=None, page_ids=[page.pk])
    assert titles(read(client, review_state="current")) == ["Reviewed"]
    assert titles(read(client, reviewed_since="2026-05-01")) == ["Reviewed"]
    assert titles(read(client, reviewed_before="2026-05-01")) == []
    detail = client.get(f"/api/v3/articles/{page.pk}/").json()
    assert detail["governance"]["last_reviewed"] == "2026-05-01"
    assert detail["governance"]["review_state"] == "current"


def test_search_marks_what_it_found_in_the_language_of_the_article(client, site):
    factories.create_article(
        site.index,
        title="Operation",
        slug="operation",
        body=with_words("Two surgeries & one <b>biopsy</b> of the liver."),
    )
    factories.create_article(site.index, title="Other", slug="other")
    answer = read(client, search="surgery")
    assert titles(answer) == ["Operation"]
    highlights = answer["items"][0]["highlights"]
    assert highlights == [
        {
            "field": "text",
            "html": "First point · Second point · Two <mark>surgeries</mark> &amp; one biopsy of the liver.",
        }
    ]


def test_search_ranks_the_title_before_the_text(client, site):
    factories.create_article(
        site.index,
        title="A first",
        slug="a",
        body=with_words("Something on cryoablation."),
    )
    factories.create_article(site.index, title="Cryoablation", slug="b")
    assert titles(read(client, search="cryoablation")) == ["Cryoablation", "A first"]
    assert titles(read(client, search="cryoablation", order="title")) == [
        "A first",
        "Cryoablation",
    ]


@pytest.mark.parametrize(
    "words", ['"', "'; DROP TABLE x; --", "*", "a AND (b", "NEAR(", "😀", "‮", "%", "\\"]
)
def test_a_hostile_search_finds_nothing(client, shared_plain_article, words):
    assert read(client, search=words)["count"] in (0, 1)


def create_seven_articles(home_id):
    """Publish articles of which some have the same title."""
    index = factories.load_site(home_id).index
    for number in range(7):
        factories.create_article(
            index, title=f"Article {number % 3}", slug=f"article-{number}"
        )


shared_seven_articles = share(
    "shared_seven_articles", create_seven_articles, on="shared_site"
)


@pytest.mark.parametrize("order", ["title", "-title", "published_at", "-published_at"])
def test_cursors_give_each_article_once(client, shared_seven_articles, order):
    seen, address = [], f"/api/v3/articles/?order={order}&limit=2&fields=title"
    while address:
        answer = client.get(address).json()
        seen += [item["id"] for item in answer["items"]]
        address = answer["next"]
    whole = read(client, order=order, fields="title")
    assert seen == [item["id"] for item in whole["items"]]
    assert len(set(seen)) == 7


def test_a_cursor_of_a_search_goes_on_where_it_stopped(client, site):
    for number in range(5):
        factories.create_article(
            site.index, title=f"Surgery {number}", slug=f"surgery-{number}"
        )
    first = read(client, search="surgery", limit=3)
    second = client.get(first["next"]).json()
    ids = [item["id"] for item in first["items"] + second["items"]]
    assert len(set(ids)) == 5
    assert second["next"] is None


def test_fields_narrow_and_widen_a_list(client, site):
    factories.create_article(site.index, title="Plain")
    item = read(client, fields="title,summary")["items"][0]
    assert list(item) == ["id", "type", "title", "summary"]
    item = read(client, fields="title,body,governance")["items"][0]
    assert set(item) == {"id", "type", "title", "body", "governance"}
    assert item["body"][0]["value"]["heading"] == "What it is"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"kindd": "x"}, "kindd"),
        ({"kind": "surgery"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"kind": "procedure,,candidate"}, "kind"),
        ({"locale": "xx"}, "locale"),
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"offset": "-1"}, "offset"),
        ({"ids": "1,x"}, "ids"),
        ({"ids": ",".join(str(number) for number in range(101))}, "ids"),
        ({"fields": "title,nope"}, "fields"),
        ({"facets": "colour"}, "facets"),
        ({"order": "size"}, "order"),
        ({"order": "relevance"}, "order"),
        ({"cursor": "abc"}, "cursor"),
        ({"cursor": "WyJ0aXRsZSIsIngiLDFd", "order": "-title"}, "cursor"),
        ({"cursor": "WyJ0aXRsZSIsIngiLDFd", "offset": "1"}, "cursor"),
        (
            {"cursor": "WyJwdWJsaXNoZWRfYXQiLCJ4IiwxXQ", "order": "published_at"},
            "cursor",
        ),
        ({"cursor": "WyJ0aXRsZSIsIlx1ZDgwMCIsNV0"}, "cursor"),
        ({"cursor": "WyJ0aXRsZSIsNSwieCJd"}, "cursor"),
        ({"cursor": "WyJyZWxldmFuY2UiLC01XQ", "search": "x"}, "cursor"),
        ({"limit": "1.0"}, "limit"),
        ({"condition": "ñ"}, "condition"),
        ({"reviewed_since": "20260101"}, "reviewed_since"),
        ({"published_since": "0001-01-01"}, "published_since"),
        ({"published_since": "yesterday"}, "published_since"),
        ({"reviewed_since": "2026-13-01"}, "reviewed_since"),
        ({"has_criteria": "perhaps"}, "has_criteria"),
        ({"rich_text": "pdf"}, "rich_text"),
        ({"renditions": "max-9000x9000"}, "renditions"),
        ({"condition": "a,b,"}, "condition"),
        ({"search": "x" * 201}, "search"),
        ({"kind": "procedure\0"}, ""),
    ],
)
def test_a_bad_parameter_is_refused_by_name(client, site, query, name):
    response = client.get(f"/api/v3/articles/?{urlencode(query)}")
    assert response.status_code in (400, 422)
    assert response["Content-Type"] == "application/problem+json"
    assert name in response.content.decode()


def test_titles_are_sorted_without_case_accents_and_leading_signs(client, site):
    for number, title in enumerate(("Zeta", "éter", "¿Dónde?", "alpha", "Cirugía")):
        factories.create_article(site.index, title=title, slug=f"article-{number}")
    assert titles(read(client)) == ["alpha", "Cirugía", "¿Dónde?", "éter", "Zeta"]


def test_an_alias_is_no_article(client, site):
    page = factories.create_article(site.index, title="Original")
    page.create_alias(parent=site.index, update_slug="alias")
    assert read(client)["count"] == 1


def test_an_article_that_was_written_past_every_signal_is_found(
    client, site, monkeypatch
):
    # The process has not looked within the last minute.
    monkeypatch.setattr(indexing, "_next_check", 0.0)
    page = factories.create_article(site.index, title="Hidden from signals")
    IndexedArticle.objects.filter(pk=page.pk).delete()
    assert titles(read(client)) == ["Hidden from signals"]


def test_the_language_of_the_browser_changes_nothing(client, site):
    factories.create_article(site.index, title="Same")
    answers = {
        client.get(
            "/api/v3/articles/?facets=kind", headers={"accept-language": code}
        ).content
        for code in ("fr", "en", "es", "de-CH,de;q=0.5")
    }
    assert len(answers) == 1


def test_the_same_block_in_two_articles_is_no_trouble(client, site):
    body = with_words("Twice")
    factories.create_article(site.index, title="One", slug="one", body=body)
    factories.create_article(
        site.index, title="Two", slug="two", body=copy.deepcopy(body)
    )
    assert read(client)["count"] == 2
