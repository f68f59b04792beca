"""How language versions stand to their source: what counts as a change, since when, and who is told."""

from __future__ import annotations

import copy
from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import GroupPagePermission, Page
from wagtail_localize.models import Translation, TranslationSource

from tests import factories
from tests.factories import submit, to_spanish, translate_all
from treatments.models import TreatmentPage, TreatmentPageCondition
from treatments.signals import article_states_changed
from treatments.states import (
    TranslationState,
    TranslationStatus,
    get_translation_states,
)
from treatments.translation.models import TranslatedVersion
from treatments.translation.services import (
    publish_translation,
    stage_translation,
    submit_translation,
    update_source,
)

pytestmark = pytest.mark.django_db

SECTION, CRITERIA, CRITERION, STEPS, PHASE, STEP_1, STEP_2, FIGURE, STATISTIC = (
    f"{number:08d}-0000-4000-8000-000000000000" for number in range(1, 10)
)
OTHER = "99999999-0000-4000-8000-000000000000"
POINT = factories.KEY_POINTS[0]["id"]
MADE = datetime(2026, 1, 1, tzinfo=UTC)
CHANGED = datetime(2026, 2, 1, tzinfo=UTC)
LATER = datetime(2026, 3, 1, tzinfo=UTC)


def build_body(image_id):
    """A section with something clinical and something editorial, as short as possible."""
    return [
        {
            "type": "section",
            "id": SECTION,
            "value": {
                "heading": "Surgery",
                "content": [
                    {
                        "type": "criteria_list",
                        "id": CRITERIA,
                        "value": {
                            "lead_in": "It may help if the tumor",
                            "items": [
                                {
                                    "type": "criterion",
                                    "id": CRITERION,
                                    "value": {
                                        "text": "is small",
                                        "quantity": {
                                            "comparator": "le",
                                            "value": 1.5,
                                            "unit": "cm",
                                        },
                                    },
                                }
                            ],
                        },
                    },
                    {
                        "type": "procedure_steps",
                        "id": STEPS,
                        "value": {
                            "procedure": "Ablation",
                            "phases": [
                                {
                                    "type": "during",
                                    "id": PHASE,
                                    "value": {
                                        "steps": [
                                            {
                                                "type": "step",
                                                "id": key,
                                                "value": {"title": title},
                                            }
                                            for key, title in (
                                                (STEP_1, "One"),
                                                (STEP_2, "Two"),
                                            )
                                        ]
                                    },
                                }
                            ],
                        },
                    },
                    {
                        "type": "figure",
                        "id": FIGURE,
                        "value": {
                            "image": image_id,
                            "alt": "A drawing",
                            "caption": "A caption",
                        },
                    },
                ],
            },
        }
    ]


@pytest.fixture
def index():
    home = factories.create_site()
    factories.create_spanish_tree(home)
    return home.index


@pytest.fixture
def page(index):
    """An English article, published."""
    with time_machine.travel(MADE, tick=False):
        return factories.create_article(
            index,
            title="Surgery",
            intro='<p data-block-key="a1">Intro</p>',
            body=build_body(factories.create_image().pk),
        )


@pytest.fixture
def spanish(page):
    """Its Spanish version, published."""
    with time_machine.travel(MADE, tick=False):
        return to_spanish(page)


def get_state(page) -> TranslationState:
    """Return the state of one page."""
    return get_translation_states([page.pk])[page.pk]


def publish_at(page, moment):
    """Publish a page at a fixed time."""
    with time_machine.travel(moment, tick=False):
        return factories.publish(page)


def find(raw, key):
    """Return the child of a stream with an id, anywhere in raw data."""
    if isinstance(raw, list):
        return next((hit for item in raw if (hit := find(item, key))), None)
    if isinstance(raw, dict):
        return raw if raw.get("id") == key else find(list(raw.values()), key)
    return None


def edit_body(change):
    """Return an edit of the page that changes its raw body."""

    def edit(page):
        raw = copy.deepcopy(list(page.body.raw_data))
        change(raw)
        page.body = raw

    return edit


def set_field(name, value):
    """Return an edit of the page that sets a field."""
    return lambda page: setattr(page, name, value)


def add_condition(page):
    page.article_conditions.add(
        TreatmentPageCondition(condition=factories.create_condition())
    )


def move_step(raw):
    find(raw, PHASE)["value"]["steps"].reverse()


def move_figure(raw):
    content = raw[0]["value"]["content"]
    content.insert(0, content.pop())


def add_criterion(raw):
    find(raw, CRITERIA)["value"]["items"].append(
        {"type": "criterion", "id": OTHER, "value": {"text": "is alone"}}
    )


def remove_step(raw):
    find(raw, PHASE)["value"]["steps"].pop()


def add_promotion(raw):
    raw[0]["value"]["content"].insert(
        0, {"type": "promotion_slot", "id": OTHER, "value": {"placement": "inline"}}
    )


def write_defaults_out(raw):
    find(raw, CRITERION)["value"] |= {
        "characteristic": "include",
        "explanation": "",
        "note": None,
        "citations": [],
        "code": {},
    }
    find(raw, CRITERIA)["value"] |= {"logic": "all", "minimum": None}


CLINICAL_CHANGES = {
    "the text of a criterion": (
        edit_body(lambda raw: find(raw, CRITERION)["value"].update(text="is tiny")),
        (CRITERION,),
    ),
    "one number": (
        edit_body(
            lambda raw: find(raw, CRITERION)["value"]["quantity"].update(value=2.5)
        ),
        (CRITERION,),
    ),
    "a choice with a default": (
        edit_body(
            lambda raw: find(raw, CRITERION)["value"].update(characteristic="exclude")
        ),
        (CRITERION,),
    ),
    "the logic of a list": (
        edit_body(lambda raw: find(raw, CRITERIA)["value"].update(logic="any")),
        (CRITERIA,),
    ),
    "a moved step": (edit_body(move_step), (PHASE,)),
    "a new criterion": (edit_body(add_criterion), (CRITERIA, OTHER)),
    "a step that is gone": (edit_body(remove_step), (PHASE, STEP_2)),
    "a heading": (
        edit_body(lambda raw: raw[0]["value"].update(heading="Cryoablation")),
        (SECTION,),
    ),
    "the title": (set_field("title", "Ablation"), ("title",)),
    "the summary": (set_field("summary", "Something else."), ("summary",)),
    "the introduction": (set_field("intro", "<p>New</p>"), ("intro",)),
    "the kind": (set_field("kind", "procedure"), ("kind",)),
    "a condition": (add_condition, ("article_conditions",)),
    "a key point": (
        lambda page: setattr(
            page,
            "key_points",
            [{**factories.KEY_POINTS[0], "value": "New"}, factories.KEY_POINTS[1]],
        ),
        (POINT,),
    ),
}

EDITORIAL_CHANGES = {
    "a caption": (
        edit_body(lambda raw: find(raw, FIGURE)["value"].update(caption="New")),
        (FIGURE,),
    ),
    "a moved figure": (edit_body(move_figure), (FIGURE,)),
    "a place for promotions": (edit_body(add_promotion), (OTHER,)),
    "the SEO title": (set_field("seo_title", "New"), ("seo_title",)),
    "the search description": (
        set_field("search_description", "New"),
        ("search_description",),
    ),
    "the menus": (set_field("show_in_menus", True), ("show_in_menus",)),
    "another name": (
        set_field("also_known_as", [{"type": "name", "id": OTHER, "value": "Cold"}]),
        ("also_known_as", OTHER),
    ),
}

NO_CHANGES = {
    "nothing": lambda page: None,
    "defaults that are written out": edit_body(write_defaults_out),
    "the keys of paragraphs": set_field("intro", '<p data-block-key="b2">Intro</p>'),
    "a whole number": edit_body(
        lambda raw: find(raw, CRITERION)["value"]["quantity"].update(value=1.50)
    ),
    "the schedule": set_field("expire_at", datetime(2099, 1, 1, tzinfo=UTC)),
}


@pytest.mark.parametrize("case", CLINICAL_CHANGES)
def test_a_clinical_change_of_the_source(page, spanish, case):
    change, blocks = CLINICAL_CHANGES[case]
    change(page)
    publish_at(page, CHANGED)
    assert get_state(spanish) == TranslationState(
        TranslationStatus.BEHIND_CLINICAL, "en", CHANGED, blocks
    )


@pytest.mark.parametrize("case", EDITORIAL_CHANGES)
def test_an_editorial_change_of_the_source(page, spanish, case):
    change, blocks = EDITORIAL_CHANGES[case]
    change(page)
    publish_at(page, CHANGED)
    assert get_state(spanish) == TranslationState(
        TranslationStatus.BEHIND_EDITORIAL, "en", CHANGED, blocks
    )


@pytest.mark.parametrize("case", NO_CHANGES)
def test_a_publication_that_changes_nothing(page, spanish, case):
    NO_CHANGES[case](page)
    publish_at(page, CHANGED)
    assert get_state(spanish) == TranslationState(TranslationStatus.CURRENT, "en")
    assert get_state(page) == TranslationState(TranslationStatus.SOURCE)


def test_an_editors_save_of_raw_content_changes_nothing(page, spanish):
    page = TreatmentPage.objects.get(pk=page.pk)
    # Reading the blocks makes Wagtail write them out in full when it saves.
    for name in ("body", "key_points"):
        str(getattr(page, name))
    assert page.body[0].value["content"][0].value["items"][0].value["note"] == ""
    for section in page.body:
        section.id = section.id
    publish_at(page, CHANGED)
    stored = TreatmentPage.objects.get(pk=page.pk).body.raw_data[0]
    assert "standalone" in stored["value"]
    assert get_state(spanish).status == "current"


def test_a_draft_of_the_source_changes_nothing(page, spanish):
    page.summary = "A draft"
    page.save_revision()
    assert get_state(spanish).status == "current"


def test_clinical_and_editorial_changes_together_are_clinical(page, spanish):
    page.seo_title, page.summary = "New", "New"
    publish_at(page, CHANGED)
    state = get_state(spanish)
    assert state.status == "behind_clinical"
    assert set(state.behind_blocks) == {"seo_title", "summary"}


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


def test_an_unpublished_source_counts_with_what_it_said_last(page, spanish):
    page.unpublish()
    assert get_state(spanish).status == "current"
    page.refresh_from_db()
    page.summary = "A draft"
    page.save_revision()
    assert get_state(spanish).status == "current"
    publish_at(page, LATER)
    assert get_state(spanish).behind_since == LATER


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


def forget(spanish):
    """Make a page as it was before there were records of translations."""
    TranslatedVersion.objects.filter(pk=spanish.pk).delete()


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


def test_streams_are_compared_without_building_their_blocks(page, spanish, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a block was built")

    monkeypatch.setattr("wagtail.blocks.struct_block.BaseStructBlock.to_python", refuse)
    monkeypatch.setattr(
        "wagtail.blocks.struct_block.BaseStructBlock.bulk_to_python", refuse
    )
    assert get_state(spanish).status == "current"


def test_the_editor_of_a_translation_is_told(admin_client, page, spanish):
    url = f"/admin/pages/{spanish.pk}/edit/"
    source_url = f"/admin/pages/{page.pk}/edit/"
    assert "is behind" not in admin_client.get(url).content.decode()
    page.summary = "New"
    publish_at(page, CHANGED)
    source = TranslationSource.objects.get(object_id=page.translation_key)
    answer = admin_client.get(url).content.decode()
    assert "1 part of the source has changed, since Feb. 1, 2026." in answer
    assert "may concern somebody’s treatment" in answer
    assert f"/admin/localize/update/{source.pk}/" in answer
    update_source(source)
    answer = admin_client.get(url).content.decode()
    assert "The new content is here already" in answer
    assert "is behind" not in admin_client.get(source_url).content.decode()
    Translation.objects.filter(source=source).update(enabled=False)
    answer = admin_client.get(url).content.decode()
    assert "It is kept by hand" in answer
    assert source_url in answer


def test_somebody_who_may_not_open_the_page_is_told_nothing(
    client, page, spanish, django_user_model
):
    page.summary = "New"
    publish_at(page, CHANGED)
    user = django_user_model.objects.create_user("guest", password="x")  # noqa: S106
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    answer = client.get(f"/admin/pages/{spanish.pk}/edit/", follow=True)
    assert "is behind" not in answer.content.decode()
    assert client.get("/admin/reports/translations-behind/").status_code == 302
    assert "translations-behind" not in client.get("/admin/").content.decode()


def test_the_report_lists_what_is_behind(admin_client, page, spanish):
    url = "/admin/reports/translations-behind/"
    assert "is behind its source" in admin_client.get(url).content.decode()
    page.seo_title = "New"
    publish_at(page, CHANGED)
    answer = admin_client.get(url)
    assert list(answer.context["object_list"]) == [spanish.page_ptr]
    assert "Behind: editorial" in answer.content.decode()
    for query, count in (
        ("translation_status=behind_editorial", 1),
        ("translation_status=behind_clinical", 0),
        (f"locale={spanish.locale_id}", 1),
        (f"locale={page.locale_id}", 0),
    ):
        answer = admin_client.get(f"{url}?{query}")
        assert len(answer.context["object_list"]) == count, query
    exported = b"".join(
        admin_client.get(f"{url}?export=csv").streaming_content
    ).decode()
    assert exported.splitlines()[0] == (
        "Title,Language,Status,Changes,Behind since,Published"
    )
    assert "ES Surgery,español,Behind: editorial,1," in exported
    assert "Translations behind" in admin_client.get("/admin/").content.decode()


def test_the_report_shows_only_what_its_reader_may_change(
    client, page, spanish, django_user_model
):
    page.summary = "New"
    publish_at(page, CHANGED)
    group = Group.objects.create(name="English only")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(
        group=group,
        page=page.get_parent(),
        permission=Permission.objects.get(
            content_type__app_label="wagtailcore", codename="change_page"
        ),
    )
    user = django_user_model.objects.create_user("editor", password="x")  # noqa: S106
    user.groups.add(group)
    client.force_login(user)
    answer = client.get("/admin/reports/translations-behind/")
    assert answer.status_code == 200
    assert list(answer.context["object_list"]) == []
