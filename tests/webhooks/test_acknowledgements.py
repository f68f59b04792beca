"""Recalls are acknowledged by the answer or by a signed call, and by nothing else."""

from __future__ import annotations

import json
import time

import pytest
from standardwebhooks.webhooks import Webhook

from tests.openapi import get_responses
from tests.webhooks.events import (
    create_endpoint,
    get_delivery,
    get_secret,
    publish,
    withdraw,
)
from treatments.webhooks.acknowledgements import is_acknowledgement
from treatments.webhooks.models import DeliveryState
from treatments.webhooks.rotation import revoke, rotate
from treatments.webhooks.signing import build_headers, make_secret
from treatments.webhooks.worker import run_until_idle

pytestmark = pytest.mark.django_db

URL = "/api/v3/webhooks/acknowledgements/"


@pytest.fixture
def endpoint(receiver):
    return create_endpoint(receiver.url, must_acknowledge=True)


def call(client, body, secret, **options):
    """Post a body that is signed with a secret, as a consumer does with the standard's own means."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    age = options.pop("age", 0)
    # What is no text cannot be signed.
    text = content.decode(errors="replace").encode()
    headers = build_headers([secret], "msg_call", int(time.time()) - age, text)
    return client.post(
        URL,
        content,
        content_type="application/json",
        headers={**headers, **options.pop("headers", {})},
    )


def build_input(endpoint, delivery):
    return {"endpoint": endpoint.public_id, "webhook_id": delivery.webhook_id}


@pytest.mark.parametrize(
    ("status", "body", "is_acknowledged"),
    [
        (200, b'{"acknowledged": true}', True),
        (202, b'{"acknowledged": true, "by": "search index"}', True),
        (200, b"{}", False),
        (200, b"", False),
        (200, b'{"acknowledged": "true"}', False),
        (200, b'{"acknowledged": 1}', False),
        (200, b'{"acknowledged": false}', False),
        (200, b"[true]", False),
        (200, b"null", False),
        (200, b"\xff\xfe", False),
        (200, b"[" * 4000, False),
        (500, b'{"acknowledged": true}', False),
    ],
)
def test_the_answer_can_acknowledge(receiver, endpoint, status, body, is_acknowledged):
    event = withdraw()
    receiver.answer = lambda _request: (status, {}, body)
    run_until_idle()
    delivery = get_delivery(event)
    assert (delivery.acknowledged_at is not None) is is_acknowledged
    assert delivery.acknowledged_by == ("answer" if is_acknowledged else "")
    expected = DeliveryState.DELIVERED if status < 300 else DeliveryState.RETRYING
    assert delivery.state == expected


def test_deep_nesting_is_no_acknowledgement():
    assert not is_acknowledgement("[" * 100_000)


def test_only_recalls_are_acknowledged(receiver, endpoint):
    event = publish()
    receiver.answer = lambda _request: (200, {}, b'{"acknowledged": true}')
    run_until_idle()
    delivery = get_delivery(event)
    assert delivery.acknowledged_at is None
    assert not delivery.needs_acknowledgement


def test_a_signed_call_acknowledges_and_can_be_repeated(client, receiver, endpoint):
    event = withdraw()
    run_until_idle()
    secret, body = get_secret(endpoint), build_input(endpoint, get_delivery(event))
    first = call(client, body, secret)
    assert first.status_code == 200, first.content
    assert first.json()["acknowledged"] is True
    delivery = get_delivery(event)
    assert delivery.acknowledged_by == "api"
    second = call(client, body, secret)
    assert second.status_code == 200
    assert second.json() == first.json()
    assert get_delivery(event).acknowledged_at == delivery.acknowledged_at


def test_the_official_library_signs_calls_that_we_take(client, endpoint):
    from datetime import UTC, datetime

    body = json.dumps(build_input(endpoint, get_delivery(withdraw())))
    now = datetime.now(UTC)
    signature = Webhook(get_secret(endpoint)).sign("msg_mine", now, body)
    answer = client.post(
        URL,
        body,
        content_type="application/json",
        headers={
            "webhook-id": "msg_mine",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        },
    )
    assert answer.status_code == 200, answer.content


def test_a_former_secret_is_taken_until_it_is_revoked(client, endpoint):
    body = build_input(endpoint, get_delivery(withdraw()))
    former = endpoint.secrets.get()
    rotate(endpoint)
    assert call(client, body, former.value).status_code == 200
    former.refresh_from_db()
    revoke(former)
    assert call(client, body, former.value).status_code == 401


def check_unauthorized(answer):
    assert answer.status_code == 401, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == 'WebhookSignature realm="API"'
    problem = answer.json()
    assert problem["type"] == "urn:wagtail-treatments:problem:authentication-required"
    return problem["detail"]


def test_what_is_not_signed_right_is_refused(client, endpoint):
    delivery = get_delivery(withdraw())
    body, secret = build_input(endpoint, delivery), get_secret(endpoint)
    other = create_endpoint(must_acknowledge=True)
    wrong = check_unauthorized(call(client, body, make_secret()))
    check_unauthorized(call(client, body, get_secret(other)))
    check_unauthorized(call(client, body, secret, age=301))
    check_unauthorized(call(client, body, secret, headers={"webhook-id": "msg_x"}))
    check_unauthorized(call(client, body, secret, headers={"webhook-signature": "v1"}))
    check_unauthorized(client.post(URL, json.dumps(body), content_type="application/json"))  # fmt: skip
    changed = json.dumps({**body, "webhook_id": "msg_0"}).encode()
    headers = build_headers([secret], "m", int(time.time()), json.dumps(body).encode())
    check_unauthorized(client.post(URL, changed, content_type="application/json", headers=headers))  # fmt: skip
    # Who guesses endpoints learns nothing from the answer.
    unknown = {**body, "endpoint": "ep_" + "0" * 24}
    assert check_unauthorized(call(client, unknown, secret)) == wrong
    assert get_delivery_state(delivery) is None


def get_delivery_state(delivery):
    delivery.refresh_from_db()
    return delivery.acknowledged_at


def test_an_endpoint_acknowledges_its_own_recalls_only(client, endpoint):
    other = create_endpoint(must_acknowledge=True)
    published, event = publish(locale="es", page_id=3), withdraw()
    foreign = other.deliveries.get(position=event.position)
    update = endpoint.deliveries.get(position=published.position)
    secret = get_secret(endpoint)
    for webhook_id in (foreign.webhook_id, update.webhook_id, "msg_" + "0" * 32):
        body = {"endpoint": endpoint.public_id, "webhook_id": webhook_id}
        answer = call(client, body, secret)
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
    assert get_delivery_state(foreign) is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 400),
        (b'"x"', 400),
        (b"\xff", 400),
        (b"{}", 422),
        (b'{"endpoint": "ep_0"}', 422),
        (b'{"endpoint": 1, "webhook_id": "msg_0"}', 422),
        (b'{"endpoint": "ep_0", "webhook_id": null}', 422),
        (b'{"endpoint": "ep_0", "webhook_id": "msg_0", "more": 1}', 422),
        (b'{"endpoint": "ep_\\u0000", "webhook_id": "msg_0"}', 400),
        (b'{"endpoint": "ep_' + b"0" * 5000 + b'", "webhook_id": "msg_0"}', 422),
        (b'{"endpoint": "ep_0\\n", "webhook_id": "msg_0"}', 422),
    ],
)
def test_hostile_bodies_are_refused(client, endpoint, body, status):
    answer = call(client, body, get_secret(endpoint))
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"


def test_other_methods_and_content_types_are_refused(client, endpoint):
    assert client.get(URL).status_code == 405
    assert client.post(URL, {"endpoint": "ep_0"}).status_code == 415


def test_calls_are_throttled_like_other_anonymous_writes(client, endpoint, settings):
    settings.TREATMENTS = {**settings.TREATMENTS, "ANONYMOUS_WRITE_RATE": "2/h"}
    body = build_input(endpoint, get_delivery(withdraw()))
    statuses = [call(client, body, make_secret()).status_code for _ in range(3)]
    assert statuses == [401, 401, 429]


def test_the_document_describes_the_call(client):
    document = client.get("/api/v3/openapi.json").json()
    operation = document["paths"][URL]["post"]
    assert operation["security"] == [{"WebhookSignature": []}]
    assert {"200", "401", "404", "422", "429"} <= set(get_responses(operation))
    headers = {each["name"] for each in operation["parameters"] if each["in"] == "header"}  # fmt: skip
    assert headers == {"webhook-id", "webhook-timestamp"}
    scheme = document["components"]["securitySchemes"]["WebhookSignature"]
    assert (scheme["in"], scheme["name"]) == ("header", "webhook-signature")
