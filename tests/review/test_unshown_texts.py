"""Where no text was shown, or another one, nobody approves: on the dashboard, by a script, as a guest, in the editor."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse
from wagtail.models import TaskState

from tests import factories
from tests.ports import offer
from tests.review.conftest import DECISIONS, GUEST, admit, build_grant_body, call
from tests.review.deciding import act, start
from tests.review.drafts import edit, get_step, set_step
from tests.review.editing import build_form
from tests.review.screen import get_content, get_status, get_url
from treatments.ports import drafts
from treatments.review.models import ClinicalReviewTask, Decision, Verdict
from treatments.review.refusals import OutdatedTextError
from treatments.review.workflows import ReviewRefusedError
from treatments.review.workflows import decide as decide_shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor(article, doctor):
    return admit(doctor)


def get_action_url(page, state, action):
    return reverse(
        "wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk]
    )


def test_the_dashboard_leads_to_the_text_and_approves_nothing(
    client, draft, task, author, doctor
):
    start(draft, task, user=author)
    client.force_login(doctor)

    text = client.get("/admin/").content.decode()

    assert "Articles that wait for your decision" in text
    assert get_url(draft) in text
    assert "data-workflow-action-url" not in text


def test_the_dashboard_of_a_publisher_approves_no_article_either(
    client, draft, others, author, publisher
):
    start(draft, others, user=author)
    client.force_login(publisher)

    text = client.get("/admin/").content.decode()

    assert get_url(draft) in text
    assert "data-workflow-action-url" not in text


@pytest.mark.parametrize("action", ["approve", "reject", "editorial"])
def test_a_dashboard_that_was_loaded_before_decides_nothing(
    client, draft, task, author, doctor, action
):
    _page, state = start(draft, task, user=author)
    edit(draft, set_step("Unseen"), author, publish=False)
    client.force_login(doctor)

    client.post(get_action_url(draft, state, action), {"comment": "Yes."})

    assert get_status(state) == TaskState.STATUS_IN_PROGRESS
    assert not Decision.objects.exists()
    assert get_step(draft) == "The skin is numbed"


def test_a_window_over_the_dashboard_leads_to_the_text(
    client, draft, task, author, doctor
):
    page, state = start(draft, task, user=author)
    client.force_login(doctor)
    assert [name for name, *_ in task.get_actions(page, doctor)] == ["decide"]

    window = client.get(get_action_url(draft, state, "decide")).json()
    answer = client.post(get_action_url(draft, state, "decide"))

    assert get_url(draft) in window["html"]
    assert answer.url == get_url(draft)
    assert get_status(state) == TaskState.STATUS_IN_PROGRESS


def test_a_publisher_approves_no_article_from_a_dashboard(
    client, article, others, author, publisher
):
    edit(article, set_step("Shown"), author, publish=False)
    _page, state = start(article, others, user=author)
    edit(article, set_step("Unseen"), author, publish=False)
    client.force_login(publisher)

    client.post(get_action_url(article, state, "approve"), {"comment": ""})

    assert get_status(state) == TaskState.STATUS_IN_PROGRESS
    assert get_step(article) == "The skin is numbed"


def test_an_approval_by_a_script_names_the_text(draft, task, author, doctor):
    _page, state = start(draft, task, user=author)
    shown = get_content(draft).content_hash
    with pytest.raises(ReviewRefusedError, match="not shown"):
        task.on_action(state, doctor, "approve")
    edit(draft, set_step("Another"), author, publish=False)

    with pytest.raises(ReviewRefusedError, match="has changed"):
        task.on_action(state, doctor, "approve", content_hash=shown)

    assert not Decision.objects.exists()
    act(task, state, doctor, "approve")
    assert get_step(draft) == "Another"


def test_a_guest_who_read_another_text_is_led_to_the_new_one(
    client, article, author, gate
):
    gate.share(article, author)
    body = build_grant_body(article)
    edit(article, set_step("Another"), author, publish=False)

    answer = call(client, "post", DECISIONS, body, GUEST)

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["links"] == {"draft": "/api/v3/drafts/?locale=en"}
    assert not Decision.objects.exists()
    assert call(client, "post", DECISIONS, {"verdict": "approved"}).status_code == 422


def test_a_guest_is_refused_who_was_let_in_before_another_text_was_saved(
    client, article, author, gate, monkeypatch
):
    gate.share(article, author)
    body = build_grant_body(article)
    early = gate.grants[GUEST]
    edit(article, lambda draft: setattr(draft, "slug", "other"), author, publish=False)
    offer(monkeypatch, drafts._gates, lambda request: early)

    assert call(client, "post", DECISIONS, body).status_code == 409
    assert not Decision.objects.exists()


def test_a_guest_is_refused_whose_revision_was_saved_over_meanwhile(
    client, article, author, gate, monkeypatch
):
    gate.share(article, author)
    body = build_grant_body(article)

    def let_in(request):
        grant = gate(request)
        draft = article.get_latest_revision_as_object()
        set_step("Typed meanwhile")(draft)
        latest = article.get_latest_revision()
        draft.save_revision(user=author, overwrite_revision=latest)
        return grant

    offer(monkeypatch, drafts._gates, let_in)

    assert call(client, "post", DECISIONS, body).status_code == 409
    assert not Decision.objects.exists()


def test_a_publisher_approves_in_the_editor_what_the_editor_shows(
    client, article, others, author, publisher
):
    edit(article, set_step("Shown"), author, publish=False)
    _page, state = start(article, others, user=author)
    client.force_login(publisher)
    loaded = article.get_latest_revision().pk
    edit(article, set_step("Unseen"), author, publish=False)
    data = {
        **build_form(article),
        "action-workflow-action": "true",
        "workflow-action-name": "approve",
        "loaded_revision_id": str(loaded),
    }
    url = reverse("wagtailadmin_pages:edit", args=[article.pk])

    answer = client.post(url, data, follow=True)

    assert "not approved" in answer.content.decode()
    assert get_status(state) == TaskState.STATUS_IN_PROGRESS
    article.refresh_from_db()
    data["loaded_revision_id"] = str(article.latest_revision_id)
    client.post(url, data)
    assert get_status(state) == TaskState.STATUS_APPROVED


@pytest.mark.needs_postgresql
def test_a_text_that_is_saved_while_another_is_approved_is_neither_lost_nor_published(
    committing, site, author, doctor
):
    page = factories.create_article(site.index, live=False, title="New", slug="new")
    page.save_revision(user=author)
    task = ClinicalReviewTask.objects.create(name="Review")
    page, _state = start(page, task, user=author)
    shown = get_content(page).content_hash

    def save_another() -> None:
        with closing(connection):
            draft = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
            draft.summary = "Another"
            draft.save_revision(user=author)

    with transaction.atomic():
        decide_shown(page.pk, doctor, Verdict.APPROVED, shown)
        other = threading.Thread(target=save_another)
        other.start()
        # It waits for the end of this transaction.
        other.join(2)
    other.join()

    page = type(page).objects.get(pk=page.pk)
    assert page.live
    assert page.summary != "Another"
    assert page.get_latest_revision_as_object().summary == "Another"
    with pytest.raises(OutdatedTextError):
        decide_shown(page.pk, doctor, Verdict.APPROVED, shown)


def test_an_unmarked_approval_of_an_article_is_refused_in_every_task(
    article, others, author, publisher
):
    edit(article, set_step("Another"), author, publish=False)
    _page, state = start(article, others, user=author)

    with pytest.raises(PermissionDenied, match="not shown"):
        others.on_action(state, publisher, "approve")

    assert get_step(article) == "The skin is numbed"
