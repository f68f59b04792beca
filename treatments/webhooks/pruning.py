"""Deletes deliveries that nobody needs any more."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from treatments.conf import get_conf
from treatments.webhooks.models import RECALL_TYPE, DeliveryState, WebhookDelivery

BATCH_SIZE = 1000


def prune_deliveries() -> int:
    """Delete what was delivered more than ``WEBHOOK_RETENTION_DAYS`` days ago, and return how many.

    Two kinds stay: recalls that wait for their acknowledgement, and the newest delivery of each article
    that an endpoint still has, since by it we know that the endpoint must hear of a recall.
    """
    before = timezone.now() - timedelta(days=get_conf().webhook_retention_days)
    newer = WebhookDelivery.objects.filter(
        endpoint_id=OuterRef("endpoint_id"),
        page_id=OuterRef("page_id"),
        position__gt=OuterRef("position"),
    )
    old = (
        WebhookDelivery.objects.filter(
            state=DeliveryState.DELIVERED, delivered_at__lt=before
        )
        .exclude(needs_acknowledgement=True, acknowledged_at__isnull=True)
        .filter(Q(page_id__isnull=True) | Q(event_type=RECALL_TYPE) | Exists(newer))
    )
    count = 0
    while ids := list(old.order_by("pk").values_list("pk", flat=True)[:BATCH_SIZE]):
        WebhookDelivery.objects.filter(pk__in=ids).delete()
        count += len(ids)
    return count
