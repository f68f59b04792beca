"""Recalls and who has said that it no longer shows the article."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from django.utils import timezone

from treatments.webhooks.models import RECALL_TYPE, WebhookDelivery, WebhookEndpoint
from treatments.webhooks.rotation import list_secrets
from treatments.webhooks.signing import SignatureError, verify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet


class UnknownRecallError(LookupError):
    """The endpoint was sent no recall with this id."""


def is_acknowledgement(answer: str) -> bool:
    """Tell whether the body of an answer is ``{"acknowledged": true}``, whatever else it says."""
    try:
        data = json.loads(answer)
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.get("acknowledged") is True


def find_recalls() -> QuerySet[WebhookDelivery]:
    """Return the recalls that somebody must acknowledge or had to."""
    return WebhookDelivery.objects.filter(needs_acknowledgement=True)


def acknowledge(
    public_id: str, webhook_id: str, headers: Mapping[str, str], body: bytes
) -> WebhookDelivery:
    """Record that an endpoint no longer shows an article. Doing it again changes nothing.

    Args:
        public_id: Which endpoint says so.
        webhook_id: The id of the recall.
        headers: Those of the call, with its signature.
        body: That of the call, byte for byte.

    Raises:
        SignatureError: the endpoint is unknown, or the call is not signed with one of its secrets.
        UnknownRecallError: this endpoint was not sent a recall with this id.
    """
    endpoint = WebhookEndpoint.objects.filter(public_id=public_id).first()
    if endpoint is None:
        raise SignatureError("The signature does not fit.")
    verify(list_secrets(endpoint), headers, body, time.time())
    recall = WebhookDelivery.objects.filter(
        endpoint=endpoint, webhook_id=webhook_id, event_type=RECALL_TYPE
    )
    # One statement, so that the first acknowledgement stays when two arrive at once.
    recall.filter(acknowledged_at__isnull=True).update(
        acknowledged_at=timezone.now(),
        acknowledged_by=WebhookDelivery.Acknowledged.API,
    )
    found = recall.first()
    if found is None:
        raise UnknownRecallError(webhook_id)
    return found
