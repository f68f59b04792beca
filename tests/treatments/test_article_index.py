"""The article index follows the live articles, whatever happens to them."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.models import Page, PageViewRestriction

from tests import factories
from tests.treatments.indexed_articles import (
    PARAGRAPH_ID,
    SECTION_ID,
    build_body,
    get_entry,
)
from treatments.models import (
    IndexedArticle,
    IndexedBlock,
    TreatmentPage,
    TreatmentPageCondition,
)
from treatments.search.backends import get_backend
from treatments.search.index.indexing import find_differences, index_articles

pytestmark = pytest.mark.django_db


def test_a_published_article_is_indexed_with_everything(index):
    targets = factories.create_targets(index)
    page, sampler = factories.create_full_article(index, targets, title="Everything")
    entry = get_entry(page)
    assert (entry.type, entry.title, entry.kind, entry.audience, entry.intent) == (
        "treatments.TreatmentPage",
        "Everything",
        "treatment",
        "patient",
        "palliative",
    )
    assert entry.translation_key == page.translation_key
    assert entry.treatment_key == page.treatment.translation_key
    assert entry.last_published_at == page.last_published_at
    assert entry.has_criteria
    assert entry.has_steps
    words = f"{entry.title} {entry.names} {entry.summary} {entry.headings} {entry.text}"
    assert [word for word in sampler.words if word not in words] == []
    assert {"Sample surgery", "Sample condition"} <= set(entry.names.splitlines())
    condition = page.article_conditions.get().condition
    assert [row.condition_key for row in entry.conditions.all()] == [
        condition.translation_key
    ]
    assert [row.reference_id for row in entry.citations.all()] == [targets["reference"]]
    assert entry.terms.count() == 1


def test_an_article_without_criteria_and_steps_says_so(index):
    entry = get_entry(factories.create_article(index))
    assert not entry.has_criteria
    assert not entry.has_steps
    assert entry.treatment_key is None
    assert (entry.review_status, entry.translation_status) == ("never_reviewed", "")


def test_sections_and_their_blocks_are_found_by_id(index):
    page = factories.create_article(index, body=build_body("Text", standalone=True))
    rows = IndexedBlock.objects.filter(article_id=page.pk).order_by("position")
    assert list(
        rows.values_list("block_id", "type", "section_id", "standalone", "position")
    ) == [
        (SECTION_ID, "section", None, True, 0),
        (PARAGRAPH_ID, "rich_text", SECTION_ID, True, 1),
    ]


def test_two_pages_with_the_same_block_ids_are_both_indexed(index):
    factories.create_article(index, title="One")
    factories.create_article(index, title="Two")
    assert IndexedBlock.objects.filter(block_id=SECTION_ID).count() == 2


def test_a_draft_leaves_the_index_alone(index):
    page = factories.create_article(index, title="Live", body=build_body("liveword"))
    page.title = "Draft"
    page.body = build_body("draftword")
    page.article_conditions.add(
        TreatmentPageCondition(condition=factories.create_condition())
    )
    page.save_revision()
    index_articles([page.pk])
    entry = get_entry(page)
    assert entry.title == "Live"
    assert "liveword" in entry.text
    assert "draftword" not in entry.text
    assert entry.conditions.count() == 0
    assert get_backend().find("draftword", ["en"]) == []


def test_an_article_that_was_never_published_has_no_entry(index):
    page = factories.create_article(index, live=False)
    index_articles([page.pk])
    assert get_entry(page) is None


def test_publishing_unpublishing_and_publishing_again(index):
    page = factories.create_article(index, title="Zirconium")
    assert get_backend().find("zirconium", ["en"]) == [page.pk]
    page.unpublish()
    assert get_entry(page) is None
    assert get_backend().find("zirconium", ["en"]) == []
    factories.publish(page)
    assert get_entry(page).title == "Zirconium"
    assert get_backend().find("zirconium", ["en"]) == [page.pk]


def test_unpublishing_by_the_base_class_is_noticed(index):
    page = factories.create_article(index)
    Page.objects.get(pk=page.pk).unpublish()
    assert get_entry(page) is None


def test_a_page_that_expires_leaves_the_index(index):
    page = factories.create_article(index)
    page.expire_at = timezone.now() + timedelta(hours=1)
    factories.publish(page)
    TreatmentPage.objects.filter(pk=page.pk).update(
        expire_at=timezone.now() - timedelta(hours=1)
    )
    call_command("publish_scheduled", stdout=io.StringIO())
    assert get_entry(page) is None


def test_a_deleted_article_leaves_the_index_and_the_search(index):
    page = factories.create_article(index, title="Zirconium")
    page.article_conditions.add(
        TreatmentPageCondition(condition=factories.create_condition())
    )
    factories.publish(page)
    pk = page.pk
    page.delete()
    assert not IndexedArticle.objects.filter(pk=pk).exists()
    assert not IndexedBlock.objects.filter(article_id=pk).exists()
    assert get_backend().find("zirconium", ["en"]) == []
    connection.check_constraints()


def test_articles_that_are_deleted_with_their_index_leave_nothing(index):
    targets = factories.create_targets(index)
    factories.create_full_article(index, targets)
    index.refresh_from_db()
    index.delete()
    assert not IndexedArticle.objects.exists()
    connection.check_constraints()


def test_an_alias_has_no_entry_until_it_becomes_a_page_of_its_own(index):
    page = factories.create_article(index)
    alias = page.create_alias(update_slug="alias")
    index_articles([alias.pk])
    assert get_entry(alias) is None
    own = Page.objects.get(pk=alias.pk).specific
    ConvertAliasPageAction(own, user=None).execute(skip_permission_checks=True)
    assert get_entry(alias).title == page.title


def test_private_articles_keep_their_entry(index):
    page = factories.create_article(index)
    PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.LOGIN
    )
    assert find_differences() == {}
    assert get_entry(page) is not None


def test_an_update_of_bookkeeping_fields_costs_nothing(index):
    page = factories.create_article(index)
    page.draft_title = "Other"
    with CaptureQueriesContext(connection) as queries:
        page.save(update_fields=["draft_title"], clean=False)
    assert not [query for query in queries if "treatments_indexed" in query["sql"]]


def test_an_update_of_one_followed_field_is_noticed(index):
    page = factories.create_article(index)
    page.summary = "Another summary"
    page.save(update_fields=["summary"], clean=False)
    assert get_entry(page).summary == "Another summary"
