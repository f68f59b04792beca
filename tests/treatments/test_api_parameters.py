"""Parameters of the API: what is unknown, repeated or bad is refused by name."""

from __future__ import annotations

import pytest

from tests import factories
from tests.treatments.api_calls import read_problem
from treatments.api.http.problems import ProblemType

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_an_unknown_parameter_is_refused_with_the_nearest_known_one(
    client, index, version
):
    for path in ("pages/", "images/", "documents/", "redirects/", "glossary/"):
        answer = client.get(f"/api/{version}/{path}?limmit=5")
        problem = read_problem(answer, 400, ProblemType.UNKNOWN_PARAMETER)
        assert "Did you mean limit?" in problem["detail"], path


@pytest.mark.parametrize(
    "path",
    [
        "pages/{page}/?verson=draft",
        "pages/find/?html_pat=/",
        "images/1/?x=1",
        "sites/?x=1",
        "whoami/?x=1",
        "schema/?x=1",
        "locales/?x=1",
        "navigation/?x=1",
        "site/?x=1",
        "glossary/1/?x=1",
        "pages/?type=home.HomePage&kind=procedure",
    ],
)
def test_every_endpoint_refuses_unknown_parameters(client, index, token, path):
    headers = {"Authorization": f"Bearer {token}"}
    url = "/api/v3/" + path.format(page=index.pk)
    read_problem(client.get(url, headers=headers), 400, ProblemType.UNKNOWN_PARAMETER)


def test_columns_of_the_listed_type_are_filters(client, index):
    factories.create_article(index, title="Surgery", slug="surgery")
    for query in (
        "title=Surgery",
        "slug=surgery",
        "type=treatments.TreatmentPage&audience=patient",
    ):
        answer = client.get(f"/api/v3/pages/?{query}")
        assert answer.json()["count"] == 1, answer.content


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_a_repeated_parameter_is_refused(client, index, version):
    for path in ("pages/", "glossary/"):
        answer = client.get(f"/api/{version}/{path}?locale=en&locale=es")
        problem = read_problem(answer, 400, ProblemType.REPEATED_PARAMETER)
        assert "locale" in problem["detail"]


def test_parameters_that_take_many_values_may_be_repeated(client, index):
    url = "/api/v3/pages/?type=home.HomePage&type=treatments.TreatmentIndexPage&order=title&order=id"
    assert client.get(url).json()["count"] == 2


def test_a_bad_parameter_is_named(client, index):
    problem = read_problem(
        client.get("/api/v3/pages/?limit=x"), 422, ProblemType.VALIDATION_FAILED
    )
    assert [entry["pointer"] for entry in problem["errors"]] == ["limit"]
    problem = read_problem(
        client.get("/api/v3/glossary/?limit=x"), 422, ProblemType.VALIDATION_FAILED
    )
    assert [entry["pointer"] for entry in problem["errors"]] == ["limit"]
    problem = read_problem(
        client.get("/api/v3/glossary/?locale=xx"), 400, ProblemType.INVALID_PARAMETER
    )
    assert "locale" in problem["detail"]
