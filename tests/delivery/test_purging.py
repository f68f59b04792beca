"""When shared caches forget, what they forget, and that nothing is lost when one of them fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from urllib.parse import quote

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from wagtail.models import PageViewRestriction, Site

from tests import factories
from tests.shared import share
from treatments.api.caching import SHARED_TAG
from treatments.api.dependencies import get_instance_key, get_page_key
from treatments.delivery import building, purging, tasks
from treatments.delivery.caches import MemoryBackend
from treatments.delivery.models import Document, PendingPurge
from treatments.delivery.tags import get_article_tag, get_tag
from treatments.models import TreatmentPage

pytestmark = pytest.mark.django_db

FASTLY = {
    "BACKEND": "treatments.delivery.caches.FastlyBackend",
    "SERVICE_ID": "service1",
    "API_TOKEN": "secret",
}
#: Nothing listens on the discard port.
BROKEN = {**FASTLY, "API": "http://127.0.0.1:9"}
MEMORY = {"BACKEND": "treatments.delivery.caches.MemoryBackend"}
HTTP = "wagtail.contrib.frontend_cache.backends.HTTPBackend"
#: Does what a worker would do, and remembers nothing.
QUEUE = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Return a context manager whose end is a commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def create_article_with_term(home_id: int) -> int:
    """Return the id of a published article that uses a term, with its document."""
    site = factories.load_site(home_id)
    page = factories.publish_section(site, standalone=True)
    building.refresh_marked()
    PendingPurge.objects.all().delete()
    return page.pk


shared_article_with_term = share(
    "shared_article_with_term", create_article_with_term, on="shared_site"
)


@pytest.fixture
def article(shared_article_with_term):
    """Return a published article that uses a term, with its document; nothing waits any more."""
    MemoryBackend.clear()
    return TreatmentPage.objects.get(pk=shared_article_with_term)


def get_page_tag(page):
    return get_tag(get_page_key(page.translation_key))


def publish_title(page, title):
    page.title = title
    return factories.publish(page)


def publish_and_roll_back(page):
    """Publish a page in a transaction, or a part of one, that does not last."""
    with transaction.atomic():
        publish_title(page, "A new title")
        transaction.set_rollback(True)
    page.refresh_from_db()


def create_quietly(word):
    """Return a term of which the caches need not hear any more."""
    term = factories.create_term(word)
    PendingPurge.objects.all().delete()
    MemoryBackend.clear()
    return term


def test_a_publication_purges_twice(memory, article, commit):
    with commit():
        publish_title(article, "A new title")
    first, second = memory.tag_purges
    # What contains the page, as soon as the change is committed …
    assert set(first) == {get_page_tag(article), SHARED_TAG}
    # … and the document itself, when its new version is.
    assert set(second) == {get_article_tag(article.pk), SHARED_TAG}
    assert not PendingPurge.objects.exists()


def test_nothing_is_purged_before_the_commit(memory, article, commit):
    with commit():
        publish_title(article, "A new title")
        assert memory.tag_purges == []
    assert memory.tag_purges


def test_a_transaction_that_is_rolled_back_purges_nothing(memory, article, commit):
    with commit():
        publish_and_roll_back(article)
    assert memory.tag_purges == []
    assert not PendingPurge.objects.exists()


def test_what_is_rolled_back_in_part_is_not_purged(memory, article, commit):
    term = create_quietly("kept")
    with commit():
        publish_and_roll_back(article)
        term.save()
    (tags,) = memory.tag_purges
    assert set(tags) == {get_tag(get_instance_key(term)), SHARED_TAG}


def test_one_transaction_is_one_purge(memory, commit, db):
    terms = [factories.create_term(f"term {number}") for number in range(40)]
    with commit(), transaction.atomic():
        for term in terms:
            term.save()
            term.save()
    (tags,) = memory.tag_purges
    keys = [get_instance_key(term) for term in terms]
    assert sorted(tags) == sorted({*map(get_tag, keys), SHARED_TAG})


def test_a_real_commit_purges(memory, committing):
    term = factories.create_term("metastasis")
    memory.clear()
    with transaction.atomic():
        term.save()
        term.save()
        assert memory.tag_purges == []
    assert memory.tag_purges == [[get_tag(get_instance_key(term)), SHARED_TAG]]


def test_a_change_of_a_term_purges_all_that_contain_it(memory, article, commit):
    found = Document.objects.get(pk=article.pk)
    term = get_term_of(article)
    with commit():
        term.term = "Another word"
        term.save()
        factories.publish(term)
    tag = get_tag(get_instance_key(term))
    assert tag in memory.tag_purges[0]
    assert tag in found.tags.split()
    answer = Client().get(f"/api/v3/articles/{article.pk}/")
    assert tag in answer.headers["Surrogate-Key"].split()
    assert get_article_tag(article.pk) in memory.tag_purges[-1]


def get_term_of(article):
    """Return the glossary term that an article contains."""
    from snippets.models import GlossaryTerm

    document = Client().get(f"/api/v3/articles/{article.pk}/").json()
    return GlossaryTerm.objects.get(pk=document["glossary"][0]["id"])


class ReadingBackend(MemoryBackend):
    """Reads an article as soon as it is told to forget, as the first reader after that does."""

    page_id = 0
    titles: list[str] = []

    def send_tags(self, tags):
        """Read."""
        answer = Client().get(f"/api/v3/articles/{self.page_id}/")
        self.titles.append(answer.json().get("title", answer.status_code))


def test_whoever_asks_after_a_purge_gets_the_new_content(
    settings, article, commit, monkeypatch
):
    path = f"{__name__}.ReadingBackend"
    monkeypatch.setattr(
        purging, "get_backends", lambda backends: {path: ReadingBackend({})}
    )
    monkeypatch.setattr(ReadingBackend, "page_id", article.pk)
    monkeypatch.setattr(ReadingBackend, "titles", [])
    settings.WAGTAILFRONTENDCACHE = {path: {**MEMORY}}
    with commit():
        publish_title(article, "A new title")
    assert ReadingBackend.titles
    assert set(ReadingBackend.titles) == {"A new title"}


def test_a_withdrawal_purges(memory, article, commit):
    with commit():
        article.unpublish()
    first, second = memory.tag_purges
    assert get_page_tag(article) in first
    assert set(second) == {get_article_tag(article.pk), SHARED_TAG}
    assert Document.objects.get(pk=article.pk).state == Document.State.WITHDRAWN


def test_an_article_that_becomes_private_is_purged(memory, index, article, commit):
    with commit():
        PageViewRestriction.objects.create(
            page=index, restriction_type=PageViewRestriction.LOGIN
        )
    assert {get_page_tag(index), get_page_tag(article)} < set(memory.tag_purges[0])


def test_a_deleted_article_is_purged(memory, article, commit):
    tags = get_page_tag(article), get_article_tag(article.pk)
    with commit():
        article.delete()
    assert tags[0] in memory.tag_purges[0]
    assert tags[1] in memory.tag_purges[-1]


def test_a_draft_purges_nothing(memory, article, commit):
    with commit():
        article.title = "A draft"
        article.save_revision()
    assert memory.tag_purges == []


def test_a_document_that_changes_by_itself_is_purged_when_it_is_built(
    memory, index, commit
):
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=UTC), tick=False) as clock:
        article = factories.create_article(
            index, expire_at=datetime(2026, 5, 2, tzinfo=UTC)
        )
        building.refresh([article.pk])
        PendingPurge.objects.all().delete()
        clock.shift(timedelta(days=2))
        with commit():
            assert Client().get(f"/api/v3/articles/{article.pk}/").status_code == 410
    assert memory.tag_purges == [[get_article_tag(article.pk), SHARED_TAG]]


def test_many_changes_purge_all_documents_by_one_tag(
    memory, article, commit, monkeypatch
):
    monkeypatch.setattr(purging, "MANY_KEYS", 2)
    with commit():
        purging.purge_changed(["image:1", "image:2", "image:3"])
    (tags,) = memory.tag_purges
    assert len(tags) == 2
    assert set(tags) & set(Document.objects.get(pk=article.pk).tags.split())
    assert SHARED_TAG in tags


def test_lists_have_the_tag_that_each_change_purges(client, article):
    for address in (
        "articles/",
        "articles/changes/",
        "glossary/",
        "articles/manifest/",
    ):
        headers = client.get(f"/api/v3/{address}").headers
        assert headers["Surrogate-Key"] == headers["Cache-Tag"] == SHARED_TAG
        unchanged = client.get(
            f"/api/v3/{address}", headers={"If-None-Match": headers["ETag"]}
        )
        assert unchanged.status_code == 304
        assert unchanged.headers["Cache-Tag"] == SHARED_TAG


def test_a_change_does_not_purge_the_documents_that_it_does_not_concern(
    client, article
):
    tags = client.get(f"/api/v3/articles/{article.pk}/").headers["Surrogate-Key"]
    assert SHARED_TAG not in tags.split()


def test_without_caches_nothing_is_written(settings, article, commit):
    settings.WAGTAILFRONTENDCACHE = {}
    with commit():
        publish_title(article, "A new title")
    assert not PendingPurge.objects.exists()


def test_a_task_queue_sends_what_waits(settings, memory, db, commit):
    settings.TASKS = QUEUE
    term = factories.create_term("metastasis")
    with commit():
        term.save()
    assert memory.tag_purges == []
    tasks.send_pending_purges.call()
    assert memory.tag_purges == [[get_tag(get_instance_key(term)), SHARED_TAG]]


# A cache that fails


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def test_a_cache_that_fails_concerns_neither_the_editor_nor_the_other_caches(
    settings, memory, article, commit, caplog
):
    settings.WAGTAILFRONTENDCACHE = {"broken": BROKEN, "memory": MEMORY}
    with commit():
        publish_title(article, "A new title")
    assert (
        Client().get(f"/api/v3/articles/{article.pk}/").json()["title"] == "A new title"
    )
    assert len(memory.tag_purges) == 2
    assert {row.backend for row in PendingPurge.objects.all()} == {"broken"}
    (record,) = [each for each in caplog.records if each.name == purging.__name__]
    assert record.levelname == "ERROR"
    assert get_page_tag(article) in record.getMessage()
    assert "'broken'" in record.getMessage()


def test_what_a_cache_has_not_confirmed_is_sent_again(
    settings, cache_server, db, commit, clock
):
    settings.WAGTAILFRONTENDCACHE = {"cdn": {**FASTLY, "API": cache_server.url}}
    first, second = (create_quietly(word) for word in ("first", "second"))
    tags = [get_tag(get_instance_key(term)) for term in (first, second)]
    cache_server.status = 503
    with commit():
        first.save()
    row = PendingPurge.objects.get()
    assert (row.attempts, row.tags) == (1, [tags[0], SHARED_TAG])
    assert "503" in row.error
    # It is left alone for a while …
    cache_server.status = 200
    with commit():
        second.save()
    assert len(cache_server.received) == 1
    # … and then gets everything at once.
    clock.shift(purging.RETRY_AFTER + timedelta(seconds=1))
    with commit():
        second.save()
    assert len(cache_server.received) == 2
    sent = cache_server.received[1].headers["Surrogate-Key"].split()
    assert set(sent) == {*tags, SHARED_TAG}
    assert not PendingPurge.objects.exists()


def test_the_command_sends_what_waits(settings, cache_server, db, commit):
    settings.WAGTAILFRONTENDCACHE = {"cdn": {**FASTLY, "API": cache_server.url}}
    cache_server.status = 500
    with commit():
        factories.create_term("metastasis").save()
    count = PendingPurge.objects.count()
    with pytest.raises(CommandError, match=f"{count} purges still wait"):
        call_command("purge_caches")
    assert set(PendingPurge.objects.values_list("attempts", flat=True)) == {2}
    cache_server.status = 200
    output = StringIO()
    call_command("purge_caches", stdout=output)
    assert "Nothing waits" in output.getvalue()
    assert not PendingPurge.objects.exists()


def test_a_cache_that_is_not_configured_any_more_is_forgotten_aloud(memory, db, caplog):
    PendingPurge.objects.create(backend="former", tags=["article-1"])
    call_command("purge_caches", stdout=StringIO())
    assert not PendingPurge.objects.exists()
    assert "'former'" in caplog.text


@pytest.mark.parametrize(
    "params",
    [
        {"BACKEND": "treatments.nothing.Backend"},
        {"BACKEND": "treatments.delivery.caches.FastlyBackend"},
    ],
)
def test_a_cache_that_cannot_even_be_made_does_not_break_publishing(
    settings, memory, article, commit, params
):
    settings.WAGTAILFRONTENDCACHE = {"wrong": params, "memory": MEMORY}
    with commit():
        publish_title(article, "A new title")
    assert len(memory.tag_purges) == 2
    assert PendingPurge.objects.filter(backend="wrong").exists()


# Caches without tags


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
