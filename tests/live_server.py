"""The project served in another thread, for clients that speak HTTP: browsers, node, command lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connection, connections
from django.test.testcases import LiveServerThread

if TYPE_CHECKING:
    from collections.abc import Iterator


class JoiningServer(ThreadedWSGIServer):
    """Waits for its threads when it closes: the end of the test empties the tables that they read."""

    daemon_threads = False
    block_on_close = True


class JoiningServerThread(LiveServerThread):
    """Runs a server that leaves no thread behind."""

    server_class = JoiningServer


@pytest.fixture
def database(restored_database, django_db_blocker) -> Iterator[None]:
    """A database that a server in another thread sees, with what the migrations have put into it.

    Tests with this have no mark: they commit, and the database is put back afterwards.
    """
    with django_db_blocker.unblock():
        # A fixture that asks for "db", django_user_model say, would hide everything from the server.
        assert not connection.in_atomic_block, "Ask for nothing that rolls back."
        yield
        connections.close_all()


@pytest.fixture
def server(database) -> Iterator[str]:
    """Serve the project and return its address without a trailing slash."""
    thread = JoiningServerThread("localhost", static_handler=StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://localhost:{thread.port}"
    thread.terminate()
