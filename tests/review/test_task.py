"""The clinical review as a task of a workflow: who approves, how many, and never the author."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse
from wagtail.models import GroupApprovalTask, TaskState

from snippets.models import Contributor
from tests import factories
from tests.review.conftest import (
    build_grant_body,
    call,
    create_contributor,
    create_guest,
    create_reviewer,
    create_user,
)
from tests.review.deciding import act, decide, start
from tests.review.drafts import create_draft_with_term, edit, get_step, set_step
from treatments.preview.links import create_link
from treatments.review.models import ClinicalReviewTask, Decision, Reviewer, Verdict
from treatments.review.workflows import ReviewRefusedError, find_decisions

pytestmark = pytest.mark.django_db
DECISIONS = "/api/v3/drafts/decisions/"


def test_the_approval_in_a_workflow_publishes(draft, task, author, doctor):
    page, state = start(draft, task, user=author)
    assert [name for name, *_ in task.get_actions(page, doctor)] == ["decide"]

    act(task, state, doctor, "approve", comment="Checked.")

    assert get_step(draft) == "Not reviewed"
    decision = Decision.objects.get()
    assert (decision.statement, decision.is_clinical) == ("Checked.", True)
    state.refresh_from_db()
    assert (state.status, state.finished_by) == (TaskState.STATUS_APPROVED, doctor)


def test_changes_are_asked_for_in_a_workflow(draft, task, author, doctor):
    _page, state = start(draft, task, user=author)

    with pytest.raises(ReviewRefusedError):
        act(task, state, doctor, "reject", comment="")
    act(task, state, doctor, "reject", comment="The dose is wrong.")

    state.refresh_from_db()
    assert state.status == TaskState.STATUS_REJECTED
    assert Decision.objects.get().verdict == Verdict.CHANGES_REQUESTED


def test_the_author_does_not_approve_in_a_workflow(
    draft, task, author, client, admin_user
):
    Reviewer.objects.create(user=author, contributor=create_contributor("Author"))
    page, state = start(draft, task, user=author)

    assert find_decisions(task, page, author) == ["reject"]
    with pytest.raises(ReviewRefusedError, match="Somebody else"):
        act(task, state, author, "approve")
    # An administrator without the role is nobody's reviewer.
    assert task.get_actions(page, admin_user) == []
    with pytest.raises(PermissionDenied):
        act(task, state, admin_user, "approve")
    assert not Decision.objects.exists()


def test_the_author_does_not_approve_by_the_address_of_the_admin(
    draft, task, author, client
):
    author.is_superuser = True
    author.save()
    Reviewer.objects.create(user=author, contributor=create_contributor("Author"))
    _page, state = start(draft, task, user=author)
    client.force_login(author)

    client.post(
        reverse(
            "wagtailadmin_pages:workflow_action", args=[draft.pk, "approve", state.pk]
        ),
        {"comment": "Mine"},
    )

    assert not Decision.objects.exists()
    assert get_step(draft) == "The skin is numbed"


def test_two_people_approve_where_two_are_asked_for(draft, task, author, doctor):
    task.approvals = 2
    task.save()
    _page, state = start(draft, task, user=author)
    act(task, state, doctor, "approve")
    act(task, state, doctor, "approve")
    state.refresh_from_db()
    assert state.status == TaskState.STATUS_IN_PROGRESS

    act(task, state, create_reviewer("Second"), "approve")

    state.refresh_from_db()
    assert state.status == TaskState.STATUS_APPROVED


@pytest.mark.needs_postgresql
def test_two_people_who_approve_at_once_finish_the_task(
    committing, site, author, doctor
):
    second = create_reviewer("Second")
    page = factories.create_article(site.index, live=False, title="New", slug="new")
    page.save_revision(user=author)
    task = ClinicalReviewTask.objects.create(name="Two doctors", approvals=2)
    page, state = start(page, task, user=author)

    def approve_too() -> None:
        with closing(connection):
            decide(page, second)

    with transaction.atomic():
        decide(page, doctor)
        other = threading.Thread(target=approve_too)
        other.start()
        # It waits for the end of this transaction.
        other.join(2)
    other.join()

    state.refresh_from_db()
    assert Decision.objects.count() == 2
    assert state.status == TaskState.STATUS_APPROVED


def test_an_edit_during_the_review_takes_the_approvals_along(
    draft, task, author, doctor
):
    task.approvals = 2
    task.save()
    page, state = start(draft, task, user=author)
    act(task, state, doctor, "approve")
    edit(page, set_step("Changed meanwhile"), author, publish=False)

    act(task, state, create_reviewer("Second"), "approve")

    state.refresh_from_db()
    assert state.status == TaskState.STATUS_IN_PROGRESS
    assert get_step(draft) == "The skin is numbed"


def test_a_guest_finishes_the_task_by_a_link(draft, task, author, client, gate):
    _page, state = start(draft, task, user=author)
    gate.share(draft, author, contributor_id=create_guest(), is_sent_only=True)

    answer = call(client, "post", DECISIONS, build_grant_body(draft))

    assert answer.status_code == 200, answer.content
    state.refresh_from_db()
    assert state.status == TaskState.STATUS_APPROVED
    assert get_step(draft) == "Not reviewed"


def test_a_guest_who_read_the_draft_of_a_term_finishes_when_it_is_published(
    strict, site, author, client, admin_user, task
):
    page, term = create_draft_with_term(site.index, author, "<p>5 mm</p>")
    term.definition = "<p>10 mm</p>"
    draft = term.save_revision()
    guest = Contributor.objects.get(pk=create_guest())
    _link, token = create_link(
        page,
        admin_user,
        recipient_name="Dr Guest",
        recipient_email="guest@example.org",
        contributor=guest,
        may_decide=True,
        is_sent_only=True,
    )
    page.refresh_from_db()
    page, state = start(page, task, user=author)

    read = call(client, "get", "/api/v3/drafts/", token=token).json()
    body = {"verdict": "approved", "content_hash": read["revision"]["content_hash"]}
    assert call(client, "post", DECISIONS, body, token).status_code == 200

    state.refresh_from_db()
    assert state.status == TaskState.STATUS_IN_PROGRESS
    client.force_login(admin_user)
    screen = client.get(reverse("treatments_review:page", args=[page.pk]))
    assert "Dr Guest approved the latest version" in screen.content.decode()

    draft.publish()

    state.refresh_from_db()
    assert state.status == TaskState.STATUS_APPROVED
    assert type(page).objects.get(pk=page.pk).live


def test_a_guest_without_the_role_finishes_nothing(draft, task, author, client, gate):
    _page, state = start(draft, task, user=author)
    gate.share(draft, author)

    assert call(client, "post", DECISIONS, build_grant_body(draft)).status_code == 200

    state.refresh_from_db()
    assert state.status == TaskState.STATUS_IN_PROGRESS


def test_what_was_approved_before_needs_no_second_approval(draft, task, author, doctor):
    decide(draft, doctor)

    first = GroupApprovalTask.objects.create(name="First")
    _page, state = start(draft, first, task, user=author)
    assert get_step(draft) == "The skin is numbed"

    state.approve(user=None)

    assert get_step(draft) == "Not reviewed"


def test_what_was_approved_before_it_is_submitted_is_published_at_once(
    draft, task, author, doctor
):
    decide(draft, doctor)

    start(draft, task, user=author)

    assert get_step(draft) == "Not reviewed"


def test_a_decision_stands_where_the_policy_asks_for_more(
    draft, task, author, doctor, settings
):
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "REVIEW_POLICY": {"default": {"publishing": "refuse", "approvals": 2}},
    }
    _page, state = start(draft, task, user=author)

    act(task, state, doctor, "approve")

    state.refresh_from_db()
    assert state.status == TaskState.STATUS_IN_PROGRESS
    assert Decision.objects.count() == 1
    assert get_step(draft) == "The skin is numbed"


def test_who_reviews_is_found_by_the_role(draft, task, author, doctor):
    translator = create_reviewer("Translator", "translator")
    start(draft, task, user=author)

    assert task.get_task_states_user_can_moderate(doctor).count() == 1
    assert not task.get_task_states_user_can_moderate(translator).exists()
    assert not task.get_task_states_user_can_moderate(create_user("Other")).exists()
    assert task.user_can_access_editor(draft, doctor)
    assert not task.user_can_access_editor(draft, translator)


def test_an_administrator_builds_the_task(client, admin_user):
    client.force_login(admin_user)
    url = reverse(
        "wagtailadmin_workflows:add_task",
        args=["treatments_review", "clinicalreviewtask"],
    )
    assert "number of approvals" in client.get(url).content.decode().lower()

    answer = client.post(
        url, {"name": "Two doctors", "role": "clinical_reviewer", "approvals": "2"}
    )

    assert answer.status_code == 302
    assert ClinicalReviewTask.objects.get().approvals == 2
