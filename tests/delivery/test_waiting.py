"""What nobody reads is built all the same: what a change has marked, and what time alone has changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError
from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests import factories
from tests.delivery.commands import run
from tests.delivery.conftest import ARTICLES
from treatments.delivery import building
from treatments.delivery.models import Document, Mark, Version
from treatments.models import TreatmentPageRelated
from treatments.webhooks.models import WebhookDelivery, WebhookEndpoint
from treatments.webhooks.worker import run_until_idle

pytestmark = pytest.mark.django_db


def relate(page, target):
    row = TreatmentPageRelated(relation="more", related_page_id=target.pk)
    page.related_articles.add(row)
    return factories.publish(page)


def expire(page, **time):
    page.expire_at = timezone.now() + timedelta(**time)
    return factories.publish(page)


def read_feed(client, since=0):
    return client.get(f"{ARTICLES}/changes/", {"since": since}).json()


def replay(client):
    state = {}
    for change in read_feed(client)["items"]:
        if change["kind"] == "withdrawn":
            state.pop(change["id"])
        else:
            state[change["id"]] = change["etag"]
    return state


def read_manifest(client):
    items = client.get(f"{ARTICLES}/manifest/").json()["items"]
    return {entry["id"]: entry["etag"] for entry in items}


def test_whoever_delivers_recalls_has_all_of_them_built(
    index, settings, django_capture_on_commit_callbacks
):
    settings.TREATMENTS = {**settings.TREATMENTS, "BUILD_ON_COMMIT": 1}
    # Nothing is sent there: it is an internal address.
    WebhookEndpoint.objects.create(name="All", url="https://127.0.0.1/")
    for number in range(3):
        factories.create_article(index, title=f"Article {number}")
    building.refresh_marked()
    with django_capture_on_commit_callbacks(execute=True):
        PageViewRestriction.objects.create(page=index, restriction_type="login")
    recalls = WebhookDelivery.objects.filter(event_type="article.withdrawn")
    assert recalls.count() < 3
    run_until_idle()
    assert recalls.count() == 3
    assert not Mark.objects.exists()


def test_a_webhook_tells_of_what_has_expired(index):
    WebhookEndpoint.objects.create(name="All", url="https://127.0.0.1/")
    page = expire(factories.create_article(index), hours=1)
    run_until_idle()
    with time_machine.travel(page.expire_at + timedelta(minutes=1), tick=True):
        run_until_idle()
    recall = WebhookDelivery.objects.get(event_type="article.withdrawn")
    assert recall.occurred_at == page.expire_at


def test_the_command_builds_what_waits(index, monkeypatch):
    page = expire(factories.create_article(index), hours=1)
    other = factories.create_article(index, title="Other")
    assert run("build_documents") == "2 documents were built.\n"
    assert run("build_documents") == "0 documents were built.\n"
    with time_machine.travel(page.expire_at + timedelta(minutes=1), tick=True):
        # What waits for its time is no drift.
        run("check_documents")
        assert run("build_documents") == "1 documents were built.\n"
        run("check_documents")
    assert Document.objects.get(pk=page.pk).state == "withdrawn"

    def fail(*args, **kwargs):
        raise ZeroDivisionError("no")

    factories.publish(other)
    monkeypatch.setattr(building, "build_documents", fail)
    with pytest.raises(CommandError, match="1 documents cannot be built"):
        run("build_documents")


def test_a_linked_page_that_expires_leaves_the_article(client, index, read_document):
    target = expire(factories.create_article(index, title="Companion"), hours=1)
    page = relate(factories.create_article(index), target)
    assert "Companion" in str(read_document(page.pk))
    assert Document.objects.get(pk=page.pk).valid_until == target.expire_at
    # The document ends with the first page that ends.
    later = expire(factories.create_article(index, title="Later"), hours=2)
    relate(page, later)
    read_document(page.pk)
    assert Document.objects.get(pk=page.pk).valid_until == target.expire_at
    with time_machine.travel(target.expire_at + timedelta(minutes=1), tick=True):
        document = read_document(page.pk)
        v2 = client.get(f"/api/v2/pages/{page.pk}/").content.decode()
    assert [each["page"]["title"] for each in document["related"]] == ["Later"]
    assert "Later" in v2
    assert "Companion" not in v2


def test_a_translation_that_expires_is_named_no_longer(site, index, read_document):
    spanish = factories.get_locale("es")
    page = factories.create_article(index)
    index.copy_for_translation(spanish, copy_parents=True)
    translated = page.copy_for_translation(spanish)
    expire(translated, hours=1)
    assert len(read_document(page.pk)["translations"]) == 1
    with time_machine.travel(translated.expire_at + timedelta(minutes=1), tick=True):
        assert read_document(page.pk)["translations"] == []


def test_the_feed_tells_what_time_has_changed(client, index):
    promoted = factories.create_article(index)
    promotion = factories.create_promotion("A notice", placement="sidebar")
    promotion.ends_at = timezone.now() + timedelta(hours=1)
    promotion.save()
    expiring = expire(factories.create_article(index, title="Short"), hours=1)
    assert set(replay(client)) == {promoted.pk, expiring.pk}
    since = read_feed(client)["next"]
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=True):
        assert replay(client) == read_manifest(client)
        told = {each["id"]: each["kind"] for each in read_feed(client, since)["items"]}
        assert told == {promoted.pk: "updated", expiring.pk: "withdrawn"}
        run("check_documents")


def test_the_manifest_is_right_although_nobody_has_read(client, index):
    page = factories.create_article(index)
    promotion = factories.create_promotion("A notice", placement="sidebar")
    promotion.ends_at = timezone.now() + timedelta(hours=1)
    promotion.save()
    before = read_manifest(client)
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=True):
        after = read_manifest(client)
        assert after[page.pk] != before[page.pk]
        etag = client.get(f"{ARTICLES}/{page.pk}/")["ETag"]
        assert after[page.pk] == etag


def test_what_cannot_be_built_keeps_nobody_waiting(client, index, monkeypatch):
    page = factories.create_article(index)
    assert not read_feed(client)["has_more"]

    def fail(*args, **kwargs):
        raise ZeroDivisionError("no")

    factories.publish(page)
    with monkeypatch.context() as patch:
        patch.setattr(building, "build_documents", fail)
        assert not read_feed(client)["has_more"]
    assert Mark.objects.exists()
    assert not read_feed(client)["has_more"]


def test_what_is_no_article_is_not_built_for_ever(index):
    page = factories.create_article(index)
    assert "1 documents were built." in run("rebuild_documents", page.pk, 999_999)
    # A former release has left one.
    Mark.objects.create(page_id=999_999)
    building.refresh_marked()
    assert not Mark.objects.exists()
    assert Version.objects.count() == 1
