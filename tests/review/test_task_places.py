"""The clinical review in workflows of other things than articles, in other languages, on a date; and its messages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Page, TaskState, Workflow, WorkflowTask

from snippets.models import GlossaryTerm
from tests import factories
from tests.review.conftest import create_contributor, create_reviewer, create_user
from tests.review.deciding import act, decide, start
from tests.review.drafts import edit, get_step, set_step
from treatments.review.models import ClinicalReviewTask, Decision, Reviewer
from treatments.review.workflows import ReviewRefusedError
from treatments.translation.services import stage_translation

pytestmark = pytest.mark.django_db


@pytest.fixture
def publication(db):
    return GroupApprovalTask.objects.create(name="Publication")


def change_title(page: Any) -> Any:
    draft = page.specific
    draft.title = "Changed"
    draft.save_revision()
    return type(draft).objects.get(pk=page.pk)


@pytest.mark.parametrize("name", ["home", "index"])
def test_what_is_no_article_goes_on_to_the_next_task(
    site, task, publication, author, name
):
    page = change_title(site if name == "home" else site.index)

    _page, state = start(page, task, publication, user=author)

    assert (state.task_id, state.status) == (
        publication.pk,
        TaskState.STATUS_IN_PROGRESS,
    )
    skipped = TaskState.objects.get(task=task)
    assert skipped.status == TaskState.STATUS_SKIPPED
    assert not Page.objects.filter(pk=page.pk, title="Changed").exists()


def test_what_is_no_article_is_approved_by_whoever_may_publish_where_no_task_follows(
    site, task, author, doctor, admin_user
):
    page = change_title(site.index)
    page, state = start(page, task, user=author)
    assert state.status == TaskState.STATUS_IN_PROGRESS
    assert task.get_actions(page, doctor) == []
    assert not task.user_can_access_editor(page, doctor)
    with pytest.raises(ReviewRefusedError):
        act(task, state, doctor, "approve")
    assert [name for name, *_ in task.get_actions(page, admin_user)] == [
        "reject",
        "approve",
    ]

    act(task, state, admin_user, "approve")

    assert Page.objects.get(pk=page.pk).title == "Changed"
    assert not Decision.objects.exists()


def test_a_snippet_is_not_taken_for_the_page_with_its_number(
    draft, task, author, doctor, admin_user
):
    term = GlossaryTerm.objects.create(
        pk=draft.pk,
        term="Liver",
        slug="liver",
        definition="<p>An organ.</p>",
        locale=factories.get_locale("en"),
    )
    term.save_revision()
    page, state = start(draft, task, user=author)
    # Approved without anybody having gone on since.
    task.approvals = 2
    task.save()
    act(task, state, doctor, "approve")
    ClinicalReviewTask.objects.update(approvals=1)

    workflow = Workflow.objects.create(name="Terms")
    other = ClinicalReviewTask.objects.create(name="Of terms")
    WorkflowTask.objects.create(workflow=workflow, task=other)
    workflow.start(term, author)

    assert get_step(page) == "The skin is numbed"
    waiting = TaskState.objects.get(task=other)
    assert waiting.status == TaskState.STATUS_IN_PROGRESS
    act(other, waiting, admin_user, "reject", comment="No.")
    waiting.refresh_from_db()
    assert waiting.status == TaskState.STATUS_REJECTED


def test_each_language_has_a_task_of_its_own(article, site, task, author, doctor):
    factories.create_spanish_tree(site)
    translation = factories.submit(article)
    factories.translate_all(translation)
    staged = stage_translation(translation)
    spanish = Page.objects.get(pk=staged.object_id).specific
    edit(article, set_step("English"), author, publish=False)
    english, english_state = start(article, task, user=author)
    _page, spanish_state = start(spanish, task, user=author)

    act(task, english_state, doctor, "approve")

    spanish_state.refresh_from_db()
    assert spanish_state.status == TaskState.STATUS_IN_PROGRESS
    assert get_step(english) == "English"
    assert not Page.objects.get(pk=spanish.pk).live
    act(task, spanish_state, doctor, "approve")
    assert Page.objects.get(pk=spanish.pk).live
    assert set(Decision.objects.values_list("locale", flat=True)) == {"en", "es"}


def test_an_approved_text_is_published_on_its_day(draft, task, author, doctor):
    day = timezone.now() + timedelta(days=3)

    def schedule(page):
        page.go_live_at = day

    edit(draft, schedule, author, publish=False)
    _page, state = start(draft, task, user=author)

    act(task, state, doctor, "approve")

    state.refresh_from_db()
    assert state.status == TaskState.STATUS_APPROVED
    assert get_step(draft) == "The skin is numbed"
    with time_machine.travel(day + timedelta(minutes=1), tick=False):
        call_command("publish_scheduled")
    assert get_step(draft) == "Not reviewed"


def test_the_reviewers_are_told_once_that_an_article_waits(
    draft, task, author, doctor, mailoutbox
):
    create_reviewer("Left", is_active=False)
    create_reviewer("Translator", "translator")
    create_user("Other")
    Reviewer.objects.create(
        email="guest@example.org", contributor=create_contributor("Dr Guest")
    )

    page, state = start(draft, task, user=author)

    assert [mail.to for mail in mailoutbox] == [["doctor@example.org"]]
    assert "Clinical review" in mailoutbox[0].body
    edit(page, set_step("Changed again"), author, publish=False)
    act(task, state, doctor, "approve")
    told = [mail for mail in mailoutbox if mail.to == ["doctor@example.org"]]
    assert len(told) == 1


def test_nobody_is_told_of_what_was_approved_already(
    draft, task, author, doctor, mailoutbox
):
    decide(draft, doctor)

    start(draft, task, user=author)

    assert all(mail.to != ["doctor@example.org"] for mail in mailoutbox)


def test_only_a_published_contributor_has_a_role(draft, task, author, doctor):
    contributor = Reviewer.objects.get(user=doctor).contributor
    contributor.unpublish()
    page, _state = start(draft, task, user=author)

    assert task.get_actions(page, doctor) == []
    assert not decide(draft, doctor).is_clinical
