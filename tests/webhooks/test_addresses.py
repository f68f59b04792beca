"""Requests go only to addresses that were checked."""

from __future__ import annotations

import socket

import pytest

from tests.webhooks.events import create_endpoint, get_delivery, publish
from tests.webhooks.resolver import FakeResolver
from treatments.webhooks.addresses import AddressError, find_target, is_public
from treatments.webhooks.models import DeliveryState, Failure
from treatments.webhooks.sending import post
from treatments.webhooks.worker import run_until_idle

PUBLIC = "93.184.215.14"


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
        "https://[fec0::1]/",
        "https://[feff:ffff::1]/",
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
