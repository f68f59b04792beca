"""Pages from before the records, and what it costs to ask for the states of many."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page
from wagtail_localize.models import TranslationSource

from tests.treatments.translation_status.articles import (
    CHANGED,
    LATER,
    forget,
    get_state,
    publish_at,
)
from treatments.models import TreatmentPage
from treatments.ports.states import (
    TranslationState,
    TranslationStatus,
    get_translation_states,
)
from treatments.translation.models import TranslatedVersion
from treatments.translation.services import update_source

pytestmark = pytest.mark.django_db


def test_a_page_from_before_the_records_is_judged_by_its_log(page, spanish):
    forget(spanish)
    assert get_state(spanish) == TranslationState(TranslationStatus.CURRENT, "en")
    TreatmentPage.objects.filter(pk=page.pk).update(summary="New")
    assert get_state(spanish) == TranslationState(
        TranslationStatus.BEHIND_CLINICAL, "en", None, ("summary",)
    )
    # The next publication records it, without inventing since when.
    publish_at(TreatmentPage.objects.get(pk=page.pk), CHANGED)
    version = TranslatedVersion.objects.get(pk=spanish.pk)
    assert version.is_since_unknown
    assert get_state(spanish).behind_since is None


def test_a_page_from_before_the_records_is_recorded_before_its_snapshot_is_replaced(
    page, spanish
):
    forget(spanish)
    TreatmentPage.objects.filter(pk=page.pk).update(summary="New")
    source = TranslationSource.objects.get(object_id=page.translation_key)
    update_source(source)
    assert get_state(spanish).behind_blocks == ("summary",)


def test_a_snapshot_that_is_newer_than_an_unrecorded_page(page, spanish):
    source = TranslationSource.objects.get(object_id=page.translation_key)
    with time_machine.travel(CHANGED, tick=False):
        source.update_from_db()
    forget(spanish)
    # Nothing shows what it was made from; but no text has changed.
    assert get_state(spanish) == TranslationState()
    page.summary = "New"
    publish_at(page, LATER)
    with time_machine.travel(LATER, tick=False):
        source.update_from_db()
    forget(spanish)
    assert get_state(spanish) == TranslationState(
        TranslationStatus.BEHIND_CLINICAL, "en"
    )


def count_queries(pages):
    with CaptureQueriesContext(connection) as queries:
        states = get_translation_states([page.pk for page in pages])
    assert all(state.status for state in states.values())
    return len(queries)


def make_copies(page, spanish, number):
    """Copy an article and its translation with their records, and return the translations."""
    version = TranslatedVersion.objects.get(pk=spanish.pk)
    targets = []
    for position in range(number):
        changes = {"slug": f"copy-{position}", "title": f"Copy {position}"}
        source = page.copy(update_attrs=changes, copy_revisions=False)
        target = spanish.copy(update_attrs=changes, copy_revisions=False)
        Page.objects.filter(pk=target.pk).update(translation_key=source.translation_key)
        version.pk = target.pk
        version.save(force_insert=True)
        targets.append(target)
    return targets


def test_the_number_of_queries_does_not_depend_on_the_number_of_pages(page, spanish):
    copies = make_copies(page, spanish, 19)
    count_queries([spanish])
    assert count_queries([spanish, *copies, page]) == count_queries([spanish, page])
    forget(spanish)
    assert count_queries([spanish, *copies]) <= 20
