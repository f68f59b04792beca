"""A browser, a site for it to visit, and windows that remember what went wrong in them."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Window

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: For machines that do other work at the same time.
PATIENCE_MS = 30_000


class SerialHandler(StaticFilesHandler):
    """Answers one request at a time: all threads share the one connection to a database in memory.

    Make a subclass for each server: the lock and its state belong to the class.
    """

    lock: threading.Lock
    is_closed = False

    def __call__(self, environ, start_response):
        """Answer, or refuse what a browser still asks for while it is closed."""
        with self.lock:
            if self.is_closed:
                start_response("503 Service Unavailable", [])
                return []
            return super().__call__(environ, start_response)

    @classmethod
    def close(cls) -> None:
        """Wait for the present request, and answer no further one."""
        with cls.lock:
            cls.is_closed = True


class JoiningServer(ThreadedWSGIServer):
    """Waits for its threads when it closes: each of them still has the shared connection to close."""

    daemon_threads = False
    block_on_close = True


class JoiningServerThread(LiveServerThread):
    """Runs a server that leaves no thread behind."""

    server_class = JoiningServer


@pytest.fixture(scope="module")
def chromium(django_db_setup) -> Iterator[Browser]:
    """Start Chromium once for a module."""
    present = {each.alias: each for each in connections.all()}
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, where Django would refuse to work,
        # and would open connections of their own beside those of the test.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        for alias, each in present.items():
            connections[alias] = each
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=ARGUMENTS,
            timeout=2 * PATIENCE_MS,
        )
        yield browser
        browser.close()


@pytest.fixture
def database(transactional_db, django_db_serialized_rollback) -> None:
    """A database that a server in another thread sees, with what the migrations have put into it.

    The end of such a test empties every table, so that the next one has to fill them again.
    """


@pytest.fixture
def server(database) -> Iterator[str]:
    """Serve the project and return its address without a trailing slash."""
    shared = {
        each.alias: each
        for each in connections.all()
        if each.vendor == "sqlite" and each.is_in_memory_db()
    }

    class Handler(SerialHandler):
        lock = threading.Lock()

    for each in shared.values():
        each.inc_thread_sharing()
    thread = JoiningServerThread(
        "localhost", static_handler=Handler, connections_override=shared
    )
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://localhost:{thread.port}"
    Handler.close()
    thread.terminate()
    for each in shared.values():
        each.dec_thread_sharing()


@pytest.fixture
def open_window(chromium, server) -> Iterator[Callable[..., Window]]:
    """Return a function that opens a window of somebody who was not here before.

    What the window's console complains about is collected in ``window.complaints``.
    """
    contexts = []

    def open_window(**options) -> Window:
        options = {"viewport": {"width": 1280, "height": 900}, **options}
        context = chromium.new_context(base_url=server, **options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        window = context.new_page()
        window.complaints = complaints = []
        window.on(
            "console",
            lambda message: (
                complaints.append(f"{message.type}: {message.text}")
                if message.type in ("error", "warning")
                else None
            ),
        )
        window.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
        return window

    yield open_window
    for context in contexts:
        context.close()
