"""Every example of the documents is run, and answered as shown."""

from __future__ import annotations

import io
import json
import re
import shutil
from copy import deepcopy
from datetime import UTC, datetime
from email.message import Message
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request as UrlRequest

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import APIToken

from tests.docs import checks, reading
from tests.docs.checks import collect
from tests.docs.reading import FRONTEND
from tests.webhooks.events import make_event
from treatments.api.articles.answers import answer_gone
from treatments.comparison.documents import compare
from treatments.delivery.article_diff import represent_difference
from treatments.ports.drafts import DRAFTS_PREFIX
from treatments.ports.store import Gone
from treatments.preview.links import create_link
from treatments.signals import EventKind
from treatments.webhooks.events import build_body, build_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.docs.site import DocumentedSite

#: JSON examples that belong to no request: heading → the part of an article that they show.
PARTS: dict[str, Callable[[dict], Any]] = {
    "Rich text": lambda article: article["intro"],
    "Images": lambda article: article["hero"],
    "What is sent": lambda _article: build_webhook(),
    "Withdrawn articles": lambda _article: build_withdrawal(),
    "What differs": lambda article: build_difference(article),
}


def build_difference(article: dict) -> Any:
    """Return what is told of an article in which a number has changed."""
    article = {**article, "type": article["meta"]["type"]}
    changed = deepcopy(article)
    section = changed["body"][0]
    block = next(
        child for child in section["value"]["content"] if child["type"] == "statistic"
    )
    block["value"]["value"] += 1
    (difference,) = compare(article, changed)
    return represent_difference(difference)


def build_withdrawal() -> Any:
    """Return the answer for a withdrawn article."""
    gone = Gone(
        page_id=11,
        reason="unpublished",
        since=datetime(2026, 5, 1, 10, tzinfo=UTC),
        note="",
        replacement_path="",
    )
    return json.loads(answer_gone(gone).content)


def build_webhook() -> Any:
    """Return the payload of a webhook."""
    event = make_event(EventKind.WITHDRAWN)
    body = build_body("article.withdrawn", event.occurred_at, build_data(event))
    return json.loads(body)


def translate_ids(address: str, site: DocumentedSite) -> str:
    """Return an address with the ids of this site instead of those of the demo."""
    address = re.sub(
        r"(?<=/)(pages|articles)/(\d+)(?=/)",
        lambda match: f"{match[1]}/{site.ids.get(match[2], match[2])}",
        address,
    )
    return address.replace("/references/1/", f"/references/{site.cited.pk}/")


def check_request(
    client: Client, site: DocumentedSite, request: reading.Request
) -> list[str]:
    """Return where the answer is not what the document says."""
    answer = client.get(translate_ids(request.path, site), follow=True)
    problems = []
    if answer.status_code != request.status:
        problems.append(f"{answer.status_code}")
    problems += [
        f"{name} is {answer.get(name)}"
        for name, value in request.headers.items()
        if answer.get(name) != value
    ]
    if request.example is not None and not problems:
        problems += reading.find_differences(request.example, answer.json())
    return [f"{request.path}: {problem}" for problem in problems]


class SiteOpener:
    """Stands for ``urllib.request.urlopen`` and asks this site; ``asked`` holds the methods."""

    def __init__(self, client: Client, site: DocumentedSite):
        self.client, self.site = client, site
        self.asked: list[str] = []

    def __call__(self, request: str | UrlRequest) -> io.BytesIO:
        """Return the body of the answer.

        Raises:
            HTTPError: the answer is an error.
        """
        if isinstance(request, str):
            request = UrlRequest(request)  # noqa: S310
        parts = urlsplit(request.full_url)
        assert parts.netloc == "127.0.0.1:8000"
        method = request.get_method()
        self.asked.append(method)
        send: Any = self.client.get if method == "GET" else self.client.patch
        answer = send(
            translate_ids(f"{parts.path}?{parts.query}", self.site),
            data=request.data,
            content_type="application/json",
            headers=dict(request.header_items()),
            follow=True,
        )
        if answer.status_code != 200:
            raise HTTPError(request.full_url, answer.status_code, "", Message(), None)
        return io.BytesIO(answer.content)


def test_there_is_a_check_for_every_example():
    assert collect(checks.check_languages) == []


def find_addresses(text: str) -> list[str]:
    """Return the addresses that stand in the sentences and tables of a document."""
    addresses = re.findall(r"<http://127\.0\.0\.1:8000(/[^>]*)>", text)
    addresses += [
        code.replace("{id}", "11")
        for code in reading.find_code(text)
        if re.match(r"/api/v\d/\w", code) and reading.CUT not in code
    ]
    return [
        f"{address}?html_path=/en/" if address.endswith("/find/") else address
        for address in addresses
    ]


def test_requests_are_answered_as_shown(client, site):
    problems, count, addresses = [], 0, []
    for path in reading.DOCUMENTS:
        requests, lonely = reading.find_requests(reading.read(path))
        count += len(requests)
        for request in requests:
            problems += check_request(client, site, request)
        article = client.get(f"/api/v2/pages/{site.article.pk}/").json()
        for fence in lonely:
            part = PARTS[fence.heading](article)
            problems += reading.find_differences(json.loads(fence.body), part, fence.heading)  # fmt: skip
        addresses += find_addresses(reading.read(path))
    for address in addresses:
        if address.startswith(DRAFTS_PREFIX):
            # These show nothing to the public.
            continue
        problems += check_request(
            client, site, reading.read_request(f"GET {address}", None)
        )
    assert problems == []
    assert count > 10
    assert len(addresses) > 20
    for wrong in (
        "GET /api/v2/nothing/",
        "GET /api/v2/pages/11/\nHTTP/1.1 404 Not Found",
        "GET /api/v2/pages/11/\nHTTP/1.1 200 OK\nContent-Type: text/html",
    ):
        assert check_request(client, site, reading.read_request(wrong, None)), wrong


def test_the_addresses_of_drafts_show_a_draft_to_the_holder_of_a_link(
    client, site, django_user_model
):
    user = django_user_model.objects.create_superuser("sharer", password="x")  # noqa: S106
    _link, token = create_link(site.article, user, recipient_name="Reader")
    named = {
        address
        for path in reading.DOCUMENTS
        for address in find_addresses(reading.read(path))
        if address.startswith(DRAFTS_PREFIX)
    }
    headers = {"X-Draft-Token": token}
    draft = client.get(DRAFTS_PREFIX, headers=headers).json()
    queries = {"diff/": {"from": draft["revision"]["id"]}}
    answers = {
        address.removeprefix(DRAFTS_PREFIX): client.get(
            address, queries.get(address.removeprefix(DRAFTS_PREFIX)), headers=headers
        )
        for address in named
    }
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "": 200,
        "diff/": 200,
        # A link opens no preview.
        "preview/": 404,
    }
    text = reading.read(FRONTEND)
    for key in ("link", "revision", "article", "manifest"):
        assert f"| `{key}` |" in text
        assert key in draft
    for key in draft["link"]:
        assert f"`{key}`" in text


def test_the_query_counts_are_those_measured(
    client, site, django_capture_on_commit_callbacks
):
    documented, measured = {}, {}
    for address, count in reading.find_table(reading.read(FRONTEND), "queries"):
        url = translate_ids(address.strip("`"), site)
        for _ in range(2):
            # What is cached once the transaction is committed is cached at once.
            with django_capture_on_commit_callbacks(execute=True):
                client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        documented[address], measured[address] = int(count), len(captured)
    assert documented == measured


def test_python_examples_run(client, site, django_user_model):
    user = django_user_model.objects.create_superuser("admin", password="x")  # noqa: S106
    _token, key = APIToken.create_token(user=user, name="docs")
    for source in checks.find_scripts(reading.read(FRONTEND)):
        urlopen = SiteOpener(client, site)
        names = checks.run_script(source.replace("YOUR-TOKEN", key), urlopen)
        assert names["article"]["body"]
        assert urlopen.asked
    assert urlopen.asked == ["GET", "PATCH"]
    wrong = (
        "from urllib.request import urlopen\nurlopen('http://127.0.0.1:8000/api/v2/x/')"
    )
    with pytest.raises(HTTPError):
        checks.run_script(wrong, SiteOpener(client, site))
    site.article.refresh_from_db()
    draft = site.article.get_latest_revision_as_object()
    assert draft.body[0].value["heading"] == "About this article"


def test_settings_examples_are_accepted():
    scripts = [
        source
        for path in reading.DOCUMENTS
        if path != FRONTEND
        for source in checks.find_scripts(reading.read(path))
    ]
    assert scripts
    assert [checks.check_settings_example(source) for source in scripts] == [[]] * len(
        scripts
    )


@pytest.mark.skipif(shutil.which("node") is None, reason="node is missing")
def test_javascript_examples_can_be_read(tmp_path):
    assert collect(lambda text: checks.check_javascript(text, tmp_path)) == []
    broken = "```javascript\nconst = 1;\n```\n"
    assert checks.check_javascript(broken, tmp_path)


def test_the_configuration_of_varnish_takes_what_is_sent():
    assert collect(checks.check_vcl) == []
    assert any("```vcl" in reading.read(path) for path in reading.DOCUMENTS)


def test_the_configuration_of_nginx_sends_only_what_the_application_allows():
    assert collect(checks.check_nginx) == []
    assert any("```nginx" in reading.read(path) for path in reading.DOCUMENTS)


def test_shell_examples_name_commands_that_exist():
    assert collect(checks.check_shell) == []
