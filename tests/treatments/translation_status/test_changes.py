"""What counts as a change of the source, and whether it is clinical or editorial."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests import factories
from tests.treatments.translation_status.articles import (
    CHANGED,
    CRITERIA,
    CRITERION,
    FIGURE,
    OTHER,
    PHASE,
    POINT,
    SECTION,
    STEP_2,
    edit_body,
    find,
    get_state,
    publish_at,
)
from treatments.models import TreatmentPage, TreatmentPageCondition
from treatments.ports.states import TranslationState, TranslationStatus

pytestmark = pytest.mark.django_db


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
    "another picture": (
        edit_body(lambda raw: find(raw, FIGURE)["value"].update(image=None)),
        (FIGURE,),
    ),
    "what a picture shows": (
        edit_body(lambda raw: find(raw, FIGURE)["value"].update(alt="A knife")),
        (FIGURE,),
    ),
    "a moved figure": (edit_body(move_figure), (SECTION,)),
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
    "the credit of a figure": (
        edit_body(lambda raw: find(raw, FIGURE)["value"].update(credit="New")),
        (FIGURE,),
    ),
    "a health aspect": (
        edit_body(
            lambda raw: raw[0]["value"].update(
                health_aspect="RisksOrComplicationsHealthAspect"
            )
        ),
        (SECTION,),
    ),
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
    with factories.publishing_anything():
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


def test_streams_are_compared_without_building_their_blocks(page, spanish, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a block was built")

    monkeypatch.setattr("wagtail.blocks.struct_block.BaseStructBlock.to_python", refuse)
    monkeypatch.setattr(
        "wagtail.blocks.struct_block.BaseStructBlock.bulk_to_python", refuse
    )
    assert get_state(spanish).status == "current"
