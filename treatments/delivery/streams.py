"""The change feed as Server-Sent Events (WHATWG HTML, 9.2), for sites that show changes at once.

A stream ends after a while: the browser comes back with the last position that it has seen. Under ASGI a
stream waits without a thread; under WSGI it occupies one, and ends sooner. Where it would keep the only
thread of a process, or more than the settings allow, it does not wait at all: it gives what there is.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import StreamingHttpResponse

from treatments.conf import get_conf
from treatments.delivery.feeds import list_changes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator

    from django.http import HttpRequest

EVENTS_PER_READ = 100
POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
ASGI_SECONDS = 300.0
WSGI_SECONDS = 25.0
#: How long a browser waits before it comes back, in milliseconds.
RETRY_MILLISECONDS = 2000


class Waiting:
    """Counts the streams of this process that wait."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.count = 0

    @contextmanager
    def take_place(self, limit: int) -> Generator[bool]:
        """Give whether one more stream may wait, and count it until it ends."""
        with self.lock:
            has_place = self.count < limit
            self.count += has_place
        try:
            yield has_place
        finally:
            with self.lock:
                self.count -= has_place


waiting = Waiting()


def write_event(item: dict[str, Any]) -> str:
    """Return one entry as an event."""
    data = json.dumps(item, ensure_ascii=False, separators=(",", ":"))
    return f"id: {item['position']}\nevent: {item['kind']}\ndata: {data}\n\n"


def read_events(request: HttpRequest, since: int) -> tuple[str, int]:
    """Return the events after a position as text, and the position of the last one."""
    found = list_changes(request, since, EVENTS_PER_READ)
    return "".join(map(write_event, found["items"])), found["next"]


class Pace:
    """When a stream ends, and when it says that it is still there."""

    def __init__(self, seconds: float):
        self.end = time.monotonic() + seconds
        self.spoke_at = time.monotonic()

    def is_over(self) -> bool:
        """Tell whether the stream ends."""
        return time.monotonic() >= self.end

    def speak(self, text: str) -> str:
        """Return a text; in a long silence a comment that keeps the connection open."""
        now = time.monotonic()
        if text:
            self.spoke_at = now
        elif now - self.spoke_at >= HEARTBEAT_SECONDS:
            self.spoke_at = now
            return ": still here\n\n"
        return text


def stream(request: HttpRequest, since: int, seconds: float) -> Iterator[str]:
    """Yield events until the time is over."""
    limit = get_conf().wsgi_streams if request.META.get("wsgi.multithread") else 0
    with waiting.take_place(limit) as may_wait:
        pace = Pace(seconds if may_wait else 0)
        yield f"retry: {RETRY_MILLISECONDS}\n\n"
        while True:
            text, since = read_events(request, since)
            spoken = pace.speak(text)
            if spoken:
                yield spoken
            if pace.is_over():
                return
            time.sleep(POLL_SECONDS)


async def stream_async(
    request: HttpRequest, since: int, seconds: float
) -> AsyncIterator[str]:
    """Yield events until the time is over, without a thread of its own."""
    with waiting.take_place(get_conf().asgi_streams) as may_wait:
        pace = Pace(seconds if may_wait else 0)
        yield f"retry: {RETRY_MILLISECONDS}\n\n"
        while True:
            text, since = await sync_to_async(read_events)(request, since)
            spoken = pace.speak(text)
            if spoken:
                yield spoken
            if pace.is_over():
                return
            await asyncio.sleep(POLL_SECONDS)


def answer_stream(
    request: HttpRequest, since: int, seconds: float | None = None
) -> StreamingHttpResponse:
    """Answer with a stream of the changes after a position.

    Args:
        request: Whose site is asked.
        since: The last position that the caller knows.
        seconds: When the stream ends at the latest.
    """
    if isinstance(request, ASGIRequest):
        longest, events = ASGI_SECONDS, stream_async
    else:
        longest, events = WSGI_SECONDS, stream
    length = longest if seconds is None else min(seconds, longest)
    response = StreamingHttpResponse(
        events(request, since, length), content_type="text/event-stream"
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response
