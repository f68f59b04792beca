"""Articles to review, people who review them, and a gate that lets guests in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.models import GroupApprovalTask

from snippets.models import Contributor
from tests import factories
from tests.ports import offer
from tests.review.drafts import edit, set_step
from tests.shared import share
from treatments.admin.groups import REVIEWERS, create_editorial_groups
from treatments.content.documents import read_granted_revision
from treatments.models import TreatmentIndexPage, TreatmentPage
from treatments.ports import drafts
from treatments.ports.drafts import LINK_HEADER, DraftGrant
from treatments.review.contents import hash_revision
from treatments.review.models import ClinicalReviewTask, Reviewer

FIRST = "aaaaaaaa-1111-4111-8111-111111111111"
SECOND = "bbbbbbbb-1111-4111-8111-111111111111"
CRITERION = "cccccccc-1111-4111-8111-111111111111"
STEP = "dddddddd-1111-4111-8111-111111111111"
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


shared_author = share(
    "shared_author", lambda _site: create_user("Author").pk, on="shared_site"
)


@pytest.fixture
def author(shared_author):
    return get_user_model().objects.get(pk=shared_author)


@pytest.fixture
def doctor():
    return create_reviewer("Doctor")


def admit(reviewer: Any) -> Any:
    """Let a reviewer into the admin, and return the account."""
    create_editorial_groups()
    reviewer.groups.add(Group.objects.get(name=REVIEWERS))
    return reviewer


@pytest.fixture
def publisher(admin_user):
    return admin_user


@pytest.fixture
def task(db):
    return ClinicalReviewTask.objects.create(name="Clinical review")


@pytest.fixture
def others(db):
    """Return a task of Wagtail's own, for a group."""
    task = GroupApprovalTask.objects.create(name="Publication")
    task.groups.add(Group.objects.create(name="Others"))
    return task


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
            return replace(found)
        from wagtail.models import Page

        page = Page.objects.select_related("locale").get(pk=found.page_id)
        return replace(found, page=page, revision_id=page.latest_revision_id)

    def share(self, page: Any, sharer: Any, token: str = GUEST, **kwargs: Any) -> str:
        """Hand out a token for the latest draft of a page."""
        values: dict[str, Any] = {
            "link_id": len(self.grants) + 1,
            "page": page,
            "revision_id": page.latest_revision_id,
            "is_pinned": False,
            "locale": page.locale.language_code,
            "recipient_name": "Dr Guest",
            "recipient_email": "guest@example.org",
            "contributor_id": None,
            "sharer": sharer,
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
    offer(monkeypatch, drafts._gates, gate)
    offer(monkeypatch, drafts._noters)
    offer(monkeypatch, drafts._readers, read_granted_revision)
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


@pytest.fixture
def shared(article, author, gate):
    gate.share(article, author)
    return article


def write_comment(client, text="Is that so?", block_id=CRITERION, link="guest", **more):
    body = {"text": text, "block_id": block_id, **more}
    return call(client, "post", COMMENTS, body, link)
