"""What public articles use goes where another entry takes its place, or for a reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import GroupPagePermission, ModelLogEntry
from wagtail.permissions import policy_registry

from snippets.models import Contributor, GlossaryTerm, Reference
from tests import factories
from tests.treatments.api_calls import read_problem
from tests.treatments.choices import build_section, build_statistic
from tests.treatments.uses.conftest import (
    KINDS,
    call,
    exists,
    get_api_url,
    get_delete_url,
    make_other,
)
from treatments.api.http.problems import ProblemType
from treatments.content.uses import find_uses
from treatments.models import TreatmentPage
from treatments.review.models import ReviewRecord, ReviewRequest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", KINDS)
def test_another_entry_takes_its_place(full, client, admin_user, kind):
    page, used = full
    other = make_other(kind)
    draft = TreatmentPage.objects.get(pk=page.pk)
    draft.summary = "Still a draft"
    draft.save_revision()
    client.force_login(admin_user)

    answer = client.post(
        get_delete_url(used[kind]),
        {"treatments-way": "replace", "replace_by": other.pk},
    )

    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert not exists(used[kind])
    page = TreatmentPage.objects.get(pk=page.pk)
    assert page.summary == "About Surgery."
    [use] = find_uses(other, is_deleted=True)
    assert use.choice.pointer == KINDS[kind]
    # The draft beside it stays a draft, and has the other entry too.
    assert page.has_unpublished_changes
    latest = page.get_latest_revision_as_object()
    assert latest.summary == "Still a draft"
    assert page.latest_revision.user == admin_user
    latest.save_revision().publish()
    assert find_uses(other, is_deleted=True)


def test_another_entry_takes_its_place_by_the_api(full, client, admin_user):
    page, used = full
    other = make_other("reference")
    url = get_api_url(used["reference"])
    answer = call(client, "delete", f"{url}?replace_by={other.pk}", admin_user)
    assert answer.status_code == 204, answer.content
    article = client.get(f"/api/v3/articles/{page.pk}/").json()
    [cited] = article["references"]
    assert cited["id"] == other.pk


@pytest.mark.parametrize("replacement", ["itself", "draft", "nothing"])
def test_nothing_that_readers_would_not_get_takes_its_place(
    full, client, admin_user, replacement
):
    _page, used = full
    pk = {
        "itself": used["reference"].pk,
        "draft": factories.create_reference("A draft", live=False).pk,
        "nothing": 999999,
    }[replacement]
    url = get_api_url(used["reference"])
    answer = call(client, "delete", f"{url}?replace_by={pk}", admin_user)
    problem = read_problem(answer, 422, ProblemType.VALIDATION_FAILED)
    assert problem["errors"][0]["pointer"] == "replace_by"
    assert exists(used["reference"])


def test_a_replacement_and_a_reason_are_not_taken_together(full, client, admin_user):
    _page, used = full
    url = f"{get_api_url(used['reference'])}?replace_by={make_other('reference').pk}&reason=x"
    answer = call(client, "delete", url, admin_user)
    problem = read_problem(answer, 400, ProblemType.INVALID_PARAMETER)
    assert "replace_by" in problem["detail"]
    assert "reason" in problem["detail"]
    assert exists(used["reference"])


def test_an_entry_that_is_cited_already_does_not_stand_twice(index, client, admin_user):
    one, two = (factories.create_reference(name) for name in ("One", "Two"))
    body = [build_section(build_statistic(one.pk, two.pk))]
    page = factories.create_article(index, title="Surgery", slug="surgery", body=body)
    url = f"{get_api_url(one)}?replace_by={two.pk}"
    assert call(client, "delete", url, admin_user).status_code == 204
    article = client.get(f"/api/v3/articles/{page.pk}/").json()
    statistic = article["body"][0]["value"]["content"][0]["value"]
    assert [each["id"] for each in statistic["citations"]] == [two.pk]


def test_where_a_review_is_needed_the_other_entry_waits_in_the_draft(
    full, client, admin_user, settings
):
    page, used = full
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "REVIEW_POLICY": {"default": {"publishing": "refuse"}},
    }
    other = make_other("reference")
    url = f"{get_api_url(used['reference'])}?replace_by={other.pk}"
    answer = call(client, "delete", url, admin_user)
    problem = read_problem(answer, 409, ProblemType.IN_USE)
    assert "When these are reviewed and published" in problem["detail"]
    assert exists(used["reference"])
    latest = TreatmentPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    statistic = latest.body[0].value["content"][0].value
    assert [each.pk for each in statistic["citations"]] == [other.pk]


@pytest.mark.parametrize("kind", KINDS)
def test_a_reason_removes_it_at_once_and_asks_for_a_review(
    full, client, admin_user, kind, django_capture_on_commit_callbacks
):
    page, used = full
    client.force_login(admin_user)
    url = get_delete_url(used[kind])
    empty = client.post(url, {"treatments-way": "remove", "reason": " "})
    assert empty.status_code == 409
    assert exists(used[kind])

    answer = client.post(
        url, {"treatments-way": "remove", "reason": "The patient asked."}
    )

    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert not exists(used[kind])
    [request] = ReviewRequest.objects.filter(page_id=page.pk)
    assert request.reason == ReviewRequest.Reason.REMOVED
    assert "The patient asked." in request.detail
    assert request.closed_at is None
    assert TreatmentPage.objects.get(pk=page.pk).live
    assert client.get(f"/api/v3/articles/{page.pk}/").status_code == 200


def test_the_reason_is_remembered(full, client, admin_user):
    _page, used = full
    url = f"{get_api_url(used['image'])}?reason=The+patient+asked"
    assert call(client, "delete", url, admin_user).status_code == 204
    entry = ModelLogEntry.objects.get(action="treatments.removed_in_use")
    assert entry.data["reason"] == "The patient asked"


def test_what_cannot_take_its_place_is_refused_on_the_screen(full, client, admin_user):
    _page, used = full
    client.force_login(admin_user)
    url = get_delete_url(used["reference"])
    for given in ("abc", str(10**30), ""):
        answer = client.post(url, {"treatments-way": "replace", "replace_by": given})
        assert answer.status_code == 409
        assert 'name="replace_by"' in answer.content.decode()
    assert exists(used["reference"])


def make_librarian() -> Any:
    """Return somebody who may delete and publish snippets and images, and no page."""
    user = get_user_model().objects.create_user("librarian", password="x")  # noqa: S106
    group = Group.objects.create(name="Library")
    for model in (Reference, GlossaryTerm):
        policy = policy_registry.get_by_type(model)
        assert policy
    from django.contrib.auth.models import Permission

    group.permissions.set(
        Permission.objects.filter(content_type__app_label="treatment_snippets")
        | Permission.objects.filter(codename="access_admin")
    )
    user.groups.add(group)
    return user


@pytest.mark.parametrize("way", ["replace_by", "reason"])
def test_only_who_may_publish_all_the_places_goes_on(full, client, way):
    page, used = full
    user = make_librarian()
    given = make_other("reference").pk if way == "replace_by" else "Doubtful"
    url = f"{get_api_url(used['reference'])}?{way}={given}"
    problem = read_problem(call(client, "delete", url, user), 409, ProblemType.IN_USE)
    assert "You may not publish “Surgery”" in problem["detail"]
    assert exists(used["reference"])
    client.force_login(user)
    text = client.get(get_delete_url(used["reference"])).content.decode()
    assert "You may not publish all of these articles" in text
    assert "treatments-way" not in text

    group = user.groups.get()
    for right in ("publish", "change"):
        GroupPagePermission.objects.create(
            group=group, page=page.get_parent(), permission_type=right
        )
    user = get_user_model().objects.get(pk=user.pk)
    assert call(client, "delete", url, user).status_code == 204


def test_who_reviewed_an_article_is_in_use_and_cannot_be_replaced(
    full, client, admin_user
):
    page, _used = full
    doctor = Contributor.objects.create(
        name="A doctor", role="clinical_reviewer", locale=factories.get_locale()
    )
    ReviewRecord.objects.update_or_create(
        pk=page.pk,
        defaults={
            "reviewed_on": timezone.localdate(),
            "reviewer_ids": [doctor.pk],
            "kind": page.kind,
        },
    )
    answer = call(client, "delete", get_api_url(doctor), admin_user)
    [place] = read_problem(answer, 409, ProblemType.IN_USE)["places"]
    assert (place["page"]["id"], place["pointer"]) == (page.pk, "/governance/reviewers")
    other = make_other("contributor")
    url = f"{get_api_url(doctor)}?replace_by={other.pk}"
    answer = call(client, "delete", url, admin_user)
    read_problem(answer, 422, ProblemType.VALIDATION_FAILED)
    assert exists(doctor)
