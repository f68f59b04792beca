"""Many articles are indexed at a fixed cost; what was missed is found and repaired."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import factories
from tests.treatments.indexed_articles import get_entry
from treatments.models import IndexedArticle, TreatmentPage, TreatmentPageCondition
from treatments.search.backends import get_backend
from treatments.search.index.indexing import (
    ensure_indexed,
    find_differences,
    index_all,
    index_articles,
)

pytestmark = pytest.mark.django_db


def test_ids_of_other_pages_and_of_none_are_ignored(index):
    page = factories.create_article(index)
    assert index_articles([index.pk, page.pk, page.pk, 10**9]) == 1
    assert index_articles([]) == 0


def test_indexing_costs_the_same_for_one_and_for_twenty_articles(index):
    condition = factories.create_condition()
    pages = []
    for number in range(20):
        page = factories.create_article(index, title=f"Article {number}")
        page.article_conditions.add(TreatmentPageCondition(condition=condition))
        pages.append(factories.publish(page).pk)
    counts = []
    for ids in (pages[:1], pages):
        for delete in (True, False):
            if delete:
                IndexedArticle.objects.all().delete()
            with CaptureQueriesContext(connection) as queries:
                assert index_articles(ids) == len(ids)
            counts.append(len(queries))
    one_new, one_known, twenty_new, twenty_known = counts
    assert (one_new, one_known) == (twenty_new, twenty_known)
    # One of them says that lists show something else now.
    assert one_new <= 26
    assert one_known <= 20


def test_ensure_indexed_is_one_query_when_nothing_is_missing(index):
    factories.create_article(index)
    with CaptureQueriesContext(connection) as queries:
        assert ensure_indexed() == 0
    assert len(queries) == 1


def test_ensure_indexed_finds_what_was_published_without_a_signal(index):
    page = factories.create_article(index, title="Old")
    never_published = factories.create_article(index, live=False)
    TreatmentPage.objects.filter(pk=page.pk).update(
        title="New", last_published_at=timezone.now()
    )
    TreatmentPage.objects.filter(pk=never_published.pk).update(live=True)
    assert ensure_indexed() == 2
    assert get_entry(page).title == "New"
    assert get_entry(never_published).last_published_at is None
    assert ensure_indexed() == 0


def test_ensure_indexed_goes_on_where_it_stopped(index):
    for number in range(3):
        factories.create_article(index, title=f"Article {number}")
    IndexedArticle.objects.all().delete()
    assert [ensure_indexed(limit=2) for _ in range(3)] == [2, 1, 0]
    assert find_differences() == {}


def test_the_command_rebuilds_and_checks(index):
    page = factories.create_article(index, title="Zirconium", summary="A metal.")
    gone = factories.create_article(index, title="Gone")
    TreatmentPage.objects.filter(pk=page.pk).update(title="Titanium")
    TreatmentPage.objects.filter(pk=gone.pk).update(live=False)
    out = io.StringIO()
    with pytest.raises(CommandError, match="not up to date"):
        call_command("update_article_index", "--check", stdout=out)
    assert f"Page {page.pk}: title" in out.getvalue()
    assert f"Page {gone.pk}: superfluous" in out.getvalue()
    assert get_entry(page).title == "Zirconium"
    out = io.StringIO()
    call_command("update_article_index", stdout=out)
    assert "2 of 2 pages" in out.getvalue()
    assert "1 articles" in out.getvalue()
    call_command("update_article_index", "--check", stdout=io.StringIO())
    assert get_backend().find("titanium", ["en"]) == [page.pk]
    assert get_backend().find("zirconium", ["en"]) == []


def test_the_command_finds_an_empty_search(index):
    page = factories.create_article(index, title="Zirconium")
    get_backend().remove([page.pk])
    assert not get_backend().is_ready()
    with pytest.raises(CommandError):
        call_command("update_article_index", "--check", stdout=io.StringIO())
    index_all()
    assert get_backend().is_ready()
    assert get_backend().find("zirconium", ["en"]) == [page.pk]
