"""What CDNs and caches are sent, by a real server that receives it; and the settings that they need."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from wagtail.contrib.frontend_cache.utils import purge_urls_from_cache

from treatments.delivery import caches
from treatments.delivery.checks import check_caches

TAGS = ["article-5", "glossaryterm-0a1b2c3d"]
#: Nothing listens on the discard port.
CLOSED = "http://127.0.0.1:9"


def create_fastly(server, **params):
    return caches.FastlyBackend(
        {"SERVICE_ID": "service1", "API_TOKEN": "secret", "API": server.url, **params}
    )


def create_cloudflare(server, **params):
    return caches.CloudflareBackend(
        {"ZONEID": "zone1", "BEARER_TOKEN": "secret", "API": server.url, **params}
    )


def create_varnish(server, *others, **params):
    return caches.VarnishBackend({"LOCATIONS": [*others, server.url], **params})


BACKENDS = [create_fastly, create_cloudflare, create_varnish]


def test_fastly_gets_surrogate_keys(cache_server):
    create_fastly(cache_server).purge_tags(TAGS)
    (request,) = cache_server.received
    assert (request.method, request.path) == ("POST", "/service/service1/purge")
    assert request.headers["Surrogate-Key"] == " ".join(TAGS)
    assert request.headers["Fastly-Key"] == "secret"
    # A soft purge would serve the former content while the new one is fetched.
    assert "Fastly-Soft-Purge" not in request.headers


def test_fastly_gets_at_most_256_keys_at_once(cache_server):
    tags = [f"article-{number}" for number in range(600)]
    create_fastly(cache_server).purge_tags(tags)
    sent = [each.headers["Surrogate-Key"].split() for each in cache_server.received]
    assert [len(each) for each in sent] == [256, 256, 88]
    assert [tag for each in sent for tag in each] == tags


def test_fastly_gets_addresses(cache_server):
    create_fastly(cache_server).purge("https://www.example.org/en/x/?a=b")
    (request,) = cache_server.received
    assert request.method == "POST"
    assert request.path == "/purge/www.example.org/en/x/?a=b"


def test_cloudflare_has_its_address_from_wagtail():
    backend = caches.CloudflareBackend({"ZONEID": "zone1", "BEARER_TOKEN": "secret"})
    address = "https://api.cloudflare.com/client/v4/zones/zone1/purge_cache"
    assert backend.cloudflare_purge_endpoint_url == address


def test_cloudflare_gets_tags(cache_server):
    create_cloudflare(cache_server).purge_tags(TAGS)
    (request,) = cache_server.received
    assert (request.method, request.path) == ("POST", "/zones/zone1/purge_cache")
    assert request.headers["Authorization"] == "Bearer secret"
    assert request.headers["Content-Type"] == "application/json"
    assert request.json == {"tags": TAGS}


def test_cloudflare_gets_at_most_30_at_once(cache_server):
    backend = create_cloudflare(cache_server)
    backend.purge_tags([f"article-{number}" for number in range(65)])
    backend.purge_batch([f"https://x.org/{number}/" for number in range(31)])
    tags, files = cache_server.received[:3], cache_server.received[3:]
    assert [len(each.json["tags"]) for each in tags] == [30, 30, 5]
    assert [len(each.json["files"]) for each in files] == [30, 1]


@pytest.mark.parametrize(
    "body", [b'{"success": false, "errors": [{"message": "No"}]}', b"[]", b"<html>"]
)
def test_cloudflare_can_refuse_with_status_200(cache_server, body):
    cache_server.body = body
    with pytest.raises(caches.PurgeError):
        create_cloudflare(cache_server).purge_tags(TAGS)


def test_varnish_gets_bans(cache_server):
    create_varnish(cache_server).purge_tags(TAGS)
    (request,) = cache_server.received
    assert (request.method, request.path) == ("BAN", "/")
    assert request.headers["Surrogate-Key"] == " ".join(TAGS)


def test_a_header_of_varnish_does_not_become_too_long(cache_server):
    tags = [f"treatmentarticlesubject-{number:08}" for number in range(250)]
    create_varnish(cache_server).purge_tags(tags)
    sent = [each.headers["Surrogate-Key"] for each in cache_server.received]
    assert " ".join(sent).split() == tags
    assert max(map(len, sent)) < 8192


def test_varnish_gets_addresses_with_their_host(cache_server):
    create_varnish(cache_server).purge("https://www.example.org:8443/en/x/?a=%2Fb")
    (request,) = cache_server.received
    assert (request.method, request.path) == ("PURGE", "/en/x/?a=%2Fb")
    assert request.headers["Host"] == "www.example.org:8443"


def test_one_varnish_that_is_down_does_not_concern_the_others(cache_server):
    backend = create_varnish(cache_server, CLOSED)
    with pytest.raises(caches.PurgeError, match=CLOSED):
        backend.purge_tags(TAGS)
    assert len(cache_server.received) == 1


@pytest.mark.parametrize("create", BACKENDS)
@pytest.mark.parametrize("status", [302, 401, 429, 500])
def test_what_is_no_success_is_an_error(cache_server, create, status):
    cache_server.status = status
    with pytest.raises(caches.PurgeError, match=str(status)):
        create(cache_server).purge_tags(TAGS)
    assert len(cache_server.received) == 1


@pytest.mark.parametrize("create", BACKENDS)
def test_a_slow_cache_is_given_up(cache_server, create):
    cache_server.gate = threading.Event()
    with pytest.raises(caches.PurgeError, match="Timeout"):
        create(cache_server, TIMEOUT=0.1).purge_tags(TAGS)


@pytest.mark.parametrize("create", BACKENDS)
def test_errors_do_not_repeat_a_token(cache_server, create, caplog):
    cache_server.status = 500
    backend = create(cache_server)
    with pytest.raises(caches.PurgeError) as caught:
        backend.purge_tags(TAGS)
    backend.purge("https://www.example.org/en/")
    assert "secret" not in f"{caught.value} {caplog.text}"


@pytest.mark.parametrize("create", BACKENDS)
def test_purges_of_addresses_go_on_after_an_error(cache_server, create, caplog):
    cache_server.status = 500
    addresses = [f"https://www.example.org/{number}/" for number in range(31)]
    create(cache_server).purge_batch(addresses)
    assert len(cache_server.received) >= 2
    assert all(address in caplog.text for address in addresses)


@pytest.mark.parametrize("create", BACKENDS)
def test_a_lost_connection_breaks_no_publication(cache_server, create, caplog):
    lost = SimpleNamespace(url=CLOSED)
    create(lost).purge("https://www.example.org/en/")
    assert "https://www.example.org/en/" in caplog.text
    cache_server.gate = threading.Event()
    create(cache_server, TIMEOUT=0.1).purge("https://www.example.org/es/")
    assert "https://www.example.org/es/" in caplog.text


def test_wagtails_purges_of_page_addresses_still_work(cache_server, settings):
    settings.WAGTAILFRONTENDCACHE = {
        "varnish": {
            "BACKEND": "treatments.delivery.caches.VarnishBackend",
            "LOCATIONS": [cache_server.url],
            "HOSTNAMES": ["www.example.org"],
        }
    }
    purge_urls_from_cache(["https://www.example.org/a/", "https://other.org/b/"])
    assert [each.path for each in cache_server.received] == ["/a/"]


@pytest.mark.parametrize(
    ("backend", "params", "message"),
    [
        (caches.FastlyBackend, {"SERVICE_ID": "x"}, "API_TOKEN is missing"),
        (caches.FastlyBackend, {"API_TOKEN": "x"}, "SERVICE_ID is missing"),
        (caches.CloudflareBackend, {"ZONEID": "x"}, "BEARER_TOKEN is missing"),
        (caches.CloudflareBackend, {"BEARER_TOKEN": "x"}, "ZONEID is missing"),
        (caches.VarnishBackend, {}, "LOCATIONS is missing"),
        (caches.VarnishBackend, {"LOCATIONS": CLOSED}, "list of addresses"),
        (caches.VarnishBackend, {"LOCATIONS": ["10.0.0.5"]}, "list of addresses"),
        (caches.VarnishBackend, {"LOCATIONS": ["http://["]}, "list of addresses"),
        (caches.VarnishBackend, {"LOCATIONS": [CLOSED], "X": 1}, "X is unknown"),
        (caches.MemoryBackend, {"TIMEOUT": 0}, "TIMEOUT must be"),
        (caches.MemoryBackend, {"TIMEOUT": "5"}, "TIMEOUT must be"),
        (
            caches.FastlyBackend,
            {"SERVICE_ID": "x", "API_TOKEN": "x", "API": "api.fastly.com"},
            "API must be an address",
        ),
    ],
)
def test_wrong_settings_are_found_at_the_start(settings, backend, params, message):
    path = f"{backend.__module__}.{backend.__name__}"
    settings.WAGTAILFRONTENDCACHE = {"cdn": {"BACKEND": path, **params}}
    (error,) = [each for each in check_caches(app_configs=None) if each.is_serious()]
    assert message in error.msg
    assert "'cdn'" in error.msg
    with pytest.raises(ImproperlyConfigured, match=message):
        backend(params)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (["x"], "must be a dictionary"),
        ({"cdn": {}}, "BACKEND is missing"),
        ({"cdn": "x"}, "BACKEND is missing"),
        ({"cdn": {"BACKEND": "treatments.nothing.Backend"}}, "cannot be imported"),
    ],
)
def test_a_setting_without_backends_is_found_at_the_start(settings, value, message):
    settings.WAGTAILFRONTENDCACHE = value
    assert message in check_caches(app_configs=None)[0].msg


def test_backends_of_wagtail_are_left_to_wagtail(settings, monkeypatch):
    monkeypatch.setattr(apps, "is_installed", lambda name: True)
    settings.WAGTAILFRONTENDCACHE = {
        "front": {
            "BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
            "LOCATION": CLOSED,
        }
    }
    assert check_caches(app_configs=None) == []


def test_a_missing_app_is_a_warning(settings):
    settings.WAGTAILFRONTENDCACHE = {
        "memory": {"BACKEND": "treatments.delivery.caches.MemoryBackend"}
    }
    assert [each.id for each in check_caches(app_configs=None)] == [
        "treatments_delivery.W001"
    ]
    settings.WAGTAILFRONTENDCACHE = {}
    assert check_caches(app_configs=None) == []
