"""Asks the API and reads its answers."""

from __future__ import annotations

import json

from django.contrib.auth import get_user_model
from jsonschema import Draft202012Validator
from wagtail.models import APIToken

from treatments.api.openapi import document

ARTICLES = "/api/v3/articles"
PROBLEM_SCHEMA: dict = {"components": {"schemas": {}}}
document.add_problem_schema(PROBLEM_SCHEMA)


def create_token(**kwargs):
    user = get_user_model().objects.create_user("editor", **kwargs)
    return APIToken.create_token(user=user, name="Tests")[1]


def read_problem(answer, status, kind):
    """Return a problem after checking its form."""
    assert answer.status_code == status, answer.content[:500]
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    schemas = PROBLEM_SCHEMA["components"]["schemas"]
    Draft202012Validator(
        {"components": {"schemas": schemas}, "$ref": "#/components/schemas/Problem"}
    ).validate(problem)
    assert problem["type"] == kind.uri
    assert problem["title"] == kind.title
    assert problem["status"] == status
    assert problem["detail"]
    return problem


def send(client, method, url, body, token=None, **kwargs):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    kwargs.setdefault("content_type", "application/json")
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return getattr(client, method)(url, data, headers=headers, **kwargs)


def read_source(client, page, token):
    answer = client.get(
        f"/api/v3/pages/{page.pk}/", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200, answer.content
    return answer.json()


def get_json(client, address, expected=200):
    response = client.get(address)
    assert response.status_code == expected, response.content
    return response.json()


def find_criteria(article):
    return next(
        block["id"]
        for section in article["body"]
        for block in section["value"]["content"]
        if block["type"] == "criteria_list"
    )
