"""The project served in another thread, for clients that speak HTTP: browsers, node, command lines."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test.testcases import LiveServerThread

if TYPE_CHECKING:
    from collections.abc import Iterator


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
