"""Signatures are those of the Standard Webhooks specification, as its official library understands them."""

from __future__ import annotations

import base64
import hmac
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from treatments.webhooks.signing import (
    SignatureError,
    build_headers,
    make_secret,
    sign,
    verify,
)

BODY = '{"type":"article.published","title":"Cirugía"}'.encode()


def test_a_secret_has_the_prefix_and_enough_random_bytes():
    first, second = make_secret(), make_secret()
    assert first != second
    assert first.startswith("whsec_")
    assert (
        24 <= len(base64.b64decode(first.removeprefix("whsec_"), validate=True)) <= 64
    )


def test_the_signature_is_that_of_the_specification():
    # The example of the specification.
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105
    signed = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')  # fmt: skip
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_official_library_accepts_what_we_sign():
    secret = make_secret()
    headers = build_headers([secret], "msg_1", int(time.time()), BODY)
    assert Webhook(secret).verify(BODY, headers)["title"] == "Cirugía"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"body": BODY + b" "}, "No matching", id="changed body"),
        pytest.param({"id": "msg_2"}, "No matching", id="another id"),
        pytest.param({"age": 301}, "too old", id="an old timestamp"),
        pytest.param({"age": -301}, "too new", id="a timestamp to come"),
        pytest.param({"secret": make_secret()}, "No matching", id="another secret"),
    ],
)
def test_the_official_library_and_ours_refuse_the_same(change, message):
    secret = make_secret()
    timestamp = int(time.time()) - change.get("age", 0)
    headers = build_headers([secret], "msg_1", timestamp, BODY)
    headers["webhook-id"] = change.get("id", "msg_1")
    body, key = change.get("body", BODY), change.get("secret", secret)
    with pytest.raises(WebhookVerificationError, match=message):
        Webhook(key).verify(body, headers)
    with pytest.raises(SignatureError):
        verify([key], headers, body, time.time())


def test_each_secret_of_a_rotation_gives_a_signature():
    # Computed here by hand, so that no change of the library changes what is sent.
    keys = [make_secret(), make_secret()]
    headers = build_headers(keys, "msg_1", 1614265330, BODY)
    signed = b"msg_1.1614265330." + BODY
    digests = [
        hmac.digest(base64.b64decode(key.removeprefix("whsec_")), signed, "sha256")
        for key in keys
    ]
    assert headers == {
        "webhook-id": "msg_1",
        "webhook-timestamp": "1614265330",
        "webhook-signature": " ".join(
            f"v1,{base64.b64encode(digest).decode()}" for digest in digests
        ),
    }


def test_a_body_that_is_no_text_is_refused():
    secret = make_secret()
    headers = build_headers([secret], "msg_1", int(time.time()), BODY)
    with pytest.raises(SignatureError, match="UTF-8"):
        verify([secret], headers, BODY.decode().encode("utf-16"), time.time())


def test_we_accept_what_the_official_library_signs():
    secret = make_secret()
    with time_machine.travel("2026-05-01T10:00:00Z", tick=False):
        now = datetime.now(UTC)
        signature = Webhook(secret).sign("msg_1", now, BODY.decode())
        headers = {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": f"v1a,nonsense v1,b3RoZXI= {signature}",
        }
        verify([make_secret(), secret], headers, BODY, time.time())
        with time_machine.travel(now + timedelta(seconds=300), tick=False):
            verify([secret], headers, BODY, time.time())


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook-signature": ""},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,\xff\xff"},
        {"webhook-signature": "v1," + "A" * 100_000},
        {"webhook-signature": " ".join(["v1,AAAA"] * 10_000)},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "-1"},
        {"webhook-timestamp": "1e9"},
        {"webhook-timestamp": "٣"},
        {"webhook-timestamp": "9" * 5000},
        {"webhook-id": ""},
    ],
)
def test_malformed_headers_are_refused(headers):
    secret = make_secret()
    good = build_headers([secret], "msg_1", int(time.time()), BODY) if headers else {}
    with pytest.raises(SignatureError):
        verify([secret], {**good, **headers}, BODY, time.time())
