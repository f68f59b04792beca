"""The API keeps what its OpenAPI document promises, whatever it is asked.

``make fuzz`` runs the same with many more requests: ``FUZZ_EXAMPLES`` is how many for each operation.
"""

from __future__ import annotations

import logging
import os

import pytest
from django.contrib.auth import get_user_model
from wagtail.api.v3.urls import api as v3_api
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import APIToken

from tests import factories
from tests.contract.fuzzing import run_schemathesis
from tests.contract.serving import TestServer
from tests.shared import share
from treatments.api.openapi.document import get_openapi
from treatments.delivery import streams
from treatments.ports.drafts import LINK_HEADER
from treatments.preview.links import create_link

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "4"))
READS = ["--include-method=GET"]
WRITES = ["--exclude-method=GET"]
#: Drafts are for the holder of a link: there an API token is a mistake.
DRAFTS = "--include-path-regex=^/api/v3/drafts/"
#: Whoever has no link is not asked for one: a draft that is there is answered like one that is not.
GUEST = [DRAFTS, "--exclude-method=POST", "--exclude-checks=ignored_auth"]
NO_DRAFTS = "--exclude-path-regex=^/api/v3/drafts/"
#: A short run neither goes through every bound of every schema nor takes steps that build on each other.
PHASES = [] if EXAMPLES > 20 else ["--phases=examples,fuzzing"]


def create_something_of_all(home_id):
    """Return an article of a site with something behind every endpoint."""
    index = factories.load_site(home_id).index
    page, _sampler = factories.create_full_article(
        index, factories.create_targets(index)
    )
    factories.create_article(index, title="Draft", slug="draft", live=False)
    Redirect.objects.create(old_path="/old", redirect_page=page)
    return page


shared_something_of_all = share(
    "shared_something_of_all", create_something_of_all, on="shared_site"
)


@pytest.fixture
def server(monkeypatch, shared_something_of_all):
    """Serve the site."""
    # Schemathesis reads a stream to its end, and the one thread answers nothing else meanwhile.
    monkeypatch.setattr(streams, "WSGI_SECONDS", 0.1)
    monkeypatch.setattr(streams, "POLL_SECONDS", 0.05)
    # Schemathesis waits ten seconds for the document; a busy machine needs some of them to build it.
    get_openapi(v3_api)
    server = TestServer()
    server.article = shared_something_of_all
    yield server
    server.close()


@pytest.mark.parametrize(
    ("name", "options", "holds"),
    [
        ("anonymous reads", READS, None),
        ("an editor's reads", [*READS, NO_DRAFTS], "token"),
        ("an editor's writes", [*WRITES, NO_DRAFTS], "token"),
        ("a guest's reads", GUEST, "link"),
    ],
)
def test_the_api_keeps_its_promises(
    server, tmp_path, caplog, settings, name, options, holds
):
    caplog.set_level(logging.ERROR, "django.request")
    settings.TREATMENTS = {**settings.TREATMENTS, "ANONYMOUS_WRITE_RATE": None}
    header = None
    if holds:
        user = get_user_model().objects.create_superuser("editor")
    if holds == "token":
        _token, token = APIToken.create_token(user=user, name="Contract")
        header = f"Authorization: Bearer {token}"
    elif holds == "link":
        _link, token = create_link(server.article, user, recipient_name="Guest")
        header = f"{LINK_HEADER}: {token}"
    outcome = run_schemathesis(
        server,
        "/api/v3/openapi.json",
        tmp_path,
        [*options, *PHASES],
        header=header,
        examples=EXAMPLES,
    )
    print(f"\n== {name}\n{outcome.describe()}")  # noqa: T201 - what `make fuzz` shows
    assert outcome.total > 0, outcome.output
    assert outcome.code == 0, outcome.output
