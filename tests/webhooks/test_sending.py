"""Requests go only to addresses that were checked, end in time, and follow nobody."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.webhooks.events import create_endpoint, get_delivery, publish
from tests.webhooks.receiver import Receiver
from treatments.conf import get_conf
from treatments.webhooks.addresses import AddressError, find_target, is_public
from treatments.webhooks.models import DeliveryState, Failure
from treatments.webhooks.sending import MAX_ANSWER, post
from treatments.webhooks.worker import run_until_idle

PUBLIC = "93.184.215.14"


class FakeResolver:
    """Stands for the resolver; each name has a list of answers, the last of which is repeated."""

    def __init__(self, monkeypatch, **answers: list[list[str]]):
        self.answers = {name.replace("_", "."): list(each) for name, each in answers.items()}  # fmt: skip
        self.asked: list[str] = []
        self.real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self)

    def __call__(self, host, port, *args, **kwargs):
        self.asked.append(host)
        if host not in self.answers:
            return self.real(host, port, *args, **kwargs)
        answers = self.answers[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in addresses
        ]  # fmt: skip


@pytest.fixture
def nothing_allowed(settings):
    """No internal host may be called."""
    settings.TREATMENTS = {**settings.TREATMENTS, "WEBHOOK_ALLOWED_HOSTS": []}


@pytest.fixture
def connections(monkeypatch):
    """Keep to which addresses connections were opened, and open none."""
    opened = []

    def refuse(address, timeout):
        opened.append(address)
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr(socket, "create_connection", refuse)
    return opened


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://127.8.9.10/",
        "https://[::1]/",
        "https://[::]/",
        "https://0.0.0.0/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://192.0.2.1/",
        "https://198.18.0.1/",
        "https://224.0.0.1/",
        "https://240.0.0.1/",
        "https://255.255.255.255/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[::127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b::10.0.0.1]/",
        "https://[64:ff9b:1::808:808]/",
        "https://[2002:7f00:1::]/",
        "https://[2001:0:7f00:1::]/",
        "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://[ff02::1]/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://127.0.0.1./",
        "https://127。0。0。1/",
        "https://\uff11\uff12\uff17.0.0.1/",
        "https://①②⑦.0.0.1/",
        "https://%31%32%37.0.0.1/",
    ],
)
def test_internal_addresses_are_refused(nothing_allowed, connections, url):
    with pytest.raises(AddressError):
        find_target(url)
    outcome = post(url, b"{}", {}, 5)
    assert outcome.failure == Failure.ADDRESS
    assert outcome.error
    assert connections == []


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "https://"),
        ("example.org/hook", "https://"),
        ("//example.org/hook", "https://"),
        ("http://example.org/hook", "https://"),
        ("ftp://example.org/", "https://"),
        ("file:///etc/passwd", "https://"),
        ("gopher://example.org/", "https://"),
        ("javascript:alert(1)", "https://"),
        ("https://", "https://"),
        ("https:///path", "https://"),
        ("https://user:password@example.org/", "password"),
        ("https://user@example.org/", "password"),
        ("https://@example.org/", "password"),
        ("https://example.org@10.0.0.1/", "password"),
        ("https://example.org\\@10.0.0.1/", "backslashes"),
        ("https://example.org/a b", "spaces"),
        ("https://example.org/\r\nHost: internal", "spaces"),
        ("https://example.org/#fragment", "#"),
        ("https://example.org/cirugía", "percent-encoded"),
        ("https://example.org:22/", "port"),
        ("https://example.org:25/", "port"),
        ("https://example.org:0/", "port"),
        ("https://example.org:65536/", "port"),
        ("https://example.org:x/", "port"),
        ("https://exa_mple..org/", "host"),
        ("https://exam%70le.org/", "host"),
        ("https://[::1/", "valid"),
        ("https://" + "a" * 300 + "/", "host"),
        ("https://-example.org/", "host"),
        ("https://\ud800.org/", "host"),
    ],
)
def test_other_bad_addresses_are_refused_with_a_reason(
    nothing_allowed, connections, url, message
):
    with pytest.raises(AddressError, match=message):
        find_target(url)
    assert post(url, b"{}", {}, 5).failure == Failure.ADDRESS
    assert connections == []


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://example.org", "example.org", 443, "/"),
        ("https://EXAMPLE.org/Hook?a=1&b=2", "example.org", 443, "/Hook?a=1&b=2"),
        ("https://example.org:8443/hook", "example.org", 8443, "/hook"),
        ("https://example.org:80/hook", "example.org", 80, "/hook"),
        ("https://bücher.example/", "xn--bcher-kva.example", 443, "/"),
    ],
)
def test_public_addresses_are_taken(
    nothing_allowed, monkeypatch, url, host, port, path
):
    FakeResolver(
        monkeypatch, example_org=[[PUBLIC]], **{"xn--bcher-kva_example": [[PUBLIC]]}
    )
    target = find_target(url)
    assert (target.host, target.port, target.path) == (host, port, path)
    assert target.addresses == (PUBLIC,)
    assert target.is_secure


def test_public_is_what_the_internet_routes():
    assert is_public("8.8.8.8")
    assert is_public("2606:4700:4700::1111")
    assert is_public("64:ff9b::808:808")
    assert is_public("::ffff:8.8.8.8")
    assert not is_public("no address")
    assert not is_public("fe80::1%eth0")


@pytest.mark.parametrize("addresses", [[PUBLIC, "10.0.0.1"], ["::1", PUBLIC], ["10.0.0.1"]])  # fmt: skip
def test_one_internal_address_among_several_is_enough(
    nothing_allowed, monkeypatch, connections, addresses
):
    FakeResolver(monkeypatch, example_org=[addresses])
    with pytest.raises(AddressError, match=r"internal.*WEBHOOK_ALLOWED_HOSTS"):
        find_target("https://example.org/")
    assert post("https://example.org/", b"{}", {}, 5).failure == Failure.ADDRESS
    assert connections == []


def test_a_name_is_resolved_once_and_the_checked_address_is_called(
    nothing_allowed, monkeypatch, connections
):
    resolver = FakeResolver(monkeypatch, rebind_example=[[PUBLIC], ["127.0.0.1"]])
    outcome = post("https://rebind.example/", b"{}", {}, 5)
    assert outcome.failure == Failure.CONNECTION
    assert connections == [(PUBLIC, 443)]
    assert resolver.asked == ["rebind.example"]


@pytest.mark.django_db
def test_a_name_that_turns_internal_after_it_was_saved_is_not_called(
    nothing_allowed, monkeypatch, connections
):
    FakeResolver(monkeypatch, rebind_example=[[PUBLIC], ["127.0.0.1"]])
    find_target("https://rebind.example/")
    create_endpoint("https://rebind.example/")
    event = publish()
    run_until_idle()
    delivery = get_delivery(event)
    assert (delivery.state, delivery.last_failure) == (DeliveryState.RETRYING, "address")  # fmt: skip
    assert connections == []


def test_a_name_without_a_server_is_said(nothing_allowed, monkeypatch, connections):
    def fail(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(AddressError, match=r"nowhere\.example"):
        find_target("https://nowhere.example/")
    assert post("https://nowhere.example/", b"{}", {}, 5).failure == Failure.NAME


def test_the_next_address_is_tried_where_one_does_not_answer(
    receiver, settings, monkeypatch
):
    settings.TREATMENTS = {**settings.TREATMENTS, "WEBHOOK_ALLOWED_HOSTS": ["two.example"]}  # fmt: skip
    FakeResolver(monkeypatch, two_example=[["::1", "127.0.0.1"]])
    outcome = post(f"http://two.example:{receiver.port}/", b"{}", {}, 5)
    assert outcome.is_success
    assert receiver.received[0].headers["host"] == f"two.example:{receiver.port}"


def test_an_allowed_host_is_allowed_by_its_name_only(receiver, settings):
    settings.TREATMENTS = {**settings.TREATMENTS, "WEBHOOK_ALLOWED_HOSTS": ["LocalHost"]}  # fmt: skip
    assert post(f"http://localhost:{receiver.port}/", b"{}", {}, 5).is_success
    outcome = post(receiver.url, b"{}", {}, 5)
    assert outcome.failure == Failure.ADDRESS
    assert len(receiver.received) == 1


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
    assert time.monotonic() - started < 3
    assert outcome.failure in {Failure.TIMEOUT, Failure.PROTOCOL}
    assert outcome.status is None


def test_a_body_that_drips_does_not_undo_the_success(serve):
    started = time.monotonic()
    outcome = post(serve(drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x")), b"{}", {}, 0.4)
    assert time.monotonic() - started < 3
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
