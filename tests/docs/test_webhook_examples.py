"""The receiver of docs/webhooks.md receives, verifies and acknowledges."""

from __future__ import annotations

import io
import threading
import urllib.request
from http.server import ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from tests.docs import checks, reading
from tests.webhooks.events import (
    create_endpoint,
    get_delivery,
    get_secret,
    publish,
    withdraw,
)
from treatments.webhooks.models import DeliveryState
from treatments.webhooks.retries import SCHEDULE
from treatments.webhooks.signing import make_secret
from treatments.webhooks.worker import run_until_idle

pytestmark = pytest.mark.django_db

DOCUMENT = reading.REPOSITORY / "docs" / "webhooks.md"


def load(name: str, **replaced: str) -> dict:
    """Return the names of an example, with the secret of this test in place of the dots."""
    source = checks.find_files(reading.read(DOCUMENT))[name]
    names: dict = {}
    exec(compile(source, name, "exec"), names)  # noqa: S102
    for key, value in replaced.items():
        assert key in names
        names[key] = value
    return names


@pytest.fixture
def endpoint(settings):
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "WEBHOOK_ALLOWED_HOSTS": ["127.0.0.1"],
    }
    return create_endpoint(must_acknowledge=True)


@pytest.fixture
def example(endpoint, monkeypatch):
    names = load("receiver/hooks.py", SECRET=get_secret(endpoint))
    monkeypatch.setattr(names["Receiver"], "log_message", lambda *_args: None)
    server = ThreadingHTTPServer(("127.0.0.1", 0), names["Receiver"])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    endpoint.url = f"http://127.0.0.1:{server.server_address[1]}/"
    endpoint.save()
    yield names
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_receiver_takes_what_is_signed_and_acknowledges(example):
    published, recalled = publish(), withdraw()
    assert run_until_idle() == 2
    assert example["newest"] == {7: recalled.position}
    assert get_delivery(published).state == DeliveryState.DELIVERED
    assert get_delivery(recalled).acknowledged_by == "answer"
    example["handle"]({"type": "article.published", "data": {"page_id": 7, "position": 1}})  # fmt: skip
    assert example["newest"] == {7: recalled.position}


def test_the_receiver_refuses_another_sender(example):
    example["SECRET"] = make_secret()
    event = publish()
    run_until_idle()
    assert get_delivery(event).last_status == 401
    assert example["newest"] == {}


def test_a_recall_is_acknowledged_later(endpoint, client, monkeypatch):
    def urlopen(request):
        answer = client.post(
            urlsplit(request.full_url).path,
            request.data,
            content_type="application/json",
            headers=dict(request.header_items()),
        )
        assert answer.status_code == 200, answer.content
        return io.BytesIO(answer.content)

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    names = load(
        "receiver/recalls.py",
        SECRET=get_secret(endpoint),
        ENDPOINT=endpoint.public_id,
    )
    delivery = get_delivery(withdraw())
    assert names["acknowledge"](delivery.webhook_id)["acknowledged"] is True
    delivery.refresh_from_db()
    assert delivery.acknowledged_by == "api"


def test_the_document_names_the_schedule():
    text = " ".join(reading.read(DOCUMENT).split())
    assert "5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours" in text
    minute, hour = 60, 3600
    assert (5, 5 * minute, 30 * minute, *(n * hour for n in (2, 5, 10, 14, 20, 24))) == SCHEDULE  # fmt: skip
