"""The stream of changes while it runs: what is published meanwhile, silence, and its end."""

from __future__ import annotations

import json
import time

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from tests import factories
from tests.delivery.conftest import ARTICLES
from treatments.delivery import streams

pytestmark = pytest.mark.django_db
STREAM = f"{ARTICLES}/changes/stream/"
#: A process in which other threads answer meanwhile.
THREADS = {"wsgi.multithread": True}


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Look for changes without waiting."""
    monkeypatch.setattr(streams, "POLL_SECONDS", 0.01)


@pytest.fixture
def publish(index):
    """Return a function that publishes an article and returns its title."""

    def publish(number):
        title = f"Article {number}"
        factories.create_article(index, title=title, slug=f"article-{number}")
        return title

    return publish


def read_title(text):
    """Return the title in the only event of a text."""
    assert text.count("event: published") == 1
    data = next(line for line in text.splitlines() if line.startswith("data: "))
    return json.loads(data.removeprefix("data: "))["title"]


def test_a_stream_gives_what_is_published_while_it_runs(client, publish):
    first = publish(1)
    response = client.get(STREAM, {"seconds": 60}, **THREADS)
    events = map(bytes.decode, response.streaming_content)
    assert next(events).startswith("retry: ")
    assert read_title(next(events)) == first
    second = publish(2)
    assert read_title(next(events)) == second
    response.close()


def test_an_asgi_stream_gives_what_is_published_while_it_runs(async_client, publish):
    async def follow():
        first = await sync_to_async(publish)(1)
        response = await async_client.get(STREAM, {"seconds": 60})
        assert response["Content-Type"].startswith("text/event-stream")
        assert response["Cache-Control"] == "no-store"
        assert response.is_async
        events = aiter(response.streaming_content)
        assert (await anext(events)).decode().startswith("retry: ")
        assert read_title((await anext(events)).decode()) == first
        second = await sync_to_async(publish)(2)
        assert read_title((await anext(events)).decode()) == second
        await events.aclose()

    async_to_sync(follow)()


def test_an_asgi_stream_goes_on_where_the_last_one_ended(async_client, publish):
    async def read(since):
        address = f"{STREAM}?seconds=0&since={since}"
        response = await async_client.get(address)
        return [part.decode() async for part in response.streaming_content]

    async def follow():
        title = await sync_to_async(publish)(1)
        _retry, text = await read(0)
        assert read_title(text) == title
        position = text.splitlines()[0].removeprefix("id: ")
        assert len(await read(position)) == 1

    async_to_sync(follow)()


def test_a_silent_asgi_stream_says_that_it_is_still_there_and_ends(
    async_client, index, monkeypatch
):
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0)
    monkeypatch.setattr(streams, "ASGI_SECONDS", 0.2)

    async def follow():
        # Longer than a stream may last.
        response = await async_client.get(STREAM, {"seconds": 60})
        return [part.decode() async for part in response.streaming_content]

    retry, *silence = async_to_sync(follow)()
    assert retry.startswith("retry: ")
    assert set(silence) == {": still here\n\n"}


def test_a_silent_stream_ends(client, index, monkeypatch):
    monkeypatch.setattr(streams, "WSGI_SECONDS", 0.2)
    response = client.get(STREAM, {"seconds": 60}, **THREADS)
    start = time.monotonic()
    assert len(list(response.streaming_content)) == 1
    assert time.monotonic() - start >= 0.2


def test_a_stream_does_not_keep_the_only_thread_of_a_process(client, publish):
    title = publish(1)
    start = time.monotonic()
    response = client.get(STREAM, {"seconds": 60}, **{"wsgi.multithread": False})
    retry, text = map(bytes.decode, response.streaming_content)
    assert retry.startswith("retry: ")
    assert read_title(text) == title
    assert time.monotonic() - start < 20


def test_no_more_streams_wait_than_the_settings_allow(client, publish, settings):
    settings.TREATMENTS = {"WSGI_STREAMS": 1}
    publish(1)
    first, second, third = (
        client.get(STREAM, {"seconds": 60}, **THREADS) for _ in range(3)
    )
    next(first.streaming_content)
    assert streams.waiting.count == 1
    assert len(list(second.streaming_content)) == 2
    first.close()
    assert streams.waiting.count == 0
    next(third.streaming_content)
    assert streams.waiting.count == 1
    third.close()


def test_no_more_asgi_streams_wait_than_the_settings_allow(
    async_client, publish, settings
):
    settings.TREATMENTS = {"ASGI_STREAMS": 0}

    async def read():
        await sync_to_async(publish)(1)
        response = await async_client.get(STREAM, {"seconds": 60})
        return [part async for part in response.streaming_content]

    assert len(async_to_sync(read)()) == 2
    assert streams.waiting.count == 0
