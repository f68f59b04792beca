"""Guests decide by the API: about exactly what they read, and never about their own text."""

from __future__ import annotations

import pytest
from ninja.errors import HttpError

from snippets.models import Contributor
from tests.ports import offer
from tests.review.conftest import (
    DECISIONS,
    FIRST,
    SECOND,
    call,
    create_contributor,
    create_guest,
)
from tests.review.deciding import decide
from tests.review.drafts import edit, set_step
from treatments.ports import drafts
from treatments.ports.states import ReviewStatus, get_review_states
from treatments.preview.links import create_link
from treatments.preview.models import DraftLink, DraftLinkPage
from treatments.review.contents import hash_revision
from treatments.review.models import Decision, Reviewer, Verdict

pytestmark = pytest.mark.django_db


def get_hash(page):
    return hash_revision(page.get_latest_revision()).content_hash


def build_body(page, verdict="approved", **more):
    return {"verdict": verdict, "content_hash": get_hash(page), **more}


def test_a_guest_with_the_role_reviews_the_page(client, article, author, gate):
    gate.share(article, author, contributor_id=create_guest(), is_sent_only=True)

    answer = call(client, "post", DECISIONS, build_body(article, statement="Right."))

    assert answer.status_code == 200, answer.content
    assert answer.json() | {"id": 0, "decided_at": ""} == {
        "id": 0,
        "verdict": "approved",
        "sections": [],
        "statement": "Right.",
        "name": "Dr Guest",
        "credentials": "MD",
        "decided_at": "",
        "content_hash": get_hash(article),
        "is_current": True,
    }
    assert get_review_states([article.pk])[article.pk].status is ReviewStatus.CURRENT


def test_a_guest_without_a_role_leaves_a_decision_and_no_review(
    client, article, author, gate
):
    gate.share(article, author)

    assert call(client, "post", DECISIONS, build_body(article)).status_code == 200

    state = get_review_states([article.pk])[article.pk]
    assert state.status is ReviewStatus.NEVER_REVIEWED
    assert Decision.objects.get().link_id == 1
    assert Decision.objects.get().sharer_id == str(author.pk)


@pytest.mark.parametrize("has_account", [True, False])
def test_a_link_in_the_name_of_a_reviewer_counts_by_the_address_on_record_only(
    client, article, author, doctor, gate, has_account
):
    """The author makes links for the doctor; only one that the author cannot have used counts."""
    contributor = Reviewer.objects.get(user=doctor).contributor_id
    if not has_account:
        Reviewer.objects.update(user=None, email="doctor@example.org")
    links = {
        "no address": {"recipient_email": ""},
        "shown to the author": {"recipient_email": "doctor@example.org"},
        "another mailbox": {
            "recipient_email": "author2@example.org",
            "is_sent_only": True,
        },
        "addressed": {"recipient_email": "Doctor@example.org", "is_sent_only": True},
    }
    for name, values in links.items():
        gate.share(article, author, name, contributor_id=contributor, **values)

    for link in links:
        status = (
            ReviewStatus.CURRENT if link == "addressed" else ReviewStatus.NEVER_REVIEWED
        )
        answer = call(client, "post", DECISIONS, build_body(article), link)
        assert answer.status_code == 200
        assert get_review_states([article.pk])[article.pk].status is status


def test_guests_only_advise_where_the_policy_says_so(
    client, article, author, gate, settings
):
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "REVIEW_POLICY": {"default": {"guests": "advise"}},
    }
    gate.share(article, author, contributor_id=create_guest(), is_sent_only=True)

    assert call(client, "post", DECISIONS, build_body(article)).status_code == 200

    state = get_review_states([article.pk])[article.pk]
    assert state.status is ReviewStatus.NEVER_REVIEWED


def test_decisions_say_whether_they_are_about_what_is_shown(
    client, article, author, gate
):
    gate.share(article, author)
    for body in (
        build_body(article),
        build_body(article, "approved_sections", sections=[FIRST]),
        build_body(article, "approved_sections", sections=[SECOND]),
        build_body(article, "changes_requested", statement="Say it in other words."),
    ):
        assert call(client, "post", DECISIONS, body).status_code == 200
    edit(article, set_step("The skin is numb"), author, publish=False)

    answer = call(client, "get", DECISIONS)

    found = [(each["verdict"], each["is_current"]) for each in answer.json()]
    assert found == [
        ("changes_requested", False),
        ("approved_sections", False),
        ("approved_sections", True),
        ("approved", False),
    ]


def test_what_was_not_read_is_not_approved(client, article, author, gate):
    gate.share(article, author)
    body = build_body(article)
    edit(article, set_step("Something else"), author, publish=False)

    answer = call(client, "post", DECISIONS, body)

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert not Decision.objects.exists()


def test_a_link_that_may_not_decide_is_refused(client, article, author, gate):
    gate.share(article, author, may_decide=False)

    assert call(client, "post", DECISIONS, build_body(article)).status_code == 403
    assert call(client, "get", DECISIONS).status_code == 200


def test_the_author_does_not_approve_through_a_link(client, article, author, gate):
    mine = create_contributor("Somebody")
    Reviewer.objects.create(user=author, contributor=mine)
    gate.share(article, author, contributor_id=mine.pk)
    gate.share(article, author, "same-address", recipient_email="AUTHOR@example.org")
    gate.share(article, author, "same-name", recipient_name="author")
    for token in ("guest", "same-address", "same-name"):
        answer = call(client, "post", DECISIONS, build_body(article), token)

        assert answer.status_code == 403, token
        assert "Somebody else" in answer.json()["detail"]
    assert not Decision.objects.exists()


def test_who_is_named_as_an_author_does_not_approve(client, article, author, gate):
    named = create_contributor("Named")
    row = article._meta.get_field("article_contributors").related_model
    article.article_contributors.add(row(contributor=named))
    article.save_revision(user=author)
    gate.share(article, author, contributor_id=named.pk)

    assert call(client, "post", DECISIONS, build_body(article)).status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"verdict": "approved_sections"}, 422),
        ({"verdict": "approved_sections", "sections": ["nothing"]}, 422),
        ({"verdict": "approved", "sections": [FIRST]}, 422),
        ({"verdict": "changes_requested"}, 422),
        ({"verdict": "editorial"}, 422),
        ({"verdict": "approved", "statement": "a\u0007b"}, 422),
        ({"verdict": "approved", "statement": "x" * 2001}, 422),
        ({"verdict": "approved", "name": "Dr Other"}, 422),
        ({"verdict": "approved", "content_hash": "sha256-0"}, 409),
        ({"verdict": "approved", "sections": ["x"] * 101}, 422),
    ],
)
def test_what_makes_no_sense_is_refused(client, article, author, gate, body, status):
    gate.share(article, author)

    answer = call(client, "post", DECISIONS, {**build_body(article), **body})

    assert answer.status_code == status, answer.content
    assert not Decision.objects.exists()


def test_an_ended_link_decides_nothing(client, article, author, gate):
    gate.share(article, author)
    body = build_body(article)
    gate.grants["guest"] = HttpError(410, "This link has expired.")

    for method, data in (("post", body), ("get", None)):
        answer = call(client, method, DECISIONS, data)

        assert answer.status_code == 410
        assert "Ablation" not in answer.content.decode()
    assert not Decision.objects.exists()


def test_without_a_link_there_is_nothing(client, article, gate, monkeypatch):
    assert client.get(DECISIONS).status_code == 404
    offer(monkeypatch, drafts._gates)

    assert client.get(DECISIONS).status_code == 404


def test_decisions_are_limited_for_each_link(client, article, author, gate, settings):
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "COMMENT_RATE": "2/h",
        "ANONYMOUS_WRITE_RATE": None,
    }
    gate.share(article, author)
    gate.share(article, author, "other")
    body = build_body(article)

    codes = [call(client, "post", DECISIONS, body).status_code for _ in range(3)]

    assert codes == [200, 200, 429]
    assert call(client, "post", DECISIONS, body, "other").status_code == 200


def test_no_answer_is_kept_or_found(client, article, author, gate):
    gate.share(article, author)
    answers = [
        call(client, "get", DECISIONS),
        call(client, "get", DECISIONS, None, "wrong"),
        call(client, "post", DECISIONS, {}),
        call(client, "get", f"{DECISIONS}?nothing=1"),
        client.get("/api/v3/drafts/nothing/"),
    ]

    assert [each.status_code for each in answers] == [200, 404, 422, 400, 404]
    for each in answers:
        assert each["Cache-Control"] == "private, no-store"
        assert each["X-Robots-Tag"] == "noindex"
        assert each["Referrer-Policy"] == "no-referrer"
        assert "X-Draft-Token" in each["Vary"]
        assert "ETag" not in each


def test_the_number_of_queries_is_the_same_for_many_decisions(
    client, article, author, gate, django_assert_max_num_queries
):
    gate.share(article, author)
    call(client, "get", DECISIONS)
    for _ in range(5):
        call(client, "post", DECISIONS, build_body(article))

    with django_assert_max_num_queries(30) as queries:
        call(client, "get", DECISIONS)
    count = len(queries)
    for _ in range(5):
        call(client, "post", DECISIONS, build_body(article))
    with django_assert_max_num_queries(count):
        assert len(call(client, "get", DECISIONS).json()) == 10


def test_guests_read_the_statements_of_guests_only(
    client, article, author, doctor, gate
):
    statement = "Between us: who wrote this?"
    decide(article, doctor, Verdict.CHANGES_REQUESTED, statement=statement)
    gate.share(article, author)
    other = gate.share(article, author, "second")
    body = build_body(article, statement="Right.")
    assert call(client, "post", DECISIONS, body).status_code == 200

    found = call(client, "get", DECISIONS, token=other).json()

    assert [each["statement"] for each in found] == ["Right.", ""]
    assert found[1]["verdict"] == "changes_requested"


def test_a_guest_who_is_no_published_contributor_has_no_role(
    client, article, author, gate
):
    pk = create_guest()
    Contributor.objects.get(pk=pk).unpublish()
    gate.share(article, author, contributor_id=pk, is_sent_only=True)

    assert call(client, "post", DECISIONS, build_body(article)).status_code == 200

    decision = Decision.objects.get()
    assert (decision.role, decision.is_clinical) == ("", False)


def test_a_decision_by_a_link_reads_nothing_twice(
    client, article, publisher, django_assert_max_num_queries
):
    page = edit(article, set_step("New"), publish=False)
    _link, token = create_link(page, publisher, recipient_name="A", may_decide=True)
    body = build_body(page)

    with django_assert_max_num_queries(71) as queries:
        assert call(client, "post", DECISIONS, body, token).status_code == 200

    read = [each["sql"] for each in queries if each["sql"].startswith("SELECT")]
    for table in (DraftLink, DraftLinkPage):
        name = f'FROM "{table._meta.db_table}"'
        assert sum(name in sql for sql in read) <= 1, name
    # Of its page: Wagtail itself looks revisions up by their ids alone.
    texts = [sql for sql in read if '"wagtailcore_revision"."content",' in sql]
    assert sum('"wagtailcore_revision"."object_id" =' in sql for sql in texts) == 1
