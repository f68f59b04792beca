"""Turns what happens to public documents into deliveries: which endpoints hear of it, and in which words."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Page

from treatments.ports.tasks import enqueue
from treatments.signals import DocumentEvent, EventKind
from treatments.webhooks.models import TEST_TYPE, WebhookDelivery, WebhookEndpoint

if TYPE_CHECKING:
    from datetime import datetime

TITLE_LENGTH = 255
#: field of an endpoint → name of the facet
FACETS = {
    "kinds": "kind",
    "audiences": "audience",
    "conditions": "conditions",
    "treatments": "treatments",
}


def handle_event(sender: Any, event: DocumentEvent, **kwargs: Any) -> None:
    """Receive the signals about public documents."""
    record_event(event)


def record_event(event: DocumentEvent) -> int:
    """Write a delivery for each endpoint that is to hear of an event, and return how many.

    Call it inside the transaction of the change: with its rollback the deliveries are gone too. The same
    event again, known by its position, changes nothing.
    """
    endpoints = find_listeners(event)
    if not endpoints:
        return 0
    body = build_body(f"article.{event.kind}", event.occurred_at, build_data(event))
    title = find_title(event)[:TITLE_LENGTH]
    now = timezone.now()
    WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(
                endpoint=endpoint,
                event_type=f"article.{event.kind}",
                position=event.position,
                page_id=event.page_id,
                locale=event.locale,
                path=event.path,
                title=title,
                body=body,
                occurred_at=event.occurred_at,
                created_at=now,
                next_attempt_at=now,
                needs_acknowledgement=endpoint.must_acknowledge
                and event.kind == EventKind.WITHDRAWN,
            )
            for endpoint in endpoints
        ],
        ignore_conflicts=True,
    )
    transaction.on_commit(partial(enqueue, "deliver_due"), robust=True)
    return len(endpoints)


def find_listeners(event: DocumentEvent) -> list[WebhookEndpoint]:
    """Return the endpoints that are to hear of an event.

    A recall is written down for an inactive endpoint too if that must acknowledge it: it still may show
    the article. An endpoint that was told of an article keeps hearing of it, even when the article no longer passes
    its filters: otherwise it would show an old version for ever, and miss the recall.
    """
    listening = Q(is_active=True)
    if event.kind == EventKind.WITHDRAWN:
        listening |= Q(must_acknowledge=True)
    endpoints = [
        endpoint
        for endpoint in WebhookEndpoint.objects.filter(listening)
        if event.kind in endpoint.event_kinds
    ]
    if all(matches(endpoint, event) for endpoint in endpoints):
        return endpoints
    told = set(
        WebhookDelivery.objects.filter(page_id=event.page_id).values_list(
            "endpoint_id", flat=True
        )
    )
    return [
        endpoint
        for endpoint in endpoints
        if endpoint.pk in told or matches(endpoint, event)
    ]


def matches(endpoint: WebhookEndpoint, event: DocumentEvent) -> bool:
    """Tell whether an event passes all filters of an endpoint. An empty filter lets everything pass."""
    if endpoint.locales and event.locale not in endpoint.locales:
        return False
    return all(
        not wanted or not set(wanted).isdisjoint(event.facets.get(facet, ()))
        for wanted, facet in (
            (getattr(endpoint, field), facet) for field, facet in FACETS.items()
        )
    )


def build_data(event: DocumentEvent) -> dict[str, Any]:
    """Return what is said about an event."""
    return {
        "position": event.position,
        "page_id": event.page_id,
        "translation_key": event.translation_key,
        "article_type": event.type,
        "locale": event.locale,
        "path": event.path,
        "previous_path": event.previous_path,
        "title": event.title,
        "etag": event.etag,
        "content_hash": event.content_hash,
        "reason": event.reason,
        "note": event.note,
        "replacement_path": event.replacement_path,
        "facets": event.facets,
    }


def build_body(type_: str, occurred_at: datetime, data: dict[str, Any]) -> str:
    """Return the payload as it is signed and sent."""
    return json.dumps(
        {"type": type_, "timestamp": occurred_at, "data": data},
        cls=DjangoJSONEncoder,
        ensure_ascii=False,
        separators=(",", ":"),
    )


def find_title(event: DocumentEvent) -> str:
    """Return what the log calls an article. The event of a withdrawal has no title."""
    if event.title:
        return event.title
    titles = Page.objects.filter(pk=event.page_id).values_list("title", flat=True)
    return titles.first() or ""


def send_test(endpoint: WebhookEndpoint) -> WebhookDelivery:
    """Queue an event with which an administrator tries an endpoint."""
    now = timezone.now()
    data = {"endpoint": endpoint.public_id, "name": endpoint.name}
    with transaction.atomic():
        delivery = WebhookDelivery.objects.create(
            endpoint=endpoint,
            event_type=TEST_TYPE,
            body=build_body(TEST_TYPE, now, data),
            occurred_at=now,
            next_attempt_at=now,
        )
        transaction.on_commit(partial(enqueue, "deliver_due"), robust=True)
    return delivery
