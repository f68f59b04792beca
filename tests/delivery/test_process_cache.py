"""What lists cache of earlier requests: never more than is true."""

from __future__ import annotations

import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from home.models import HomePage
from snippets.models import Condition
from tests import factories
from tests.delivery.conftest import ARTICLES
from tests.shared import share
from treatments.api.articles import lists
from treatments.api.articles import pages as article_pages
from treatments.api.http import process_cache
from treatments.api.http.process_cache import ProcessCache, measure, pack_ids
from treatments.delivery.building import refresh
from treatments.models import IndexedArticle, TreatmentPage, TreatmentPageCondition
from treatments.search.among import is_among
from treatments.search.index.indexing import index_articles

pytestmark = pytest.mark.django_db


def create_nine_articles(home_id: int) -> list[int]:
    """Return the ids of nine articles with their documents, their titles in order."""
    index = factories.load_site(home_id).index
    ids = [
        factories.create_article(
            index, title=f"Article {number}", slug=f"a-{number}"
        ).pk
        for number in range(9)
    ]
    refresh(ids)
    return ids


shared_nine_articles = share(
    "shared_nine_articles", create_nine_articles, on="shared_site"
)


@pytest.fixture
def pages(shared_nine_articles):
    """Return nine articles, their titles in order."""
    return [TreatmentPage.objects.get(pk=pk) for pk in shared_nine_articles]


@pytest.fixture
def ask(client, django_capture_on_commit_callbacks):
    """Return a function that reads a list, and gives its titles, its count and how many queries it took."""

    def ask(query=""):
        with (
            CaptureQueriesContext(connection) as queries,
            # What is cached once the transaction is committed is cached at once.
            django_capture_on_commit_callbacks(execute=True),
        ):
            response = client.get(f"{ARTICLES}/{query}")
        assert response.status_code == 200, response.content
        answer = response.json()
        return [item.get("title") for item in answer["items"]], answer, len(queries)

    return ask


@contextmanager
def switching_often():
    """Have Python switch threads as often as it can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)


@pytest.fixture
def warm(ask, pages):
    """Have everything built and counted."""
    for query in ("", "?search=article", "?facets=kind"):
        ask(query)


@pytest.mark.usefixtures("warm")
def test_a_list_in_a_quiet_hour_costs_one_query(ask):
    for query in ("?limit=2", "?limit=100", "?limit=2&offset=7", "?facets=kind"):
        ask("?facets=kind")
        _titles, answer, count = ask(query)
        assert (answer["count"], count) == (9, 1), query
    assert ask("?search=article")[2] == 1


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("order", ["title", "-title", "published_at", "-last_reviewed"])
def test_a_page_from_the_end_is_the_page_from_the_beginning(ask, order):
    whole = ask(f"?order={order}&limit=100")[0]
    assert len(whole) == 9
    for limit in (1, 2, 3, 4, 9):
        for offset in range(11):
            titles, answer, count = ask(f"?order={order}&limit={limit}&offset={offset}")
            assert titles == whole[offset : offset + limit], (limit, offset)
            assert answer["count"] == 9
            assert (answer["next"] is not None) == (offset + limit < 9)
            assert count <= 2
    cursor = ask(f"?order={order}&limit=3&offset=5")[1]["next_cursor"]
    assert ask(f"?order={order}&cursor={cursor}")[0] == whole[8:]


def publish_another(pages):
    factories.create_article(pages[0].get_parent(), title="Article new", slug="new")


def unpublish(pages):
    pages[4].unpublish()


def restrict(pages):
    PageViewRestriction.objects.create(page=pages[4], restriction_type="login")


def delete(pages):
    Page.objects.get(pk=pages[4].pk).delete()


def take_out_of_the_index(pages):
    Page.objects.filter(pk=pages[4].pk).update(live=False)
    index_articles([pages[4].pk])


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (publish_another, 10),
        (unpublish, 8),
        (restrict, 8),
        (delete, 8),
        (take_out_of_the_index, 8),
    ],
)
@pytest.mark.parametrize("query", ["?", "?offset=6&", "?search=article&"])
def test_nothing_is_cached_that_a_change_made_untrue(
    ask, pages, change, expected, query
):
    assert ask(f"{query}limit=3")[1]["count"] == 9
    change(pages)
    titles, answer, _count = ask(f"{query}limit=3&facets=kind")
    assert answer["count"] == expected
    assert sum(value["count"] for value in answer["facets"]["kind"]) == expected
    if query == "?offset=6&":
        assert titles == ask("?limit=100")[0][6:9]


@pytest.mark.usefixtures("warm")
def test_a_deep_page_costs_two_queries_after_a_change_too(ask, pages):
    unpublish(pages)
    ask("?limit=100")  # builds what has changed
    restrict([None] * 4 + [pages[5]])
    titles, answer, count = ask("?limit=2&offset=5")
    assert (len(titles), answer["count"], count) == (2, 7, 2)
    assert titles == ask("?limit=100")[0][5:]


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize(
    "query",
    ["?condition=anemia", "?fields=title,body", "?fields=body&condition=anemia"],
)
def test_filters_and_fields_cost_two_queries_after_a_change_too(
    ask, pages, anemia, query
):
    ask(query)
    ask("?fields=body")
    restrict(pages)
    titles, answer, count = ask(query)
    assert (answer["count"], count) == (len(titles), 2)
    assert ask(query)[2] == 1


@pytest.mark.usefixtures("warm")
def test_fields_of_what_has_changed_are_new(ask, pages):
    assert len(ask("?fields=body,summary")[0]) == 9
    pages[3].summary = "Another summary"
    factories.publish(pages[3])
    items = ask("?fields=summary,intro")[1]["items"]
    assert items[3]["summary"] == "Another summary"
    assert "intro" in items[3]
    for queries in (2, 1):
        _titles, answer, count = ask("?fields=summary,intro")
        assert (answer["items"], count) == (items, queries)


@contextmanager
def before_entries(change):
    """Change something just before the entries of a list are read, with their state."""
    done = []

    def wrap(execute, sql, params, many, context):
        if "stored_card" in sql and not done:
            done.append(True)
            change()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrap):
        yield
    assert done


@pytest.fixture
def anemia(pages):
    """Return a condition that one article has."""
    condition = Condition.objects.create(
        name="Anemia", slug="anemia", locale=factories.get_locale("en")
    )
    pages[2].article_conditions.add(TreatmentPageCondition(condition=condition))
    factories.publish(pages[2])
    return condition


@pytest.mark.usefixtures("warm")
def test_a_name_that_changes_while_a_list_is_read_is_not_cached(ask, pages, anemia):
    def rename():
        anemia.slug = "low-blood-count"
        anemia.save()
        # Nothing waits to be built, so that the state stays as it is.
        refresh([pages[2].pk])

    other = Condition.objects.create(
        name="Other", slug="other", locale=factories.get_locale("en")
    )
    pages[3].article_conditions.add(TreatmentPageCondition(condition=other))
    factories.publish(pages[3])
    ask()
    with before_entries(rename):
        ask("?condition=anemia,other")
    titles, answer, _count = ask("?condition=anemia,other")
    assert (titles, answer["count"]) == (["Article 3"], 1)
    assert ask("?condition=low-blood-count,other")[1]["count"] == 2


@pytest.mark.usefixtures("warm")
def test_what_expires_while_a_list_is_read_is_not_cached(ask, pages):
    now = timezone.now()
    Page.objects.filter(pk=pages[0].pk).update(expire_at=now + timedelta(seconds=1))
    with time_machine.travel(now, tick=False) as traveller:
        with before_entries(lambda: traveller.shift(2)):
            ask("?kind=treatment")
        assert ask("?kind=treatment")[1]["count"] == 8


@pytest.mark.usefixtures("warm")
def test_nothing_is_cached_of_a_transaction_that_is_rolled_back(ask, client, pages):
    hidden = PageViewRestriction.objects.create(page=pages[5], restriction_type="login")
    assert ask()[1]["count"] == 8
    with transaction.atomic():
        # As many changes as below, in the same turn of the ledger.
        restrict(pages)
        assert client.get(f"{ARTICLES}/").json()["count"] == 7
        transaction.set_rollback(True)
    hidden.delete()
    assert ask()[1]["count"] == 9


def test_time_alone_ends_what_is_cached(ask, pages):
    now = timezone.now()
    Page.objects.filter(pk=pages[0].pk).update(expire_at=now + timedelta(seconds=30))
    ask()
    assert ask()[1]["count"] == 9
    assert ask()[2] == 1
    assert ask("?search=article")[1]["count"] == 9
    with time_machine.travel(now + timedelta(seconds=31), tick=False):
        assert ask()[1]["count"] == 8
        assert ask("?search=article")[1]["count"] == 8


def test_what_no_signal_tells_shows_after_a_minute(ask, pages):
    assert ask()[1]["count"] == 9
    Page.objects.filter(pk=pages[0].pk).update(live=False)
    with time_machine.travel(timezone.now() + process_cache.LIFETIME, tick=False):
        assert ask()[1]["count"] == 8


@pytest.mark.usefixtures("warm")
def test_a_filter_has_a_count_of_its_own(ask, anemia):
    assert ask("?condition=anemia")[1]["count"] == 1
    assert ask("?condition=anemia&facets=condition")[1]["facets"]["condition"] == [
        {"value": "anemia", "label": "Anemia", "count": 1}
    ]
    assert ask()[1]["count"] == 9
    anemia.name = "Low blood count"
    anemia.save()
    facets = ask("?condition=anemia&facets=condition")[1]["facets"]
    assert facets["condition"][0]["label"] == "Low blood count"
    anemia.is_public = False
    anemia.save()
    assert ask("?condition=anemia")[1]["count"] == 0


@pytest.mark.usefixtures("warm")
def test_hosts_and_languages_do_not_share_an_answer(client, ask, site, settings):
    settings.ALLOWED_HOSTS = ["*"]
    root = Page.objects.get(pk=site.pk).get_root()
    other = root.add_child(instance=HomePage(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", root_page=other)
    factories.create_article(other, title="Elsewhere", slug="elsewhere")
    assert ask()[1]["count"] == 9
    answer = client.get(f"{ARTICLES}/", headers={"host": "other.example"}).json()
    assert answer["count"] == 1
    assert ask("?locale=es")[1]["count"] == 0
    spanish = ask("?locale=en&facets=kind")[1]["facets"]["kind"]
    assert spanish[0]["label"] == "Treatment"


def test_a_full_cache_evicts_what_nobody_has_asked_for():
    cache = ProcessCache(80)
    for number in range(9):
        cache.set(number, number, "state", None, size=10)
    assert cache.get(0) is None
    assert len(cache) == 8
    entry = cache.get(1)
    assert entry is not None
    assert (entry.value, entry.state) == (1, "state")
    cache.set(9, 9, "state", None, size=4)
    # The second was asked for since, the third was not.
    assert cache.get(1) is not None
    assert cache.get(2) is None
    cache.set(1, "too large", "state", None, size=11)
    assert cache.get(1) is None
    cache.delete(9)
    for number in range(10, 12):
        cache.set(number, number, "state", None, size=10)
    assert len(cache) == 8
    cache.clear()
    assert len(cache) == 0


def test_threads_can_share_a_cache():
    cache = ProcessCache(400)

    def use(thread):
        for number in range(3000):
            key = (thread * number) % 90
            cache.set(key, key, "state", None, size=10)
            entry = cache.get((thread + number) % 90)
            assert entry is None or entry.value == (thread + number) % 90
            cache.delete(number % 90)

    with switching_often(), ThreadPoolExecutor(8) as threads:
        list(threads.map(use, range(1, 9)))
    assert len(cache) <= 40
    for number in range(1000, 1040):
        cache.set(number, number, "state", None, size=10)
    # No size was counted twice or forgotten.
    assert len(cache) == 40


@pytest.mark.usefixtures("warm")
def test_searches_take_no_more_room_than_there_is(ask, monkeypatch):
    small = ProcessCache(40_000)
    for module in (lists, article_pages):
        monkeypatch.setattr(module, "LISTS", small)
    for number in range(30):
        ask(f"?search=article+or{number}")
        ask(f"?condition=c{number}&facets=kind")
    assert 0 < len(small) <= 20


def test_an_entry_is_as_large_as_what_it_takes():
    cache, sizes = ProcessCache(10**9), 0
    tracemalloc.start()
    try:
        for number in range(40):
            key = (("host", 80), None, frozenset({("search", (f"word {number}",))}))
            ids = pack_ids(range(10**6, 10**6 + 10_000))
            sizes += measure(key, len(ids))
            cache.set(key, ids, "1/0", None, measure(key, len(ids)))
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert sizes / 2 < taken <= sizes


def test_thousands_of_ids_are_one_parameter(pages, django_assert_num_queries):
    wanted = [*range(-40_000, 0), pages[1].pk, pages[3].pk]
    with django_assert_num_queries(1):
        found = IndexedArticle.objects.filter(is_among(wanted))
        assert set(found.values_list("pk", flat=True)) == {pages[1].pk, pages[3].pk}
    assert not IndexedArticle.objects.filter(is_among([])).exists()


def test_what_has_a_tag_is_cached_for_as_long_as_there_is_room():
    documents, others = ProcessCache(100, lifetime=None), ProcessCache(100)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for cache in (documents, others):
            cache.set("key", b"content", "tag", None)
        clock.shift(process_cache.LIFETIME + timedelta(days=1))
        entry = documents.get("key")
        assert entry is not None
        assert entry.value == b"content"
        assert others.get("key") is None
        documents.set("other", b"content", "tag", timezone.now() - timedelta(days=1))
        assert documents.get("other") is None
