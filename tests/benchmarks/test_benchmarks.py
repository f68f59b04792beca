"""The benchmark with a few articles and without its server: every contender answers what it is measured for."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

import pytest
from django.test import Client
from wagtail.models import Page

from tests.benchmarks import preparing, report, run, seeding
from tests.benchmarks.contenders import CONTENDERS, SMALL, Sample
from tests.benchmarks.growth import grow
from tests.benchmarks.load import measure, parse
from tests.benchmarks.probing import probe
from tests.benchmarks.processes import REPOSITORY
from tests.shared import share
from treatments.delivery.models import Document, Ledger, Version
from treatments.models import TreatmentPage
from treatments.search.index.indexing import find_differences, index_articles

SOURCES, COUNT, LIMIT = 14, 20, 5
LOCAL_MEMORY = "django.core.cache.backends.locmem.LocMemCache"


def create_sample() -> Sample:
    """Let a site grow from 14 to 20 articles in two languages; return what is asked there."""
    seeding.create_content(SOURCES, library_size=4)
    sources = seeding.list_articles()
    seeding.fill_search(sources)
    seeding.fill_index(sources)
    preparing.build(sources)
    grow(COUNT)
    with patch.object(preparing, "SAMPLE_SIZE", 4):
        return preparing.describe_sample(str(LIMIT))


sample = share("sample", create_sample)


def test_every_contender_answers_what_it_is_measured_for(sample, settings):
    # Elsewhere than on PostgreSQL the searches are not copied.
    index_articles(seeding.list_articles(), rewrite=True)
    settings.CACHES = {
        name: {"BACKEND": LOCAL_MEMORY, "LOCATION": name}
        for name in ("default", "memory", "redis")
    }
    urls = {"short": "limits", "stock": "stock", "project": "project"}
    queries = {}
    for contender in CONTENDERS:
        settings.ROOT_URLCONF = f"tests.benchmarks.urls.{urls[contender.server]}"
        found = probe(Client(), contender, sample)
        assert found["bytes"] > 0 or contender.status == 304
        queries[contender.name] = found["queries"]
    assert queries["detail"] == queries["find"] == queries["not modified"] == 1
    assert queries["cache_page, local memory"] == 0
    assert queries["stock v2 detail"] > 50


def test_copies_of_articles_are_whole(sample):
    assert TreatmentPage.objects.count() == 2 * COUNT
    assert not Page.find_problems()[0]
    assert find_differences() == {}
    public = Document.objects.filter(state=Document.State.PUBLIC)
    newest = public.latest("pk")
    client = Client(headers={"host": "localhost"})
    identity = (newest.pk, newest.title, newest.path)
    url = f"/api/v3/articles/?ids={newest.pk}&locale=es"
    card = client.get(url).json()["items"][0]
    assert (card["id"], card["title"], card["path"]) == identity
    preparing.build([newest.pk])
    article = client.get(f"/api/v3/articles/{newest.pk}/").json()
    assert (article["id"], article["title"], article["path"]) == identity
    positions = Version.objects.order_by("position").values_list("position", flat=True)
    assert list(positions) == list(range(1, Ledger.objects.get().position + 1))
    linked = preparing.link()
    below = Page.objects.get(pk=linked["section"]).get_children()
    assert set(linked["published"]) <= set(below.values_list("pk", flat=True))


def test_stock_wagtail_has_nothing_of_ours_in_its_apis():
    script = (
        "import django, sys; django.setup(); import tests.benchmarks.urls.stock;"
        "from wagtail.api.v3.registry import registry;"
        "assert 'json_ld' not in registry.get('treatments.TreatmentPage').read_schema.model_fields;"
        "assert not [name for name in sys.modules if name.startswith('treatments.delivery')]"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings.stock",
        "SECRET_KEY": "".join(map(chr, range(48, 123))),
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": "sqlite://:memory:",
        "DEBUG": "no",
    }
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


class Handler(BaseHTTPRequestHandler):
    """Answers with the path that was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """Answer."""
        body = self.path.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Worker", "1")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """Say nothing."""


def test_the_load_generator_counts_what_it_was_answered():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        result = measure(
            {
                "port": server.server_address[1],
                "workers": 1,
                "requests": [["/a", {}], ["/bcd", {}]],
                "seconds": 0,
                "least": 4,
            }
        )
        server.shutdown()
        thread.join()
    assert result.requests == len(result.latencies) == 4
    assert result.statuses == {"200": 4}
    assert result.size == len("/bcd")
    assert result.seconds > 0


def test_a_body_in_chunks_is_joined():
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Worker: 10\r\n\r\n"
    whole = head + b"3\r\nabc\r\n5\r\n0\r\n\r\n\r\n0\r\n\r\n"
    # Neither the end of the head nor a part of the body is taken for the end.
    for end in range(len(whole)):
        assert parse(bytearray(whole[:end])) is None
    answer = parse(bytearray(whole))
    assert answer is not None
    assert answer.body == b"abc0\r\n\r\n"


def build_round(factor: float) -> report.Round:
    """Return a round in which the project answers ``factor`` times as many requests as Wagtail."""
    return {
        (contender.name, size): {
            "requests": factor if contender.server == "project" else 1,
            "seconds": 1,
            "cpu": 0.001,
            "latencies": [0.1 if size == SMALL else 0.2],
        }
        for contender in CONTENDERS
        for size in contender.sizes
    }


def test_the_report_says_which_targets_are_missed():
    probes = {key: {"queries": 9, "bytes": 1} for key in build_round(1)}
    lines = report.describe_targets([build_round(90), build_round(110)], probes)
    text = "\n".join(lines)
    assert "met    detail / stock v2 detail: 100 × (90.0 to 110)" in text
    assert "MISSED not modified / stock v2 detail: 100 ×" in text
    assert "MISSED list, latency at ten times the articles: 2.00 ×" in text
    assert "MISSED live render: 9 queries, target at most 8" in text


def test_the_report_says_what_the_ledger_adds_to_a_publication():
    times = {
        "stock": [{"seconds": 1.0, "queries": 200}],
        "articles": [{"seconds": 1.2, "queries": 210}],
        "project": [{"seconds": 1.26, "queries": 212}],
    }
    text = "\n".join(report.describe_publishing(times, "with a queue"))
    assert "met    The ledger adds to Wagtail with the index: 5 %" in text
    assert "MISSED Index and ledger add to Wagtail alone: 26 %" in text


def test_a_run_without_a_server_ends_with_a_sentence(monkeypatch):
    monkeypatch.setenv("BENCH_DATABASE_URL", "postgres://nobody@127.0.0.1:9/nothing")
    with pytest.raises(SystemExit, match="needs PostgreSQL and Redis"):
        run.main()


@pytest.mark.parametrize("value", ["many", "12", "-1"])
def test_a_number_of_articles_that_cannot_be_is_refused(monkeypatch, value):
    monkeypatch.setenv("BENCH_ARTICLES", value)
    with pytest.raises(SystemExit, match="BENCH_ARTICLES must be a whole number"):
        run.main()
