"""Nothing is lost when a shared cache fails, and nobody else notices."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests import factories
from tests.delivery.purging.conftest import (
    FASTLY,
    MEMORY,
    create_quietly,
    get_page_tag,
    publish_title,
)
from treatments.api.http.caching import SHARED_TAG
from treatments.content.dependencies import get_instance_key
from treatments.delivery import purging
from treatments.delivery.models import PendingPurge
from treatments.delivery.tags import get_tag

pytestmark = pytest.mark.django_db
#: Nothing listens on the discard port.
BROKEN = {**FASTLY, "API": "http://127.0.0.1:9"}


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
