"""An article is published in no way while readers do not get what it requires."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.api.v3.form_data import flatten_block_value
from wagtail.models import APIToken, Page, PageLogEntry

from tests import factories
from tests.review.editing import build_form
from tests.treatments.api_calls import read_problem, send
from tests.treatments.choices import build_section, build_statistic
from tests.treatments.workflows import start_workflow
from treatments.api.http.problems import ProblemType
from treatments.api.pages.streams import check_stream_input
from treatments.models import TreatmentPage
from treatments.ports.publication import PublicationRefusedError, find_refusal
from treatments.review.showing import note_shown
from treatments.translation.services import TranslationError, publish_translation

pytestmark = pytest.mark.django_db


def publish_by_revision(draft: Any, client: Any, admin: Any) -> None:
    with pytest.raises(PublicationRefusedError, match="Hidden trial"):
        draft.get_latest_revision().publish(user=admin)


def publish_by_action(draft: Any, client: Any, admin: Any) -> None:
    action = PublishPageRevisionAction(draft.get_latest_revision(), user=admin)
    with pytest.raises(PublicationRefusedError, match="Hidden trial"):
        action.execute(skip_permission_checks=True)


def publish_in_the_editor(draft: Any, client: Any, admin: Any) -> None:
    client.force_login(admin)
    url = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    latest = draft.get_latest_revision_as_object()
    data = build_form(latest, **{"action-publish": "on"})
    data.update(flatten_body(latest))
    answer = client.post(url, data, follow=True)
    text = answer.content.decode()
    assert "Saved as a draft and not published" in text
    assert "Hidden trial" in text
    assert "What to expect" in text
    assert "is a draft" in text


def flatten_body(page: Any) -> dict[str, Any]:
    """Return the body as the editor's form sends it."""
    data: Any = MultiValueDict()
    block = page.body.stream_block
    raw = check_stream_input(block, block.get_prep_value(page.body))
    flatten_block_value(block, raw, "body", data)
    return {name: getattr(data[name], "pk", data[name]) or "" for name in data}


def publish_by_bulk_action(draft: Any, client: Any, admin: Any) -> None:
    client.force_login(admin)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    answer = client.post(f"{url}?id={draft.pk}", follow=True)
    assert "Hidden trial" in answer.content.decode()


def get_key(admin: Any) -> str:
    return APIToken.create_token(user=admin, name="Tests")[1]


def check_problem(answer: Any) -> None:
    problem = read_problem(answer, 409, ProblemType.CHOICES_HIDDEN)
    [place] = problem["places"]
    assert place["pointer"] == "/body/0/value/content/0/value/citations/0"
    assert place["name"].endswith("Hidden trial") or "Hidden trial" in place["name"]
    assert place["reason"] == "draft"
    assert "What to expect" in problem["detail"]


def publish_by_v3(draft: Any, client: Any, admin: Any) -> None:
    url = f"/api/v3/pages/{draft.pk}/actions/publish/"
    check_problem(send(client, "post", url, {}, get_key(admin)))


def publish_by_v3_update(draft: Any, client: Any, admin: Any) -> None:
    body = {
        "title": "Changed by the API",
        "meta": {"type": "treatments.TreatmentPage", "action": "publish"},
    }
    url = f"/api/v3/pages/{draft.pk}/"
    check_problem(send(client, "patch", url, body, get_key(admin)))


def publish_by_admin_api(draft: Any, client: Any, admin: Any) -> None:
    client.force_login(admin)
    url = reverse("wagtailadmin_api:pages:action", args=[draft.pk, "publish"])
    answer = client.post(url)
    assert answer.status_code == 403, answer.content
    assert "Hidden trial" in answer.content.decode()


def publish_by_approval(draft: Any, client: Any, admin: Any) -> None:
    state = start_workflow(draft, admin)
    note_shown(admin, draft.pk)
    with pytest.raises(PublicationRefusedError):
        state.current_task_state.task.specific.on_action(
            state.current_task_state, admin, "approve"
        )


def publish_by_approval_in_the_editor(draft: Any, client: Any, admin: Any) -> None:
    start_workflow(draft, admin)
    client.force_login(admin)
    url = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    data = {"action-workflow-action": "approve", "workflow-action-name": "approve"}
    answer = client.post(url, data, follow=True)
    assert "Not approved" in answer.content.decode()


def publish_by_schedule(draft: Any, client: Any, admin: Any) -> None:
    revision = draft.get_latest_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(hours=1)
    revision.save()
    call_command("publish_scheduled")


@pytest.mark.parametrize(
    "publish",
    [
        publish_by_revision,
        publish_by_action,
        publish_in_the_editor,
        publish_by_bulk_action,
        publish_by_v3,
        publish_by_v3_update,
        publish_by_admin_api,
        publish_by_approval,
        publish_by_approval_in_the_editor,
        publish_by_schedule,
    ],
)
def test_a_number_whose_source_is_a_draft_is_not_published(
    draft, reference, client, admin_user, publish
):
    publish(draft, client, admin_user)

    draft.refresh_from_db()
    assert draft.summary == "About Surgery."
    answer = client.get(f"/api/v3/articles/{draft.pk}/").json()
    assert answer["summary"] == "About Surgery."

    reference.save_revision().publish()
    TreatmentPage.objects.get(pk=draft.pk).get_latest_revision().publish()
    article = client.get(f"/api/v3/articles/{draft.pk}/").json()
    statistic = article["body"][0]["value"]["content"][0]["value"]
    assert [each["id"] for each in statistic["citations"]] == [reference.pk]


@pytest.mark.parametrize("way", ["editor", "api", "script"])
def test_a_new_article_with_a_number_without_its_source_begins_as_a_draft(
    index, reference, client, admin_user, way
):
    body = [build_section(build_statistic(reference.pk))]
    new = factories.build_article(title="New", slug="new", body=body)
    if way == "editor":
        client.force_login(admin_user)
        url = reverse(
            "wagtailadmin_pages:add", args=["treatments", "treatmentpage", index.pk]
        )
        data = build_form(new, **{"action-publish": "on"})
        answer = client.post(url, {**data, **flatten_body(new)}, follow=True)
        assert "Saved as a draft and not published" in answer.content.decode()
    elif way == "api":
        points = [{"type": "point", "value": text} for text in ("one", "two")]
        meta = {"type": "treatments.TreatmentPage", "parent_id": index.pk}
        sent = {
            "title": "New",
            "summary": "New",
            "key_points": points,
            "body": body,
            "meta": {**meta, "action": "publish"},
        }
        answer = send(client, "post", "/api/v3/pages/", sent, get_key(admin_user))
        check_problem(answer)
    else:
        index.add_child(instance=new)

    assert not Page.objects.filter(slug="new", live=True).exists()
    assert Page.objects.filter(slug="new").exists() == (way != "api")


def test_a_schedule_that_waits_is_told_and_holds_up_no_other(
    draft, index, reference, client, admin_user
):
    other = factories.create_article(index, live=False, title="Other", slug="other")
    for page in (draft, other):
        revision = page.get_latest_revision()
        revision.approved_go_live_at = timezone.now() - timedelta(hours=1)
        revision.save()

    call_command("publish_scheduled")
    call_command("publish_scheduled")

    assert Page.objects.get(pk=other.pk).live
    assert "Hidden trial" in find_refusal(draft)
    told = PageLogEntry.objects.filter(
        page_id=draft.pk, action="treatments.schedule.refused"
    )
    assert told.count() == 1
    client.force_login(admin_user)
    for name in ("edit", "history"):
        url = reverse(f"wagtailadmin_pages:{name}", args=[draft.pk])
        assert "Hidden trial" in client.get(url).content.decode()

    reference.save_revision().publish()
    call_command("publish_scheduled")

    assert TreatmentPage.objects.get(pk=draft.pk).summary == "With a number"
    assert not find_refusal(draft)


def test_a_translation_is_not_published_with_a_number_without_its_source(
    site, article, reference
):
    factories.create_spanish_tree(site)
    reference.save_revision().publish()
    article.body = [build_section(build_statistic(reference.pk))]
    factories.publish(article)
    translation = factories.submit(article)
    factories.translate_all(translation)
    reference.refresh_from_db()
    reference.unpublish()

    with pytest.raises(TranslationError, match="Hidden trial"):
        publish_translation(translation)
