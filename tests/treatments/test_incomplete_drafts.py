"""A draft may be incomplete; what readers get is complete, whatever way it is published."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import APIToken, Page

from tests import factories
from tests.treatments.api_calls import read_problem, send
from tests.treatments.choices import build_block, build_section
from tests.treatments.workflows import start_workflow
from treatments.api.http.problems import ProblemType
from treatments.models import TreatmentPage
from treatments.ports.publication import PublicationRefusedError, find_refusal

pytestmark = pytest.mark.django_db

PURPOSE = "/body/0/value/content/0/value/purpose"


@pytest.fixture
def draft(site):
    """Return a published article, whose draft has criteria without a purpose and too few key points."""
    article = factories.create_article(site.index, title="Surgery", slug="surgery")
    criteria = {"lead_in": "Whom it may help", "criteria": []}
    article.body = [build_section(build_block("criteria_list", criteria))]
    article.key_points = factories.KEY_POINTS[:1]
    article.summary = "Incomplete"
    article.save_revision(clean=False)
    return TreatmentPage.objects.get(pk=article.pk)


def check_problem(answer: Any) -> None:
    problem = read_problem(answer, 422, ProblemType.VALIDATION_FAILED)
    pointers = {each["pointer"]: each["msg"] for each in problem["errors"]}
    assert PURPOSE in pointers
    assert "minimum" in pointers["/key_points"]


def get_key(admin: Any) -> str:
    return APIToken.create_token(user=admin, name="Tests")[1]


def publish_by_revision(draft: Any, client: Any, admin: Any) -> None:
    with pytest.raises(PublicationRefusedError, match="“What to expect” › Criteria"):
        draft.get_latest_revision().publish(user=admin)


def publish_by_bulk_action(draft: Any, client: Any, admin: Any) -> None:
    client.force_login(admin)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    answer = client.post(f"{url}?id={draft.pk}", follow=True)
    assert "Key points: The minimum number of items" in answer.content.decode()


def publish_by_v3(draft: Any, client: Any, admin: Any) -> None:
    url = f"/api/v3/pages/{draft.pk}/actions/publish/"
    check_problem(send(client, "post", url, {}, get_key(admin)))


def publish_by_v3_update(draft: Any, client: Any, admin: Any) -> None:
    body = {"meta": {"action": "publish"}}
    check_problem(
        send(client, "patch", f"/api/v3/pages/{draft.pk}/", body, get_key(admin))
    )


def publish_by_approval(draft: Any, client: Any, admin: Any) -> None:
    start_workflow(draft, admin)
    client.force_login(admin)
    url = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    data = {"action-workflow-action": "approve", "workflow-action-name": "approve"}
    text = client.post(url, data, follow=True).content.decode()
    assert "Not approved: something is missing" in text
    assert "Key points: The minimum number of items" in text


def publish_by_schedule(draft: Any, client: Any, admin: Any) -> None:
    other = Page.objects.get(slug="treatments").specific
    for page in (draft, other):
        revision = page.get_latest_revision()
        revision.approved_go_live_at = timezone.now() - timedelta(hours=1)
        revision.save()
    call_command("publish_scheduled")
    assert "Key points" in find_refusal(draft)
    assert not find_refusal(other)
    assert not other.revisions.filter(approved_go_live_at__isnull=False).exists()


@pytest.mark.parametrize(
    "publish",
    [
        publish_by_revision,
        publish_by_bulk_action,
        publish_by_v3,
        publish_by_v3_update,
        publish_by_approval,
        publish_by_schedule,
    ],
)
def test_criteria_without_a_purpose_and_too_few_key_points_are_not_published(
    draft, client, admin_user, publish
):
    publish(draft, client, admin_user)

    draft.refresh_from_db()
    assert draft.live
    assert draft.summary == "About Surgery."
    assert draft.get_latest_revision_as_object().summary == "Incomplete"


def test_a_page_published_at_once_without_key_points_says_what_is_missing(
    site, client, admin_user
):
    meta = {"type": "treatments.TreatmentPage", "parent_id": site.index.pk}
    body = {"title": "New", "summary": "New", "meta": {**meta, "action": "publish"}}

    answer = send(client, "post", "/api/v3/pages/", body, get_key(admin_user))

    problem = read_problem(answer, 422, ProblemType.VALIDATION_FAILED)
    [entry] = [e for e in problem["errors"] if e["pointer"] == "/key_points"]
    assert entry["msg"] == "The minimum number of items is 2"
