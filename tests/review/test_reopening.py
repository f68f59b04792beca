"""A text that is saved during a clinical review, or after it, ends what was approved; or nobody may save one."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import TaskState, WorkflowState

from tests.review.conftest import create_reviewer
from tests.review.deciding import act, decide, start
from tests.review.drafts import edit, get_step, set_step
from tests.review.editing import build_form
from treatments.conf import find_setting_errors
from treatments.review.models import ClinicalReviewTask, Decision

pytestmark = pytest.mark.django_db


@pytest.fixture
def locked(settings):
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "REVIEW_POLICY": {"default": {"editing": "lock"}},
    }


def get_present(page):
    page = type(page).objects.get(pk=page.pk)
    return page.current_workflow_task_state


def test_another_text_takes_the_article_back_to_its_clinical_review(
    article, task, others, author, doctor
):
    edit(article, set_step("Reviewed"), author, publish=False)
    _page, state = start(article, task, others, user=author)
    act(task, state, doctor, "approve")
    waiting = get_present(article)
    assert waiting.task_id == others.pk

    edit(article, set_step("Changed"), author, publish=False)

    present = get_present(article)
    assert present.task_id == task.pk
    assert present.revision_id == article.latest_revision_id
    waiting.refresh_from_db()
    assert waiting.status == TaskState.STATUS_CANCELLED
    assert "Dr Doctor" not in [
        each.finished_by for each in waiting.workflow_state.task_states.all()
    ]


def test_the_same_text_saved_again_stays_approved(
    article, task, others, author, doctor
):
    edit(article, set_step("Reviewed"), author, publish=False)
    _page, state = start(article, task, others, user=author)
    act(task, state, doctor, "approve")

    edit(article, lambda draft: setattr(draft, "slug", "other"), author, publish=False)

    assert get_present(article).task_id == others.pk


def test_two_clinical_reviews_and_a_publication_begin_anew_one_after_the_other(
    article, others, author, doctor, admin_user
):
    first = ClinicalReviewTask.objects.create(name="First")
    second = ClinicalReviewTask.objects.create(name="Second", role="patient_reviewer")
    patient = create_reviewer("Patient", "patient_reviewer")
    edit(article, set_step("Reviewed"), author, publish=False)
    _page, state = start(article, first, second, others, user=author)
    act(first, state, doctor, "approve")
    act(second, get_present(article), patient, "approve")
    assert get_present(article).task_id == others.pk
    edit(article, set_step("Changed"), author, publish=False)

    passed = []
    for task, user in ((first, doctor), (second, patient), (others, admin_user)):
        present = get_present(article)
        passed.append(present.task_id)
        assert get_step(article) == "The skin is numbed"
        act(task, present, user, "approve")

    assert passed == [first.pk, second.pk, others.pk]
    assert get_step(article) == "Changed"


def test_a_text_that_was_changed_after_a_later_task_was_rejected_is_reviewed_again(
    article, task, others, author, doctor, admin_user
):
    edit(article, set_step("Reviewed"), author, publish=False)
    _page, state = start(article, task, others, user=author)
    act(task, state, doctor, "approve")
    act(others, get_present(article), admin_user, "reject", "No.")
    edit(article, set_step("Changed"), author, publish=False)

    state = WorkflowState.objects.get(pk=state.workflow_state_id)
    state.resume(user=author)

    assert get_present(article).task_id == task.pk


def test_the_approval_of_one_of_two_people_ends_with_the_text(
    article, task, author, doctor
):
    task.approvals = 2
    task.save()
    edit(article, set_step("Reviewed"), author, publish=False)
    _page, state = start(article, task, user=author)
    act(task, state, doctor, "approve")
    edit(article, set_step("Changed"), author, publish=False)

    act(task, state, create_reviewer("Second"), "approve")
    assert get_step(article) == "The skin is numbed"

    act(task, state, doctor, "approve")
    assert get_step(article) == "Changed"


def test_a_publisher_who_changes_the_text_with_the_approval_sends_it_back(
    client, article, task, others, author, doctor, admin_user
):
    edit(article, set_step("Reviewed"), author, publish=False)
    _page, state = start(article, task, others, user=author)
    act(task, state, doctor, "approve")
    client.force_login(admin_user)
    data = {
        **build_form(article, summary="Typed with the approval"),
        "action-workflow-action": "true",
        "workflow-action-name": "approve",
    }

    url = reverse("wagtailadmin_pages:edit", args=[article.pk])
    answer = client.post(url, data, follow=True)

    assert "waits for its clinical review" in answer.content.decode()
    article.refresh_from_db()
    assert article.summary != "Typed with the approval"
    draft = article.get_latest_revision_as_object()
    assert draft.summary == "Typed with the approval"
    assert get_present(article).task_id == task.pk
    assert Decision.objects.count() == 1


def test_nobody_edits_a_locked_text_while_it_is_reviewed(
    client, locked, article, task, author, doctor, admin_user
):
    edit(article, set_step("To be reviewed"), author, publish=False)
    start(article, task, user=author)
    client.force_login(admin_user)
    url = reverse("wagtailadmin_pages:edit", args=[article.pk])
    before = article.get_latest_revision().pk

    shown = client.get(url).content.decode()
    client.post(url, build_form(article, summary="Typed"))

    assert "cannot be changed until that is over" in shown
    article.refresh_from_db()
    assert article.latest_revision_id == before
    decide(article, doctor)
    assert get_step(article) == "To be reviewed"
    page = type(article).objects.get(pk=article.pk)
    assert page.get_lock() is None


def test_the_rule_about_editing_takes_two_words():
    rules = {"default": {"editing": "never"}}
    assert find_setting_errors({"REVIEW_POLICY": rules})
    rules = {"procedure": {"editing": "lock"}}
    assert not find_setting_errors({"REVIEW_POLICY": rules})
