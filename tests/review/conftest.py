"""Articles to review, people who review them, and a gate that lets guests in."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from wagtail.models import Workflow, WorkflowTask

from snippets.models import Contributor
from tests import factories
from tests.shared import share
from treatments.api import draft_access
from treatments.api.draft_access import LINK_HEADER, DraftGrant
from treatments.models import TreatmentIndexPage, TreatmentPage
from treatments.review.contents import hash_revision
from treatments.review.decisions import record_decision
from treatments.review.models import (
    ClinicalReviewTask,
    Decision,
    Reviewer,
    Verdict,
)
from treatments.review.models.tasks import is_article
from treatments.review.people import get_user_actor
from treatments.review.showing import note_shown
from treatments.review.texts import load_text

FIRST = "aaaaaaaa-1111-4111-8111-111111111111"
SECOND = "bbbbbbbb-1111-4111-8111-111111111111"
CRITERION = "cccccccc-1111-4111-8111-111111111111"
STEP = "dddddddd-1111-4111-8111-111111111111"
CAPTION = "eeeeeeee-1111-4111-8111-111111111111"
#: What a guest of these tests sends.
GUEST = "guest"
DECISIONS = "/api/v3/drafts/decisions/"
COMMENTS = "/api/v3/drafts/comments/"

CRITERIA = {
    "type": "criteria_list",
    "id": "aaaaaaaa-2222-4222-8222-222222222222",
    "value": {
        "purpose": "may_help",
        "title": "Who it may help",
        "lead_in": "It may help when",
        "population": "",
        "logic": "all",
        "minimum": None,
        "items": [
            {
                "type": "criterion",
                "id": CRITERION,
                "value": {"text": "The tumor is small", "characteristic": "include"},
            }
        ],
        "evidence": {},
        "as_of": None,
        "disclaimer": "",
        "citations": [],
    },
}
STEPS = {
    "type": "procedure_steps",
    "id": "bbbbbbbb-2222-4222-8222-222222222222",
    "value": {
        "procedure": "Ablation",
        "setting": "outpatient",
        "anesthesia": "local",
        "total_time": {"value": None, "upper_value": None, "unit": ""},
        "phases": [
            {
                "type": "during",
                "id": "bbbbbbbb-3333-4333-8333-333333333333",
                "value": {
                    "introduction": "",
                    "steps": [
                        {
                            "type": "step",
                            "id": STEP,
                            "value": {"title": "The skin is numbed"},
                        }
                    ],
                },
            }
        ],
        "citations": [],
    },
}
BODY = [
    {
        "type": "section",
        "id": section_id,
        "value": {"heading": heading, "content": [block]},
    }
    for section_id, heading, block in (
        (FIRST, "Who it is for", CRITERIA),
        (SECOND, "What happens", STEPS),
    )
]


def create_user(name: str, **kwargs: Any) -> Any:
    """Return an account with a name and an address."""
    kwargs.setdefault("email", f"{name.lower()}@example.org")
    kwargs.setdefault("first_name", name)
    return get_user_model().objects.create_user(name.lower(), **kwargs)


def create_contributor(name: str, role: str = "clinical_reviewer") -> Contributor:
    """Return a published contributor."""
    return Contributor.objects.create(
        name=name, role=role, credentials="MD", locale=factories.get_locale("en")
    )


def create_guest(name: str = "Dr Guest", email: str = "guest@example.org") -> int:
    """Return the id of a contributor without an account, whose address is on record."""
    contributor = create_contributor(name)
    Reviewer.objects.create(email=email, contributor=contributor)
    return contributor.pk


def create_reviewer(name: str, role: str = "clinical_reviewer", **kwargs: Any) -> Any:
    """Return an account that belongs to a contributor."""
    user = create_user(name, **kwargs)
    contributor = create_contributor(f"Dr {name}", role)
    Reviewer.objects.create(user=user, contributor=contributor)
    return user


def decide(
    page: Any, user: Any, verdict: Verdict = Verdict.APPROVED, **kwargs
) -> Decision:
    """Record what an account decides about the latest draft."""
    revision = page.get_latest_revision()
    return record_decision(
        revision,
        revision.as_object(),
        hash_revision(revision),
        get_user_actor(user),
        verdict,
        **kwargs,
    )


def edit(page: Any, change: Any, user: Any = None, *, publish: bool = True) -> Any:
    """Change the latest draft of an article as an editor does; publish it where wanted."""
    draft = page.get_latest_revision_as_object()
    change(draft)
    revision = draft.save_revision(user=user)
    if publish:
        with factories.publishing_anything():
            revision.publish(user=user, skip_permission_checks=True)
    page.refresh_from_db()
    return page


def set_step(title: str) -> Any:
    """Return a change of one step's title."""

    def change(draft: Any) -> None:
        body = copy.deepcopy(list(draft.body.raw_data))
        steps = body[1]["value"]["content"][0]["value"]["phases"][0]["value"]["steps"]
        steps[0]["value"]["title"] = title
        draft.body = body

    return change


def add_figure(draft: Any) -> None:
    """Put a film into the second section."""
    body = list(draft.body.raw_data)
    body[1]["value"]["content"].append(
        {
            "type": "video",
            "id": CAPTION,
            "value": {
                "url": "https://www.example.org/v",
                "title": "A film of it",
                "transcript": "<p>One dose.</p>",
            },
        }
    )
    draft.body = body


def set_caption(draft: Any) -> None:
    """Change the title of the film: nobody's treatment."""
    body = copy.deepcopy(list(draft.body.raw_data))
    title = body[1]["value"]["content"][1]["value"]["title"]
    body[1]["value"]["content"][1]["value"]["title"] = f"{title} New."
    draft.body = body


shared_author = share(
    "shared_author", lambda _site: create_user("Author").pk, on="shared_site"
)


@pytest.fixture
def author(shared_author):
    return get_user_model().objects.get(pk=shared_author)


@pytest.fixture
def doctor():
    return create_reviewer("Doctor")


def create_reviewed_article(author_id: int) -> int:
    """Return the id of a published article with two sections, written by the author."""
    author = get_user_model().objects.get(pk=author_id)
    index = TreatmentIndexPage.objects.get()
    page = factories.create_article(
        index, title="Ablation", slug="ablation", body=BODY, owner=author
    )
    revision = page.save_revision(user=author, log_action=True)
    revision.publish(user=author, skip_permission_checks=True)
    return page.pk


shared_article = share("shared_article", create_reviewed_article, on="shared_author")


@pytest.fixture
def article(shared_article):
    """Return a published article with two sections, written by the author."""
    return TreatmentPage.objects.get(pk=shared_article)


class Gate:
    """Lets guests in by the tokens that a test hands out."""

    def __init__(self) -> None:
        self.grants: dict[str, DraftGrant | Exception] = {}

    def __call__(self, request: Any) -> DraftGrant:
        """Return what a token grants, for the latest revision unless it is pinned."""
        found = self.grants.get(request.headers.get(LINK_HEADER, ""))
        if found is None:
            from ninja.errors import HttpError

            raise HttpError(404, "There is no draft that you may see.")
        if isinstance(found, Exception):
            raise found
        if found.is_pinned:
            return found
        from wagtail.models import Page

        latest = Page.objects.values_list("latest_revision_id", flat=True)
        return replace(found, revision_id=latest.get(pk=found.page_id))

    def share(self, page: Any, sharer: Any, token: str = GUEST, **kwargs: Any) -> str:
        """Hand out a token for the latest draft of a page."""
        values: dict[str, Any] = {
            "link_id": len(self.grants) + 1,
            "page_id": page.pk,
            "revision_id": page.latest_revision_id,
            "is_pinned": False,
            "locale": page.locale.language_code,
            "recipient_name": "Dr Guest",
            "recipient_email": "guest@example.org",
            "contributor_id": None,
            "sharer_id": sharer.pk,
            "may_comment": True,
            "may_decide": True,
            "is_sent_only": False,
        }
        self.grants[token] = DraftGrant(**{**values, **kwargs})
        return token


@pytest.fixture
def gate(monkeypatch):
    """Return the gate that is in force, without another app's reader of drafts."""
    gate = Gate()
    monkeypatch.setattr(draft_access, "_gate", gate)
    monkeypatch.setattr(draft_access, "_noter", None)
    monkeypatch.setattr(draft_access, "_reader", None)
    return gate


def call(
    client: Any, method: str, url: str, body: Any = None, token: str = GUEST
) -> Any:
    """Call the API as a guest."""
    options: dict[str, Any] = {"headers": {LINK_HEADER: token}}
    if body is not None:
        options |= {"data": body, "content_type": "application/json"}
    return getattr(client, method)(url, **options)


def build_grant_body(
    page: Any, verdict: str = "approved", **more: Any
) -> dict[str, Any]:
    """Return what a guest sends who has read the latest draft of a page."""
    content = hash_revision(page.get_latest_revision())
    return {"verdict": verdict, "content_hash": content.content_hash, **more}


@pytest.fixture
def strict(article, settings):
    """Refuse what was not reviewed; what is live already stays."""
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "REVIEW_POLICY": {"default": {"publishing": "refuse"}},
    }


@pytest.fixture
def draft(strict, article, author):
    """Return an article with a changed draft."""
    return edit(article, set_step("Not reviewed"), author, publish=False)


def get_step(page: Any) -> str:
    """Return what the public reads in the step."""
    page = type(page).objects.get(pk=page.pk)
    phases = page.body.raw_data[1]["value"]["content"][0]["value"]["phases"]
    return phases[0]["value"]["steps"][0]["value"]["title"]


def act(task: Any, state: Any, user: Any, action: str, comment: str = "") -> Any:
    """Act in a task as somebody does who was shown the latest draft."""
    page_id = int(state.workflow_state.object_id)
    if not isinstance(task, ClinicalReviewTask):
        note_shown(user, page_id)
        return task.on_action(state, user, action, comment=comment)
    shown = ""
    if is_article(state.workflow_state.content_object):
        text = load_text(page_id)
        shown = text.content.content_hash if text else ""
    return task.on_action(state, user, action, comment=comment, content_hash=shown)


def start(page: Any, *tasks: Any, user: Any = None) -> Any:
    """Send an article through a workflow of some tasks."""
    workflow = Workflow.objects.create(name="Review")
    for number, task in enumerate(tasks):
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=number)
    workflow.start(page, user)
    page = type(page).objects.get(pk=page.pk)
    return page, page.current_workflow_task_state


@pytest.fixture
def shared(article, author, gate):
    gate.share(article, author)
    return article


def write_comment(client, text="Is that so?", block_id=CRITERION, link="guest", **more):
    body = {"text": text, "block_id": block_id, **more}
    return call(client, "post", COMMENTS, body, link)
