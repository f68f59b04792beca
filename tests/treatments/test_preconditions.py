"""Two writers of one thing: who has not seen the newest state overwrites nothing."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import APIToken, Page

from tests import factories
from tests.treatments.api_calls import read_problem, send
from treatments.api.http.problems import ProblemType
from treatments.models import TreatmentPageCondition

pytestmark = pytest.mark.django_db

TERM = "treatment_snippets.GlossaryTerm"


def create_token():
    user = get_user_model().objects.create_superuser("admin", password="x")  # noqa: S106
    return APIToken.create_token(user=user, name="Tests")[1]


@pytest.fixture
def token(db):
    return create_token()


@pytest.fixture
def page(site):
    return factories.create_article(site.index, title="Surgery")


@pytest.fixture
def term(site):
    return factories.create_term("word", definition="<p>old</p>")


def get_url(thing):
    if isinstance(thing, Page):
        return f"/api/v3/pages/{thing.pk}/"
    return f"/api/v3/snippets/{TERM}/{thing.pk}/"


def read(client, thing, token, query="?version=draft"):
    answer = client.get(
        f"{get_url(thing)}{query}", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200, answer.content
    return answer


def write(client, thing, token, body, tag=None, method="patch", action=""):
    headers = {"Authorization": f"Bearer {token}"}
    if tag is not None:
        headers["If-Match"] = tag
    return getattr(client, method)(
        f"{get_url(thing)}{action}",
        json.dumps(body) if body is not None else "",
        content_type="application/json",
        headers=headers,
    )


def test_a_draft_has_a_tag_that_stays_until_something_changes(client, page, token):
    tag = read(client, page, token)["ETag"]

    assert tag == read(client, page, token)["ETag"]
    assert tag == read(client, page, token, "")["ETag"]
    page.title = "Renamed"
    page.save_revision()
    assert read(client, page, token)["ETag"] != tag


def test_a_tag_is_the_same_where_a_page_has_never_had_a_revision(client, site, token):
    page, _ = factories.create_full_article(
        site.index, factories.create_targets(site.index)
    )
    Page.objects.filter(pk=page.pk).update(latest_revision=None, live_revision=None)
    tag = read(client, page, token)["ETag"]

    assert tag == read(client, page, token)["ETag"]
    TreatmentPageCondition.objects.filter(page=page).delete()
    assert tag != read(client, page, token)["ETag"]


def test_nobody_else_gets_the_tag_of_a_draft(client, page, token):
    draft = read(client, page, token)["ETag"]

    assert client.get(get_url(page))["ETag"] != draft


@pytest.mark.parametrize("name", ["page", "term"])
def test_the_second_of_two_writers_is_told(client, request, token, name):
    thing = request.getfixturevalue(name)
    field = "title" if name == "page" else "term"
    tag = read(client, thing, token)["ETag"]
    first = write(client, thing, token, {field: "First"}, tag)
    assert first.status_code == 200, first.content

    second = write(client, thing, token, {field: "Second"}, tag)

    problem = read_problem(second, 412, ProblemType.PRECONDITION_FAILED)
    assert problem["state"]["etag"] == first["ETag"] == second["ETag"]
    assert read(client, thing, token).json()[field] == "First"
    third = write(client, thing, token, {field: "Third"}, first["ETag"])
    assert third.status_code == 200
    assert read(client, thing, token)["ETag"] == third["ETag"]


def test_the_state_names_the_newest_revision(client, page, token):
    revision = page.save_revision()

    state = write(client, page, token, {"title": "x"}, '"other"').json()["state"]

    assert state["revision_id"] == revision.pk
    assert state["live"] is True


@pytest.mark.parametrize(
    ("action", "method", "body"),
    [
        ("actions/publish/", "post", None),
        ("actions/unpublish/", "post", {}),
        ("actions/copy/", "post", {}),
        ("actions/revert/", "post", {"revision_id": 1}),
        ("actions/delete/", "delete", None),
        ("", "delete", None),
    ],
)
def test_actions_are_not_done_with_what_was_not_seen(
    client, page, token, action, method, body
):
    old = read(client, page, token)["ETag"]
    page.title = "Renamed"
    page.save_revision()
    pages = Page.objects.count()

    answer = write(client, page, token, body, old, method, action)

    read_problem(answer, 412, ProblemType.PRECONDITION_FAILED)
    assert Page.objects.count() == pages
    assert Page.objects.get(pk=page.pk).live
    assert Page.objects.get(pk=page.pk).title == "Surgery"


def test_actions_are_done_with_what_was_seen(client, page, token):
    page.title = "Renamed"
    page.save_revision()
    tag = read(client, page, token)["ETag"]

    published = write(client, page, token, None, tag, "post", "actions/publish/")
    assert published.status_code == 200, published.content
    assert Page.objects.get(pk=page.pk).title == "Renamed"
    tag = published["ETag"]
    assert tag == read(client, page, token)["ETag"]
    gone = write(client, page, token, None, tag, "delete", "actions/delete/")
    assert gone.status_code == 204
    assert "ETag" not in gone


def test_redirects_that_are_put_have_tags_too(client, site, token):
    redirect = Redirect.objects.create(old_path="/old", redirect_link="/new/")
    url = f"/api/v3/redirects/{redirect.pk}/"
    headers = {"Authorization": f"Bearer {token}"}
    tag = client.get(url, headers=headers)["ETag"]
    Redirect.objects.update(redirect_link="/newer/")
    answer = client.put(
        url,
        json.dumps({"old_path": "/old", "redirect_link": "/mine/"}),
        content_type="application/json",
        headers={**headers, "If-Match": tag},
    )
    read_problem(answer, 412, ProblemType.PRECONDITION_FAILED)


# The header


def test_a_malformed_header_is_named(client, page, token):
    answer = write(client, page, token, {"title": "x"}, "Surgery")

    assert "If-Match" in read_problem(answer, 400, ProblemType.MALFORMED_REQUEST)["detail"]  # fmt: skip


def test_any_state_will_do(client, page, token):
    assert write(client, page, token, {"title": "x"}, "*").status_code == 200


def test_what_is_not_there_is_404_and_what_is_not_allowed_403(client, page, token):
    missing = client.patch(
        "/api/v3/pages/999999/",
        "{}",
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "If-Match": '"x"'},
    )
    read_problem(missing, 404, ProblemType.NOT_FOUND)
    assert write(client, page, "wrong", {"title": "x"}, '"x"').status_code == 401


def test_a_stranger_learns_nothing_of_a_draft(client, page):
    user = get_user_model().objects.create_user("stranger")
    token = APIToken.create_token(user=user, name="Tests")[1]

    answer = write(client, page, token, {"title": "x"}, '"x"')

    assert answer.status_code == 403
    assert "ETag" not in answer
    assert "state" not in answer.json()


def test_a_write_without_a_tag_is_refused_where_a_setting_asks_for_it(
    client, page, term, token, settings
):
    assert write(client, page, token, {"title": "x"}).status_code == 200
    settings.TREATMENTS = {**settings.TREATMENTS, "REQUIRE_IF_MATCH": True}

    for thing, method, action in (
        (page, "patch", ""),
        (page, "post", "actions/unpublish/"),
        (page, "delete", ""),
        (term, "patch", ""),
    ):
        answer = write(client, thing, token, {}, None, method, action)
        read_problem(answer, 428, ProblemType.PRECONDITION_REQUIRED)
    tag = read(client, page, token)["ETag"]
    assert write(client, page, token, {"title": "y"}, tag).status_code == 200
    new = send(
        client,
        "post",
        "/api/v3/pages/",
        {
            "title": "New",
            "meta": {
                "type": "treatments.TreatmentPage",
                "parent_id": page.get_parent().pk,
            },
        },
        token,
    )
    assert new.status_code != 428


def test_a_write_that_fails_leaves_nothing_behind(client, page, token):
    tag = read(client, page, token)["ETag"]

    answer = write(client, page, token, {"title": ""}, tag)

    assert answer.status_code == 422
    assert read(client, page, token)["ETag"] == tag


def test_one_of_two_writers_at_once_wins(committing):
    home = factories.create_site()
    page = factories.create_article(home.index, title="Surgery")
    token = create_token()
    tag = read(Client(), page, token)["ETag"]
    start, statuses = threading.Barrier(4), []

    def patch(number):
        start.wait()
        answer = write(Client(), page, token, {"title": f"Title {number}"}, tag)
        statuses.append(answer.status_code)
        connection.close()

    threads = [threading.Thread(target=patch, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200, 412, 412, 412]


# A page that expires


def test_a_token_reads_and_writes_when_a_page_expires(client, page, token):
    moment = (timezone.now() + timedelta(days=3)).replace(microsecond=0)
    body = {"expire_at": moment.isoformat(), "meta": {"action": "publish"}}

    answer = write(client, page, token, body)

    assert answer.status_code == 200, answer.content
    assert Page.objects.get(pk=page.pk).expire_at == moment
    meta = read(client, page, token).json()["meta"]
    assert meta["expire_at"] == moment.isoformat().replace("+00:00", "Z")
    assert meta["expired"] is False
    shown = client.get(get_url(page)).json()["meta"]
    assert (shown["expire_at"], shown["expired"]) == (None, None)
    body["expire_at"] = None
    assert write(client, page, token, body).status_code == 200
    assert Page.objects.get(pk=page.pk).expire_at is None


def expire(page):
    page.expire_at = timezone.now() - timedelta(days=1)
    page.save_revision()
    Page.objects.filter(pk=page.pk).update(
        expire_at=page.expire_at, live=False, expired=True
    )


@pytest.mark.parametrize(
    ("method", "action", "body"),
    [
        ("post", "actions/publish/", None),
        ("patch", "", {"title": "Again", "meta": {"action": "publish"}}),
        (
            "patch",
            "",
            {"expire_at": "2020-01-01T00:00:00Z", "meta": {"action": "publish"}},
        ),
    ],
)
def test_an_expired_page_is_not_published_for_nobody(
    client, page, token, method, action, body
):
    expire(page)
    assert read(client, page, token).json()["meta"]["expired"] is True

    answer = write(client, page, token, body, None, method, action)

    problem = read_problem(answer, 422, ProblemType.VALIDATION_FAILED)
    assert [entry["pointer"] for entry in problem["errors"]] == ["/expire_at"]
    assert not Page.objects.get(pk=page.pk).live


@pytest.mark.parametrize("days", [None, 3])
def test_an_expired_page_is_published_with_another_date(client, page, token, days):
    expire(page)
    moment = timezone.now() + timedelta(days=days) if days else None
    body = {
        "expire_at": moment and moment.isoformat(),
        "meta": {"action": "publish"},
    }

    assert write(client, page, token, body).status_code == 200

    assert Page.objects.get(pk=page.pk).live
    assert read(client, page, token).json()["meta"]["expired"] is False
    assert client.get(f"/api/v3/articles/{page.pk}/").status_code == 200


@pytest.mark.parametrize("name", ["page", "term"])
def test_a_write_without_a_tag_gives_the_next_one(client, request, token, name):
    thing = request.getfixturevalue(name)
    field = "title" if name == "page" else "term"

    answer = write(client, thing, token, {field: "First"})

    assert answer.status_code == 200, answer.content
    assert answer["ETag"] == read(client, thing, token)["ETag"]
    again = write(client, thing, token, {field: "Second"}, answer["ETag"])
    assert again.status_code == 200


def test_an_action_without_a_tag_gives_the_next_one(client, page, token):
    answer = write(client, page, token, None, method="post", action="actions/publish/")

    assert answer["ETag"] == read(client, page, token)["ETag"]
