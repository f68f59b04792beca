"""What renews a review, and answers the request for one: enough people, about what the public reads."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.management import call_command

from tests.review.conftest import FIRST, SECOND, create_reviewer
from tests.review.deciding import decide
from tests.review.drafts import edit, set_step
from treatments.delivery.building import refresh
from treatments.ports.states import ReviewStatus, get_review_states
from treatments.review.contents import hash_revision
from treatments.review.models import ReviewRecord, ReviewRequest, Verdict
from treatments.review.requests import open_requests
from treatments.review.texts import Text

pytestmark = pytest.mark.django_db


def at(day):
    return time_machine.travel(f"{day}T12:00:00Z", tick=False)


def ask(page, *sections):
    asked = ReviewRequest.Reason.ASKED
    return open_requests({page.pk: sections}, asked, "", "once", "Detail")[0]


def get_state(page):
    return get_review_states([page.pk])[page.pk]


def is_open(request):
    request.refresh_from_db()
    return request.closed_at is None


@pytest.fixture
def two_approve(settings):
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "REVIEW_POLICY": {"default": {"approvals": 2}},
    }


@pytest.mark.parametrize("sections", [(), (SECOND,)])
def test_one_approval_of_two_renews_nothing(article, doctor, two_approve, sections):
    second = create_reviewer("Second")
    with at("2026-05-01"):
        decide(article, doctor)
        decide(article, second)
    with at("2026-09-01"):
        request = ask(article, *sections)
    with at("2026-09-02"):
        decide(article, doctor)

        assert is_open(request)
        assert get_state(article).last_reviewed == date(2026, 5, 1)
        assert get_state(article).status is ReviewStatus.OVERDUE

        answer = decide(article, second)

        assert not is_open(request)
        assert request.decision_id == answer.pk
        assert get_state(article).last_reviewed == date(2026, 9, 2)
        assert get_state(article).status is ReviewStatus.CURRENT


def test_one_approval_of_two_sections_answers_nothing(article, doctor, two_approve):
    second = create_reviewer("Second")
    with at("2026-05-01"):
        decide(article, doctor)
        decide(article, second)
    with at("2026-05-02"):
        request = ask(article, SECOND)
        decide(article, doctor, Verdict.APPROVED_SECTIONS, scope=[SECOND])
        decide(article, second, Verdict.APPROVED_SECTIONS, scope=[FIRST])

        assert is_open(request)

        decide(article, second, Verdict.APPROVED_SECTIONS, scope=[SECOND])

        assert not is_open(request)


@pytest.mark.parametrize("is_partial", [False, True])
def test_the_approval_of_a_draft_answers_when_the_public_gets_it(
    article, doctor, is_partial
):
    decide(article, doctor)
    request = ask(article, *([SECOND] if is_partial else []))
    edit(article, set_step("Up to date"), publish=False)

    if is_partial:
        decide(article, doctor, Verdict.APPROVED_SECTIONS, scope=[SECOND])
    else:
        decide(article, doctor)

    assert is_open(request)
    assert get_state(article).status is ReviewStatus.OVERDUE

    article.get_latest_revision().publish()

    assert not is_open(request)
    assert get_state(article).status is ReviewStatus.CURRENT


def test_the_approval_of_an_old_version_answers_nothing(article, doctor):
    old = article.get_latest_revision()
    edit(article, set_step("New"))
    decide(article, doctor)
    request = ask(article)

    text = Text(old, old.as_object(), hash_revision(old))
    shown = text.content.content_hash
    decide(article, doctor, shown=shown, read=lambda latest: text)

    assert is_open(request)
    assert get_state(article).status is ReviewStatus.OVERDUE


def test_records_are_derived_again(article, doctor):
    with at("2026-05-01"):
        decide(article, doctor)
    refresh([article.pk])
    edit(article, set_step("Approved, and never public"), publish=False)
    decide(article, doctor)
    edit(article, set_step("Public"))
    before = get_state(article)
    assert before.status is ReviewStatus.CHANGED_SINCE_REVIEW
    assert before.last_reviewed == date(2026, 5, 1)

    ReviewRecord.objects.all().delete()
    call_command("update_review_records", verbosity=0)

    assert get_state(article) == before
