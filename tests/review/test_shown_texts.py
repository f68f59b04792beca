"""An approval is about the text that was shown, wherever it comes from; where none is shown there is none."""

from __future__ import annotations

import re
import threading
from contextlib import closing
from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse
from wagtail.models import (
    GroupApprovalTask,
    TaskState,
    WorkflowState,
)

from snippets.models import Condition, GlossaryTerm, Reference, Treatment
from tests import factories
from tests.review.conftest import (
    DECISIONS,
    GUEST,
    act,
    build_grant_body,
    call,
    create_reviewer,
    decide,
    edit,
    get_step,
    set_step,
    start,
)
from tests.review.editing import build_form
from treatments.api import draft_access
from treatments.api.comparison.definitions import TECHNICAL_KEYS
from treatments.api.content_hash import VOLATILE_KEYS, select_content
from treatments.groups import REVIEWERS, create_editorial_groups
from treatments.review.models import ClinicalReviewTask, Decision, Verdict
from treatments.review.texts import OutdatedTextError, load_text, sign_shown
from treatments.review.workflows import ReviewRefusedError
from treatments.review.workflows import decide as decide_shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(db):
    return ClinicalReviewTask.objects.create(name="Clinical review")


@pytest.fixture
def others(db):
    """Return a task of Wagtail's own, for a group."""
    task = GroupApprovalTask.objects.create(name="Publication")
    task.groups.add(Group.objects.create(name="Others"))
    return task


@pytest.fixture
def publisher(admin_user):
    return admin_user


@pytest.fixture
def doctor(article):
    create_editorial_groups()
    user = create_reviewer("Doctor")
    user.groups.add(Group.objects.get(name=REVIEWERS))
    return user


def get_url(page):
    return reverse("treatments_review:page", args=[page.pk])


def get_action_url(page, state, action):
    return reverse(
        "wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk]
    )


#: Codes and dates, which the screen tells in words.
CODE = re.compile(r"[a-z_]+|\w+HealthAspect|\d{4}-\d\d-\d\d")
#: What of the hashed content no reader reads: it tells one thing from another.
UNREAD_KEYS = VOLATILE_KEYS | TECHNICAL_KEYS | {"type", "locale", "file_hash", "text"}


def find_texts(value, key=""):
    """Yield every text in a JSON value, of HTML its words and where it leads."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in UNREAD_KEYS or (name == "text" and "html" not in value):
                yield from find_texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from find_texts(inner, key)
    elif isinstance(value, str) and key == "html":
        yield from re.sub(r"<[^>]*>", " ", value).split()
        yield from re.findall(r'href="([^"]*)"', value)
    elif isinstance(value, str):
        yield value


def test_every_text_that_is_approved_is_on_the_screen(
    client, site, targets, admin_user
):
    GlossaryTerm.objects.update(aliases="Alias one\nAlias two", pronunciation="me-TAS")
    Reference.objects.update(
        pmid="31242361",
        doi="10.1000/sample",
        url="https://sample.example/trial",
        container_title="Sample journal",
        authors="Sample AB\nOther CD",
    )
    page, _sampler = factories.create_full_article(site.index, targets)
    for model in (Condition, Treatment):
        model.objects.update(
            description=f"What {model.__name__} is.",
            also_known_as=f"{model.__name__} one\nSample",
            ncit_code="C4872" if model is Condition else "C15329",
        )
    page.intro = '<p>See <a href="https://elsewhere.example/">there</a></p>'
    page.save_revision()
    page = type(page).objects.get(pk=page.pk)
    client.force_login(admin_user)
    text = unescape(client.get(get_url(page)).content.decode())
    [article] = re.findall(r'<article class="outline".*?</article>', text, re.DOTALL)
    content = select_content(get_content(page).document)
    hidden = {
        each
        for each in find_texts(content)
        if each not in article and not CODE.fullmatch(each)
    }
    assert hidden == set()


def get_content(page):
    """Return what the latest draft says."""
    text = load_text(page.pk)
    assert text is not None
    return text.content


def read_form(page, **more):
    """Return what the screen sends that shows the latest draft."""
    content = get_content(page)
    return {
        "content_hash": content.content_hash,
        "shown": sign_shown(content),
        **more,
    }


def get_status(state):
    return TaskState.objects.get(pk=state.pk).status


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


def test_a_publisher_approves_on_the_screen_what_it_shows(
    client, article, others, author, publisher
):
    edit(article, set_step("Shown"), author, publish=False)
    _page, state = start(article, others, user=author)
    client.force_login(publisher)
    assert "The article waits for “Publication”" in client.get(get_url(article)).text
    data = read_form(article, action="act", task_action="approve", comment="")
    edit(article, set_step("Another"), author, publish=False)

    refused = client.post(get_url(article), data)

    assert refused.status_code == 409
    assert get_status(state) == TaskState.STATUS_IN_PROGRESS
    assert get_step(article) == "The skin is numbed"

    data = read_form(article, action="act", task_action="approve", comment="")
    assert client.post(get_url(article), data).status_code == 302
    assert get_status(state) == TaskState.STATUS_APPROVED
    assert get_step(article) == "Another"


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


def test_who_approves_another_text_sees_what_has_changed_and_the_way_to_it(
    client, draft, doctor, author, task
):
    start(draft, task, user=author)
    client.force_login(doctor)
    data = read_form(draft, action="decide", verdict="approved", statement="Mine")
    edit(draft, set_step("Numbed with another drug"), author, publish=False)

    answer = client.post(get_url(draft), data)

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Nothing was decided" in text
    assert "What happens" in text
    assert "Numbed with another drug" in text
    assert f'href="{get_url(draft)}"' in text
    assert ">Mine<" in text
    assert not Decision.objects.exists()


def test_the_words_of_a_definition_that_changed_meanwhile_are_shown(
    client, site, author, doctor, task
):
    term = factories.create_term("margin", definition="<p>five millimeters</p>")
    page = factories.create_article(
        site.index,
        live=False,
        title="New",
        slug="new",
        intro=f'<p><a linktype="glossary-term" id="{term.pk}">margin</a></p>',
    )
    page.save_revision(user=author)
    start(page, task, user=author)
    client.force_login(doctor)
    data = read_form(page, action="decide", verdict="approved", statement="")
    term.definition = "<p>ten millimeters</p>"
    term.save_revision().publish()

    answer = client.post(get_url(page), data)

    assert answer.status_code == 409
    assert "ten" in answer.text
    assert not Decision.objects.exists()


def test_the_screen_shows_the_text_and_what_has_changed_since_ones_own_decision(
    client, article, doctor, author, task
):
    second = create_reviewer("Second")
    decide(article, doctor)
    edit(article, set_step("The skin is cleaned"), author)
    decide(article, second)
    edit(article, set_step("The skin is shaved"), author, publish=False)
    client.force_login(doctor)

    text = client.get(get_url(article)).content.decode()

    assert "The tumor is small" in text
    assert "The skin is shaved" in text
    assert "numbed" in text
    assert "cleaned" not in text

    decide(article, doctor)
    text = client.get(get_url(article)).content.decode()
    assert "The text is the one that you decided about" in text


def test_who_never_decided_is_told_so(client, draft, doctor, author, task):
    start(draft, task, user=author)
    client.force_login(doctor)

    assert (
        "You have not decided about this article yet" in client.get(get_url(draft)).text
    )


def test_a_reviewer_reads_the_draft_in_the_reader(client, draft, doctor, author, task):
    start(draft, task, user=author)
    revision = draft.get_latest_revision()
    url = reverse("treatments_review:read", args=[draft.pk, revision.pk])
    client.force_login(doctor)
    assert url in client.get(get_url(draft)).text

    answer = client.get(url)

    assert answer.status_code == 200
    assert "Not reviewed" in answer.text
    assert "no-store" in answer["Cache-Control"]
    edit(draft, set_step("Another"), author, publish=False)
    assert client.get(url).url == get_url(draft)


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
    monkeypatch.setattr(draft_access, "_gate", lambda request: early)

    assert call(client, "post", DECISIONS, body).status_code == 409
    assert not Decision.objects.exists()


def test_changes_that_are_asked_for_on_the_screen_end_the_task(
    client, draft, doctor, author, task
):
    _page, state = start(draft, task, user=author)
    client.force_login(doctor)
    data = read_form(draft, action="decide", verdict="changes_requested")

    client.post(get_url(draft), {**data, "statement": "The dose is wrong."})

    assert get_status(state) == TaskState.STATUS_REJECTED
    assert Decision.objects.get().verdict == Verdict.CHANGES_REQUESTED
    state = WorkflowState.objects.get(pk=state.workflow_state_id)
    assert state.status == WorkflowState.STATUS_NEEDS_CHANGES


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
