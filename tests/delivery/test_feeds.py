"""What other systems follow: the change feed, the manifest, the stream, the past."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.delivery.conftest import ARTICLES
from tests.openapi import validate_answer
from tests.shared import share
from treatments.delivery import streams
from treatments.delivery.models import Document
from treatments.models import TreatmentPage

pytestmark = pytest.mark.django_db


def read_changes(client, since=0, **query):
    response = client.get(f"{ARTICLES}/changes/", {"since": since, **query})
    return validate_answer(response, "/api/v3/articles/changes/")


def test_the_feed_gives_each_change_once(client, page, read):
    first = read_changes(client)
    assert [(each["kind"], each["title"]) for each in first["items"]] == [
        ("published", "Surgery")
    ]
    page.title = "Renamed"
    factories.publish(page)
    second = read_changes(client, first["next"])
    assert [(each["kind"], each["title"]) for each in second["items"]] == [
        ("updated", "Renamed")
    ]
    assert second["items"][0]["etag"] == read(page.pk)["ETag"]
    assert read_changes(client, second["next"])["items"] == []
    assert read_changes(client, second["next"])["next"] == second["next"]


def test_the_feed_is_read_in_parts(client, index):
    for number in range(5):
        factories.create_article(index, title=f"Article {number}")
    seen, since, has_more = [], 0, True
    while has_more:
        part = read_changes(client, since, limit=2)
        seen += [each["position"] for each in part["items"]]
        since, has_more = part["next"], part["has_more"]
    assert seen == [1, 2, 3, 4, 5]


def test_what_was_withdrawn_is_a_tombstone_without_a_title(client, page):
    path = read_changes(client)["items"][0]["path"]
    page.unpublish()
    published, withdrawn = read_changes(client)["items"]
    assert (published["title"], published["path"]) == ("", "")
    assert withdrawn["kind"] == "withdrawn"
    assert withdrawn["path"] == path
    assert withdrawn["reason"] == "unpublished"
    assert withdrawn["etag"] is None


def test_the_feed_replayed_from_zero_is_what_is_public(client, index):
    pages = [
        factories.create_article(index, title=f"Article {number}")
        for number in range(4)
    ]
    read_changes(client)
    pages[0].unpublish()
    pages[1].title = "Renamed"
    factories.publish(pages[1])
    pages[2].delete()
    state = {}
    for change in read_changes(client)["items"]:
        if change["kind"] == "withdrawn":
            state.pop(change["id"])
        else:
            state[change["id"]] = change["etag"]
    response = client.get(f"{ARTICLES}/manifest/")
    manifest = validate_answer(response, "/api/v3/articles/manifest/")
    assert state == {each["id"]: each["etag"] for each in manifest["items"]}
    assert set(state) == {pages[1].pk, pages[3].pk}
    assert manifest["position"] == read_changes(client)["next"]


def test_the_manifest_is_read_in_parts(client, index):
    ids = [
        factories.create_article(index, title=f"Article {number}").pk
        for number in range(3)
    ]
    first = client.get(f"{ARTICLES}/manifest/", {"limit": 2}).json()
    assert [each["id"] for each in first["items"]] == ids[:2]
    assert first["has_more"]
    rest = client.get(f"{ARTICLES}/manifest/", {"after": first["next"]}).json()
    assert [each["id"] for each in rest["items"]] == ids[2:]
    assert not rest["has_more"]


@pytest.mark.parametrize("address", ["changes/", "manifest/"])
@pytest.mark.parametrize("count", [1, 5])
def test_a_feed_costs_the_same_for_any_length(
    client, index, address, count, django_assert_num_queries
):
    for number in range(count):
        factories.create_article(index, title=f"Article {number}")
    client.get(f"{ARTICLES}/{address}")
    with django_assert_num_queries({"changes/": 5, "manifest/": 6}[address]):
        client.get(f"{ARTICLES}/{address}")


@pytest.mark.parametrize(
    "query",
    ["since=-1", "since=x", "limit=0", "limit=1001", "from=3", "since=1&since=2"],
)
def test_a_wrong_cursor_is_refused(client, site, query):
    response = client.get(f"{ARTICLES}/changes/?{query}")
    assert response.status_code in (400, 422)
    assert response["Content-Type"].startswith("application/problem+json")


def read_stream(client, **query):
    response = client.get(
        f"{ARTICLES}/changes/stream/",
        {"seconds": 0, **query},
    )
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/event-stream")
    assert response["Cache-Control"] == "no-store"
    return b"".join(response.streaming_content).decode()


def test_the_stream_gives_the_same_as_events(client, page):
    text = read_stream(client)
    assert text.startswith("retry: 2000\n\n")
    event = text.split("\n\n")[1].split("\n")
    assert event[:2] == ["id: 1", "event: published"]
    assert (
        json.loads(event[2].removeprefix("data: "))
        == (read_changes(client)["items"][0])
    )
    assert "event" not in read_stream(client, since=1)


def test_a_browser_that_comes_back_goes_on_where_it_was(client, page):
    def come_back(last):
        response = client.get(
            f"{ARTICLES}/changes/stream/?seconds=0", headers={"Last-Event-ID": last}
        )
        return b"".join(response.streaming_content)

    read_changes(client)
    assert b"event" not in come_back("1")
    for broken in ("0", "nonsense", "-1", "9" * 40, "\u0661"):
        assert b"event: published" in come_back(broken)


def test_a_long_silence_is_broken_by_a_comment():
    pace = streams.Pace(seconds=60)
    assert pace.speak("") == ""
    pace.spoke_at -= streams.HEARTBEAT_SECONDS
    assert pace.speak("") == ": still here\n\n"
    assert pace.speak("text") == "text"


def create_history(page_id: int) -> list[tuple[datetime, bytes, str]]:
    """Return three versions of an article, an hour apart: when they began, their bytes and their tags."""
    page = TreatmentPage.objects.get(pk=page_id)
    versions = []
    start = timezone.now()
    for number in range(3):
        instant = start + timedelta(hours=number + 1)
        with time_machine.travel(instant, tick=True):
            page.title = f"Title {number}"
            factories.publish(page)
            answer = Client().get(f"{ARTICLES}/{page_id}/")
            versions.append((instant, answer.content, answer["ETag"]))
    return versions


shared_history = share("shared_history", create_history, on="shared_plain_article")


@pytest.fixture
def history(shared_history):
    """Return the versions of an article, an hour after the last one began."""
    last = shared_history[-1][0]
    with time_machine.travel(last + timedelta(hours=1), tick=True):
        yield shared_history


def test_the_past_is_given_byte_for_byte(client, page, history):
    for instant, content, etag in history:
        moment = (instant + timedelta(minutes=30)).isoformat()
        past = client.get(f"{ARTICLES}/{page.pk}/", {"as_of": moment})
        assert past.content == content
        assert past["ETag"] == etag
        by_hash = client.get(f"{ARTICLES}/versions/{etag.strip(chr(34))}/")
        assert by_hash.content == content
        assert by_hash["Public-From"] == past["Public-From"]
    assert "Public-Until" not in past
    first = client.get(
        f"{ARTICLES}/{page.pk}/",
        {"as_of": (history[0][0] + timedelta(minutes=1)).isoformat()},
    )
    second = client.get(
        f"{ARTICLES}/{page.pk}/",
        {"as_of": (history[1][0] + timedelta(minutes=1)).isoformat()},
    )
    assert first["Public-Until"] == second["Public-From"]


def test_the_past_costs_one_query(client, page, history, django_assert_num_queries):
    moment = history[0][0] + timedelta(minutes=1)
    with django_assert_num_queries(1):
        client.get(f"{ARTICLES}/{page.pk}/", {"as_of": moment.isoformat()})
    etag = history[0][2].strip('"')
    with django_assert_num_queries(1):
        client.get(f"{ARTICLES}/versions/{etag}/")
    with django_assert_num_queries(1):
        client.get(f"{ARTICLES}/{page.pk}/versions/")


def test_the_versions_are_listed_with_their_time(client, page, history):
    response = client.get(f"{ARTICLES}/{page.pk}/versions/")
    items = validate_answer(response, "/api/v3/articles/{article_id}/versions/")[
        "items"
    ]
    numbers = [item["number"] for item in items]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 3
    assert items[0]["public_until"] is None
    assert items[1]["public_until"] == items[0]["public_from"]


def test_before_it_was_published_there_was_nothing(client, page, history):
    moment = (history[0][0] - timedelta(days=2)).isoformat()
    response = client.get(f"{ARTICLES}/{page.pk}/", {"as_of": moment})
    assert response.status_code == 404


def test_the_past_of_what_is_withdrawn_is_not_for_everybody(client, page, history):
    moment = (history[0][0] + timedelta(minutes=1)).isoformat()
    etag = history[0][2].strip('"')
    page.unpublish()
    for address in (
        f"{ARTICLES}/{page.pk}/?as_of={moment.replace('+', '%2B')}",
        f"{ARTICLES}/versions/{etag}/",
        f"{ARTICLES}/{page.pk}/versions/",
    ):
        # Also while nobody has built the withdrawal yet.
        response = client.get(address)
        assert response.status_code == 404
        assert b"Title" not in response.content
    assert Document.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-13-01",
        "2026-01-01T25:00:00Z",
        "1",
        "x" * 300,
    ],
)
def test_a_wrong_instant_is_refused(client, page, read, text):
    read(page.pk)
    response = client.get(f"{ARTICLES}/{page.pk}/", {"as_of": text})
    assert response.status_code == 400
    assert "as_of" in response.json()["detail"]


@pytest.mark.parametrize(
    "text",
    [
        "2999-01-01",
        "9999-12-31T23:59:59+00:00",
        "0001-01-01T00:00:00+14:00",
        "0001-01-01",
        "2016-12-31t23:59:60z",
    ],
)
def test_nothing_is_known_of_other_times(client, page, read, text):
    read(page.pk)
    response = client.get(f"{ARTICLES}/{page.pk}/", {"as_of": text})
    assert response.status_code == 404


def test_a_day_means_its_end(client, page, history):
    today = client.get(
        f"{ARTICLES}/{page.pk}/", {"as_of": timezone.localdate().isoformat()}
    )
    assert today.content == history[-1][1]
    bare = history[0][0] + timedelta(minutes=1)
    plus = f"{bare:%Y-%m-%dT%H:%M:%S} 00:00"
    response = client.get(f"{ARTICLES}/{page.pk}/", {"as_of": plus})
    assert response.content == history[0][1]


def test_a_part_of_the_past_can_be_asked_for(client, page, history):
    moment = (history[0][0] + timedelta(minutes=1)).isoformat()
    response = client.get(
        f"{ARTICLES}/{page.pk}/", {"as_of": moment, "fields": "title"}
    )
    assert response.json() == {
        "id": page.pk,
        "type": "treatments.TreatmentPage",
        "title": "Title 0",
    }
