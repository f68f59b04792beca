"""What guests may not write, and how much."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from ninja.errors import HttpError
from wagtail.models import Comment

from tests.review.conftest import COMMENTS, call, write_comment

pytestmark = pytest.mark.django_db


def test_html_is_text(client, shared, admin_user):
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)> & 1 < 2"

    assert write_comment(client, attack).json()["text"] == attack

    client.force_login(admin_user)
    page = client.get(reverse("wagtailadmin_pages:edit", args=[shared.pk]))
    html = page.content.decode()
    assert "<script>alert(1)" not in html
    assert "<img src=x" not in html


@pytest.mark.parametrize(
    "text",
    ["", "   \n", "a\u0000b", "a\u0007b", "a\u202eb", "x" * 2001, "x" * 1_000_000],
)
def test_what_is_no_comment_is_refused(client, shared, text):
    answer = write_comment(client, text)

    assert answer.status_code in (400, 413, 422)
    assert answer["Content-Type"] == "application/problem+json"
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {"text": "a", "block_id": "nothing"},
        {"text": "a", "block_id": "x" * 65},
        {"text": "a", "block_id": "body"},
        {"text": "a", "author": "Somebody"},
        {"text": ["a"]},
        {},
        {"text": "a", "parent": 0},
        {"text": "a", "parent": 2**63},
    ],
)
def test_a_wrong_request_is_refused(client, shared, body):
    assert call(client, "post", COMMENTS, body).status_code == 422
    assert not Comment.objects.exists()


def test_a_flood_ends_at_the_limit_of_the_link(client, shared, settings, time_machine):
    # No window ends while the test runs.
    time_machine.move_to(timezone.now(), tick=False)
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "ANONYMOUS_WRITE_RATE": None,
        "COMMENT_RATE": "5/h",
    }
    codes = [write_comment(client).status_code for _ in range(200)]

    assert codes[:5] == [200] * 5
    assert set(codes[5:]) == {429}
    assert Comment.objects.count() == 5
    assert int(write_comment(client)["Retry-After"]) > 0


def test_a_flood_of_one_address_ends_before_anything_is_read(
    client, shared, settings, time_machine
):
    time_machine.move_to(timezone.now(), tick=False)
    settings.TREATMENTS = {**settings.TREATMENTS, "ANONYMOUS_WRITE_RATE": "3/min"}

    codes = [write_comment(client, link="wrong").status_code for _ in range(20)]

    assert codes[:3] == [404] * 3
    assert set(codes[3:]) == {429}


def test_a_link_that_may_not_comment_is_refused(client, article, author, gate):
    gate.share(article, author, may_comment=False)

    assert write_comment(client).status_code == 403
    assert call(client, "post", f"{COMMENTS}1/resolve/").status_code == 403
    assert call(client, "get", COMMENTS).status_code == 200


def test_an_ended_link_shows_and_takes_nothing(client, shared, gate):
    thread = write_comment(client).json()
    gate.grants["guest"] = HttpError(410, "This link has expired.")

    assert write_comment(client).status_code == 410
    assert call(client, "get", COMMENTS).status_code == 410
    url = f"{COMMENTS}{thread['id']}/resolve/"
    assert call(client, "post", url).status_code == 410
    assert Comment.objects.get().resolved_at is None
