"""Objections stay with the text of a section, and an approval counts for what was read."""

from __future__ import annotations

import pytest

from tests.review.conftest import FIRST, SECOND, create_reviewer
from tests.review.deciding import decide, start
from tests.review.drafts import add_figure, edit, get_step, set_caption, set_step
from treatments.content.documents import load_documents
from treatments.ports.publication import PublicationRefusedError, check_publication
from treatments.ports.states import ReviewStatus, get_review_states
from treatments.review.models import ClinicalReviewTask, Reviewer, Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def other():
    return create_reviewer("Other")


def object_to(page, user, *scope):
    return decide(
        page,
        user,
        Verdict.CHANGES_REQUESTED,
        scope=scope,
        statement="The dose is wrong.",
    )


def approve_sections(page, user, *scope):
    return decide(page, user, Verdict.APPROVED_SECTIONS, scope=scope)


def get_state(page):
    return get_review_states([page.pk])[page.pk]


def set_summary(words):
    def change(draft):
        draft.summary = words

    return change


def is_refused(page):
    try:
        check_publication(page.get_latest_revision_as_object())
    except PublicationRefusedError:
        return True
    return False


@pytest.fixture
def changed(strict, article, doctor, author):
    """Return a reviewed article with a changed draft."""
    decide(article, doctor)
    return edit(article, set_step("New dose"), author, publish=False)


def test_an_objection_blocks_the_approval_of_the_same_section(changed, doctor, other):
    approve_sections(changed, doctor, SECOND)
    object_to(changed, other)

    assert is_refused(changed)

    approve_sections(changed, other, SECOND)
    changed.get_latest_revision().publish()

    assert get_step(changed) == "New dose"
    assert get_state(changed).status is ReviewStatus.CURRENT


def test_an_objection_stands_while_its_author_approves_another_section(
    changed, doctor, other
):
    object_to(changed, other, SECOND)
    approve_sections(changed, other, FIRST)
    decide(changed, doctor)

    assert is_refused(changed)


def test_an_objection_outlives_a_change_of_another_section(
    changed, doctor, other, author
):
    object_to(changed, other, SECOND)
    edit(changed, set_summary("In other words"), author, publish=False)
    decide(changed, doctor)

    with pytest.raises(PublicationRefusedError, match="What happens"):
        changed.get_latest_revision().publish()

    edit(changed, set_step("Right dose"), author, publish=False)
    decide(changed, doctor)
    changed.get_latest_revision().publish()

    assert get_state(changed).status is ReviewStatus.CURRENT


def test_an_objection_to_the_whole_text_outlives_a_change_elsewhere(
    changed, doctor, other, author
):
    object_to(changed, other)
    edit(changed, set_summary("In other words"), author, publish=False)
    decide(changed, doctor)

    assert is_refused(changed)

    decide(changed, other)

    assert not is_refused(changed)


def test_an_objection_to_a_draft_leaves_what_is_public(changed, doctor, other, author):
    object_to(changed, other)

    assert get_state(changed).status is ReviewStatus.CURRENT

    edit(changed, set_step("Right dose"), author, publish=False)
    decide(changed, doctor)

    assert not is_refused(changed)


def test_an_objection_to_one_section_of_a_public_text_names_it(article, doctor, other):
    decide(article, doctor)
    day = get_state(article).last_reviewed
    object_to(article, other, SECOND)

    governance = load_documents([article.pk])[article.pk]["governance"]
    assert governance["review_state"] == "changed_since_review"
    assert governance["changed_sections"] == [SECOND]
    assert governance["last_reviewed"] == day.isoformat()

    decide(article, doctor)
    assert get_state(article).changed_sections == (SECOND,)
    approve_sections(article, other, SECOND)
    assert get_state(article).status is ReviewStatus.CURRENT


def test_objections_to_all_sections_leave_nothing_current(article, doctor, other):
    decision = decide(article, doctor)
    object_to(article, other, *decision.sections)

    state = get_state(article)
    assert state.status is ReviewStatus.CHANGED_SINCE_REVIEW
    assert set(state.changed_sections) == set(decision.sections)


def test_an_objection_blocks_what_was_waved_through(
    strict, article, doctor, other, author
):
    edit(article, add_figure, author, publish=False)
    decide(article, doctor)
    article.get_latest_revision().publish()
    edit(article, set_caption, author, publish=False)
    decide(article, author, Verdict.EDITORIAL, statement="A full stop.")
    assert not is_refused(article)

    object_to(article, other, SECOND)

    assert is_refused(article)


def test_a_task_waits_while_somebody_objects_to_a_section(draft, author, doctor, other):
    object_to(draft, other, SECOND)
    edit(draft, set_summary("In other words"), author, publish=False)
    task = ClinicalReviewTask.objects.create(name="Clinical review")
    start(draft, task, user=author)

    decide(draft, doctor)
    assert get_step(draft) == "The skin is numbed"

    decide(draft, other)
    assert get_step(draft) == "Not reviewed"


def test_the_objection_of_somebody_who_left_blocks_nothing(changed, doctor, other):
    object_to(changed, other)
    decide(changed, doctor)
    assert is_refused(changed)

    Reviewer.objects.filter(user=other).delete()

    assert not is_refused(changed)
