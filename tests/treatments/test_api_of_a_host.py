"""What the middleware leaves alone: a host's own API below the same addresses."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.http import JsonResponse
from django.urls import path
from ninja import NinjaAPI
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet

from cms.urls import urlpatterns as project_urls
from treatments.api.http.own_views import is_own_route
from treatments.api.v2.endpoints import TreatmentPagesAPIViewSet

SNAPSHOTS = Path(__file__).parents[1] / "snapshots"
host_api = NinjaAPI(urls_namespace="host", docs_url=None, openapi_url=None)


@host_api.get("/orders/")
def list_orders(request):
    return {"key": request.headers.get("X-Api-Key", "")}


def answer_account(request):
    return JsonResponse({"key": request.headers.get("X-Api-Key", "")})


class HostPages(TreatmentPagesAPIViewSet):
    """A host's own variant of our pages, with answers that depend on whatever the host likes."""


host_v2 = WagtailAPIRouter("host_v2")
host_v2.register_endpoint("stock", PagesAPIViewSet)
host_v2.register_endpoint("own", HostPages)

urlpatterns = [
    path("api/account/", answer_account),
    path("api/host/", host_api.urls),
    path("api/host-v2/", host_v2.urls),
    *project_urls,
]

HOST_ADDRESSES = [
    "/api/account/",
    "/api/host/orders/",
    "/api/host-v2/stock/",
    "/api/host-v2/own/",
]
CACHE_HEADERS = {"cache-control", "etag", "surrogate-key", "cache-tag", "x-robots-tag"}


@pytest.fixture
def host_urls(settings):
    settings.ROOT_URLCONF = __name__


@pytest.mark.parametrize("address", HOST_ADDRESSES)
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Key 7"}])
def test_an_answer_of_a_hosts_own_api_keeps_the_hosts_headers(
    site, client, host_urls, address, headers
):
    answer = client.get(address, headers={"X-Api-Key": "secret", **headers})
    assert answer.status_code == 200
    assert not CACHE_HEADERS & {name.lower() for name in answer.headers}


@pytest.mark.parametrize(
    "address",
    [
        "/api/v2/pages/",
        "/api/v2/glossary/",
        "/api/v2/redirects/",
        "/api/v3/articles/",
        "/api/v3/articles/changes/",
        "/api/v3/site/",
        "/api/v3/glossary/",
        "/api/v3/pages/",
        "/api/v3/openapi.json",
    ],
)
def test_our_answers_and_those_of_wagtails_v3_are_public(
    site, client, host_urls, address
):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("public, max-age=")
    assert answer["ETag"]


@pytest.mark.parametrize("address", ["/api/nothing/", "/api/v3/nothing/"])
def test_what_is_nowhere_is_kept_by_nobody(site, client, host_urls, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer["Cache-Control"] == "no-store"


def test_a_router_that_a_host_puts_on_the_v3_api_is_the_hosts():
    # A host may add it under any name that neither Wagtail nor this package uses.
    assert not is_own_route("api/v3/orders/<int:order_id>/")


def test_every_operation_of_the_v3_document_is_ours_or_wagtails():
    paths = json.loads((SNAPSHOTS / "openapi.json").read_text())["paths"]
    assert len(paths) > 60
    strangers = [path for path in paths if not is_own_route(path.lstrip("/"))]
    assert not strangers


@pytest.mark.parametrize("address", ["/api/v2/pages/", "/api/v2/glossary/"])
@pytest.mark.parametrize("password", ["right", "wrong"])
def test_a_read_does_not_tell_whether_a_password_is_right(
    site, client, address, password
):
    get_user_model().objects.create_user("editor", password="right")  # noqa: S106
    given = base64.b64encode(f"editor:{password}".encode()).decode()
    answer = client.get(address, headers={"Authorization": f"Basic {given}"})
    assert answer.status_code == 200
    assert "WWW-Authenticate" not in answer
