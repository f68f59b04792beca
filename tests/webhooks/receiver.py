"""A receiver of webhooks: a real HTTP server that keeps what it was sent and answers what it is told."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from standardwebhooks.webhooks import Webhook

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

Answer = tuple[int, dict[str, str], bytes]
OK: Answer = (200, {}, b"{}")


@dataclass(frozen=True)
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def webhook_id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def payload(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def position(self) -> int:
        return self.payload["data"]["position"]

    def verify(self, secret: str) -> Any:
        """Check the signature with the official library, as a consumer does."""
        return Webhook(secret).verify(self.body, self.headers)


class Receiver:
    """Listens in a thread. ``answer`` decides what each request is answered with."""

    def __init__(self, context: ssl.SSLContext | None = None):
        self.received: list[Received] = []
        self.answer: Callable[[Received], Answer] = lambda _request: OK
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                request = Received(
                    self.path,
                    {name.lower(): value for name, value in self.headers.items()},
                    self.rfile.read(length),
                )
                receiver.received.append(request)
                status, headers, body = receiver.answer(request)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if context is not None:
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True
            )
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def positions(self) -> list[int]:
        return [request.position for request in self.received]

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
