"""The reviews in the admin: who sees what, who decides what, and what it says."""

from __future__ import annotations

import csv
import io

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse

from tests import factories
from tests.review.conftest import (
    SECOND,
    create_contributor,
    create_reviewer,
    create_user,
)
from tests.review.deciding import decide, start
from tests.review.drafts import add_figure, edit, set_caption, set_step
from tests.shared import share
from treatments.admin.groups import PUBLISHERS, REVIEWERS, create_editorial_groups
from treatments.ports.states import ReviewStatus, get_review_states
from treatments.review.contents import hash_revision
from treatments.review.models import (
    ChangeNote,
    ClinicalReviewTask,
    Decision,
    Reviewer,
    ReviewRequest,
    Verdict,
)
from treatments.review.requests import open_requests

pytestmark = pytest.mark.django_db
REPORT = "/admin/reports/reviews/"


def create_groups(_article_id: int) -> None:
    """Create the groups of an editorial office, which has an article."""
    create_editorial_groups()


shared_groups = share("shared_groups", create_groups, on="shared_article")


@pytest.fixture(autouse=True)
def _groups(shared_groups):
    pass


@pytest.fixture
def publisher():
    user = create_user("Publisher")
    user.groups.add(Group.objects.get(name=PUBLISHERS))
    return user


@pytest.fixture
def doctor(article):
    user = create_reviewer("Doctor")
    user.groups.add(Group.objects.get(name=REVIEWERS))
    return user


def get_url(page):
    return reverse("treatments_review:page", args=[page.pk])


def build_data(page, verdict, **more):
    content = hash_revision(page.get_latest_revision())
    return {
        "action": "decide",
        "verdict": verdict,
        "content_hash": content.content_hash,
        "statement": "",
        **more,
    }


def get_status(page):
    return get_review_states([page.pk])[page.pk].status


def ask(page):
    """Ask the clinical reviewers for a review, in a workflow."""
    start(page, ClinicalReviewTask.objects.create(name="Review"))


def test_a_reviewer_approves(client, article, doctor):
    ask(article)
    client.force_login(doctor)
    assert client.get(get_url(article)).status_code == 200

    answer = client.post(get_url(article), build_data(article, "approved"))

    assert answer.status_code == 302
    assert get_status(article) is ReviewStatus.CURRENT
    assert "Dr Doctor" in client.get(get_url(article)).content.decode()


def test_who_has_nothing_to_do_with_it_sees_nothing(client, article):
    stranger = create_user("Stranger")
    stranger.user_permissions.add(*Group.objects.get(name=REVIEWERS).permissions.all())
    client.force_login(stranger)

    assert client.get(get_url(article)).status_code == 302
    assert client.post(get_url(article), {"action": "decide"}).status_code == 302
    assert client.get(REPORT).status_code == 302
    assert not Decision.objects.exists()


def test_an_editor_without_a_role_decides_nothing(client, article, publisher):
    client.force_login(publisher)

    answer = client.post(get_url(article), build_data(article, "approved"))

    assert answer.status_code == 302
    assert not Decision.objects.exists()


def test_an_author_is_told_why_and_cannot_approve(client, article, publisher):
    Reviewer.objects.create(user=publisher, contributor=create_contributor("P"))
    edit(article, set_step("Mine"), publisher, publish=False)
    client.force_login(publisher)

    assert (
        "Somebody else has to approve" in client.get(get_url(article)).content.decode()
    )
    answer = client.post(get_url(article), build_data(article, "approved"))

    assert answer.status_code == 200
    assert not Decision.objects.exists()


def test_a_text_that_changed_meanwhile_is_not_approved(client, article, doctor):
    ask(article)
    data = build_data(article, "approved")
    edit(article, set_step("Changed"), publish=False)
    client.force_login(doctor)

    answer = client.post(get_url(article), data)

    assert answer.status_code == 409
    assert "the text has changed" in answer.content.decode()
    assert not Decision.objects.exists()


def test_a_typo_in_a_caption_is_waved_through(client, article, doctor, publisher):
    edit(article, add_figure)
    decide(article, doctor)
    edit(article, set_caption)
    assert get_status(article) is ReviewStatus.CHANGED_SINCE_REVIEW
    client.force_login(publisher)

    data = build_data(article, "editorial")
    assert client.post(get_url(article), data).status_code == 200
    answer = client.post(get_url(article), {**data, "statement": "A full stop."})

    assert answer.status_code == 302
    assert get_status(article) is ReviewStatus.CURRENT
    decision = Decision.objects.get(verdict=Verdict.EDITORIAL)
    assert (decision.name, decision.statement) == ("Publisher", "A full stop.")
    assert decision.scope == [SECOND]


def set_transcript(draft):
    body = list(draft.body.raw_data)
    body[1]["value"]["content"][1]["value"]["transcript"] = "<p>Twice the dose.</p>"
    draft.body = body


def show_another(draft):
    body = list(draft.body.raw_data)
    body[1]["value"]["content"][1]["value"]["url"] = "https://www.example.org/other"
    draft.body = body


@pytest.mark.parametrize(
    "change", [set_step("Another dose"), set_transcript, show_another]
)
def test_what_is_clinical_is_not_waved_through(
    client, article, doctor, publisher, change
):
    edit(article, add_figure)
    decide(article, doctor)
    edit(article, set_caption)
    edit(article, change)
    client.force_login(publisher)

    data = build_data(article, "editorial", statement="Only a typo.")
    answer = client.post(get_url(article), data)

    assert answer.status_code == 302
    assert not Decision.objects.filter(verdict=Verdict.EDITORIAL).exists()


def test_requests_and_notes_belong_to_publishers(client, article, doctor, publisher):
    request = open_requests(
        {article.pk: [SECOND]}, ReviewRequest.Reason.ASKED, "", "1", "<b>Why</b>"
    )[0]
    note = {
        "action": "add_note",
        "date": "2026-05-01",
        "kind": "clinical",
        "text": "New.",
    }
    dismissal = {"action": "dismiss", "request": request.pk, "note": "No need."}
    client.force_login(doctor)
    assert "&lt;b&gt;Why&lt;/b&gt;" in client.get(get_url(article)).content.decode()
    for data in (note, dismissal):
        client.post(get_url(article), data)
    assert not ChangeNote.objects.exists()

    client.force_login(publisher)
    for data in (note, dismissal):
        assert client.post(get_url(article), data).status_code == 302
    assert ChangeNote.objects.get().author == publisher
    request.refresh_from_db()
    assert (request.closed_by, request.closing_note) == (publisher, "No need.")

    data = {"action": "remove_note", "note": ChangeNote.objects.get().pk}
    assert client.post(get_url(article), data).status_code == 302
    assert not ChangeNote.objects.exists()


def test_the_report_lists_filters_and_exports(client, article, doctor, publisher):
    decide(article, doctor)
    edit(article, set_step("Changed"))
    client.force_login(publisher)

    assert "Changed since the review" in client.get(REPORT).content.decode()
    found = client.get(f"{REPORT}?review_status=changed_since_review&kind=treatment")
    assert "Ablation" in found.content.decode()
    missing = client.get(f"{REPORT}?review_status=overdue")
    assert "No articles match" in missing.content.decode()
    export = client.get(f"{REPORT}?export=csv")
    text = b"".join(export.streaming_content).decode()
    row = next(csv.DictReader(io.StringIO(text)))
    assert row["Title"] == "Ablation"
    assert row["State"] == "Changed since the review"
    assert row["Sections changed"] == "1"
    assert client.get(f"{REPORT}?export=xlsx").status_code == 200


def test_the_dashboard_shows_what_waits(client, article, doctor, publisher):
    client.force_login(publisher)
    assert "Reviews to be done" not in client.get("/admin/").content.decode()
    decide(article, doctor)
    edit(article, set_step("Changed"))

    assert "Reviews to be done" in client.get("/admin/").content.decode()


def test_the_dashboard_of_a_reviewer_shows_what_is_asked_for_and_nobody_has_reviewed(
    client, article, doctor
):
    open_requests({article.pk: []}, ReviewRequest.Reason.ASKED, "", "1", "")
    client.force_login(doctor)
    assert "Never reviewed" in client.get("/admin/").content.decode()

    decide(article, doctor)

    assert "Reviews to be done" not in client.get("/admin/").content.decode()


def test_the_button_leads_to_the_reviews(client, article, publisher):
    client.force_login(publisher)

    page = client.get(reverse("wagtailadmin_pages:edit", args=[article.pk]))

    assert get_url(article) in page.content.decode()
    review = client.get(get_url(article)).content.decode()
    assert f"/admin/pages/{article.pk}/view_draft/" not in review


def test_what_is_no_article_has_no_reviews(client, site, publisher):
    client.force_login(publisher)

    for pk in (site.pk, 999_999, 2**70):
        answer = client.get(f"/admin/treatments/review/{pk}/", follow=True)
        assert answer.status_code == 404


def test_administrators_say_who_is_who(client, admin_user, doctor):
    client.force_login(admin_user)

    page = client.get("/admin/reviewers/")

    assert "Dr Doctor" in page.content.decode()
    assert client.get("/admin/reviewers/new/").status_code == 200


def test_the_report_finds_what_is_overdue_and_changed_besides(
    client, article, site, doctor, publisher
):
    with time_machine.travel("2020-05-01T12:00:00Z", tick=False):
        decide(article, doctor)
    soon = factories.create_article(site.index, title="Recent", slug="recent")
    soon.save_revision().publish()
    decide(soon, doctor)
    for page in (soon, article):
        edit(page, lambda draft: setattr(draft, "summary", "Changed"))
    client.force_login(publisher)

    text = client.get(REPORT).content.decode()

    assert "Changed since the review, and overdue" in text
    assert text.index("Ablation") < text.index("Recent")
    overdue = client.get(f"{REPORT}?review_status=overdue").content.decode()
    assert "Ablation" in overdue
    assert "Recent" not in overdue
    changed = client.get(f"{REPORT}?review_status=changed_since_review")
    assert "Ablation" in changed.content.decode()
    assert "Recent" in changed.content.decode()
    assert "and overdue" in client.get("/admin/").content.decode()
