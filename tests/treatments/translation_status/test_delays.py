"""Since when a translation is behind its source, and how it catches up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from wagtail_localize.models import Translation

from tests import factories
from tests.factories import translate_all
from tests.treatments.translation_status.articles import (
    CHANGED,
    CRITERION,
    LATER,
    edit_body,
    find,
    get_state,
    publish_at,
)
from treatments.ports.states import TranslationState, TranslationStatus
from treatments.translation.models import TranslatedVersion
from treatments.translation.services import (
    publish_translation,
    stage_translation,
    submit_translation,
    update_source,
)

pytestmark = pytest.mark.django_db


def test_the_first_change_dates_the_delay_until_both_agree_again(page, spanish):
    page.summary = "New"
    publish_at(page, CHANGED)
    page.summary = "Newer"
    publish_at(page, LATER)
    assert get_state(spanish).behind_since == CHANGED
    page.summary = "About Surgery."
    publish_at(page, LATER)
    assert get_state(spanish) == TranslationState(TranslationStatus.CURRENT, "en")
    assert TranslatedVersion.objects.get(pk=spanish.pk).behind_since is None


def test_a_translation_catches_up_step_by_step(page, spanish):
    edit_body(lambda raw: find(raw, CRITERION)["value"].update(text="is tiny"))(page)
    publish_at(page, CHANGED)
    translation = Translation.objects.get(source__object_id=page.translation_key)
    behind = TranslationState(
        TranslationStatus.BEHIND_CLINICAL, "en", CHANGED, (CRITERION,)
    )
    with time_machine.travel(LATER, tick=False):
        update_source(translation.source)
        assert get_state(spanish) == behind
        translation.refresh_from_db()
        translate_all(translation)
        assert get_state(spanish) == behind
        stage_translation(translation)
        assert get_state(spanish) == behind
        publish_translation(translation)
        assert get_state(spanish) == TranslationState(TranslationStatus.CURRENT, "en")


def test_publishing_from_an_old_snapshot_does_not_catch_up(page, spanish):
    page.summary = "New"
    publish_at(page, CHANGED)
    translation = Translation.objects.get(source__object_id=page.translation_key)
    with time_machine.travel(LATER, tick=False):
        publish_translation(translation)
    assert get_state(spanish) == TranslationState(
        TranslationStatus.BEHIND_CLINICAL, "en", CHANGED, ("summary",)
    )


def test_a_second_change_after_the_snapshot_has_no_invented_date(page, spanish):
    page.summary = "New"
    publish_at(page, CHANGED)
    translation = Translation.objects.get(source__object_id=page.translation_key)
    with time_machine.travel(LATER, tick=False):
        update_source(translation.source)
        translation.refresh_from_db()
        page.title = "Newer"
        factories.publish(page)
        translate_all(translation)
        publish_translation(translation)
    state = get_state(spanish)
    assert state.behind_blocks == ("title",)
    assert state.behind_since is None
    page.seo_title = "Newest"
    factories.publish(page)
    assert get_state(spanish).behind_since is None


def test_a_staged_draft_that_is_published_later_is_recorded(page, spanish):
    page.summary = "New"
    publish_at(page, CHANGED)
    translation = Translation.objects.get(source__object_id=page.translation_key)
    with time_machine.travel(LATER, tick=False):
        update_source(translation.source)
        translation.refresh_from_db()
        revision = stage_translation(translation)
        translate_all(translation)
        revision.publish()
        assert get_state(spanish).status == "current"
    # Strings that were translated after the draft was made are not in it.
    page.summary = "Newer"
    publish_at(page, LATER)
    update_source(translation.source)
    translation.refresh_from_db()
    revision = stage_translation(translation)
    with time_machine.travel(datetime(2099, 1, 1, tzinfo=UTC), tick=False):
        translate_all(translation)
        revision.publish()
        assert get_state(spanish).status == "incomplete"


def test_a_target_that_is_edited_by_hand_stands_as_before(page, spanish):
    spanish.summary = "Corregido"
    publish_at(spanish, LATER)
    assert get_state(spanish).status == "current"
    page.summary = "New"
    publish_at(page, LATER)
    spanish.summary = "Corregido otra vez"
    publish_at(spanish, LATER)
    assert get_state(spanish).behind_blocks == ("summary",)


def test_a_stopped_translation_is_compared_all_the_same(page, spanish):
    Translation.objects.filter(source__object_id=page.translation_key).update(
        enabled=False
    )
    assert get_state(spanish).status == "current"
    page.summary = "New"
    publish_at(page, CHANGED)
    spanish.summary = "Nuevo"
    publish_at(spanish, LATER)
    assert get_state(spanish) == TranslationState(
        TranslationStatus.BEHIND_CLINICAL, "en", CHANGED, ("summary",)
    )


def test_an_unpublished_source_counts_with_what_it_said_last(page, spanish):
    page.unpublish()
    assert get_state(spanish).status == "current"
    page.refresh_from_db()
    page.summary = "A draft"
    page.save_revision()
    assert get_state(spanish).status == "current"
    publish_at(page, LATER)
    assert get_state(spanish).behind_since == LATER


def test_a_chain_of_translations_compares_each_with_its_own_source(page, spanish):
    french = factories.get_locale("fr")
    for each in (page.get_parent().get_parent(), page.get_parent()):
        parent = each.specific.get_translation(factories.get_locale("es"))
        translation = submit_translation(parent, [french])[0]
        translate_all(translation, "FR ")
        publish_translation(translation)
    translation = submit_translation(spanish, [french])[0]
    translate_all(translation, "FR ")
    target = publish_translation(translation)
    assert get_state(target) == TranslationState(TranslationStatus.CURRENT, "es")
    page.summary = "New"
    publish_at(page, CHANGED)
    assert get_state(spanish).status == "behind_clinical"
    assert get_state(target).status == "current"
