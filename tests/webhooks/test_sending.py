"""Requests end in time, follow nobody, and trust the certificate of the name only."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.webhooks.receiver import Receiver
from tests.webhooks.resolver import FakeResolver
from treatments.conf import get_conf
from treatments.webhooks.models import Failure
from treatments.webhooks.sending import MAX_ANSWER, post


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 300, 304])
def test_redirects_are_not_followed(receiver, status):
    receiver.answer = lambda _request: (
        status,
        {"Location": f"http://127.0.0.1:{receiver.port}/internal"},
        b"",
    )
    outcome = post(receiver.url, b"{}", {}, 5)
    assert (outcome.status, outcome.failure) == (status, Failure.REDIRECT)
    assert [each.path for each in receiver.received] == ["/hook"]


@pytest.mark.parametrize(
    ("status", "failure"),
    [(200, None), (201, None), (204, None), (299, None), (400, "status"), (404, "status"), (410, "gone"), (500, "status")],
)  # fmt: skip
def test_only_2xx_is_a_success(receiver, status, failure):
    receiver.answer = lambda _request: (status, {}, b"")
    outcome = post(receiver.url, b"{}", {}, 5)
    assert (outcome.status, outcome.failure) == (status, failure)


def test_no_more_of_an_answer_is_kept_than_4_kb(receiver):
    receiver.answer = lambda _request: (200, {}, b"\0\xff" + b"x" * 1_000_000)
    outcome = post(receiver.url, b"{}", {}, 5)
    assert outcome.is_success
    assert len(outcome.answer) == MAX_ANSWER == 4096
    assert "\0" not in outcome.answer


class RawServer:
    """Accepts one connection and does with it what the test says."""

    def __init__(self, handle):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        self.thread = threading.Thread(target=self.run, args=(handle,))
        self.thread.start()

    def run(self, handle):
        connection, _address = self.listener.accept()
        with connection:
            try:
                handle(connection)
            except OSError:
                # The client has hung up, as it should.
                return

    def close(self):
        self.listener.close()
        self.thread.join()


@pytest.fixture
def serve():
    servers = []

    def start(handle):
        servers.append(RawServer(handle))
        return servers[-1].url

    yield start
    for server in servers:
        server.close()


def drip(first: bytes, again: bytes):
    """Return a server that sends some bytes, and then a few more every moment."""

    def handle(connection):
        connection.recv(65536)
        connection.sendall(first)
        while True:
            time.sleep(0.05)
            connection.sendall(again)

    return handle


@pytest.mark.parametrize(
    ("first", "again"),
    [(b"", b"H"), (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), (b"HTTP/1.1 ", b"1"), (b"", b"HTTP/1.1 100 Continue\r\n\r\n")],
)  # fmt: skip
def test_a_server_that_drips_does_not_stretch_the_time_limit(serve, first, again):
    started = time.monotonic()
    outcome = post(serve(drip(first, again)), b"{}", {}, 0.4)
    assert time.monotonic() - started < 15
    assert outcome.failure in {Failure.TIMEOUT, Failure.PROTOCOL}
    assert outcome.status is None


def test_a_body_that_drips_does_not_undo_the_success(serve):
    started = time.monotonic()
    outcome = post(serve(drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x")), b"{}", {}, 2)
    assert time.monotonic() - started < 15
    assert (outcome.status, outcome.answer) == (200, "")
    assert outcome.is_success


def listen_only(connection):
    """Take everything, until the client gives up, and say nothing."""
    while connection.recv(65536):
        pass


def test_silence_is_a_timeout(serve):
    outcome = post(serve(listen_only), b"{}", {}, 0.3)
    assert outcome.failure == Failure.TIMEOUT
    assert 250 < outcome.duration_ms < 3000


@pytest.mark.parametrize(
    "answer", [b"", b"no http\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 1000]
)  # fmt: skip
def test_nonsense_is_said_to_be_nonsense(serve, answer):
    def handle(connection):
        connection.recv(65536)
        connection.sendall(answer)

    outcome = post(serve(handle), b"{}", {}, 5)
    assert outcome.failure in {Failure.PROTOCOL, Failure.CONNECTION}
    assert outcome.error


def test_a_closed_port_is_no_connection(receiver):
    url = receiver.url
    receiver.server.socket.close()
    assert post(url, b"{}", {}, 5).failure == Failure.CONNECTION


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Return a certificate for ``receiver.example`` with its key, in one file."""
    # A program of the machine, like the browser: the tests themselves need Python and make only.
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is missing: install openssl")
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(  # noqa: S603
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=receiver.example"),
            *("-addext", "subjectAltName=DNS:receiver.example"),
            *("-keyout", folder / "key.pem", "-out", folder / "certificate.pem"),
        ],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def secure_receiver(certificate, settings, monkeypatch):
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "WEBHOOK_ALLOWED_HOSTS": ["receiver.example", "other.example"],
    }
    FakeResolver(
        monkeypatch, receiver_example=[["127.0.0.1"]], other_example=[["127.0.0.1"]]
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "certificate.pem", certificate / "key.pem")
    receiver = Receiver(context)
    yield receiver
    receiver.close()


def test_the_certificate_must_be_that_of_the_name(
    secure_receiver, certificate, monkeypatch
):
    url = f"https://receiver.example:{secure_receiver.port}/hook"
    outcome = post(url, b"{}", {}, 5)
    assert outcome.failure == Failure.CERTIFICATE
    assert "certificate" in outcome.error
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "certificate.pem"))
    assert post(url.replace("receiver.", "other."), b"{}", {}, 5).failure == Failure.CERTIFICATE  # fmt: skip
    assert secure_receiver.received == []
    outcome = post(url, b"{}", {}, 5)
    assert outcome.is_success, outcome
    assert outcome.answer == "{}"
    (request,) = secure_receiver.received
    assert request.headers["host"] == f"receiver.example:{secure_receiver.port}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEBHOOK_ALLOWED_HOSTS", "localhost"),
        ("WEBHOOK_ALLOWED_HOSTS", ["http://localhost"]),
        ("WEBHOOK_ALLOWED_HOSTS", ["localhost:8000"]),
        ("WEBHOOK_ALLOWED_HOSTS", [""]),
        ("WEBHOOK_ALLOWED_HOSTS", [1]),
        ("WEBHOOK_ALLOWED_HOSTS", None),
        ("WEBHOOK_TIMEOUT", 0),
        ("WEBHOOK_TIMEOUT", "5"),
        ("WEBHOOK_TIMEOUT", None),
        ("WEBHOOK_TIMEOUT", float("nan")),
        ("WEBHOOK_TIMEOUT", 1000),
        ("WEBHOOK_SECRET_OVERLAP", -1),
        ("WEBHOOK_SECRET_OVERLAP", True),
        ("WEBHOOK_RETENTION_DAYS", 0),
        ("WEBHOOK_RETENTION_DAYS", 1.5),
    ],
)
def test_bad_settings_are_said(settings, name, value):
    settings.TREATMENTS = {name: value}
    with pytest.raises(ImproperlyConfigured, match=name):
        get_conf()


def test_the_settings_have_defaults(settings):
    settings.TREATMENTS = {"WEBHOOK_ALLOWED_HOSTS": ["intranet", "10.0.0.1", "fd00::1"]}
    conf = get_conf()
    assert conf.webhook_allowed_hosts == ("intranet", "10.0.0.1", "fd00::1")
    assert conf.webhook_timeout == 15
    assert conf.webhook_secret_overlap == 24
    assert conf.webhook_retention_days == 90
