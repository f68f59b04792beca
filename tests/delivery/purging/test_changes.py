"""When shared caches forget what has changed, and what they forget."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from wagtail.models import PageViewRestriction

from tests import factories
from tests.delivery.purging.conftest import (
    MEMORY,
    create_quietly,
    get_page_tag,
    get_term_of,
    publish_title,
)
from treatments.api.http.caching import SHARED_TAG
from treatments.content.dependencies import get_instance_key
from treatments.delivery import building, purging, tasks
from treatments.delivery.caches import MemoryBackend
from treatments.delivery.models import Document, PendingPurge
from treatments.delivery.tags import get_article_tag, get_tag

pytestmark = pytest.mark.django_db
#: Does what a worker would do, and remembers nothing.
QUEUE = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def publish_and_roll_back(page):
    """Publish a page in a transaction, or a part of one, that does not last."""
    with transaction.atomic():
        publish_title(page, "A new title")
        transaction.set_rollback(True)
    page.refresh_from_db()


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
