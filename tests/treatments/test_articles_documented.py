"""What is answered about articles is what the OpenAPI document promises."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator
from wagtail.contrib.redirects.models import Redirect

from tests import factories
from tests.factories import publish_section
from tests.openapi import (
    find_untyped,
    get_operation,
    get_strict_components,
    validate_answer,
)
from tests.treatments.api_calls import ARTICLES, find_criteria, get_json

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["", "?rich_text=json", "?rich_text=markdown"])
def test_every_block_is_answered_as_documented(client, full_page, query):
    answer = validate_answer(
        client.get(f"{ARTICLES}/{full_page.pk}/{query}"),
        "/api/v3/articles/{article_id}/",
    )
    schema = {
        "$ref": "#/components/schemas/Article",
        "components": get_strict_components(),
    }
    problems = Draft202012Validator(schema).iter_errors(answer)
    assert [f"{error.json_path}: {error.message}" for error in problems] == []


def test_every_other_answer_is_as_documented(client, site, full_page):
    article = get_json(client, f"{ARTICLES}/{full_page.pk}/")
    factories.create_article(site.index, title="Short", slug="short", body=[])
    moved = Redirect.objects.create(
        old_path="/en/old", redirect_page=full_page, site=None, is_permanent=False
    )
    standalone = publish_section(site, standalone=True)
    for address, template in (
        ("/articles/?facets=kind,condition,has_steps&search=words", "/articles/"),
        ("/articles/?fields=title,body,highlights", "/articles/"),
        ("/articles/?kind=nothing", "/articles/"),
        (f"/articles/find/?path={article['path']}", "/articles/find/"),
        (f"/articles/find/?path={moved.old_path}", "/articles/find/"),
        ("/articles/find/?path=/nowhere/", "/articles/find/"),
        ("/articles/by-code/?system=x&code=y", "/articles/by-code/"),
        (f"/articles/{full_page.pk}/?fields=toc,seo", "/articles/{article_id}/"),
        (f"/sections/{standalone.body[1].id}/", "/sections/{block_id}/"),
        (f"/criteria/{find_criteria(article)}/fhir/", "/criteria/{block_id}/fhir/"),
        (f"/pages/{full_page.pk}/", "/pages/{page_id}/"),
        (f"/pages/{site.index.pk}/", "/pages/{page_id}/"),
        (f"/pages/{site.pk}/", "/pages/{page_id}/"),
    ):
        validate_answer(client.get(f"/api/v3{address}"), f"/api/v3{template}")


def test_the_answers_leave_nothing_of_ours_untyped():
    for template in (
        "/articles/",
        "/articles/find/",
        "/articles/{article_id}/",
        "/sections/{block_id}/",
        "/criteria/{block_id}/fhir/",
        "/pages/{page_id}/",
    ):
        responses = get_operation(f"/api/v3{template}")["responses"]
        for content in responses["200"]["content"].values():
            assert list(find_untyped(content["schema"])) == [], template
