"""Which pages are followed as translations, and which of them are incomplete."""

from __future__ import annotations

import pytest

from tests import factories
from tests.factories import submit, translate_all
from tests.treatments.translation_status.articles import CHANGED, get_state, publish_at
from treatments.models import IndexedArticle, TreatmentPage
from treatments.ports.states import TranslationState, TranslationStatus
from treatments.search.index.indexing import find_differences
from treatments.translation.models import TranslatedVersion

pytestmark = pytest.mark.django_db


def test_an_alias_is_no_translation(index, page):
    locale = factories.get_locale("es")
    alias = page.copy_for_translation(locale, alias=True)
    assert get_state(alias) == TranslationState()
    page.summary = "New"
    publish_at(page, CHANGED)
    alias.refresh_from_db()
    assert alias.summary == "New"
    assert get_state(alias) == TranslationState()
    assert not TranslatedVersion.objects.filter(pk=alias.pk).exists()


def test_nobody_follows_a_translation_that_was_made_by_hand(page):
    by_hand = page.copy_for_translation(factories.get_locale("es"))
    factories.publish(by_hand)
    assert get_state(by_hand) == TranslationState()
    assert get_state(page) == TranslationState()
    # Submitting the source leaves the page to its own editor: it is no copy of what was submitted.
    assert not submit(page).enabled
    assert get_state(by_hand) == TranslationState()
    assert get_state(page).status == "source"
    factories.publish(by_hand)
    assert get_state(by_hand) == TranslationState()


def test_a_draft_translation_is_incomplete(page):
    target = submit(page).get_target_instance()
    assert get_state(target) == TranslationState(TranslationStatus.INCOMPLETE, "en")


def test_english_that_wagtail_localize_published_is_incomplete(
    page, django_capture_on_commit_callbacks
):
    translation = submit(page)
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target(publish=True)
    target = translation.get_target_instance()
    assert target.live
    assert get_state(target) == TranslationState(TranslationStatus.INCOMPLETE, "en")
    translate_all(translation)
    assert get_state(target).status == "incomplete"
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target(publish=True)
    assert get_state(target).status == "current"


def test_a_draft_published_by_hand_before_it_is_translated_is_incomplete(page):
    target = submit(page).get_target_instance()
    factories.publish(target)
    assert get_state(target).status == "incomplete"


@pytest.mark.parametrize("keeps_segments", [True, False])
def test_nobody_follows_a_source_that_was_deleted(
    page, spanish, settings, keeps_segments
):
    settings.WAGTAILLOCALIZE_DISABLE_ON_DELETE = keeps_segments
    page.summary = "New"
    publish_at(page, CHANGED)
    TreatmentPage.objects.get(pk=page.pk).delete()
    assert get_state(spanish) == TranslationState()


def test_deleting_the_translation_deletes_its_record(page, spanish):
    TreatmentPage.objects.get(pk=spanish.pk).delete()
    assert not TranslatedVersion.objects.filter(pk=spanish.pk).exists()
    assert get_state(page).status == "source"


def test_a_saved_source_shows_in_the_index_of_its_translations_at_once(page, spanish):
    entry = IndexedArticle.objects.get(pk=spanish.pk)
    assert entry.translation_status == "current"
    page.summary = "New"
    page.save()
    entry.refresh_from_db()
    assert entry.translation_status == "behind_clinical"
    assert find_differences() == {}
