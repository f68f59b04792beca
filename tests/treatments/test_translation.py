"""Translation: what nobody has finished is neither shown nor published, and everybody's work is kept."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from snippets.models import GlossaryTerm
from tests import factories
from tests.factories import submit, to_spanish, translate_all
from treatments.models import TreatmentPageCondition
from treatments.translation.services import (
    IncompleteTranslationError,
    TranslationError,
    publish_translation,
    stage_translation,
    submit_translation,
    update_source,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(site):
    return site


@pytest.fixture
def index(bilingual_index):
    return bilingual_index


def test_a_submission_makes_a_draft(client, index):
    page = factories.create_article(index, title="Surgery for all")
    translation = submit(page)
    target = translation.get_target_instance()
    assert not target.live
    assert client.get(f"/api/v2/pages/{target.pk}/").status_code == 404
    assert client.get(f"/api/v3/pages/{target.pk}/").status_code == 404


def test_an_incomplete_translation_is_not_published(client, index):
    page = factories.create_article(index, title="Surgery for all")
    translation = submit(page)
    with pytest.raises(IncompleteTranslationError, match="not translated yet"):
        publish_translation(translation)
    assert not translation.get_target_instance().live


def test_a_second_submission_leaves_finished_work_alone(index):
    page = factories.create_article(index, title="Surgery")
    spanish = to_spanish(page)
    spanish.title = "Mended by hand"
    factories.publish(spanish)
    revision = spanish.latest_revision_id
    translation = Translation.objects.get(source__object_id=page.translation_key)
    translation.enabled = False
    translation.save()
    page.summary = "A new summary"
    factories.publish(page)

    assert submit(page) == translation

    translation.refresh_from_db()
    spanish.refresh_from_db()
    assert not translation.enabled
    assert spanish.live
    assert spanish.title == "Mended by hand"
    assert spanish.latest_revision_id == revision
    assert StringTranslation.objects.filter(data="ES First point").exists()


def test_staging_writes_a_draft_and_not_the_live_page(index):
    page = factories.create_article(index, title="Surgery")
    spanish = to_spanish(page)
    page.title = "Surgery and more"
    factories.publish(page)
    translation = Translation.objects.get(source__object_id=page.translation_key)
    update_source(translation.source)
    revision = stage_translation(translation)
    spanish.refresh_from_db()
    assert spanish.title == "ES Surgery"
    assert revision.as_object().title == "Surgery and more"
    assert spanish.has_unpublished_changes


def test_a_page_that_does_not_validate_is_not_published(index):
    page = factories.create_article(index, title="Surgery")
    translation = submit(page)
    translate_all(translation)
    StringTranslation.objects.filter(context__path="summary").update(data="x" * 301)
    with pytest.raises(TranslationError, match="cannot be published"):
        publish_translation(translation)
    with pytest.raises(TranslationError, match="cannot be published"):
        publish_translation(translation)
    assert not translation.get_target_instance().live


def test_an_article_needs_a_translated_parent(home):
    page = factories.create_article(home.index, title="Surgery")
    with pytest.raises(TranslationError, match="Translate it first"):
        submit(page)
    assert not Translation.objects.filter(
        source__object_id=page.translation_key
    ).exists()


def test_permissions_of_the_page_count(index, django_user_model):
    page = factories.create_article(index, title="Surgery")
    user = django_user_model.objects.create_user("nobody")
    with pytest.raises(PermissionDenied):
        submit_translation(page, [Locale.objects.get(language_code="es")], user)
    translation = submit(page)
    translate_all(translation)
    with pytest.raises(PermissionDenied):
        publish_translation(translation, user)


def test_spanish_pages_have_spanish_links(client, index):
    targets = factories.create_targets(index)
    companion = factories.TreatmentPage.objects.get(pk=targets["page"])
    spanish_companion = to_spanish(companion)
    page, _sampler = factories.create_full_article(index, targets)
    spanish = to_spanish(page)
    answer = client.get(f"/api/v2/pages/{spanish.pk}/").json()
    text = json.dumps(answer["body"])
    assert f'href=\\"/es/treatments/{spanish_companion.slug}/\\"' in text
    assert f'data-page-id=\\"{spanish_companion.pk}\\"' in text
    assert "/en/" not in text
    assert answer["related"][0]["page"]["id"] == spanish_companion.pk
    assert answer["related"][0]["page"]["locale"] == "es"
    assert not answer["related"][0]["page"]["fallback"]
    assert [entry["locale"] for entry in answer["translations"]] == ["en"]
    assert answer["glossary"][0]["term"].startswith("ES ")
    assert answer["conditions"][0]["name"].startswith("ES ")
    assert (
        answer["conditions"][0]["codes"]
        == client.get(f"/api/v2/pages/{page.pk}/").json()["conditions"][0]["codes"]
    )


def test_slug_stays_the_same(index):
    page = factories.create_article(index, title="Surgery for all")
    assert to_spanish(page).slug == page.slug


def test_a_vocabulary_entry_waits_for_its_translator(client, index):
    condition = factories.create_condition()
    translation = submit(condition)
    assert client.get("/api/v3/conditions/?locale=es").json()["count"] == 0
    assert (
        client.get(f"/api/v2/conditions/{condition.pk}/").json()["translations"] == []
    )
    with pytest.raises(IncompleteTranslationError):
        publish_translation(translation)
    translate_all(translation)
    publish_translation(translation)
    listed = client.get("/api/v3/conditions/?locale=es").json()["items"]
    assert [entry["name"] for entry in listed] == ["ES Liver metastases"]


def test_an_article_waits_for_the_words_that_it_uses(index):
    page = factories.create_article(index, title="Surgery")
    condition = factories.create_condition()
    page.article_conditions.add(TreatmentPageCondition(condition=condition))
    factories.publish(page)
    translation = submit(page)
    translate_all(translation)
    with pytest.raises(IncompleteTranslationError, match="Liver metastases"):
        publish_translation(translation)
    assert not translation.get_target_instance().live
    to_spanish(condition)
    assert publish_translation(translation).live


def test_an_article_does_not_wait_for_words_that_its_own_readers_do_not_get(index):
    page = factories.create_article(index, title="Surgery")
    term = factories.create_term()
    page.intro = f'<p><a linktype="glossary-term" id="{term.pk}">word</a></p>'
    factories.publish(page)
    GlossaryTerm.objects.get(pk=term.pk).unpublish()
    translation = submit(page)
    translate_all(translation)
    assert publish_translation(translation).live


def test_a_live_alias_goes_offline_when_it_becomes_a_translation(client, index):
    page = factories.create_article(index, title="English words")
    alias = page.copy_for_translation(
        Locale.objects.get(language_code="es"), alias=True
    )
    alias.refresh_from_db()
    assert alias.live
    submit(page)
    alias.refresh_from_db()
    assert not alias.live
    assert client.get(f"/api/v2/pages/{page.pk}/").json()["translations"] == []


def test_a_translation_made_by_hand_keeps_its_own_editor(index):
    page = factories.create_article(index, title="Surgery")
    by_hand = page.copy_for_translation(Locale.objects.get(language_code="es"))
    translation = submit(page)
    assert not translation.enabled
    with pytest.raises(TranslationError, match="stopped"):
        publish_translation(translation)
    by_hand.refresh_from_db()
    assert by_hand.title == "Surgery"


@pytest.mark.parametrize("kind", ["page", "term"])
def test_a_lock_counts(index, django_user_model, kind):
    source = (
        factories.create_article(index, title="Surgery")
        if kind == "page"
        else factories.create_term()
    )
    translation = submit(source)
    translate_all(translation)
    owner = django_user_model.objects.create_superuser("owner", password="x")  # noqa: S106
    other = django_user_model.objects.create_superuser("other", password="x")  # noqa: S106
    target = translation.get_target_instance()
    type(target).objects.filter(pk=target.pk).update(locked=True, locked_by=owner)
    for user in (other, None):
        with pytest.raises(TranslationError):
            publish_translation(translation, user)
        with pytest.raises(TranslationError):
            stage_translation(translation, user)
    target.refresh_from_db()
    assert not target.live


def test_a_vocabulary_entry_has_no_draft_to_stage(index):
    translation = submit(factories.create_condition())
    with pytest.raises(TranslationError, match="no drafts"):
        stage_translation(translation)


def test_staging_a_term_leaves_the_live_one_alone(index):
    term = factories.create_term()
    spanish = to_spanish(term)
    term.term = "changed"
    factories.publish(term)
    translation = Translation.objects.get(source__object_id=term.translation_key)
    update_source(translation.source)
    stage_translation(translation)
    spanish.refresh_from_db()
    assert spanish.live
    assert spanish.term == "ES metastasis"


def test_what_does_not_validate_is_named_by_its_place(index):
    page = factories.create_article(index, title="Surgery")
    translation = submit(page)
    translate_all(translation)
    heading = StringSegment.objects.get(
        source=translation.source, context__path__endswith=".heading"
    )
    StringTranslation.objects.filter(context=heading.context).update(data="x" * 200)
    with pytest.raises(
        TranslationError, match=r"Body › Section “x+” › Heading: .*at most 160"
    ):
        publish_translation(translation)


def test_raw_content_without_ids_gets_them_once(client, index):
    body = [
        {
            "type": "section",
            "value": {
                "heading": "H",
                "content": [{"type": "rich_text", "value": "<p>a</p>"}],
            },
        }
    ]
    page = factories.create_article(index, title="Raw", body=body)
    first = client.get(f"/api/v2/pages/{page.pk}/").json()["body"]
    assert first[0]["id"]
    assert first[0]["value"]["content"][0]["id"]
    factories.publish(page)
    assert client.get(f"/api/v2/pages/{page.pk}/").json()["body"] == first
    assert to_spanish(page).live
