"""Endpoints and events for the tests, sent as the app that keeps the ledger sends them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from treatments.signals import (
    DocumentEvent,
    EventKind,
    document_published,
    document_withdrawn,
)
from treatments.webhooks.models import WebhookDelivery, WebhookEndpoint
from treatments.webhooks.rotation import rotate

POSITIONS = itertools.count(1)
NAMES = itertools.count(1)
OCCURRED_AT = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)


def make_event(kind: EventKind = EventKind.PUBLISHED, **values: Any) -> DocumentEvent:
    """Return an event about the article with id 7, unless told otherwise."""
    page_id = values.pop("page_id", 7)
    defaults: dict[str, Any] = {
        "position": next(POSITIONS),
        "translation_key": "0d3b1c52-6a4c-4a0e-8f39-3a1f3d8a8f10",
        "type": "treatments.TreatmentPage",
        "locale": "en",
        "path": f"/en/treatments/article-{page_id}/",
        "occurred_at": OCCURRED_AT,
        "facets": {"kind": ["procedure"], "audience": ["patient"]},
    }
    if kind == EventKind.WITHDRAWN:
        defaults |= {"reason": "unpublished", "note": "An error in the dose."}
    else:
        defaults |= {
            "title": f"Article {page_id}",
            "etag": '"abc"',
            "content_hash": "sha256-x",
        }
    return DocumentEvent(kind=kind, page_id=page_id, **defaults | values)


def publish(kind: EventKind = EventKind.PUBLISHED, **values: Any) -> DocumentEvent:
    """Send the signal of an event."""
    event = make_event(kind, **values)
    signal = document_withdrawn if kind == EventKind.WITHDRAWN else document_published
    signal.send(sender=None, event=event)
    return event


def withdraw(**values: Any) -> DocumentEvent:
    """Send the signal of a withdrawal."""
    return publish(EventKind.WITHDRAWN, **values)


def create_endpoint(
    url: str = "https://example.org/hook", **values: Any
) -> WebhookEndpoint:
    """Return an endpoint with its first secret."""
    values.setdefault("name", f"Endpoint {next(NAMES)}")
    endpoint = WebhookEndpoint.objects.create(url=url, **values)
    rotate(endpoint)
    return endpoint


def get_secret(endpoint: WebhookEndpoint) -> str:
    """Return the present secret."""
    return endpoint.secrets.get(expires_at=None).value


def get_delivery(event: DocumentEvent) -> WebhookDelivery:
    """Return the one delivery of an event."""
    return WebhookDelivery.objects.get(position=event.position)
