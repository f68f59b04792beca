"""A change of states is announced for all language versions, once they are renewed."""

from __future__ import annotations

import pytest
from wagtail_localize.models import Translation

from tests import factories
from tests.treatments.translation_status.articles import CHANGED, publish_at
from treatments.models import TreatmentPage
from treatments.ports.states import get_translation_states
from treatments.signals import article_states_changed
from treatments.translation.services import publish_translation

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    """What was announced: lists of page ids."""
    announced = []

    def receive(page_ids, **kwargs):
        announced.append(sorted(page_ids))

    article_states_changed.connect(receive)
    yield announced
    article_states_changed.disconnect(receive)


@pytest.mark.parametrize("case", ["publish", "unpublish", "translate", "submit"])
def test_all_language_versions_are_announced(page, spanish, told, case):
    told.clear()
    translation = Translation.objects.get(source__object_id=page.translation_key)
    if case == "publish":
        factories.publish(page)
    elif case == "unpublish":
        page.unpublish()
    elif case == "translate":
        publish_translation(translation)
    else:
        translation.save()
    assert [page.pk, spanish.pk] in told
    assert all(ids == [page.pk, spanish.pk] for ids in told)


def test_a_deletion_is_announced_to_what_is_left(page, spanish, told):
    told.clear()
    TreatmentPage.objects.get(pk=page.pk).delete()
    assert told[-1] == [spanish.pk]


def test_the_states_are_renewed_before_they_are_announced(page, spanish):
    seen = []

    def receive(page_ids, **kwargs):
        seen.append(get_translation_states(page_ids)[spanish.pk])

    article_states_changed.connect(receive)
    page.summary = "New"
    publish_at(page, CHANGED)
    article_states_changed.disconnect(receive)
    assert [state.behind_since for state in seen] == [CHANGED]
