"""The OpenAPI document is valid, complete, and true about errors and parameters."""

from __future__ import annotations

import re

import pytest
from jsonschema import Draft202012Validator
from wagtail.api.v3.api import api

from tests import factories
from tests.openapi import get_responses
from treatments.api.http.problems import ProblemType
from treatments.api.openapi.document import get_openapi
from treatments.api.openapi.operations import is_secured, iterate_operations
from treatments.api.openapi.parameters import NO_NULL_CHARACTER

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def document():
    return get_openapi(api)


def test_the_document_is_served_where_wagtail_serves_its_own(client, document):
    answer = client.get("/api/v3/openapi.json")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == document
    assert b"/api/v3/openapi.json" in client.get("/api/v3/docs/").content


def test_the_document_is_hidden_where_a_project_says_so(client, settings):
    settings.WAGTAILAPI_DOCS_ENABLED = False
    for path in ("openapi.json", "docs/"):
        answer = client.get(f"/api/v3/{path}")
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"


def test_the_document_has_our_name_and_all_kinds_of_problems(document):
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "Wagtail Treatments API"
    for kind in ProblemType:
        assert kind.uri in document["info"]["description"]


def test_every_schema_is_a_json_schema_whose_references_lead_somewhere(document):
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    for reference in find_references(document):
        root, components, kind, name = reference.split("/")
        assert (root, components) == ("#", "components")
        assert name in document["components"][kind]
    used = {reference.rpartition("/")[2] for reference in find_references(document)}
    assert set(schemas) <= used


def find_references(value):
    if isinstance(value, dict):
        for key, child in value.items():
            if key == "$ref":
                yield child
            else:
                yield from find_references(child)
    elif isinstance(value, list):
        for child in value:
            yield from find_references(child)


def test_no_operation_has_the_id_of_another(document):
    ids = [
        operation["operationId"] for _p, _m, operation in iterate_operations(document)
    ]
    assert len(ids) == len(set(ids)) > 50


def test_every_operation_documents_its_problems(document):
    for path, method, operation in iterate_operations(document):
        answers = get_responses(operation)
        wanted = {"400"}
        if operation["operationId"].startswith("drafts_"):
            # Who never had a link is told nothing; who had one, that it has ended.
            wanted |= {"404", "410"}
        elif is_secured(operation):
            wanted |= {"401", "403"}
        if "{" in path:
            wanted |= {"404"}
        if "requestBody" in operation:
            wanted |= {"413", "415", "422"}
        if method != "get":
            wanted |= {"429"}
        assert wanted <= set(answers), (method, path)
        for status, answer in answers.items():
            if status >= "400":
                assert answer["content"]["application/problem+json"]["schema"] == {
                    "$ref": "#/components/schemas/Problem"
                }, (method, path, status)
    assert (
        "Location"
        in document["paths"]["/api/v3/pages/find/"]["get"]["responses"]["302"][
            "headers"
        ]
    )


def test_only_writes_and_private_reads_ask_for_a_token(document):
    assert set(document["components"]["securitySchemes"]) == {
        "BearerTokenAuth",
        "DraftToken",
        "WebhookSignature",
    }
    for _path, method, operation in iterate_operations(document):
        if method != "get":
            assert is_secured(operation), operation["operationId"]
    for name in ("pages", "images", "documents", "glossary", "site"):
        assert not is_secured(document["paths"][f"/api/v3/{name}/"]["get"])


def test_no_text_of_a_query_has_a_null_character(client, document):
    factories.create_site()
    texts = 0
    for path, _method, operation in iterate_operations(document):
        for parameter in operation["parameters"]:
            schema = parameter["schema"]
            choices = [schema, *schema.get("anyOf", []), schema.get("items", {})]
            for choice in choices:
                if parameter["in"] == "query" and "pattern" in choice:
                    texts += 1
                    for text in ("\0", "10.1234/\0"):
                        assert not re.search(choice["pattern"], text), (path, choice)
                elif parameter["in"] == "query" and choice.get("type") == "string":
                    assert {*choice} & {"enum", "const", "format", "anyOf"}, path
    assert texts > 20
    answer = client.get("/api/v3/references/?doi=10.1234/%00")
    assert answer.status_code == 400


def test_every_documented_filter_works(client, document):
    factories.create_full_article(
        index := factories.create_site().index, factories.create_targets(index)
    )
    values = {"boolean": "true", "integer": "1", "array": "x"}
    formats = {
        "date": "2026-05-01",
        "date-time": "2026-05-01T12:00:00Z",
        "uuid": "0d3b1c52-6a4c-4a0e-8f39-3a1f3d8a8f10",
    }
    for name in (
        "pages",
        "images",
        "documents",
        "redirects",
        "glossary",
        "references",
        "contributors",
        "conditions",
        "treatments",
    ):
        for parameter in document["paths"][f"/api/v3/{name}/"]["get"]["parameters"]:
            schema = parameter["schema"]
            if (
                parameter["name"] in {"type", "order", "search_operator", "site"}
                or schema.keys() & {"anyOf", "enum"}
                or schema.get("pattern", NO_NULL_CHARACTER) != NO_NULL_CHARACTER
            ):
                continue
            value = formats.get(schema.get("format")) or values.get(
                schema.get("type"), "en"
            )
            answer = client.get(f"/api/v3/{name}/", {parameter["name"]: value})
            assert answer.status_code == 200, (name, parameter, answer.content)
