"""What a request may have is read from its operation alone, and as the whole document has it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from wagtail.api.v3.api import api

from tests.treatments.api_calls import create_token, send
from treatments.api.openapi.document import get_openapi
from treatments.api.openapi.operations import iterate_operations
from treatments.api.openapi.references import find_parts, iterate_references
from treatments.api.openapi.requests import find_expected, list_operations

#: Starts a server like gunicorn does, and says what it has before its first request.
START = """
import sys, threading, django
django.setup()
from django.conf import settings
print(settings.ROOT_URLCONF in sys.modules)
from django.core.wsgi import get_wsgi_application
get_wsgi_application()
from django.db import connections
from treatments.api.openapi.document import get_openapi
from treatments.api.openapi.requests import list_operations
print(settings.ROOT_URLCONF in sys.modules)
print(list_operations.cache_info().currsize, get_openapi.cache_info().currsize)
print([each.alias for each in connections.all() if each.connection is not None])
print(threading.active_count())
"""


def list_documented():
    """Yield what a request to each operation of the document may have, and its path and part of the document."""
    for path, method, documented in iterate_operations(get_openapi(api)):
        expected = find_expected(api, path, method.upper())
        assert expected is not None, path
        yield expected, path, documented


@pytest.mark.parametrize("place", ["path", "query"])
def test_parameters_are_those_of_the_document(place):
    for expected, _path, documented in list_documented():
        assert expected.id == documented["operationId"]
        found = expected.address if place == "path" else expected.query
        assert found == {
            each["name"]: each["schema"]
            for each in documented["parameters"]
            if each["in"] == place
        }


def test_bodies_are_those_of_the_document():
    components = get_openapi(api)["components"]["schemas"]
    kinds = set()
    for expected, path, documented in list_documented():
        content = documented.get("requestBody", {}).get("content", {})
        assert expected.bodies == {kind: content[kind]["schema"] for kind in content}
        names = find_parts(expected.components, iterate_references(expected.bodies))
        for name in names:
            assert expected.components[name] == components[name], (path, name)
        kinds.update(expected.bodies)
    assert kinds == {"application/json", "multipart/form-data"}


def test_no_other_operation_is_known():
    known = {
        (method.lower(), operation.operation_id)
        for item in list_operations(api).values()
        for method, operation in item.items()
    }
    assert len(known) == len(list(list_documented()))
    assert find_expected(api, "/api/v3/nothing/", "GET") is None
    assert find_expected(api, "/api/v3/site/", "PATCH") is None


@pytest.mark.django_db
def test_neither_a_read_nor_a_write_looks_at_the_whole_document(client):
    token = create_token(is_superuser=True)
    looked = get_openapi.cache_info()
    assert client.get("/api/v3/articles/?limit=1").status_code == 200
    assert client.get("/api/v3/articles/?limits=1").status_code == 400
    assert (
        send(client, "post", "/api/v3/pages/", {"title": 1}, token).status_code == 422
    )
    assert get_openapi.cache_info() == looked
    assert client.get("/api/v3/openapi.json").status_code == 200
    assert get_openapi.cache_info() != looked


def test_a_server_loads_the_addresses_before_its_first_request_and_opens_nothing():
    result = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-W", "error", "-c", START],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.stdout.splitlines() == ["False", "True", "1 0", "[]", "1"], result
