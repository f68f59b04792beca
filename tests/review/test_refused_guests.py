"""What a guest may not write or decide is refused with the place of the mistake in the body."""

from __future__ import annotations

import pytest
from wagtail.models import Comment

from tests.review.conftest import COMMENTS, DECISIONS, FIRST, call, write_comment
from treatments.review.contents import hash_revision
from treatments.review.models import Decision

pytestmark = pytest.mark.django_db

#: Texts without a sign that can be seen.
NOTHING = [
    "",
    " \n",
    "\u200b",
    "\u200b \u2060\u00ad",
    "\u3164",
    "\u2800",
    "\ufe0f\u200d",
]


def find_places(answer):
    """Return the pointers of a refusal, whose detail is a sentence for people."""
    problem = answer.json()
    assert answer.status_code == 422
    assert problem["detail"] == problem["errors"][0]["msg"]
    return [each["pointer"] for each in problem["errors"]]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"text": ""}, "/text"),
        ({"text": "a\u0007b"}, "/text"),
        ({"text": "x" * 2001}, "/text"),
        ({"text": "a", "block_id": "nothing"}, "/block_id"),
    ],
)
def test_a_refused_comment_says_where_its_mistake_is(client, shared, body, pointer):
    assert find_places(call(client, "post", COMMENTS, body)) == [pointer]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"verdict": "approved_sections"}, "/sections"),
        (
            {"verdict": "approved_sections", "sections": [FIRST, FIRST, "nothing"]},
            "/sections/2",
        ),
        ({"verdict": "approved", "sections": [FIRST]}, "/sections"),
        ({"verdict": "changes_requested"}, "/statement"),
        ({"verdict": "approved", "statement": "a\u0007b"}, "/statement"),
        ({"verdict": "approved", "statement": "x" * 2001}, "/statement"),
    ],
)
def test_a_refused_decision_says_where_its_mistake_is(client, shared, body, pointer):
    shown = hash_revision(shared.get_latest_revision()).content_hash

    answer = call(client, "post", DECISIONS, {"content_hash": shown, **body})

    assert find_places(answer) == [pointer]


@pytest.mark.parametrize("text", NOTHING)
def test_a_text_that_shows_nothing_is_no_comment_and_no_reply(client, shared, text):
    thread = write_comment(client).json()

    for parent in (None, thread["id"]):
        assert find_places(write_comment(client, text, parent=parent)) == ["/text"]
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("text", NOTHING)
def test_a_text_that_shows_nothing_does_not_say_what_should_change(
    client, shared, text
):
    shown = hash_revision(shared.get_latest_revision()).content_hash
    body = {"verdict": "changes_requested", "content_hash": shown, "statement": text}

    assert find_places(call(client, "post", DECISIONS, body)) == ["/statement"]
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "text", ["?", "👍🏽", "é", "e\u0301", "木", "\u200bok", "क्\u200dष"]
)
def test_the_shortest_text_that_shows_something_is_a_comment(client, shared, text):
    assert write_comment(client, text).json()["text"] == text
