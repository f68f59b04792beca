"""Anonymous writes are limited by address; reads and tokens are not."""

from __future__ import annotations

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from wagtail.models import APIToken

from treatments.api.http import throttling
from treatments.conf import Rate, get_conf

pytestmark = pytest.mark.django_db
URL = "/api/v3/whoami/"


@pytest.fixture(autouse=True)
def _slow(settings):
    settings.TREATMENTS = {**settings.TREATMENTS, "ANONYMOUS_WRITE_RATE": "2/min"}


def write(client, url=URL, **kwargs):
    return client.post(url, "{}", content_type="application/json", **kwargs)


def test_writes_without_a_token_are_limited(client):
    with time_machine.travel("2026-05-01T12:00:00Z", tick=False) as clock:
        assert [write(client).status_code for _ in range(3)] == [405, 405, 429]
        answer = write(client)
        problem = answer.json()
        assert answer["Content-Type"] == "application/problem+json"
        assert problem["type"] == "urn:wagtail-treatments:problem:rate-limited"
        wait = int(answer["Retry-After"])
        assert 1 <= wait <= 60
        assert f"{wait} seconds" in problem["detail"]
        clock.shift(wait)
        assert write(client).status_code == 405


def test_v2_and_addresses_that_do_not_exist_count_too(client):
    for url in ("/api/v2/pages/", "/api/nothing/"):
        write(client, url)
    assert write(client).status_code == 429


def test_reads_are_not_limited(client):
    for _ in range(5):
        assert client.get("/api/v3/locales/").status_code == 200
        assert client.options("/api/v3/locales/").status_code == 405
    assert write(client).status_code == 405


def test_a_valid_token_is_not_limited_and_a_wrong_one_is(client):
    user = get_user_model().objects.create_user("editor")
    _token, key = APIToken.create_token(user=user, name="Tests")
    good, bad = ({"Authorization": f"Bearer {each}"} for each in (key, "wrong"))
    assert {write(client, headers=good).status_code for _ in range(5)} == {405}
    assert [write(client, headers=bad).status_code for _ in range(3)] == [405, 405, 429]
    assert write(client, headers=good).status_code == 405


def test_each_address_has_its_own_count(client):
    for _ in range(3):
        write(client, REMOTE_ADDR="192.0.2.1")
    assert write(client, REMOTE_ADDR="192.0.2.1").status_code == 429
    assert write(client, REMOTE_ADDR="192.0.2.2").status_code == 405


def test_a_forged_forwarding_header_does_not_help(client):
    answers = [
        write(client, headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code
        for number in range(3)
    ]
    assert answers[-1] == 429


@pytest.mark.parametrize(
    ("count", "forwarded", "address"),
    [
        (0, "203.0.113.7", "192.0.2.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "forged, 203.0.113.7", "203.0.113.7"),
        (2, "forged, 203.0.113.7, 198.51.100.1", "203.0.113.7"),
        (2, "203.0.113.7", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_trusted_proxies_tell_the_address(settings, count, forwarded, address):
    settings.TREATMENTS = {**settings.TREATMENTS, "TRUSTED_PROXY_COUNT": count}
    request = RequestFactory().post(
        URL, headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="192.0.2.1"
    )
    assert throttling.get_client_address(request) == address


def test_the_address_is_not_in_the_cache():
    key = throttling.build_key("192.0.2.1", 5)
    assert "192.0.2.1" not in key
    assert key != throttling.build_key("192.0.2.2", 5)


def test_a_broken_cache_closes_nothing(client, settings, caplog):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert {write(client).status_code for _ in range(4)} == {405}
    assert "not limited" in caplog.text


def test_the_limit_can_be_switched_off(client, settings):
    settings.TREATMENTS = {**settings.TREATMENTS, "ANONYMOUS_WRITE_RATE": None}
    assert {write(client).status_code for _ in range(4)} == {405}


@pytest.mark.parametrize("rate", ["", "30", "30/year", "0/min", "-1/s", 30, "30 / min"])
def test_a_rate_that_is_none_is_refused(settings, rate):
    settings.TREATMENTS = {"ANONYMOUS_WRITE_RATE": rate}
    with pytest.raises(ImproperlyConfigured, match="ANONYMOUS_WRITE_RATE"):
        get_conf()


@pytest.mark.parametrize("count", [-1, "1", True, 11])
def test_a_bad_number_of_proxies_is_refused(settings, count):
    settings.TREATMENTS = {"TRUSTED_PROXY_COUNT": count}
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXY_COUNT"):
        get_conf()


def test_rates_have_units(settings):
    for text, rate in {
        "1/s": Rate(1, 1),
        "5/h": Rate(5, 3600),
        "9/d": Rate(9, 86400),
    }.items():
        settings.TREATMENTS = {"ANONYMOUS_WRITE_RATE": text}
        assert get_conf().anonymous_write_rate == rate
