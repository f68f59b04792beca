"""What we add to a publication: what follows is done once, in the transaction of the save, in few queries."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.dispatch import Signal
from django.test.utils import CaptureQueriesContext
from wagtail.signals import page_published

from tests import factories
from tests.review.conftest import create_reviewer
from tests.review.deciding import decide
from treatments.content import documents
from treatments.content.representation import represent_pages
from treatments.delivery.models import Change
from treatments.models import IndexedArticle, TreatmentPage
from treatments.ports.followups import follow_up, gather
from treatments.ports.publication import PublicationRefusedError
from treatments.ports.states import ReviewStatus, get_review_states
from treatments.search.index import indexing

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
    assert sorted(changes) == [("lists", "index"), (key, "publish")]
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


def approve(article, doctor, summary):
    """Return a draft with another summary that a doctor has approved."""
    page = TreatmentPage.objects.get(pk=article.pk)
    page.summary = summary
    revision = page.save_revision()
    decide(page, doctor)
    return revision


def count_reviewed(article, doctor, summary):
    """Publish a draft that a doctor has approved; return the number of queries."""
    revision = approve(article, doctor, summary)
    with CaptureQueriesContext(connection) as queries:
        revision.publish()
    return len(queries)


@pytest.fixture
def reviewed(index, queue, settings):
    """Return a complete article that a doctor has reviewed, under the strictest policy, and the doctor."""
    page, _ = factories.create_full_article(index, factories.create_targets(index))
    set_rule(settings, "refuse")
    doctor = create_reviewer("Doctor")
    approve(page, doctor, "Reviewed").publish()
    return page, doctor


def set_rule(settings, rule):
    policy = {"REVIEW_POLICY": {"default": {"publishing": rule}}}
    settings.TREATMENTS = {**settings.TREATMENTS, **policy}


def test_a_review_before_each_publication_costs_few_queries(reviewed, settings):
    strict = count_reviewed(*reviewed, "Strict")
    set_rule(settings, "free")
    assert strict - count_reviewed(*reviewed, "Free") <= 15


def test_a_reviewed_text_is_represented_once_before_and_once_after(
    reviewed, monkeypatch
):
    represented = []

    def note(pages, *args, **kwargs):
        pages = list(pages)
        represented.extend(page.pk for page in pages)
        return represent_pages(pages, *args, **kwargs)

    revision = approve(*reviewed, "Counted")
    monkeypatch.setattr(documents, "represent_pages", note)
    revision.publish()
    # The draft that is checked, and what the public reads: a link to itself leads somewhere only then.
    assert represented == [reviewed[0].pk] * 2


def test_a_reviewed_publication_is_noted_and_indexed_once(reviewed):
    page, doctor = reviewed
    revision = approve(page, doctor, "Noted")
    Change.objects.all().delete()
    with patch.object(indexing, "build_entries", wraps=indexing.build_entries) as build:
        revision.publish()
    assert build.call_count == 1
    key = f"page:{page.translation_key}"
    changes = Change.objects.filter(key=key)
    assert [each.action for each in changes] == ["publish"]
    status = get_review_states([page.pk])[page.pk].status
    assert status is ReviewStatus.CURRENT
    assert IndexedArticle.objects.get(pk=page.pk).review_status == status


def test_a_text_that_is_changed_while_it_is_published_is_refused(reviewed):
    def change(instance, **kwargs):
        page_published.disconnect(change)
        instance.summary = "Slipped in"
        instance.save()

    page_published.connect(change)
    try:
        with pytest.raises(PublicationRefusedError):
            approve(*reviewed, "Approved").publish()
    finally:
        page_published.disconnect(change)
    page = TreatmentPage.objects.get(pk=reviewed[0].pk)
    assert page.summary == "Approved"
