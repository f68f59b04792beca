"""Whatever a document contains: once it has changed, nobody reads the old one."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site
from wagtail.models.sites import (
    SITE_ROOT_PATHS_CACHE_KEY,
    SITE_ROOT_PATHS_CACHE_VERSION,
)

from snippets.models import GlossaryTerm, Promotion
from tests import factories
from tests.delivery.changes import CHANGES, rename_site
from tests.ports import offer
from treatments.delivery import building
from treatments.delivery.models import Change, Mark, Version
from treatments.ports import states
from treatments.ports.states import ReviewState, ReviewStatus
from treatments.signals import article_states_changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(article, shared_built_article):
    """Return the article when its document is built."""
    return article


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_is_seen_by_the_next_reader(read_document, article, targets, change):
    before = read_document(article.pk)
    change(article, targets)
    after = read_document(article.pk)
    assert after != before
    assert after["version"]["number"] == before["version"]["number"] + 1
    assert after["version"]["etag"] != before["version"]["etag"]


def test_there_is_a_test_for_each_kind_of_change():
    assert len(CHANGES) == 27


def test_a_translation_that_appears_is_named_by_its_source(read_document, site, index):
    page = factories.create_article(index)
    assert read_document(page.pk)["translations"] == []
    factories.create_spanish_tree(site)
    spanish = factories.to_spanish(page)
    assert [each["id"] for each in read_document(page.pk)["translations"]] == [
        spanish.pk
    ]
    spanish.unpublish()
    assert read_document(page.pk)["translations"] == []


def test_a_term_that_gets_a_translation_changes_the_spanish_article(
    read_document, site, index
):
    term = factories.create_term()
    factories.create_spanish_tree(site)
    page = factories.create_article(index)
    spanish = factories.to_spanish(page)
    spanish.intro = f'<p><a linktype="glossary-term" id="{term.pk}">word</a></p>'
    factories.publish(spanish)
    assert read_document(spanish.pk)["glossary"][0]["locale"] == "en"
    translated = term.copy_for_translation(factories.get_locale("es"))
    translated.term = "metástasis"
    translated.save()
    factories.publish(translated)
    assert read_document(spanish.pk)["glossary"][0]["term"] == "metástasis"


def test_a_draft_is_no_change(read, article):
    etag = read(article.pk)["ETag"]
    article.title = "Draft"
    article.save_revision()
    assert not Change.objects.filter(generation__isnull=True).exists()
    assert read(article.pk)["ETag"] == etag
    assert Version.objects.filter(page_id=article.pk).count() == 1


def test_publishing_the_same_again_is_a_version_of_its_own(read, article):
    """The date of publication is part of the document."""
    first = read(article.pk).json()["version"]
    factories.publish(article)
    second = read(article.pk).json()["version"]
    assert second["number"] == first["number"] + 1
    assert second["content_hash"] == first["content_hash"]


def test_what_changes_nothing_that_is_read_makes_no_version(read, article, targets):
    read(article.pk)
    term = GlossaryTerm.objects.get(pk=targets["term"])
    term.save()
    assert Change.objects.filter(generation__isnull=True).exists()
    read(article.pk)
    assert not Mark.objects.filter(page_id=article.pk).exists()
    assert Version.objects.filter(page_id=article.pk).count() == 1


def test_a_change_that_is_rolled_back_is_none(read, article):
    etag = read(article.pk)["ETag"]
    with transaction.atomic():
        article.title = "Never"
        factories.publish(article)
        transaction.set_rollback(True)
    assert not Change.objects.filter(generation__isnull=True).exists()
    assert read(article.pk)["ETag"] == etag


def test_a_review_that_is_recorded_changes_the_article(
    read_document, article, monkeypatch
):
    assert read_document(article.pk)["governance"]["review_state"] == "never_reviewed"
    today = timezone.localdate()
    state = ReviewState(
        status=ReviewStatus.CURRENT,
        last_reviewed=today,
        next_review_due=today + timedelta(days=30),
    )
    offer(monkeypatch, states._review_providers, lambda ids: dict.fromkeys(ids, state))
    article_states_changed.send(sender=None, page_ids=[article.pk])
    assert read_document(article.pk)["governance"]["review_state"] == "current"


def test_a_review_falls_due_by_itself(read, article, monkeypatch):
    today = timezone.localdate()
    due = today + timedelta(days=30)

    def provide(ids):
        is_due = timezone.localdate() >= due
        status = ReviewStatus.OVERDUE if is_due else ReviewStatus.CURRENT
        return dict.fromkeys(ids, ReviewState(status=status, next_review_due=due))

    offer(monkeypatch, states._review_providers, provide)
    article_states_changed.send(sender=None, page_ids=[article.pk])
    assert read(article.pk).json()["governance"]["review_state"] == "current"
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert read(article.pk).json()["governance"]["review_state"] == "overdue"


@pytest.mark.parametrize("field", ["starts_at", "ends_at"])
def test_a_promotion_comes_and_goes_by_itself(read, article, field):
    soon = timezone.now() + timedelta(minutes=10)
    factories.create_promotion("Timed", placement="sidebar", **{field: soon})

    def has_promotion():
        promotions = read(article.pk).json()["promotions"]
        return "Timed" in [promotion["title"] for promotion in promotions]

    starts = field == "starts_at"
    assert has_promotion() != starts
    with time_machine.travel(soon + timedelta(seconds=1), tick=False):
        assert has_promotion() == starts


def test_a_cache_keeps_no_document_beyond_its_time(read, article):
    ends = timezone.now() + timedelta(seconds=30)
    factories.create_promotion("Timed", placement="sidebar", ends_at=ends)
    policy = read(article.pk)["Cache-Control"]
    max_age = int(policy.split("max-age=")[1].split(",")[0])
    assert 25 <= max_age <= 30
    assert "stale-while-revalidate" not in policy


def test_other_rendition_specs_are_other_documents(read, article, settings):
    before = read(article.pk)
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "IMAGE_RENDITIONS": {"tiny": "max-20x20"},
    }
    after = read(article.pk)
    assert set(after.json()["hero"]["renditions"]) == {"tiny"}
    assert after["ETag"] != before["ETag"]


def test_another_frontend_is_another_address(read, article, settings):
    read(article.pk)
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "FRONTEND_URL": "https://frontend.example",
    }
    assert read(article.pk).json()["html_url"].startswith("https://frontend.example/")


def test_renaming_a_section_writes_one_row_for_each_page_and_builds_nothing(
    read, index, django_assert_max_num_queries
):
    pages = [
        factories.create_article(index, title=f"Article {number}")
        for number in range(12)
    ]
    building.refresh([page.pk for page in pages])
    index.refresh_from_db()
    index.slug = "renamed"
    with django_assert_max_num_queries(60):
        index.save()
    for page in pages:
        assert "/renamed/" in read(page.pk).json()["path"]
    assert Version.objects.filter(kind="moved").count() == 12


def test_an_update_without_a_signal_is_seen_where_the_page_tells(read, article):
    read(article.pk)
    Page.objects.filter(pk=article.pk).update(
        last_published_at=timezone.now() + timedelta(seconds=5)
    )
    assert read(article.pk).json()["version"]["number"] == 2


def test_promotions_in_other_languages_are_other_documents(read_document, article):
    promotion = factories.create_promotion("A notice", placement="sidebar")
    assert read_document(article.pk)["promotions"]
    Promotion.objects.get(pk=promotion.pk).locales.remove(factories.get_locale("en"))
    read_document(article.pk)


def test_an_old_address_in_the_cache_is_not_believed(read_document, article):
    """Another process may have put it there before the change was committed, or has a cache of its own."""
    read_document(article.pk)
    Site.get_site_root_paths()
    kept = cache.get(SITE_ROOT_PATHS_CACHE_KEY, version=SITE_ROOT_PATHS_CACHE_VERSION)
    assert kept
    rename_site(article, {})
    cache.set(SITE_ROOT_PATHS_CACHE_KEY, kept, version=SITE_ROOT_PATHS_CACHE_VERSION)
    document = read_document(article.pk)
    assert document["html_url"].startswith("http://guide.example.org/")
