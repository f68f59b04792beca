"""The project served in another thread, for clients that speak HTTP: browsers, node, command lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
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
def database(transactional_db, django_db_serialized_rollback) -> None:
    """A database that a server in another thread sees, with what the migrations have put into it.

    The end of such a test empties every table, so that the next one has to fill them again.
    """


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
