"""An article, an editor's program, and how to read its refusals."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth import get_user_model
from wagtail.models import APIToken

from tests import factories
from treatments.api.http.problems import ProblemType

TERMS = "/api/v3/snippets/treatment_snippets.GlossaryTerm"


@pytest.fixture
def article(shared_surgery):
    return shared_surgery


@pytest.fixture
def alias(article):
    return article.create_alias(update_slug="surgery-again")


@pytest.fixture
def spanish(index):
    """The Spanish language, with a home page and an index in it."""
    home = index.get_parent().specific
    home.index = index
    factories.create_spanish_tree(home)
    return factories.get_locale("es")


class Editor:
    """Sends requests with a token of a user, and reads the problems in the answers."""

    def __init__(self, client, **kwargs):
        user = get_user_model().objects.create_user("editor", **kwargs)
        token = APIToken.create_token(user=user, name="Tests")[1]
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}

    def send(self, method, url, body=None):
        return getattr(self.client, method)(
            url,
            b"" if body is None else json.dumps(body),
            content_type="application/json",
            headers=self.headers,
        )

    def get(self, url, query):
        return self.client.get(url, query, headers=self.headers)

    def act(self, page, action, body=None):
        return self.send("post", f"/api/v3/pages/{page.pk}/actions/{action}/", body)


@pytest.fixture
def editor(client):
    return Editor(client, is_superuser=True)


@pytest.fixture
def visitor(client):
    """A user with a token and no rights."""
    return Editor(client)


def read_problem(answer, kind):
    assert answer.status_code == kind.status, answer.content[:500]
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == kind.uri
    assert problem["detail"]
    return problem


def read_pointers(answer):
    problem = read_problem(answer, ProblemType.VALIDATION_FAILED)
    return [entry["pointer"] for entry in problem["errors"]]
