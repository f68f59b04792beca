"""Secrets and signatures as the Standard Webhooks specification has them (standardwebhooks.com, version 1)."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from standardwebhooks import Webhook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SECRET_PREFIX = "whsec_"  # noqa: S105
#: The specification asks for 24 to 64 random bytes.
SECRET_BYTES = 32
#: How far the clock of a sender may be off, in seconds.
TOLERANCE = 5 * 60
#: More signatures than any rotation makes; the rest of a header is not read.
MAX_SIGNATURES = 20

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


class SignatureError(ValueError):
    """A request is not signed with one of the secrets; its text says what is wrong."""


def make_secret() -> str:
    """Return a new secret: ``whsec_`` and base64."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(secret: str, webhook_id: str, timestamp: int, body: bytes) -> str:
    """Return one signature, ``v1,<base64>``.

    Raises:
        UnicodeDecodeError: the body is not UTF-8, which the library wants as text.
    """
    signed_at = datetime.fromtimestamp(timestamp, UTC)
    return Webhook(secret).sign(webhook_id, signed_at, body.decode())


def build_headers(
    keys: Iterable[str], webhook_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """Return the three headers of a delivery, signed with each of the secrets."""
    signatures = [sign(key, webhook_id, timestamp, body) for key in keys]
    return {
        ID: webhook_id,
        TIMESTAMP: str(timestamp),
        SIGNATURE: " ".join(signatures),
    }


def verify(
    keys: Iterable[str], headers: Mapping[str, str], body: bytes, now: float
) -> None:
    """Check the signature of a request, and say what is wrong with it; the library's own check does not.

    Args:
        keys: The secrets, one of which must have signed it.
        headers: A mapping that finds the three headers by their lower-case names.
        body: The body, byte for byte.
        now: The time in seconds since 1970.

    Raises:
        SignatureError: a header is missing or malformed, the time is off by more than ``TOLERANCE``, or
            none of the secrets fits.
    """
    webhook_id, signatures = headers.get(ID, ""), headers.get(SIGNATURE, "")
    time = headers.get(TIMESTAMP, "")
    if not webhook_id or not signatures or not time:
        raise SignatureError(f"The headers {ID}, {TIMESTAMP} and {SIGNATURE} are needed.")  # fmt: skip
    if not (time.isascii() and time.isdecimal() and len(time) < 12):
        raise SignatureError(f"{TIMESTAMP} must be whole seconds since 1970.")
    if abs(int(time) - now) > TOLERANCE:
        raise SignatureError(f"{TIMESTAMP} is more than five minutes off.")
    given = [each.encode() for each in signatures.split(" ")[:MAX_SIGNATURES]]
    try:
        wanted = [sign(key, webhook_id, int(time), body).encode() for key in keys]
    except UnicodeDecodeError as error:
        raise SignatureError("The body must be UTF-8.") from error
    if not any(hmac.compare_digest(one, other) for one in wanted for other in given):
        raise SignatureError("The signature does not fit.")
