"""The load generator: a process of its own that sends prepared requests over connections that stay open.

It reads one JSON task per line from standard input and writes one JSON result per line. It speaks HTTP on bare
sockets, since a client library would cost more than the answers that are measured. Each worker of the server
gets the same number of connections: the header ``X-Worker`` says which one answers.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from itertools import cycle
from typing import Any

TIMEOUT_SECONDS = 120
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
WORKER = re.compile(rb"\r\nx-worker: *(\d+)", re.IGNORECASE)
#: How often a connection is opened to find one to each worker.
ATTEMPTS = 200


@dataclass
class Answer:
    """A whole answer."""

    status: int
    head: bytes
    body: bytes


@dataclass
class Result:
    """What a task came to; times in seconds.

    Attributes:
        cpu: What the load generator itself used.
        latencies: Of each request, in order of completion.
        size: The bytes of the last body.
    """

    requests: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    size: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)


class Connection:
    """A connection that stays open; reads one answer at a time."""

    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port), TIMEOUT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.started = 0.0
        self.buffer = bytearray()

    def send(self, request: bytes) -> None:
        """Send a request."""
        self.buffer.clear()
        self.started = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> Answer | None:
        """Read what is there; return the answer when it is complete.

        Raises:
            ConnectionError: the server has closed the connection.
        """
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("The server has closed the connection.")
        self.buffer += data
        return parse(self.buffer)

    def ask(self, request: bytes) -> Answer:
        """Send a request and wait for the answer."""
        self.send(request)
        while (answer := self.receive()) is None:
            pass
        return answer


def parse(buffer: bytearray) -> Answer | None:
    """Return the answer in a buffer, or None while it is incomplete."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(buffer[:end])
    status = int(head[9:12])
    start = end + 4
    if status in (204, 304):
        return Answer(status, head, b"")
    length = LENGTH.search(head)
    if length:
        stop = start + int(length[1])
        return (
            Answer(status, head, bytes(buffer[start:stop]))
            if len(buffer) >= stop
            else None
        )
    if CHUNKED.search(head):
        # The head can end with the same bytes, after a number.
        is_whole = len(buffer) > start and buffer.endswith(b"0\r\n\r\n")
        body = join_chunks(buffer, start) if is_whole else None
        return None if body is None else Answer(status, head, body)
    raise ValueError("The answer says neither its length nor that it is chunked.")


def join_chunks(buffer: bytearray, start: int) -> bytes | None:
    """Return a body that came in chunks, or None while one is missing."""
    parts = []
    while True:
        line_end = buffer.find(b"\r\n", start)
        if line_end < 0:
            return None
        size = int(buffer[start:line_end], 16)
        if not size:
            return b"".join(parts)
        parts.append(bytes(buffer[line_end + 2 : line_end + 2 + size]))
        start = line_end + 2 + size + 2


def build_request(path: str, headers: dict[str, str]) -> bytes:
    """Return a GET request."""
    lines = [f"GET {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def connect(port: int, workers: int, probe: bytes) -> list[Connection]:
    """Return one connection to each worker of a server.

    Raises:
        ConnectionError: not every worker has answered.
    """
    found: dict[bytes, Connection] = {}
    for _ in range(ATTEMPTS):
        connection = Connection(port)
        match = WORKER.search(connection.ask(probe).head)
        worker = match[1] if match else b"0"
        if worker in found:
            connection.socket.close()
        else:
            found[worker] = connection
        if len(found) == workers:
            return list(found.values())
    raise ConnectionError(f"{len(found)} of {workers} workers have answered.")


def measure(task: dict[str, Any]) -> Result:
    """Send requests for a while, one at a time over each connection.

    Args:
        task: ``port``, ``workers``, ``requests`` (path and headers of each), ``seconds``, ``least`` (requests at
            any rate), and ``warm``: whether every connection sends every request once before.
    """
    requests = [build_request(path, headers) for path, headers in task["requests"]]
    connections = connect(task["port"], task["workers"], requests[0])
    result = Result()
    try:
        if task.get("warm"):
            for connection in connections:
                for request in requests:
                    connection.ask(request)
        run(connections, requests, task["seconds"], task["least"], result)
    finally:
        for connection in connections:
            connection.socket.close()
    return result


def run(
    connections: list[Connection],
    requests: list[bytes],
    seconds: float,
    least: int,
    result: Result,
) -> None:
    """Send requests until the time is over, and wait for the last answers."""
    statuses: Counter[str] = Counter()
    upcoming = cycle(requests)
    cpu = time.process_time()
    start = time.perf_counter()
    deadline = start + seconds
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(next(upcoming))
        waiting = len(connections)
        while waiting:
            for key, _events in selector.select(TIMEOUT_SECONDS):
                connection = key.data
                answer = connection.receive()
                if answer is None:
                    continue
                now = time.perf_counter()
                result.latencies.append(now - connection.started)
                statuses[str(answer.status)] += 1
                result.requests += 1
                result.size = len(answer.body)
                if now < deadline or result.requests + waiting - 1 < least:
                    connection.send(next(upcoming))
                else:
                    waiting -= 1
    result.seconds = time.perf_counter() - start
    result.cpu = time.process_time() - cpu
    result.statuses = dict(statuses)


def main() -> None:
    """Do one task after the other until the input ends."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(asdict(measure(json.loads(line)))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
