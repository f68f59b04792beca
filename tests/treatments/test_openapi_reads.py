"""The OpenAPI document says what our public reads take and give."""

from __future__ import annotations

import pytest
from django.http import HttpResponse, JsonResponse
from ninja.openapi.schema import OpenAPISchema

from cms.api import v3_api
from tests import openapi
from treatments.api.openapi.models import build_document

LISTS = ("glossary", "references", "contributors", "conditions", "treatments")
OUR_TAGS = {*LISTS, "site"}


def list_operations():
    return [
        (path, operation)
        for path, item in openapi.get_document()["paths"].items()
        for operation in item.values()
        if OUR_TAGS & set(operation.get("tags", []))
    ]


def test_every_read_is_documented():
    assert {path for path, _operation in list_operations()} == {
        "/api/v3/glossary/",
        "/api/v3/glossary/letters/",
        "/api/v3/glossary/by-slug/{slug}/",
        "/api/v3/glossary/{term_id}/",
        "/api/v3/glossary/{term_id}/articles/",
        "/api/v3/references/",
        "/api/v3/references/{reference_id}/",
        "/api/v3/references/{reference_id}/articles/",
        "/api/v3/contributors/",
        "/api/v3/contributors/{contributor_id}/",
        "/api/v3/contributors/{contributor_id}/articles/",
        "/api/v3/conditions/",
        "/api/v3/conditions/by-slug/{slug}/",
        "/api/v3/conditions/{condition_id}/",
        "/api/v3/treatments/",
        "/api/v3/treatments/by-slug/{slug}/",
        "/api/v3/treatments/{treatment_id}/",
        "/api/v3/locales/",
        "/api/v3/navigation/",
        "/api/v3/site/",
        "/api/v3/sitemap/",
    }


def test_no_answer_has_an_untyped_part():
    for path, operation in list_operations():
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        assert list(openapi.find_untyped(schema, path)) == []


def test_every_parameter_is_described_and_bounded():
    bounds = {"maximum", "maxLength", "pattern", "enum"}
    for path, operation in list_operations():
        for parameter in operation["parameters"]:
            if parameter["in"] == "query":
                schema = parameter["schema"]
                assert parameter["description"], path
                assert "anyOf" not in schema, (path, parameter)
                assert bounds & set(schema), (path, parameter)


def test_the_longest_page_is_that_of_the_setting(settings):
    limits = {
        path: parameter["schema"]["maximum"]
        for path, operation in list_operations()
        for parameter in operation["parameters"]
        if parameter["name"] == "limit"
    }
    assert limits.pop("/api/v3/sitemap/") == 1000
    assert set(limits.values()) == {settings.WAGTAILAPI_LIMIT_MAX}


def test_no_component_takes_the_place_of_another_with_its_name(monkeypatch):
    taken = {}
    clashes = []
    add = OpenAPISchema.add_schema_definitions

    def watch(self, definitions):
        for name, schema in definitions.items():
            title = schema.get("description", ""), sorted(schema.get("properties", ()))
            if taken.setdefault(name, title) != title:
                clashes.append(name)
        add(self, definitions)

    monkeypatch.setattr(OpenAPISchema, "add_schema_definitions", watch)
    build_document(v3_api)
    assert taken
    assert clashes == []
    # Of several with one name, each gets that of its module.
    assert [name for name in taken if "__" in name] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": [{"letter": "A", "count": 1, "more": 1}]},
        {"items": [{"letter": "A"}]},
        {"items": [{"letter": "AB", "count": 1}]},
        {"items": [{"letter": "A", "count": 0}]},
        {"items": [], "more": 1},
        [],
    ],
)
def test_a_wrong_answer_is_found(wrong):
    path = "/api/v3/glossary/letters/"
    assert openapi.find_problems(JsonResponse(wrong, safe=False), path)
    right = JsonResponse({"items": [{"letter": "A", "count": 1}]})
    assert openapi.validate_answer(right, path)


def test_an_undocumented_status_or_media_type_is_found():
    path = "/api/v3/glossary/letters/"
    assert openapi.find_problems(JsonResponse({"items": []}, status=203), path)
    assert openapi.find_problems(HttpResponse("{}", content_type="text/plain"), path)


def test_an_untyped_part_is_found():
    schema = {"type": "array", "items": {"title": "Anything"}}
    assert list(openapi.find_untyped(schema)) == ["/items"]
    assert list(openapi.find_untyped({"type": "object"})) == ["/*"]
