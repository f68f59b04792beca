"""Nothing that needs a review is published without one, on whatever path; and nobody approves the own text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import APIToken, GroupApprovalTask, Page

from tests import factories
from tests.review.conftest import SECOND
from tests.review.deciding import act, decide, start
from tests.review.drafts import edit, get_step, set_step
from tests.review.editing import build_form
from tests.treatments.api_calls import send
from treatments.ports.publication import PublicationRefusedError
from treatments.ports.states import ReviewStatus, get_review_states
from treatments.review.models import Verdict
from treatments.translation.services import (
    TranslationError,
    publish_translation,
    stage_translation,
)

pytestmark = pytest.mark.django_db
DECISIONS = "/api/v3/drafts/decisions/"


def publish_by_revision(draft: Any, client: Any, admin: Any) -> None:
    with pytest.raises(PublicationRefusedError, match="not reviewed"):
        draft.get_latest_revision().publish(user=admin)


def publish_by_action(draft: Any, client: Any, admin: Any) -> None:
    action = PublishPageRevisionAction(draft.get_latest_revision(), user=admin)
    with pytest.raises(PublicationRefusedError):
        action.execute(skip_permission_checks=True)


def publish_by_saving(draft: Any, client: Any, admin: Any) -> None:
    page = draft.get_latest_revision_as_object()
    page.live_revision = draft.get_latest_revision()
    with pytest.raises(PublicationRefusedError):
        page.save()


def publish_by_bulk_action(draft: Any, client: Any, admin: Any) -> None:
    client.force_login(admin)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    answer = client.post(f"{url}?id={draft.pk}", follow=True)
    assert "not reviewed" in answer.content.decode()


def publish_by_v3(draft: Any, client: Any, admin: Any) -> None:
    key = APIToken.create_token(user=admin, name="Tests")[1]
    answer = send(client, "post", f"/api/v3/pages/{draft.pk}/actions/publish/", {}, key)
    assert answer.status_code == 409
    assert "not reviewed" in answer.json()["detail"]


def publish_by_v3_update(draft: Any, client: Any, admin: Any) -> None:
    key = APIToken.create_token(user=admin, name="Tests")[1]
    body = {
        "title": "Changed by the API",
        "meta": {"type": "treatments.TreatmentPage", "action": "publish"},
    }
    revisions = draft.revisions.count()
    answer = send(client, "patch", f"/api/v3/pages/{draft.pk}/", body, key)
    assert answer.status_code == 409, answer.content
    assert "not reviewed" in answer.json()["detail"]
    assert draft.revisions.count() == revisions


def publish_by_admin_api(draft: Any, client: Any, admin: Any) -> None:
    client.force_login(admin)
    url = reverse("wagtailadmin_api:pages:action", args=[draft.pk, "publish"])
    answer = client.post(url)
    assert answer.status_code == 403, answer.content
    assert "not reviewed" in answer.content.decode()


def publish_by_approval_of_others(draft: Any, client: Any, admin: Any) -> None:
    task = GroupApprovalTask.objects.create(name="Others")
    _page, state = start(draft, task, user=admin)
    with pytest.raises(PublicationRefusedError):
        act(state.task.specific, state, admin, "approve")


@pytest.mark.parametrize(
    "publish",
    [
        publish_by_revision,
        publish_by_action,
        publish_by_saving,
        publish_by_bulk_action,
        publish_by_v3,
        publish_by_v3_update,
        publish_by_admin_api,
        publish_by_approval_of_others,
    ],
)
def test_a_text_that_was_not_reviewed_is_not_published(
    draft, client, admin_user, doctor, publish
):
    publish(draft, client, admin_user)
    assert get_step(draft) == "The skin is numbed"

    decide(draft, doctor)
    draft.get_latest_revision().publish()

    assert get_step(draft) == "Not reviewed"


def test_the_editor_keeps_what_was_typed_and_says_what_is_missing(
    strict, article, client, admin_user, doctor
):
    decide(article, doctor)
    client.force_login(admin_user)
    url = reverse("wagtailadmin_pages:edit", args=[article.pk])
    data = build_form(article, summary="Changed", **{"action-publish": "on"})

    answer = client.post(url, data, follow=True)

    assert "Saved as a draft and not published" in answer.content.decode()
    article.refresh_from_db()
    assert article.summary != "Changed"
    assert article.get_latest_revision_as_object().summary == "Changed"


def test_a_new_article_is_saved_as_a_draft(strict, article, site, client, admin_user):
    client.force_login(admin_user)
    url = reverse(
        "wagtailadmin_pages:add", args=["treatments", "treatmentpage", site.index.pk]
    )
    new = factories.build_article(title="New", slug="new")

    answer = client.post(url, build_form(new, **{"action-publish": "on"}), follow=True)

    assert "Saved as a draft" in answer.content.decode()
    page = Page.objects.get(slug="new")
    assert not page.live
    assert page.has_unpublished_changes


def test_a_new_article_of_the_api_is_not_published(
    strict, article, site, client, admin_user
):
    key = APIToken.create_token(user=admin_user, name="Tests")[1]
    body = {
        "title": "New",
        "summary": "New",
        "key_points": [{"type": "point", "value": text} for text in ("one", "two")],
        "meta": {
            "type": "treatments.TreatmentPage",
            "parent_id": site.index.pk,
            "action": "publish",
        },
    }

    answer = send(client, "post", "/api/v3/pages/", body, key)

    assert answer.status_code == 409, answer.content
    assert not Page.objects.filter(slug="new").exists()


def test_a_copy_is_not_published(strict, article, client, admin_user):
    with pytest.raises(PublicationRefusedError):
        article.copy(update_attrs={"slug": "copied"})
    client.force_login(admin_user)
    url = reverse("wagtailadmin_pages:copy", args=[article.pk])
    data = {
        "new_title": "Copy",
        "new_slug": "copy",
        "new_parent_page": article.get_parent().pk,
        "publish_copies": "on",
    }

    answer = client.post(url, data, follow=True)

    assert "Copies are not published" in answer.content.decode()
    assert not Page.objects.filter(slug__in=("copy", "copied"), live=True).exists()


def test_where_the_policy_warns_the_editor_is_warned(article, client, admin_user):
    client.force_login(admin_user)
    url = reverse("wagtailadmin_pages:edit", args=[article.pk])
    data = build_form(article, summary="Changed", **{"action-publish": "on"})

    answer = client.post(url, data, follow=True)

    assert "without a clinical review" in answer.content.decode()
    article.refresh_from_db()
    assert article.summary == "Changed"


def test_a_scheduled_text_waits_for_its_review_and_holds_up_no_other(
    draft, article, doctor, author, site, settings
):
    def schedule(page):
        page.go_live_at = timezone.now() + timedelta(hours=1)

    edit(draft, schedule, author, publish=False)
    with pytest.raises(PublicationRefusedError):
        draft.get_latest_revision().publish()
    decide(draft, doctor)
    draft.get_latest_revision().publish()
    other = factories.create_article(
        site.index, live=False, title="Other", slug="other"
    )
    revision = other.get_latest_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.save()
    decide(other, doctor)
    decide(draft, doctor, Verdict.CHANGES_REQUESTED, statement="Not yet.")
    draft.revisions.filter(approved_go_live_at__isnull=False).update(
        approved_go_live_at=timezone.now() - timedelta(hours=1)
    )
    _make_due(draft)

    call_command("publish_scheduled")

    assert get_step(draft) == "The skin is numbed"
    assert Page.objects.get(pk=other.pk).live
    decide(draft, doctor)
    call_command("publish_scheduled")
    assert get_step(draft) == "Not reviewed"


def _make_due(page: Any) -> None:
    revision = page.revisions.get(approved_go_live_at__isnull=False)
    past = timezone.now() - timedelta(hours=1)
    revision.content["go_live_at"] = past.isoformat()
    revision.save(update_fields=["content"])


def test_a_translation_has_a_review_of_its_own(strict, site, settings, article, doctor):
    settings.TREATMENTS = {**settings.TREATMENTS, "REVIEW_POLICY": {}}
    factories.create_spanish_tree(site)
    submitted = factories.submit(article)
    factories.translate_all(submitted)
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "REVIEW_POLICY": {"default": {"publishing": "refuse"}},
    }
    decide(article, doctor)
    with pytest.raises(TranslationError, match="not reviewed"):
        publish_translation(submitted)

    spanish = stage_translation(submitted)
    decide(Page.objects.get(pk=spanish.object_id).specific, doctor)
    published = publish_translation(submitted)

    assert published.live
    states = get_review_states([article.pk, published.pk])
    assert {state.status for state in states.values()} == {ReviewStatus.CURRENT}


def test_what_is_open_is_named(strict, article, doctor, author):
    decide(article, doctor)
    edit(article, set_step("Changed"), author, publish=False)

    with pytest.raises(PublicationRefusedError, match="What happens"):
        article.get_latest_revision().publish()
    decide(article, doctor, Verdict.APPROVED_SECTIONS, scope=[SECOND])
    article.get_latest_revision().publish()

    assert get_step(article) == "Changed"
