"""What we add to a publication: what follows is done once, in the transaction of the save, in few queries."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.dispatch import Signal
from django.test.utils import CaptureQueriesContext

from tests import factories
from treatments.delivery.models import Change
from treatments.models import IndexedArticle, TreatmentPage
from treatments.ports.followups import follow_up, gather

pytestmark = pytest.mark.django_db


@pytest.fixture
def index(site):
    return site.index


@pytest.fixture
def queue(settings):
    """Tasks are only noted, as where a worker does them."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}
    }


def count_publication(pk, summary):
    """Publish another summary; return the number of queries, the draft left out."""
    page = TreatmentPage.objects.get(pk=pk)
    page.summary = summary
    revision = page.save_revision()
    with CaptureQueriesContext(connection) as queries:
        revision.publish()
    return len(queries)


def count_added(pk, monkeypatch):
    """Return how many queries a publication has more than one of which nobody is told."""
    count_publication(pk, "Warm")
    ours = count_publication(pk, "Ours")
    with monkeypatch.context() as patch:
        patch.setattr(Signal, "send", lambda *args, **kwargs: [])
        return ours - count_publication(pk, "Alone")


def test_a_publication_costs_few_queries_more(index, queue, monkeypatch):
    page, _ = factories.create_full_article(index, factories.create_targets(index))
    assert count_added(page.pk, monkeypatch) <= 28


def test_a_publication_notes_each_change_once(index, queue):
    page, _ = factories.create_full_article(index, factories.create_targets(index))
    Change.objects.all().delete()
    count_publication(page.pk, "Another summary")
    key = f"page:{page.translation_key}"
    changes = list(Change.objects.values_list("key", "action"))
    # The rows say that they were saved.
    assert sorted(changes) == [("lists", "index"), (key, "publish"), (key, "save")]
    assert IndexedArticle.objects.get(pk=page.pk).summary == "Another summary"


def test_what_follows_is_done_once_at_the_end():
    done = []
    follow_up(done.append, [1])
    with gather():
        follow_up(done.extend, [2, 3])
        follow_up(done.extend, [3, 4])
        assert done == [[1]]
    assert done == [[1], 2, 3, 4]


def test_what_follows_from_a_consequence_is_done_too():
    done = []

    def conclude(items):
        follow_up(done.extend, items)

    with gather():
        follow_up(conclude, [1])
        follow_up(done.extend, [2])
    assert done == [2, 1]


def test_nothing_follows_from_what_is_rolled_back(index):
    page = factories.create_article(index, summary="Before")
    Change.objects.all().delete()
    page.summary = "After"
    with transaction.atomic():
        page.save()
        assert Change.objects.exists()
        transaction.set_rollback(True)
    assert not Change.objects.exists()
    assert IndexedArticle.objects.get(pk=page.pk).summary == "Before"


def test_a_save_that_fails_leaves_nothing_to_do(index):
    page = factories.create_article(index, summary="Before")
    Change.objects.all().delete()
    page.hero_image, page.hero_image_alt = factories.create_image(), ""
    with pytest.raises(ValidationError):
        page.save()
    assert not Change.objects.filter(key__startswith="page:").exists()
    page.hero_image = None
    page.summary = "After"
    page.save()
    assert IndexedArticle.objects.get(pk=page.pk).summary == "After"
