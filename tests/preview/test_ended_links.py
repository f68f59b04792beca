"""Links that are over: nothing is read or written by them, whatever the address below the drafts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from tests.preview.conftest import DRAFTS, WORDS
from tests.treatments.api_calls import read_problem
from treatments.api.http.problems import ProblemType
from treatments.preview.links import end_link
from treatments.review.models import Decision, GuestComment

pytestmark = pytest.mark.django_db

#: What is sent to each address below the drafts.
CALLS = (
    ("get", f"{DRAFTS}comments/", None),
    ("post", f"{DRAFTS}comments/", {"text": "Too late"}),
    ("post", f"{DRAFTS}comments/1/resolve/", None),
    ("get", f"{DRAFTS}decisions/", None),
    (
        "post",
        f"{DRAFTS}decisions/",
        {"verdict": "approved", "content_hash": "sha256-0"},
    ),
)


@pytest.mark.parametrize("end", ["expired", "revoked", "deleted", "unknown"])
@pytest.mark.parametrize(("method", "address", "body"), CALLS)
def test_nothing_is_read_or_written_by_a_link_that_is_over(
    client, article, share, time_machine, end, method, address, body
):
    link, token = share(article, may_decide=True)
    status, kind = 410, ProblemType.GONE
    if end == "expired":
        time_machine.move_to(timezone.now() + timedelta(days=15))
    elif end == "revoked":
        end_link(link)
    elif end == "deleted":
        article.delete()
    else:
        token, status, kind = "wtd_" + "A" * 43, 404, ProblemType.NOT_FOUND
    options = {"data": body, "content_type": "application/json"} if body else {}
    answer = getattr(client, method)(
        address, headers={"X-Draft-Token": token}, **options
    )
    assert not any(words in answer.content for words in WORDS)
    problem = read_problem(answer, status, kind)
    if status == 410:
        assert problem["reason"] == end
    assert not Decision.objects.exists()
    assert not GuestComment.objects.exists()


@pytest.mark.parametrize("way", ["locked", "private", "below private"])
def test_a_link_is_over_where_its_article_was_locked_away_unnoticed(
    client, article, share, way
):
    """No signal tells of it: a script or another process has written the row."""
    _link, token = share(article)
    if way == "locked":
        Page.objects.filter(pk=article.pk).update(locked=True)
    else:
        page = article if way == "private" else article.get_parent()
        restriction = PageViewRestriction(page=page, restriction_type="login")
        PageViewRestriction.objects.bulk_create([restriction])
    answer = client.get(DRAFTS, headers={"X-Draft-Token": token})
    assert not any(words in answer.content for words in WORDS)
    assert read_problem(answer, 410, ProblemType.GONE)["reason"] == "locked"
