"""What caches forget that know addresses only."""

from __future__ import annotations

from io import StringIO
from urllib.parse import quote

import pytest
from django.core.management import call_command
from wagtail.models import Site

from tests import factories
from tests.delivery.purging.conftest import get_term_of
from treatments.delivery import building, purging
from treatments.delivery.models import Document, PendingPurge

pytestmark = pytest.mark.django_db
HTTP = "wagtail.contrib.frontend_cache.backends.HTTPBackend"


@pytest.fixture
def tagless(settings, cache_server):
    """Return a server behind Wagtail's own backend, which knows addresses only."""
    settings.WAGTAILFRONTENDCACHE = {
        "front": {"BACKEND": HTTP, "LOCATION": cache_server.url}
    }
    return cache_server


def get_addresses(*articles):
    """Return what a cache without tags is asked to forget of articles."""
    found = set()
    for page_id, path in articles:
        found.add(f"/api/v3/articles/{page_id}/")
        found.add(f"/api/v3/articles/find/?path={path}")
        found.add(f"/api/v3/articles/find/?path={quote(path, safe='')}")
    return found


def test_a_cache_without_tags_forgets_the_addresses_of_all_that_contain_a_change(
    tagless, article, index, commit
):
    other = factories.create_article(index, title="Without the term")
    building.refresh([other.pk])
    PendingPurge.objects.all().delete()
    term = get_term_of(article)
    path = Document.objects.get(pk=article.pk).path
    tagless.received.clear()
    with commit():
        term.save()
    assert {each.method for each in tagless.received} == {"PURGE"}
    assert {each.path for each in tagless.received} == get_addresses((article.pk, path))
    host = Site.objects.get().hostname
    assert {each.headers["Host"].partition(":")[0] for each in tagless.received} == {
        host
    }
    assert not PendingPurge.objects.exists()


def test_a_cache_without_tags_forgets_both_addresses_of_an_article_that_moved(
    tagless, article, commit
):
    before = Document.objects.get(pk=article.pk).path
    with commit():
        article.slug = "elsewhere"
        factories.publish(article)
    after = Document.objects.get(pk=article.pk).path
    assert before != after
    expected = get_addresses((article.pk, before), (article.pk, after))
    assert expected <= {each.path for each in tagless.received}


def test_the_address_of_the_api_is_that_of_the_setting(
    tagless, article, settings, commit
):
    settings.WAGTAILAPI_BASE_URL = "https://api.example.org/"
    with commit():
        article.unpublish()
    assert {each.headers["Host"] for each in tagless.received} == {"api.example.org"}


def test_a_cache_without_tags_forgets_all_documents_after_many_changes(
    tagless, article, commit, monkeypatch
):
    monkeypatch.setattr(purging, "MANY_KEYS", 2)
    path = Document.objects.get(pk=article.pk).path
    with commit():
        purging.purge_changed(["image:1001", "image:1002", "image:1003"])
    assert {each.path for each in tagless.received} == get_addresses((article.pk, path))


def test_a_commit_does_not_wait_for_thousands_of_addresses(
    tagless, db, commit, monkeypatch
):
    monkeypatch.setattr(purging, "URLS_PER_TURN", 4)
    monkeypatch.setattr(purging, "URLS_PER_ROW", 2)
    urls = [f"http://localhost/{number}/" for number in range(9)]
    with commit():
        purging.purge([], urls)
    assert [each.path for each in tagless.received] == [f"/{n}/" for n in range(4)]
    call_command("purge_caches", stdout=StringIO())
    assert [each.path for each in tagless.received] == [f"/{n}/" for n in range(9)]


def test_a_cache_of_another_host_is_not_asked(settings, tagless, db, commit):
    settings.WAGTAILFRONTENDCACHE["front"]["HOSTNAMES"] = ["other.example.org"]
    with commit():
        purging.purge([], ["http://localhost/1/", "http://other.example.org/2/"])
    assert [each.path for each in tagless.received] == ["/2/"]
