"""Review dates: what follows from the policy, whom it is said to, and that nothing is lost or said twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from wagtail.users.models import UserProfile

from tests import factories
from tests.review.conftest import SECOND, create_reviewer, create_user
from tests.review.deciding import decide
from tests.review.drafts import edit, set_step
from tests.shared import share
from treatments.conf import get_conf
from treatments.content.documents import load_documents
from treatments.models import IndexedArticle, TreatmentPage
from treatments.ports.states import get_review_states
from treatments.review.models import (
    ChangeNote,
    Reviewer,
    ReviewRequest,
    SentReminder,
    Verdict,
)
from treatments.review.policies import add_months, get_policy
from treatments.review.requests import announce, dismiss, open_requests
from treatments.search.index.indexing import ensure_indexed

pytestmark = pytest.mark.django_db
Reason = ReviewRequest.Reason


@pytest.fixture
def policy(settings):
    """Return a function that sets rules for all kinds."""

    def set_policy(**rules):
        settings.TREATMENTS = {
            **settings.TREATMENTS,
            "REVIEW_POLICY": {"default": rules},
        }

    return set_policy


def review_article(article_id: int) -> Any:
    """Let a doctor review the article on the first of May 2026; return the doctor."""
    doctor = create_reviewer("Doctor")
    with time_machine.travel("2026-05-01T12:00:00Z", tick=False):
        decide(TreatmentPage.objects.get(pk=article_id), doctor)
    return doctor


shared_review = share("shared_review", review_article, on="shared_article")


@pytest.fixture
def doctor(shared_review):
    return shared_review


@pytest.fixture
def reviewed(shared_review, article):
    """Return an article that was reviewed on the first of May 2026."""
    return article


def get_governance(page):
    return load_documents([page.pk])[page.pk]["governance"]


def ask(page, sections=(), occurrence="once"):
    return open_requests(
        {page.pk: sections}, Reason.RETRACTED, "reference:1", occurrence, "Detail"
    )


@pytest.mark.parametrize(
    ("day", "status", "changes_on"),
    [
        ("2027-03-01", "current", date(2027, 3, 2)),
        ("2027-03-02", "due_soon", date(2027, 5, 2)),
        ("2027-05-01", "due_soon", date(2027, 5, 2)),
        ("2027-05-02", "overdue", None),
    ],
)
def test_the_state_follows_from_the_day(reviewed, day, status, changes_on):
    with time_machine.travel(f"{day}T12:00:00Z", tick=False):
        state = get_review_states([reviewed.pk])[reviewed.pk]

    assert (state.status, state.changes_on) == (status, changes_on)
    assert state.next_review_due == date(2027, 5, 1)


def test_lists_follow_the_day_without_the_daily_command(reviewed, client, site):
    never = factories.create_article(site.index, title="Never reviewed")

    def count(day, status):
        with time_machine.travel(day, tick=False):
            path = f"/api/v3/articles/?review_state={status}&facets=review_state"
            answer = client.get(path)
            facet = answer.json()["facets"]["review_state"]
            values = {value["value"]: value["count"] for value in facet}
            cards = answer.json()["items"]
            assert all(card["review_state"] == status for card in cards)
            assert values.get(status, 0) == answer.json()["count"] == len(cards)
            assert values["never_reviewed"] == 1
            assert sum(values.values()) == 2
            return len(cards)

    assert count("2027-03-01T23:59:59Z", "current") == 1
    assert count("2027-03-02T00:00:00Z", "due_soon") == 1
    assert count("2027-05-01T23:59:59Z", "overdue") == 0
    assert count("2027-05-02T00:00:00Z", "overdue") == 1
    assert count("2027-05-02T00:00:00Z", "due_soon") == 0
    entry = IndexedArticle.objects.get(pk=reviewed.pk)
    assert entry.review_changes_on is None
    assert IndexedArticle.objects.get(pk=never.pk).review_changes_on is None
    with time_machine.travel("2027-05-02T00:00:01Z", tick=False):
        path = "/api/v3/articles/?review_state=overdue"
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
    assert len(queries) == 2


def test_a_filter_by_review_is_not_cached_beyond_the_day(reviewed, client):
    with time_machine.travel("2027-05-01T23:59:50Z", tick=False):
        for query in ("?review_state=overdue", "?facets=review_state"):
            answer = client.get(f"/api/v3/articles/{query}")
            assert answer["Cache-Control"] in (
                "public, max-age=10",
                "public, max-age=0",
            )


def test_what_was_indexed_before_the_day_was_known_is_looked_at_once(reviewed):
    articles = IndexedArticle.objects.filter(pk=reviewed.pk)
    # As the migration writes it.
    articles.update(review_changes_on=F("last_reviewed"))
    with time_machine.travel("2027-02-01T12:00:00Z", tick=False):
        assert [ensure_indexed(), ensure_indexed()] == [1, 0]
    entry = articles.get()
    assert (entry.review_status, entry.review_changes_on) == (
        "current",
        date(2027, 3, 2),
    )


def test_the_last_day_of_a_month_stays_the_last_day():
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert add_months(date(2026, 12, 1), 1) == date(2027, 1, 1)


def test_a_kind_has_rules_of_its_own(settings):
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "REVIEW_POLICY": {
            "default": {"interval_months": 24, "approvals": 2},
            "procedure": {"interval_months": 6, "roles": ["patient_reviewer"]},
        },
    }

    assert get_policy("treatment").interval_months == 24
    assert get_policy("procedure").interval_months == 6
    assert get_policy("procedure").approvals == 2
    assert get_policy("procedure").roles == ("patient_reviewer",)


@pytest.mark.parametrize(
    "value",
    [
        [],
        {"surgery": {}},
        {"default": []},
        {"default": {"interval": 12}},
        {"default": {"interval_months": 0}},
        {"default": {"interval_months": True}},
        {"default": {"roles": []}},
        {"default": {"roles": ["author"]}},
        {"default": {"publishing": "never"}},
        {"default": {"overdue": ["notice"]}},
    ],
)
def test_a_wrong_policy_is_said_in_a_sentence(settings, value):
    settings.TREATMENTS = {**settings.TREATMENTS, "REVIEW_POLICY": value}

    with pytest.raises(ImproperlyConfigured, match="REVIEW_POLICY"):
        get_conf()


def test_readers_of_an_overdue_article_are_told_where_the_policy_says_so(
    reviewed, policy
):
    with time_machine.travel("2027-06-01T12:00:00Z", tick=False):
        assert get_governance(reviewed)["notice"] == ""
        policy(overdue="notice")
        assert "overdue" in get_governance(reviewed)["notice"]
        assert get_governance(reviewed)["review_state"] == "overdue"
        policy(overdue="on_hold")
        assert get_governance(reviewed)["review_state"] == "on_hold"
        assert "on hold" in get_governance(reviewed)["notice"]


def test_a_change_does_not_end_a_hold(reviewed, policy):
    policy(overdue="on_hold")
    with time_machine.travel("2027-06-01T12:00:00Z", tick=False):
        edit(reviewed, set_step("Changed"))
        governance = get_governance(reviewed)

    assert governance["review_state"] == "on_hold"
    assert governance["changed_sections"] == [SECOND]


def test_an_open_request_makes_the_review_overdue(reviewed):
    with time_machine.travel("2026-06-01T12:00:00Z", tick=False):
        ask(reviewed)
        governance = get_governance(reviewed)

    assert governance["review_state"] == "overdue"
    assert governance["next_review_due"] == "2026-06-01"
    assert IndexedArticle.objects.get(pk=reviewed.pk).review_status == "overdue"


def test_the_same_request_is_opened_once(reviewed):
    assert len(ask(reviewed)) == 1
    assert ask(reviewed) == []
    assert len(ask(reviewed, occurrence="again")) == 1


def test_a_review_closes_what_it_answers(reviewed, doctor):
    ask(reviewed, [SECOND])
    ask(reviewed, [], "whole")

    decide(reviewed, doctor, Verdict.APPROVED_SECTIONS, scope=[SECOND])
    assert ReviewRequest.objects.filter(closed_at=None).count() == 1
    decide(reviewed, doctor)

    assert not ReviewRequest.objects.filter(closed_at=None).exists()
    assert get_governance(reviewed)["review_state"] == "current"


def test_an_editor_closes_a_request_with_a_reason(reviewed, author):
    request = ask(reviewed)[0]

    dismiss(request, author, "The correction is about the authors only.")

    assert get_governance(reviewed)["review_state"] == "current"
    assert ask(reviewed) == []


def test_notes_are_public_the_newest_first(article):
    for day, kind, text in (
        (1, "editorial", "A word was changed."),
        (3, "correction", "The number was wrong."),
    ):
        ChangeNote.objects.create(
            page=article, date=date(2026, 5, day), kind=kind, text=text
        )
    announce([article.pk])

    assert get_governance(article)["change_notes"] == [
        {"date": "2026-05-03", "kind": "correction", "text": "The number was wrong."},
        {"date": "2026-05-01", "kind": "editorial", "text": "A word was changed."},
    ]
    assert get_governance(article)["review_state"] == "never_reviewed"


def remind(day):
    with time_machine.travel(f"{day}T12:00:00Z", tick=False):
        call_command("send_review_reminders", verbosity=0)


def test_reminders_are_sent_once_before_and_once_after(reviewed, mailoutbox):
    remind("2027-03-01")
    assert mailoutbox == []
    remind("2027-04-01")
    remind("2027-04-02")
    assert sorted(mail.to[0] for mail in mailoutbox) == [
        "author@example.org",
        "doctor@example.org",
    ]
    assert mailoutbox[0].subject == "Review due soon: Ablation"
    assert f"/admin/treatments/review/{reviewed.pk}/" in mailoutbox[0].body
    remind("2027-05-02")
    remind("2027-05-03")
    assert len(mailoutbox) == 4
    assert mailoutbox[-1].subject == "Review overdue: Ablation"


def test_a_missed_day_loses_no_reminder(reviewed, mailoutbox):
    remind("2028-01-01")

    assert {mail.subject for mail in mailoutbox} == {"Review overdue: Ablation"}


def test_a_mail_server_that_fails_is_tried_again(reviewed, mailoutbox, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("No route to host")

    with monkeypatch.context() as patch:
        patch.setattr("treatments.ports.mail.send", fail)
        remind("2027-05-02")
    assert not SentReminder.objects.exists()
    remind("2027-05-02")

    assert len(mailoutbox) == 2


def test_who_left_and_what_is_offline_gets_no_reminder(
    reviewed, author, doctor, mailoutbox
):
    doctor.is_active = False
    doctor.save()
    remind("2027-04-01")
    assert [mail.to for mail in mailoutbox] == [["author@example.org"]]
    reviewed.unpublish()
    remind("2027-06-01")

    assert len(mailoutbox) == 1


def test_the_reminders_bring_the_index_up_to_date(reviewed):
    remind("2027-05-02")

    assert IndexedArticle.objects.get(pk=reviewed.pk).review_status == "overdue"


def test_a_reminder_is_written_in_the_language_of_its_reader(
    site, reviewed, author, mailoutbox
):
    profile = UserProfile.get_for_user(author)
    profile.preferred_language = "es"
    profile.save()
    type(reviewed).objects.filter(pk=reviewed.pk).update(title="Two\nlines")
    remind("2027-05-02")

    mail = next(mail for mail in mailoutbox if mail.to == ["author@example.org"])
    assert "\n" not in mail.subject
    assert "2 de mayo" in mail.body or "1 de mayo" in mail.body


def test_two_queries_for_any_number_of_articles(
    site, reviewed, doctor, django_assert_num_queries
):
    other = factories.create_article(site.index, title="Other", slug="other")
    decide(other, doctor)
    ask(other)
    ChangeNote.objects.create(page=other, text="Text")

    with django_assert_num_queries(2):
        get_review_states([reviewed.pk, other.pk])


def test_a_user_without_an_address_is_left_out(reviewed, mailoutbox):
    type(reviewed).objects.filter(pk=reviewed.pk).update(
        owner=create_user("Nobody", email="")
    )
    remind("2027-04-01")

    assert [mail.to for mail in mailoutbox] == [["doctor@example.org"]]


def test_a_reviewer_without_an_account_is_reminded_too(article, author, mailoutbox):
    with time_machine.travel("2026-05-01T12:00:00Z", tick=False):
        doctor = create_reviewer("Doctor")
        decide(article, doctor)
    contributor = Reviewer.objects.get(user=doctor).contributor
    Reviewer.objects.create(email="guest@example.org", contributor=contributor)

    remind("2027-04-01")
    remind("2027-04-02")

    mails = [mail for mail in mailoutbox if mail.to == ["guest@example.org"]]
    assert len(mails) == 1
    assert "/admin/" not in mails[0].body
    assert article.full_url in mails[0].body
