"""The article index follows what articles use, their states and their translations."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from snippets.models import Condition, Treatment
from tests import factories
from tests.ports import offer
from tests.treatments.indexed_articles import build_body, get_entry
from treatments.models import IndexedArticle, TreatmentPage, TreatmentPageCondition
from treatments.ports import states
from treatments.search.index.indexing import ensure_indexed, find_differences
from treatments.signals import article_states_changed

pytestmark = pytest.mark.django_db


def test_conditions_are_right_at_once_after_publishing(index):
    page = factories.create_article(index)
    first, second = (
        factories.create_condition("First"),
        factories.create_condition("Second"),
    )
    page.article_conditions.add(TreatmentPageCondition(condition=first))
    page.article_conditions.add(TreatmentPageCondition(condition=second))
    page.save_revision().publish()
    entry = get_entry(page)
    assert set(entry.conditions.values_list("condition_key", flat=True)) == {
        first.translation_key,
        second.translation_key,
    }
    assert entry.names.splitlines() == ["First", "Second"]
    page.article_conditions = [TreatmentPageCondition(condition=second)]
    page.save_revision().publish()
    assert get_entry(page).names == "Second"


def test_a_condition_row_that_changes_alone_is_noticed(index):
    page = factories.create_article(index)
    row = TreatmentPageCondition.objects.create(
        page=page, condition=factories.create_condition("First")
    )
    assert get_entry(page).names == "First"
    row.condition = factories.create_condition("Second")
    row.save()
    assert get_entry(page).names == "Second"
    row.delete()
    assert get_entry(page).names == ""
    assert get_entry(page).conditions.count() == 0


def test_a_renamed_treatment_or_condition_renames_the_articles(index):
    treatment = Treatment.objects.create(
        name="Old", also_known_as="Older\n", locale=factories.get_locale()
    )
    page = factories.create_article(index, treatment=treatment)
    assert get_entry(page).names.splitlines() == ["Old", "Older"]
    treatment.name = "New"
    treatment.save()
    assert get_entry(page).names.splitlines() == ["New", "Older"]
    treatment.is_public = False
    treatment.save()
    assert get_entry(page).names == ""
    assert get_entry(page).treatment_key == treatment.translation_key


def test_names_are_those_of_the_language_of_the_article(index):
    condition = factories.create_condition("Liver metastases")
    page = factories.create_article(index)
    page.article_conditions.add(TreatmentPageCondition(condition=condition))
    factories.publish(page)
    spanish = condition.copy_for_translation(factories.get_locale("es"))
    spanish.name = "Metástasis hepáticas"
    spanish.save()
    assert get_entry(page).names == "Liver metastases"
    IndexedArticle.objects.all().delete()
    TreatmentPage.objects.filter(pk=page.pk).update(locale=spanish.locale)
    ensure_indexed()
    assert get_entry(page).names == "Metástasis hepáticas"
    Condition.objects.get(pk=spanish.pk).delete()
    assert get_entry(page).names == "Liver metastases"


def test_a_vocabulary_entry_saved_without_a_new_name_indexes_nothing(index):
    treatment = Treatment.objects.create(name="Same", locale=factories.get_locale())
    factories.create_article(index, treatment=treatment)
    with CaptureQueriesContext(connection) as queries:
        treatment.save()
    assert not [query for query in queries if "treatments_indexed" in query["sql"]]


def test_a_deleted_reference_and_a_deleted_term_leave_the_index(index):
    reference, term = factories.create_reference(), factories.create_term()
    text = (
        f'A <a linktype="glossary-term" id="{term.pk}">word</a> and its source '
        f'<a linktype="citation" id="{reference.pk}">[Sample 2020]</a>.'
    )
    page = factories.create_article(index, body=build_body(text))
    entry = get_entry(page)
    assert "A word and its source ." in entry.text
    assert [row.term_key for row in entry.terms.all()] == [term.translation_key]
    term.delete()
    reference.delete()
    assert entry.terms.count() == entry.citations.count() == 0
    assert find_differences() == {}


def test_states_are_taken_from_their_providers(index, monkeypatch):
    page = factories.create_article(index)
    behind = datetime(2026, 5, 1, tzinfo=UTC)
    offer(
        monkeypatch,
        states._review_providers,
        lambda ids: dict.fromkeys(
            ids,
            states.ReviewState(
                states.ReviewStatus.DUE_SOON, date(2026, 1, 2), date(2027, 1, 2)
            ),
        ),
    )
    offer(
        monkeypatch,
        states._translation_providers,
        lambda ids, loaded: dict.fromkeys(
            ids,
            states.TranslationState(
                states.TranslationStatus.BEHIND_CLINICAL, "en", behind
            ),
        ),
    )
    article_states_changed.send(sender=None, page_ids=[page.pk])
    entry = get_entry(page)
    assert (entry.review_status, entry.last_reviewed, entry.next_review_due) == (
        "due_soon",
        date(2026, 1, 2),
        date(2027, 1, 2),
    )
    assert (entry.translation_status, entry.behind_since) == ("behind_clinical", behind)


def test_the_translations_of_a_changed_article_are_indexed_again(index, monkeypatch):
    page = factories.create_article(index)
    spanish_index = index.copy_for_translation(
        factories.get_locale("es"), copy_parents=True
    )
    factories.publish(spanish_index)
    spanish = factories.publish(page.copy_for_translation(factories.get_locale("es")))
    asked = []
    offer(
        monkeypatch, states._review_providers, lambda ids: asked.append(set(ids)) or {}
    )
    factories.publish(page)
    assert {page.pk, spanish.pk} in asked
    assert (
        IndexedArticle.objects.filter(translation_key=page.translation_key).count() == 2
    )


def test_the_translations_of_a_deleted_article_are_indexed_again(
    index, monkeypatch, django_capture_on_commit_callbacks
):
    page = factories.create_article(index)
    spanish_index = index.copy_for_translation(
        factories.get_locale("es"), copy_parents=True
    )
    factories.publish(spanish_index)
    spanish = factories.publish(page.copy_for_translation(factories.get_locale("es")))
    asked = []
    offer(
        monkeypatch, states._review_providers, lambda ids: asked.append(set(ids)) or {}
    )
    with django_capture_on_commit_callbacks(execute=True):
        page.delete()
    assert {spanish.pk} in asked
