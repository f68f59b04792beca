"""Sends one request to a checked address, within a time limit that a slow server cannot stretch."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from treatments.webhooks.addresses import AddressError, Target, find_target
from treatments.webhooks.models import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

#: How much of an answer is kept, in bytes.
MAX_ANSWER = 4096
#: How long one address may take to accept a connection, in seconds.
CONNECT_TIMEOUT = 5.0
MAX_ERROR = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt.

    Attributes:
        status: The status of the answer, or None where there was none.
        failure: Why it did not succeed; empty where it did.
        error: What exactly, for the log.
        answer: The start of the answer's body.
        retry_after: For how many seconds the endpoint asks to be left alone, or None.
        duration_ms: How long it took.
    """

    status: int | None = None
    failure: Failure | None = None
    error: str = ""
    answer: str = ""
    retry_after: float | None = None
    duration_ms: int = 0

    @property
    def is_success(self) -> bool:
        """Whether the endpoint has taken the delivery."""
        return self.failure is None


class Deadline:
    """The point in time at which everything has to be over."""

    def __init__(self, seconds: float):
        self.ends_at = time.monotonic() + seconds

    def get_remaining(self, at_most: float | None = None) -> float:
        """Return for how many seconds the next step may wait.

        Raises:
            TimeoutError: no time is left.
        """
        remaining = self.ends_at - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("The time limit has passed.")
        return remaining if at_most is None else min(remaining, at_most)


class DeadlineReader(io.RawIOBase):
    """Reads from a socket. Without it, each byte that drips in would start the time limit anew."""

    def __init__(self, sock: socket.socket, deadline: Deadline):
        # This keeps the connection open when http.client closes the socket before the answer is read.
        self.stream = sock.makefile("rb", buffering=0)
        self.sock, self.deadline = sock, deadline

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Fill the buffer with what has arrived.

        Raises:
            TimeoutError: no time is left.
        """
        self.sock.settimeout(self.deadline.get_remaining())
        return self.stream.readinto(buffer)

    def close(self) -> None:
        """Close what keeps the connection open."""
        self.stream.close()
        super().close()


class DeadlineSocket:
    """As much of a socket as ``http.client`` uses, with one time limit for all of it."""

    def __init__(self, sock: socket.socket, deadline: Deadline):
        self.sock, self.deadline = sock, deadline

    def sendall(self, data: Any) -> None:
        """Send everything in time."""
        self.sock.settimeout(self.deadline.get_remaining())
        self.sock.sendall(data)

    def makefile(self, mode: str, *args: Any) -> io.BufferedReader:
        """Return what the answer is read from."""
        return io.BufferedReader(DeadlineReader(self.sock, self.deadline))

    def close(self) -> None:
        """Close the connection."""
        self.sock.close()


class CheckedConnection(http.client.HTTPConnection):
    """Connects to the addresses of a target; its name is only in the headers and the certificate."""

    def __init__(self, target: Target, deadline: Deadline):
        super().__init__(target.host, target.port)
        self.default_port = 443 if target.is_secure else 80
        self.target, self.deadline = target, deadline

    def connect(self) -> None:
        """Open the connection.

        Raises:
            OSError: there is none, or its certificate is not that of the name.
        """
        sock = open_socket(self.target, self.deadline)
        if self.target.is_secure:
            try:
                sock.settimeout(self.deadline.get_remaining())
                context = ssl.create_default_context()
                sock = context.wrap_socket(sock, server_hostname=self.target.host)
            except BaseException:
                sock.close()
                raise
        self.sock = DeadlineSocket(sock, self.deadline)


def open_socket(target: Target, deadline: Deadline) -> socket.socket:
    """Connect to the first address that answers.

    Raises:
        OSError: none does.
    """
    failed: OSError = ConnectionError("The host has no address.")
    for address in target.addresses:
        timeout = deadline.get_remaining(CONNECT_TIMEOUT)
        try:
            return socket.create_connection((address, target.port), timeout)
        except OSError as error:
            failed = error
    raise failed


def post(url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Outcome:
    """Send a body to an address. Redirects are not followed.

    Args:
        url: Where to; it is checked and resolved anew.
        body: The body.
        headers: The headers, without ``Host`` and ``Content-Length``.
        seconds: The time limit for everything but the resolving of the name.
    """
    started = time.monotonic()
    try:
        outcome = exchange(find_target(url), body, headers, Deadline(seconds))
    except AddressError as error:
        outcome = Outcome(failure=error.failure, error=str(error))
    except ssl.SSLCertVerificationError as error:
        outcome = Outcome(failure=Failure.CERTIFICATE, error=error.verify_message)
    except TimeoutError:
        outcome = Outcome(failure=Failure.TIMEOUT, error=f"More than {seconds:g} s.")
    except OSError as error:
        outcome = Outcome(failure=Failure.CONNECTION, error=str(error))
    except (http.client.HTTPException, ValueError) as error:
        text = f"{type(error).__name__}: {error}"
        outcome = Outcome(failure=Failure.PROTOCOL, error=text)
    duration = round((time.monotonic() - started) * 1000)
    return Outcome(
        status=outcome.status,
        failure=outcome.failure,
        error=clean_text(outcome.error)[:MAX_ERROR],
        answer=outcome.answer,
        retry_after=outcome.retry_after,
        duration_ms=duration,
    )


def exchange(
    target: Target, body: bytes, headers: Mapping[str, str], deadline: Deadline
) -> Outcome:
    """Send the request and read the answer.

    Raises:
        OSError: the connection fails.
        HTTPException: the answer is not HTTP.
    """
    connection = CheckedConnection(target, deadline)
    try:
        connection.request("POST", target.path, body=body, headers=dict(headers))
        response = connection.getresponse()
        try:
            return read_response(response)
        finally:
            response.close()
    finally:
        connection.close()


def read_response(response: http.client.HTTPResponse) -> Outcome:
    """Return what an answer means."""
    status = response.status
    try:
        answer = clean_text(response.read(MAX_ANSWER).decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException):
        # The status has said it all; the body is only for the log.
        answer = ""
    failure = None
    if status == 410:
        failure = Failure.GONE
    elif 300 <= status < 400:
        failure = Failure.REDIRECT
    elif not 200 <= status < 300:
        failure = Failure.STATUS
    return Outcome(
        status=status,
        failure=failure,
        answer=answer,
        retry_after=read_retry_after(response.getheader("Retry-After") or ""),
    )


def read_retry_after(value: str) -> float | None:
    """Return the seconds of a ``Retry-After`` header, which may be a date (RFC 9110)."""
    value = value.strip()
    if value.isascii() and value.isdecimal() and len(value) < 10:
        return float(value)
    try:
        date = parsedate_to_datetime(value)
        return (date - timezone.now()).total_seconds()
    except (TypeError, ValueError, OverflowError):
        # No date, or one without a time zone.
        return None


def clean_text(text: str) -> str:
    """Return a text without null characters, which no database column takes."""
    return text.replace("\0", "�")
