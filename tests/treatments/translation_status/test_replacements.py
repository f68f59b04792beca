"""Another entry in the place of one: translations are made with it from now on, and are not behind for it."""

from __future__ import annotations

import json

import pytest
from django.utils.html import strip_tags
from wagtail.images import get_image_model
from wagtail_localize.models import (
    OverridableSegment,
    SegmentOverride,
    Translation,
    TranslationSource,
)

from tests import factories
from tests.factories import to_spanish
from tests.treatments.choices import build_block, build_section, build_statistic
from tests.treatments.translation_status.articles import get_state
from treatments.content.removals import InUseError, prepare_removal
from treatments.content.uses import find_uses
from treatments.models import TreatmentPage
from treatments.ports.states import TranslationStatus
from treatments.translation.services import publish_translation, stage_translation

pytestmark = pytest.mark.django_db


@pytest.fixture
def reference():
    return factories.create_reference("First trial")


@pytest.fixture
def other():
    return factories.create_reference("Second trial")


def create_cited(index, reference, *more):
    """Return an English article that cites a reference in a text and in a block, and its Spanish version."""
    page = factories.create_article(
        index,
        title="Surgery",
        slug="surgery",
        intro=f'<p>It helps<a linktype="citation" id="{reference.pk}">1</a>.</p>',
        body=[build_section(build_statistic(reference.pk), *more)],
    )
    spanish = to_spanish(page)
    return page, TreatmentPage.objects.get(pk=spanish.pk)


def replace(instance, other, user=None):
    """Delete something, and put another one in its place."""
    user = user or factories.create_superuser()
    prepare_removal([instance], user, is_deleted=True, replace_by=other.pk)
    instance.delete()


def publish_again(spanish):
    """Press “Publish” in the translation editor."""
    translation = Translation.objects.get(
        source__object_id=spanish.translation_key, target_locale=spanish.locale
    )
    return publish_translation(translation)


def find_places(instance, page):
    """Return where a public article uses something."""
    uses = find_uses(instance, is_deleted=True)
    return [use.choice.path[0] for use in uses if use.source.pk == page.pk]


def test_the_next_publication_of_a_translation_keeps_the_other_entry(
    index, reference, other, admin_user
):
    page, spanish = create_cited(index, reference)
    replace(reference, other, admin_user)
    assert find_places(other, spanish) == ["intro", "body"]

    publish_again(spanish)

    assert find_places(other, spanish) == ["intro", "body"]
    assert find_places(other, page) == ["intro", "body"]
    published = TreatmentPage.objects.get(pk=spanish.pk)
    assert strip_tags(published.intro) == strip_tags(spanish.intro)


def test_the_same_replacement_in_both_leaves_the_status_as_it_was(
    index, reference, other, admin_user
):
    _page, spanish = create_cited(index, reference)
    before = get_state(spanish)
    assert before.status == TranslationStatus.CURRENT
    replace(reference, other, admin_user)
    assert get_state(spanish) == before
    publish_again(spanish)
    assert get_state(spanish) == before


def test_what_was_behind_stays_behind_for_the_same_parts(
    index, reference, other, admin_user
):
    page, spanish = create_cited(index, reference)
    page.summary = "New"
    factories.publish(page)
    before = get_state(spanish)
    assert before.behind_blocks == ("summary",)
    replace(reference, other, admin_user)
    assert get_state(spanish) == before
    # The snapshot has the other entry, and nothing else that is new.
    source = TranslationSource.objects.get(object_id=page.translation_key)
    assert json.loads(source.content_json)["summary"] != "New"


def test_a_staged_translation_counts_as_made_from_the_source_when_it_is_published(
    index, reference, other, admin_user
):
    page, spanish = create_cited(index, reference)
    page.show_in_menus = not page.show_in_menus
    page = factories.publish(page)
    source = TranslationSource.objects.get(object_id=page.translation_key)
    source.update_from_db()
    assert get_state(spanish).status == TranslationStatus.BEHIND_EDITORIAL
    stage_translation(source.translations.get())
    replace(reference, other, admin_user)
    latest = TreatmentPage.objects.get(pk=spanish.pk).get_latest_revision()
    latest.publish(user=admin_user)
    assert get_state(spanish).status == TranslationStatus.CURRENT


def test_another_picture_that_a_translation_has_is_replaced_there(
    index, reference, admin_user
):
    images = [factories.create_image(name) for name in ("One", "Two", "Three")]
    figure = build_block("figure", {"image": images[0].pk, "alt": "A liver"})
    _page, spanish = create_cited(index, reference, figure)
    segment = OverridableSegment.objects.get(
        source__object_id=spanish.translation_key, context__path__endswith="image"
    )
    override = SegmentOverride.objects.create(
        context=segment.context, locale=spanish.locale, data_json=str(images[1].pk)
    )
    publish_again(spanish)
    replace(images[1], images[2], admin_user)
    override.refresh_from_db()
    assert override.data == images[2].pk
    publish_again(spanish)
    assert find_places(images[2], spanish) == ["body"]
    assert get_image_model().objects.filter(pk=images[0].pk).exists()


def test_a_review_keeps_the_status_true_until_the_other_entry_is_public(
    index, reference, other, admin_user, settings
):
    page, spanish = create_cited(index, reference)
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "REVIEW_POLICY": {"default": {"publishing": "refuse"}},
    }
    with pytest.raises(InUseError):
        replace(reference, other, admin_user)
    assert get_state(spanish).status == TranslationStatus.CURRENT
    settings.TREATMENTS = {**settings.TREATMENTS, "REVIEW_POLICY": {}}
    for each in (page, spanish):
        waiting = TreatmentPage.objects.get(pk=each.pk).get_latest_revision()
        waiting.publish(user=admin_user)
    assert find_places(other, spanish) == ["intro", "body"]
    assert get_state(spanish).status == TranslationStatus.CURRENT
