"""Serves the project in the thread of a test, inside the test's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import WSGIRequestHandler, WSGIServer
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: For how many seconds the server waits for a request before it looks whether its client has ended.
PATIENCE_SECONDS = 0.2


class QuietRequestHandler(WSGIRequestHandler):
    """Logs nothing: the client counts the answers."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class SavepointHandler:
    """Keeps what a request has changed where it succeeds, and nothing where it fails.

    An error of the database would otherwise end the transaction that all requests share.
    """

    def __init__(self) -> None:
        self.application = WSGIHandler()

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        """Answer one request."""
        statuses = []

        def remember(status: str, *args):
            statuses.append(int(status.split()[0]))
            return start_response(status, *args)

        savepoint = transaction.savepoint()  # ty: ignore[deprecated]
        try:
            return self.application(environ, remember)
        finally:
            if statuses and statuses[0] < 400:
                transaction.savepoint_commit(savepoint)
            else:
                transaction.set_rollback(False)
                transaction.savepoint_rollback(savepoint)


class TestServer:
    """Listens on a free port. Call ``serve_until()`` in the thread that owns the database connection."""

    __test__ = False

    def __init__(self) -> None:
        self.server = WSGIServer(("127.0.0.1", 0), QuietRequestHandler)
        self.server.timeout = PATIENCE_SECONDS
        self.server.set_app(SavepointHandler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def serve_until(self, is_over: Callable[[], bool]) -> None:
        """Answer one request after another until ``is_over()``.

        Like Django's test client, it leaves the connection, which has the test's transaction, open.
        """
        request_started.disconnect(close_old_connections)
        request_finished.disconnect(close_old_connections)
        try:
            while not is_over():
                self.server.handle_request()
        finally:
            request_started.connect(close_old_connections)
            request_finished.connect(close_old_connections)

    def close(self) -> None:
        """Free the port."""
        self.server.server_close()
