"""Caches for tests: one in memory, and a real HTTP server that remembers what it was sent."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from treatments.delivery.caches import MemoryBackend

MEMORY = {"BACKEND": "treatments.delivery.caches.MemoryBackend"}


@dataclass(frozen=True)
class Received:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        """The body, read as JSON."""
        return json.loads(self.body)


@dataclass
class CacheServer:
    """A server that answers everything in the same way and remembers what it was sent."""

    url: str
    status: int = 200
    body: bytes = b'{"success": true}'
    received: list[Received] = field(default_factory=list)
    #: Where an answer waits for it, it is not sent before it is set.
    gate: threading.Event | None = None


@pytest.fixture
def cache_server(monkeypatch):
    """Return a running server; nothing goes through a proxy of the machine."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            size = int(self.headers.get("Content-Length") or 0)
            state.received.append(
                Received(
                    self.command, self.path, dict(self.headers), self.rfile.read(size)
                )
            )
            if state.gate is not None:
                state.gate.wait(10)
            try:
                self.send_response(state.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(state.body)))
                self.end_headers()
                self.wfile.write(state.body)
            except (BrokenPipeError, ConnectionResetError):
                # Nobody waits any more.
                self.close_connection = True

        do_GET = do_POST = do_PURGE = do_BAN = answer

        def log_message(self, format, *args):
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    state = CacheServer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield state
    if state.gate is not None:
        state.gate.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def memory(settings):
    """Return a cache in memory, the only one that is configured."""
    settings.WAGTAILFRONTENDCACHE = {"memory": MEMORY}
    MemoryBackend.clear()
    yield MemoryBackend
    MemoryBackend.clear()
