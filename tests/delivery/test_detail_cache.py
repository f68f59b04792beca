"""What v2 caches of an article: it is sent again only where it would be written again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from rest_framework.fields import CharField
from wagtail.api import APIField
from wagtail.models import Page, PageViewRestriction, Site

from home.models import HomePage
from tests import factories
from tests.delivery.changes import CHANGES
from tests.delivery.project_views import SilentViewSet
from treatments.api.http.process_cache import (
    LIFETIME,
    V2_ARTICLES,
    ProcessCache,
    clear_all,
)
from treatments.api.v2 import detail_cache
from treatments.delivery import building
from treatments.delivery.models import Change
from treatments.delivery.store import LedgerStore
from treatments.models import TreatmentPage

pytestmark = pytest.mark.django_db

CACHED = 1


@pytest.fixture
def article(article, shared_built_article):
    """Return the article when its document is built."""
    return article


@pytest.fixture
def ask(client, django_capture_on_commit_callbacks):
    """Return a function that reads an article in v2, and how many queries it takes."""

    def ask(page_id, query="?fields=*", **headers):
        with (
            CaptureQueriesContext(connection) as queries,
            # What is cached once the transaction is committed is cached at once.
            django_capture_on_commit_callbacks(execute=True),
        ):
            place = f"{page_id}/" if page_id else ""
            response = client.get(f"/api/v2/pages/{place}{query}", headers=headers)
        return response, len(queries)

    return ask


@pytest.fixture
def warm(article, ask):
    """Have the article cached."""
    for _ in range(2):
        response, count = ask(article.pk)
    assert (response.status_code, count) == (200, CACHED)
    return response


@pytest.fixture
def ask_both(ask):
    """Return a function that reads an article with the cache and without; they must not differ."""

    def ask_both(page_id, query="?fields=*"):
        with_cache, _count = ask(page_id, query)
        clear_all()
        without, _count = ask(page_id, query)
        assert with_cache.status_code == without.status_code
        assert with_cache.content == without.content
        return with_cache

    return ask_both


def test_what_is_cached_is_the_same_answer(article, ask, warm):
    clear_all()
    first, count = ask(article.pk)
    assert count > CACHED
    again, count = ask(article.pk)
    assert count == CACHED
    assert again.content == first.content == warm.content
    assert dict(again.headers) == dict(first.headers)
    unchanged, _count = ask(article.pk, **{"if-none-match": first["ETag"]})
    assert unchanged.status_code == 304


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_is_seen_at_once(article, targets, ask_both, change):
    change(article, targets)
    ask_both(article.pk)


def show_in_menus(article, index):
    article.show_in_menus = True
    article.save()


def write_a_description(article, index):
    article.search_description = "For search engines"
    factories.publish(article)


def rename_the_parent(article, index):
    index.refresh_from_db()
    index.title = "Another section"
    factories.publish(index)


def lock_the_parent_away(article, index):
    PageViewRestriction.objects.create(page=index, restriction_type="login")


def unpublish_the_parent(article, index):
    index.refresh_from_db()
    index.unpublish()


def take_the_article_out_without_a_signal(article, index):
    Page.objects.filter(pk=article.pk).update(live=False)


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize(
    "change",
    [
        show_in_menus,
        write_a_description,
        rename_the_parent,
        lock_the_parent_away,
        unpublish_the_parent,
        take_the_article_out_without_a_signal,
    ],
)
def test_what_only_wagtail_shows_is_seen_at_once(article, index, ask_both, change):
    change(article, index)
    ask_both(article.pk)


@pytest.mark.usefixtures("warm")
def test_a_parent_that_no_signal_takes_out_is_gone_after_a_minute(article, index, ask):
    Page.objects.filter(pk=index.pk).update(live=False)
    with time_machine.travel(timezone.now() + LIFETIME, tick=False):
        assert ask(article.pk)[0].json()["meta"]["parent"] is None


@pytest.mark.usefixtures("warm")
def test_a_site_that_another_process_has_renamed_has_its_new_name(
    article, index, ask, settings
):
    own = settings.CACHES
    other = {**own["default"], "KEY_PREFIX": "another-process"}
    settings.CACHES = {**own, "default": other}
    site = Site.objects.get()
    site.hostname = "renamed.example"
    site.save()
    settings.CACHES = own
    for answer in (
        ask(article.pk)[0].json(),
        ask(article.pk)[0].json(),
        ask(index.pk)[0].json(),
        ask("", "?type=treatments.TreatmentPage")[0].json()["items"][0],
    ):
        assert answer["meta"]["html_url"].startswith("http://renamed.example/")


@pytest.mark.usefixtures("warm")
def test_an_article_that_is_not_public_any_more_is_not_given(article, ask):
    restriction = PageViewRestriction(page_id=article.pk, restriction_type="login")
    # As no signal tells it.
    PageViewRestriction.objects.bulk_create([restriction])
    assert ask(article.pk)[0].status_code == 404


def test_time_alone_ends_what_is_cached(article, index, ask, ask_both):
    now = timezone.now()
    Page.objects.filter(pk=index.pk).update(expire_at=now + timedelta(seconds=30))
    factories.create_promotion(
        "Timed", placement="sidebar", ends_at=now + timedelta(seconds=20)
    )
    for _ in range(3):
        before, count = ask(article.pk)
    assert count == CACHED
    assert before.json()["meta"]["parent"] is not None
    with time_machine.travel(now + timedelta(seconds=21), tick=False):
        assert "Timed" not in str(ask_both(article.pk).json()["promotions"])
        ask(article.pk)
    with time_machine.travel(now + timedelta(seconds=31), tick=False):
        ask_both(article.pk)


@pytest.mark.usefixtures("warm")
def test_hosts_and_questions_do_not_share_an_answer(article, site, ask, settings):
    settings.ALLOWED_HOSTS = ["*"]
    for _ in range(2):
        assert set(ask(article.pk, "?fields=_,title")[0].json()) == {"title"}
        assert "summary" in ask(article.pk)[0].json()
    root = Page.objects.get(pk=site.pk).get_root()
    other = root.add_child(instance=HomePage(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", root_page=other)
    for _ in range(2):
        assert ask(article.pk, host="other.example")[0].status_code == 404
        assert ask(article.pk)[0].status_code == 200


@pytest.mark.usefixtures("warm")
def test_the_state_of_the_ledger_is_written_alike_with_a_document_and_without(
    article, rf
):
    store = LedgerStore()
    request = rf.get("/")
    for _ in range(2):
        state, _valid_until = store.find_state(request, article.pk)
        assert state.rpartition(" ")[2] == store.read_state() != ""
        # A change that waits counts too.
        Change.objects.create(key="nothing", action="save", created_at=timezone.now())


@pytest.mark.usefixtures("warm")
def test_what_is_cached_is_given_past_the_view_and_in_the_form_that_is_asked_for(
    article, ask, client
):
    asked = {"accept": "application/json; indent=4"}
    for _ in range(2):
        indented, _count = ask(article.pk, **asked)
        assert indented.content.startswith(b'{\n    "id"')
        plain, _count = ask(article.pk)
        assert plain.json() == indented.json()
        assert plain.content != indented.content
        assert plain["ETag"] != indented["ETag"]
    head = client.head(f"/api/v2/pages/{article.pk}/?fields=*")
    assert (head.status_code, head["ETag"]) == (200, plain["ETag"])
    refused, _count = ask(article.pk, accept="text/csv")
    assert refused.status_code == 406
    answer, _count = ask(article.pk, authorization="Bearer nonsense")
    assert answer["Cache-Control"] == "private, no-store"
    assert client.post(f"/api/v2/pages/{article.pk}/?fields=*").status_code == 405


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("query", ["?fields=nonsense", "?fields=*,alias_of(title)"])
def test_what_is_refused_or_nested_is_not_cached(article, ask, query):
    before = len(V2_ARTICLES)
    for _ in range(2):
        ask(article.pk, query)
    assert len(V2_ARTICLES) == before


def test_other_pages_are_not_cached(index, article, ask):
    alias = article.create_alias(parent=index, update_slug="alias")
    for page_id in (index.pk, alias.pk, 999_999, 10**30):
        for _ in range(2):
            ask(page_id)
    assert not len(V2_ARTICLES)


def test_an_article_with_fields_of_the_project_is_not_cached(article, ask, monkeypatch):
    fields = [APIField("draft_title", serializer=CharField())]
    monkeypatch.setattr(
        TreatmentPage, "api_fields", [*TreatmentPage.api_fields, *fields]
    )
    for _ in range(3):
        answer, count = ask(article.pk)
    assert answer.json()["draft_title"] == article.title
    assert count > CACHED
    assert not len(V2_ARTICLES)


@pytest.mark.urls("tests.delivery.project_views")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("silent", "second"),
        ("outspoken", "first"),
        ("permitted", "second"),
        ("counted", "second"),
    ],
)
def test_a_view_of_the_project_says_itself_that_it_may_be_cached(
    article, client, monkeypatch, django_capture_on_commit_callbacks, name, expected
):
    def read():
        with django_capture_on_commit_callbacks(execute=True):
            return client.get(f"/api/project/{name}/{article.pk}/").json()["word"]

    # The first one builds the document.
    assert [read(), read()] == ["first", "first"]
    monkeypatch.setattr(SilentViewSet, "word", "second")
    assert read() == expected


@pytest.mark.usefixtures("warm")
def test_a_document_that_cannot_be_built_leaves_the_old_answer(
    article, ask, monkeypatch
):
    before, _count = ask(article.pk)
    article.summary = "Another summary"
    factories.publish(article)

    def fail(*args, **kwargs):
        raise RuntimeError("Nothing can be built.")

    monkeypatch.setattr(building, "build_documents", fail)
    after, _count = ask(article.pk)
    assert after.status_code == 200
    assert after.json()["summary"] == before.json()["summary"]


def test_a_long_answer_is_not_cached(article, ask, monkeypatch):
    small = ProcessCache(800)
    monkeypatch.setattr(detail_cache, "V2_ARTICLES", small)
    for _ in range(3):
        ask(article.pk)
    assert not len(small)


def vary_by_encoding(response):
    patch_vary_headers(response, ["Accept-Encoding"])


def set_cookie(response):
    response.set_cookie("seen", "yes")


class ChangingMiddleware:
    """Middleware of a project, behind that of the API, which makes an answer one for this client."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        ChangingMiddleware.change(response)
        return response


@pytest.mark.parametrize("change", [vary_by_encoding, set_cookie])
def test_what_middleware_has_made_for_one_client_is_not_cached(
    article, ask, settings, monkeypatch, change
):
    monkeypatch.setattr(ChangingMiddleware, "change", change, raising=False)
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.ChangingMiddleware"]
    for _ in range(3):
        _answer, count = ask(article.pk)
    assert count > CACHED
    assert not len(V2_ARTICLES)


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize(
    "address",
    ["/x/../api/v2/pages/{}/", "/api/v2/x/../pages/{}/", "/x/pages/{}/"],
)
def test_what_is_cached_has_one_address(article, client, address):
    answer = client.get(f"{address.format(article.pk)}?fields=*")
    # The pages of the site have an address in each language.
    assert answer.status_code in (302, 404)
