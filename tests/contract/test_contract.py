"""The API keeps what its OpenAPI document promises, whatever it is asked.

``make fuzz`` runs the same with many more requests: ``FUZZ_EXAMPLES`` is how many for each operation.
"""

from __future__ import annotations

import logging
import os

import pytest
from django.contrib.auth import get_user_model
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import APIToken

from tests import factories
from tests.contract.fuzzing import run_schemathesis
from tests.contract.serving import TestServer

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "4"))
READS = ["--include-method=GET"]
WRITES = ["--exclude-method=GET"]
#: A short run neither goes through every bound of every schema nor takes steps that build on each other.
PHASES = [] if EXAMPLES > 20 else ["--phases=examples,fuzzing"]


@pytest.fixture
def server():
    """Serve a site with something behind every endpoint."""
    index = factories.create_site().index
    factories.get_locale("es")
    page, _sampler = factories.create_full_article(
        index, factories.create_targets(index)
    )
    factories.create_article(index, title="Draft", slug="draft", live=False)
    Redirect.objects.create(old_path="/old", redirect_page=page)
    server = TestServer()
    yield server
    server.close()


@pytest.mark.parametrize(
    ("name", "options", "has_token"),
    [
        ("anonymous reads", READS, False),
        ("an editor's reads", READS, True),
        ("an editor's writes", WRITES, True),
    ],
)
def test_the_api_keeps_its_promises(
    server, tmp_path, caplog, settings, name, options, has_token
):
    caplog.set_level(logging.ERROR, "django.request")
    settings.TREATMENTS = {**settings.TREATMENTS, "ANONYMOUS_WRITE_RATE": None}
    token = None
    if has_token:
        user = get_user_model().objects.create_superuser("editor")
        _token, token = APIToken.create_token(user=user, name="Contract")
    outcome = run_schemathesis(
        server,
        "/api/v3/openapi.json",
        tmp_path,
        [*options, *PHASES],
        token=token,
        examples=EXAMPLES,
    )
    print(f"\n== {name}\n{outcome.describe()}")  # noqa: T201 - what `make fuzz` shows
    assert outcome.total > 0, outcome.output
    assert outcome.code == 0, outcome.output
