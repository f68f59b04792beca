"""One query for a reader, who gets no more than the public may have."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta

import brotli
import pytest
import time_machine
from django.urls import clear_script_prefix
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from tests import factories
from tests.delivery.conftest import ARTICLES, build_documents
from tests.openapi import validate_answer
from tests.ports import offer
from tests.shared import share
from treatments.models import TreatmentPage
from treatments.ports import store

pytestmark = pytest.mark.django_db


shared_stored_article = share(
    "shared_stored_article", build_documents, on="shared_plain_article"
)


@pytest.fixture
def stored(shared_stored_article):
    """Return an article whose document is stored."""
    return TreatmentPage.objects.get(pk=shared_stored_article)


@pytest.fixture
def path(stored, read):
    return read(stored.pk).json()["path"]


@pytest.mark.parametrize(
    "query",
    ["", "?fields=title", "?rich_text=markdown&renditions=small", "?fields=title,body"],
)
def test_an_article_costs_one_query(client, stored, django_assert_num_queries, query):
    # The first read of a process finds out whether its database has the functions for it.
    client.get(f"{ARTICLES}/0/")
    with django_assert_num_queries(1):
        response = client.get(f"{ARTICLES}/{stored.pk}/{query}")
    assert response.status_code == 200
    assert validate_answer(response, "/api/v3/articles/{article_id}/")["id"] == (
        stored.pk
    )


def test_a_path_costs_one_query(client, path, stored, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get(f"{ARTICLES}/find/", {"path": path})
    assert response.json()["id"] == stored.pk
    with django_assert_num_queries(1):
        client.get(f"{ARTICLES}/find/", {"path": path, "fields": "title"})


@pytest.mark.parametrize("query", ["", "?fields=title", "?rich_text=text"])
def test_what_the_client_has_is_not_sent_again(
    client, stored, django_assert_num_queries, query
):
    address = f"{ARTICLES}/{stored.pk}/{query}"
    first = client.get(address)
    with django_assert_num_queries(1):
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == first["Cache-Control"]
    assert "Content-Type" not in again
    other = client.get(address, headers={"If-None-Match": '"other", W/"more"'})
    assert other.status_code == 200
    listed = client.get(address, headers={"If-None-Match": f'"other", {first["ETag"]}'})
    assert listed.status_code == 304


def test_a_date_is_enough_to_know_that_nothing_changed(client, stored):
    address = f"{ARTICLES}/{stored.pk}/"
    changed = client.get(address)["Last-Modified"]
    unchanged = client.get(address, headers={"If-Modified-Since": changed})
    assert unchanged.status_code == 304
    # The tag goes before the date (RFC 9110, 13.1.3).
    both = {"If-Modified-Since": changed, "If-None-Match": '"other"'}
    assert client.get(address, headers=both).status_code == 200
    for broken in ("yesterday", "", "Mon, 99 Foo 2026 00:00:00 GMT"):
        answer = client.get(address, headers={"If-Modified-Since": broken})
        assert answer.status_code == 200


def test_each_form_of_a_document_has_a_tag_of_its_own(client, stored):
    queries = ["", "?fields=title", "?fields=summary", "?rich_text=text"]
    tags = {client.get(f"{ARTICLES}/{stored.pk}/{query}")["ETag"] for query in queries}
    encodings = ["br", "gzip"]
    tags |= {
        client.get(f"{ARTICLES}/{stored.pk}/", headers={"Accept-Encoding": each})[
            "ETag"
        ]
        for each in encodings
    }
    assert len(tags) == len(queries) + len(encodings)
    for tag in tags:
        assert not tag.startswith("W/")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("*;q=0, gzip", "gzip"),
        ("br;q=nonsense, gzip;q=0", None),
        ("x" * 5000, None),
    ],
)
def test_a_client_gets_the_encoding_that_it_takes(client, stored, accepted, encoding):
    plain = client.get(f"{ARTICLES}/{stored.pk}/").content
    headers = {"Accept-Encoding": accepted} if accepted else {}
    response = client.get(f"{ARTICLES}/{stored.pk}/", headers=headers)
    assert response.get("Content-Encoding") == encoding
    assert response["Vary"] == "Accept-Encoding"
    content = response.content
    if encoding == "gzip":
        content = gzip.decompress(content)
    elif encoding == "br":
        content = brotli.decompress(content)
    assert content == plain
    if encoding:
        assert len(response.content) < len(plain) / 1.5


def test_head_gives_the_same_headers(client, stored):
    address = f"{ARTICLES}/{stored.pk}/"
    got, head = client.get(address), client.head(address)
    assert head.status_code == 200
    for name in ("ETag", "Last-Modified", "Cache-Control", "Content-Type"):
        assert head[name] == got[name]


def test_the_headers_say_what_a_cache_needs(client, stored, settings):
    response = client.get(f"{ARTICLES}/{stored.pk}/")
    assert response["Cache-Control"] == (
        "public, max-age=60, stale-while-revalidate=60"
    )
    tags = response["Surrogate-Key"].split()
    assert tags[0] == f"article-{stored.pk}"
    assert response["Cache-Tag"].split(",") == tags
    assert response.get("Set-Cookie") is None
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "CACHE_MAX_AGE": 5,
        "CACHE_STALE_WHILE_REVALIDATE": 0,
    }
    response = client.get(f"{ARTICLES}/{stored.pk}/")
    assert response["Cache-Control"] == "public, max-age=5"


@pytest.mark.parametrize(
    "address",
    [
        f"{ARTICLES}/{{pk}}/",
        f"{ARTICLES}/",
        f"{ARTICLES}/?search=article",
        f"{ARTICLES}/?facets=kind",
        "/api/v2/pages/{pk}/",
        "/api/v2/pages/{pk}/?fields=*,alias_of(title)",
        "/api/v2/pages/?type=treatments.TreatmentPage",
    ],
)
def test_nothing_is_cached_longer_than_an_article_is_public(
    client, stored, address, django_capture_on_commit_callbacks
):
    now = timezone.now().replace(microsecond=0)
    page = TreatmentPage.objects.get(pk=stored.pk)
    page.expire_at = now + timedelta(seconds=10)
    factories.publish(page)
    with time_machine.travel(now, tick=False) as traveller:
        ages = []
        for _ in range(4):
            # The first builds what has changed, the last one is given what was kept.
            with django_capture_on_commit_callbacks(execute=True):
                answer = client.get(address.format(pk=stored.pk))
            assert answer.status_code == 200
            parts = answer["Cache-Control"].split(", ")
            assert parts[0] == "public"
            assert len(parts) == 2
            ages.append(int(parts[1].removeprefix("max-age=")))
            traveller.shift(1)
    assert ages[1:] == [9, 8, 7]
    assert ages[0] in (0, 10)


def test_whoever_sends_a_token_gets_nothing_that_a_cache_keeps(client, stored):
    response = client.get(
        f"{ARTICLES}/{stored.pk}/", headers={"Authorization": "Bearer wrong"}
    )
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"


def test_an_error_is_not_kept(client, site):
    for address in (f"{ARTICLES}/999999/", f"{ARTICLES}/?nonsense=1"):
        assert client.get(address)["Cache-Control"] == "no-store"


def test_other_public_answers_have_a_tag_too(client, stored):
    for address in (f"{ARTICLES}/", "/api/v3/glossary/", "/api/v2/pages/"):
        first = client.get(address)
        assert first["Cache-Control"].startswith("public, max-age=")
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        assert again.content == b""


def test_a_language_of_the_reader_changes_nothing(client, stored):
    answers = [
        client.get(f"{ARTICLES}/{stored.pk}/", headers={"Accept-Language": code})
        for code in ("en", "es", "fr")
    ]
    assert len({answer.content for answer in answers}) == 1
    assert len({answer["ETag"] for answer in answers}) == 1


def unpublish(page):
    Page.objects.filter(pk=page.pk).update(live=False)


def restrict(page):
    Page.objects.get(
        pk=page.pk
    ).get_parent().view_restrictions.model.objects.bulk_create(
        [PageViewRestriction(page_id=page.pk, restriction_type="login")]
    )


def restrict_parent(page):
    parent = Page.objects.get(pk=page.pk).get_parent()
    PageViewRestriction.objects.bulk_create(
        [PageViewRestriction(page=parent, restriction_type="login")]
    )


def expire(page):
    Page.objects.filter(pk=page.pk).update(
        expire_at=timezone.now() - timedelta(seconds=1)
    )


def give_to_another_site(page):
    root = Page.objects.get(depth=1)
    other = root.add_child(instance=Page(title="Other", slug="other", live=True))
    Site.objects.update(root_page=other)


def delete_behind_our_back(page):
    Page.objects.filter(pk=page.pk)._raw_delete("default")


@pytest.mark.parametrize(
    "hide",
    [unpublish, restrict, restrict_parent, expire, give_to_another_site],
    ids=lambda function: function.__name__,
)
def test_the_query_asks_the_page_itself(client, stored, path, hide):
    """Nobody sent a signal: no document was marked, and yet nothing is given away."""
    hide(stored)
    addresses = [
        f"{ARTICLES}/{stored.pk}/",
        f"{ARTICLES}/{stored.pk}/?fields=title",
        f"{ARTICLES}/find/?path={path}",
        f"{ARTICLES}/{stored.pk}/versions/",
        f"{ARTICLES}/{stored.pk}/?as_of={timezone.now():%Y-%m-%dT%H:%M:%SZ}",
    ]
    for address in addresses:
        response = client.get(address)
        assert response.status_code in (404, 410), address
        assert b"Surgery" not in response.content
    assert client.get(f"{ARTICLES}/").json()["count"] == 0
    assert client.get(f"{ARTICLES}/manifest/").json()["items"] == []
    assert b"Surgery" not in client.get(f"{ARTICLES}/changes/").content


def test_an_article_of_another_site_is_not_here(client, stored, site):
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=Page(title="Other", slug="other-home", live=True))
    Site.objects.create(hostname="other.example", root_page=home)
    here = client.get(f"{ARTICLES}/{stored.pk}/")
    assert here.status_code == 200
    client.defaults["HTTP_HOST"] = "localhost"
    assert client.get(f"{ARTICLES}/{stored.pk}/").status_code == 200


def test_an_article_expires_at_its_instant(client, index):
    soon = timezone.now() + timedelta(minutes=5)
    page = factories.create_article(index, expire_at=soon)
    assert client.get(f"{ARTICLES}/{page.pk}/").status_code == 200
    with time_machine.travel(soon + timedelta(seconds=1), tick=False):
        response = client.get(f"{ARTICLES}/{page.pk}/")
        assert response.status_code == 410
        problem = response.json()
        assert problem["reason"] == "expired"
        assert problem["withdrawn_at"] == soon.isoformat()


def test_a_withdrawn_article_says_why_and_what_to_read_instead(client, stored, index):
    path = client.get(f"{ARTICLES}/{stored.pk}/").json()["path"]
    other = factories.create_article(index, title="Newer", slug="newer")
    stored.unpublish()
    Redirect.objects.create(old_path=Redirect.normalise_path(path), redirect_page=other)
    response = client.get(f"{ARTICLES}/{stored.pk}/")
    assert response.status_code == 410
    problem = response.json()
    assert problem["type"] == "urn:wagtail-treatments:problem:withdrawn"
    assert problem["reason"] == "unpublished"
    assert problem["replacement_path"].endswith("/newer/")
    assert problem["withdrawn_at"]
    # The path says the same.
    response = client.get(f"{ARTICLES}/find/", {"path": path})
    assert (response.status_code, response.json()) == (410, problem)
    # What is not public is no replacement.
    other.unpublish()
    assert client.get(f"{ARTICLES}/{stored.pk}/").json()["replacement_path"] == ""


def test_a_deleted_article_stays_known_as_withdrawn(client, stored):
    stored.delete()
    problem = client.get(f"{ARTICLES}/{stored.pk}/").json()
    assert (problem["status"], problem["reason"]) == (410, "deleted")


def test_a_draft_never_was_there(client, index):
    page = factories.create_article(index, live=False)
    assert client.get(f"{ARTICLES}/{page.pk}/").status_code == 404
    assert client.get(f"{ARTICLES}/{page.pk}/versions/").status_code == 404


def test_nobody_is_told_that_an_article_is_private_now(client, stored):
    PageViewRestriction.objects.create(page=stored, restriction_type="login")
    assert client.get(f"{ARTICLES}/{stored.pk}/").json()["reason"] == "unpublished"


def test_the_stored_bytes_are_the_answer_of_the_usual_way(client, stored):
    """The short way and the long way give the same, header by header."""
    short = client.get(f"{ARTICLES}/{stored.pk}/")
    long = client.get(f"{ARTICLES}/{stored.pk}/?")
    whole = client.get(f"{ARTICLES}/{stored.pk}/?rich_text=html")
    assert short.content == long.content == whole.content
    assert short["ETag"] == whole["ETag"]
    assert json.loads(short.content)["version"]["etag"] == short["ETag"]
    clear_script_prefix()


@pytest.mark.parametrize("limit", [1, 20, 100])
def test_a_list_costs_two_queries(client, index, limit, django_assert_num_queries):
    for number in range(3):
        factories.create_article(index, title=f"Article {number}")
    client.get(f"{ARTICLES}/")
    with django_assert_num_queries(2):
        answer = client.get(f"{ARTICLES}/?limit={limit}")
    assert len(validate_answer(answer, "/api/v3/articles/")["items"]) == min(limit, 3)


def test_the_stored_card_is_the_card_that_would_be_built(client, article, monkeypatch):
    stored = client.get(f"{ARTICLES}/").json()["items"]
    offer(monkeypatch, store._stores)
    assert client.get(f"{ARTICLES}/").json()["items"] == stored


def test_a_list_shows_no_old_card(client, stored):
    assert client.get(f"{ARTICLES}/").json()["items"][0]["title"] == "Surgery"
    stored.title = "Renamed"
    factories.publish(stored)
    assert client.get(f"{ARTICLES}/").json()["items"][0]["title"] == "Renamed"
