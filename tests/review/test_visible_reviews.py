"""Reviewers see the reviews that concern them: they edit or publish, are asked, or have decided."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from tests.review.conftest import FIRST, admit, create_contributor, create_reviewer
from tests.review.deciding import decide, start
from tests.review.drafts import edit, set_step
from treatments.admin.groups import REVIEWERS
from treatments.review.models import (
    ClinicalReviewTask,
    Decision,
    Reviewer,
    ReviewRequest,
    Verdict,
)
from treatments.review.requests import open_requests

pytestmark = pytest.mark.django_db
REPORT = "/admin/reports/reviews/"


@pytest.fixture
def doctor(article, doctor):
    return admit(doctor)


def sees(client, page):
    """Tell whether the screen, the reader, the report and its export show an article, all alike."""
    revision = page.get_latest_revision()
    answers = {
        client.get(reverse("treatments_review:page", args=[page.pk])).status_code,
        client.get(
            reverse("treatments_review:read", args=[page.pk, revision.pk])
        ).status_code,
    }
    export = client.get(f"{REPORT}?export=csv")
    lists = {
        page.title in client.get(REPORT).content.decode(),
        page.title in b"".join(export.streaming_content).decode(),
    }
    assert len(answers) == len(lists) == 1
    assert (answers == {200}) == (lists == {True})
    return answers == {200}


def test_a_reviewer_does_not_see_what_nobody_asks_about(client, article, doctor):
    client.force_login(doctor)

    assert not sees(client, article)
    url = reverse("treatments_review:page", args=[article.pk])
    data = {"action": "decide", "verdict": "approved", "content_hash": "x"}
    assert client.post(url, data).status_code == 302
    assert article.title not in client.get("/admin/").content.decode()
    assert not Decision.objects.exists()


def test_a_task_shows_the_article_while_it_waits(client, article, doctor, author):
    task = ClinicalReviewTask.objects.create(name="Review")
    _page, state = start(article, task, user=author)
    client.force_login(doctor)
    assert sees(client, article)

    state.workflow_state.cancel()

    assert not sees(client, article)


def test_a_task_for_another_role_shows_nothing(client, article, doctor, author):
    task = ClinicalReviewTask.objects.create(name="Review", role="patient_reviewer")
    start(article, task, user=author)
    client.force_login(doctor)

    assert not sees(client, article)


def test_a_request_shows_the_article_to_the_role_that_answers(client, article, doctor):
    request = open_requests(
        {article.pk: [FIRST]}, ReviewRequest.Reason.ASKED, "", "1", ""
    )[0]
    patient = create_reviewer("Patient", "patient_reviewer")
    patient.groups.add(Group.objects.get(name=REVIEWERS))
    client.force_login(doctor)
    assert sees(client, article)
    client.force_login(patient)
    assert not sees(client, article)

    ReviewRequest.objects.filter(pk=request.pk).update(closed_at="2026-01-01T00:00Z")

    client.force_login(doctor)
    assert not sees(client, article)


def test_who_has_decided_goes_on_seeing_it(client, article, doctor):
    decide(article, doctor, Verdict.CHANGES_REQUESTED, statement="Why?")
    edit(article, set_step("Changed"))
    client.force_login(doctor)

    assert sees(client, article)


def test_who_may_publish_sees_it_without_being_a_reviewer(client, article, admin_user):
    client.force_login(admin_user)

    assert sees(client, article)


def test_a_task_of_a_snippet_does_not_show_the_page_with_its_number(
    client, article, doctor, author
):
    from wagtail.models import Workflow, WorkflowTask

    from snippets.models import GlossaryTerm
    from tests import factories

    term = GlossaryTerm.objects.create(
        pk=article.pk,
        term="Liver",
        slug="liver",
        definition="<p>An organ.</p>",
        locale=factories.get_locale("en"),
    )
    term.save_revision()
    workflow = Workflow.objects.create(name="Terms")
    task = ClinicalReviewTask.objects.create(name="Of terms")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    workflow.start(term, author)
    client.force_login(doctor)

    assert not sees(client, article)


def test_an_account_that_is_no_reviewer_any_more_sees_what_it_decided(
    client, article, doctor
):
    decide(article, doctor)
    Reviewer.objects.filter(user=doctor).update(
        contributor=create_contributor("Somebody else")
    )
    client.force_login(doctor)

    assert sees(client, article)
