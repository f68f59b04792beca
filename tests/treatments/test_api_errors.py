"""Every error of the API is a problem document that says what is wrong and where."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import override_settings
from wagtail.models import APIToken

from tests import factories
from tests.treatments.api_calls import create_token, read_problem, send
from treatments.api.http.problems import ProblemType

pytestmark = pytest.mark.django_db


def test_the_kinds_of_problems_are_told_apart():
    assert len({kind.uri for kind in ProblemType}) == len(ProblemType)
    assert all(
        re.fullmatch(r"urn:wagtail-treatments:problem:[a-z-]+", kind.uri)
        for kind in ProblemType
    )


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize(
    "path", ["", "nothing/", "v2/nothing/", "v3/nothing/", "v3/", "v3/pages/999999/"]
)
def test_an_unknown_address_is_a_problem(client, path, debug):
    with override_settings(DEBUG=debug):
        read_problem(client.get(f"/api/{path}"), 404, ProblemType.NOT_FOUND)


@pytest.mark.parametrize("url", ["/api/v2/pages/", "/api/v3/glossary/"])
def test_a_wrong_method_is_a_problem_with_the_right_ones(client, index, url):
    answer = client.delete(url)
    read_problem(answer, 405, ProblemType.METHOD_NOT_ALLOWED)
    assert "GET" in answer["Allow"]


@pytest.mark.parametrize("url", ["/api/v2/pages/", "/api/v3/pages/", "/api/v3/site/"])
def test_head_is_get_without_a_body(client, index, url):
    answer = client.head(url)
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer["Content-Length"] == str(len(client.get(url).content))


def test_a_missing_or_wrong_token_is_asked_for(client):
    answer = client.get("/api/v3/whoami/")
    read_problem(answer, 401, ProblemType.AUTHENTICATION_REQUIRED)
    assert answer["WWW-Authenticate"] == 'Bearer realm="API"'
    answer = client.get("/api/v3/whoami/", headers={"Authorization": "Bearer wrong"})
    read_problem(answer, 401, ProblemType.AUTHENTICATION_REQUIRED)
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


def test_a_token_without_rights_is_refused(client, index):
    token = create_token()
    body = {"title": "New", "meta": {"type": "home.HomePage", "parent_id": index.pk}}
    answer = send(client, "post", "/api/v3/pages/", body, token)
    read_problem(answer, 403, ProblemType.PERMISSION_DENIED)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{", "not valid JSON"),
        ("[null, null]", "must be a JSON object"),
        ("null", "must be a JSON object"),
        (b"\xff\xfe", "UTF-8"),
        ("[" * 5000, "nested"),
        ("[" * 200 + "]" * 200, "nested"),
        ("[" * 50_000 + "]" * 50_000, "nested"),
        ('{"title": NaN}', "NaN"),
        ('{"title": "a\\u0000"}', "null character"),
        ('{"a\\u0000": 1}', "null character"),
        ('{"title": "\\ud800"}', "surrogate"),
        ('{"title": ' + "9" * 5000 + "}", "too large"),
    ],
)
def test_a_malformed_body_is_refused(client, index, token, body, words):
    answer = send(client, "patch", f"/api/v3/pages/{index.pk}/", body, token)
    problem = read_problem(answer, 400, ProblemType.MALFORMED_BODY)
    assert words in problem["detail"]


def test_another_content_type_is_refused(client, index, token):
    for content_type in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ):
        answer = send(
            client,
            "patch",
            f"/api/v3/pages/{index.pk}/",
            "{}",
            token,
            content_type=content_type,
        )
        problem = read_problem(answer, 415, ProblemType.UNSUPPORTED_MEDIA_TYPE)
        assert "application/json" in problem["detail"]


def test_a_body_that_is_too_large_is_refused(client, index, token, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = {"title": "x" * 200}
    answer = send(client, "patch", f"/api/v3/pages/{index.pk}/", body, token)
    problem = read_problem(answer, 413, ProblemType.BODY_TOO_LARGE)
    assert "100 bytes" in problem["detail"]


@pytest.mark.parametrize("version", ["v2", "v3"])
@pytest.mark.parametrize("debug", [True, False])
def test_a_defect_is_a_problem_that_tells_nothing(
    client, index, monkeypatch, version, debug
):
    def fail(*args, **kwargs):
        raise LookupError("a secret in the code")

    monkeypatch.setattr("treatments.api.snippets.lists.get_public_snippets", fail)
    monkeypatch.setattr("treatments.api.v2.snippets.get_public_snippets", fail)
    client.raise_request_exception = False
    with override_settings(DEBUG=debug):
        answer = client.get(f"/api/{version}/glossary/")
    problem = read_problem(answer, 500, ProblemType.SERVER_ERROR)
    assert ("secret" in problem["detail"]) == (debug and version == "v3")


def test_a_host_that_is_not_ours_is_a_problem(client, index):
    answer = client.get("/api/v3/pages/", headers={"Host": "elsewhere.example.org"})
    read_problem(answer, 400, ProblemType.MALFORMED_REQUEST)


def test_an_id_of_a_snippet_is_a_number(client):
    factories.create_term()
    _token, token = APIToken.create_token(
        user=get_user_model().objects.create_superuser("root"), name="test"
    )
    for pk in ("x", "1.5", "false", "9" * 12, "-1"):
        answer = client.get(
            f"/api/v3/snippets/treatment_snippets.GlossaryTerm/{pk}/",
            headers={"authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 404, pk
        assert answer["Content-Type"] == "application/problem+json"
