"""The queue: which delivery is next, who has it in hand, and what becomes of it.

A worker claims a delivery for a limited time. Whoever is killed with one in hand leaves a claim that ends by
itself, so a delivery can happen twice, and never not at all.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import connections, router, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from treatments.conf import get_conf
from treatments.ports.tasks import enqueue
from treatments.webhooks.acknowledgements import is_acknowledgement
from treatments.webhooks.models import (
    OPEN_STATES,
    RECALL_TYPE,
    DeliveryState,
    Failure,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from treatments.webhooks.retries import get_delay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treatments.webhooks.sending import Outcome

#: What a claim lasts longer than two time limits: the resolving of the name has none.
CLAIM_MARGIN = timedelta(seconds=60)
FREE_CLAIM = {"claimed_until": None, "claim_token": ""}


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that one worker has in hand, with the attempt that it has begun."""

    delivery: WebhookDelivery
    attempt: WebhookAttempt
    token: str


def find_due(now: datetime) -> QuerySet[WebhookDelivery]:
    """Return what may be sent: due, in nobody's hand, and the first of its article for its endpoint."""
    earlier = WebhookDelivery.objects.filter(
        endpoint_id=OuterRef("endpoint_id"),
        page_id=OuterRef("page_id"),
        position__lt=OuterRef("position"),
        state__in=OPEN_STATES,
    )
    return WebhookDelivery.objects.filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lte=now),
        ~Exists(earlier),
        state__in=OPEN_STATES,
        next_attempt_at__lte=now,
        endpoint__is_active=True,
    )


def claim_next(served: Sequence[int] = ()) -> Claim | None:
    """Take the next delivery in hand, or return None where nothing is due.

    Args:
        served: Endpoint ids, the one that was served last at the end. The others come first, so that
            an endpoint that makes every delivery wait does not keep the rest from theirs.
    """
    now = timezone.now()
    rank = {endpoint_id: number for number, endpoint_id in enumerate(served)}
    waiting = find_due(now).order_by().values_list("endpoint_id", flat=True).distinct()
    for endpoint_id in sorted(waiting, key=lambda each: (rank.get(each, -1), each)):
        claim = claim_first(find_due(now).filter(endpoint_id=endpoint_id), now)
        if claim is not None:
            return claim
    return None


def claim_first(due: QuerySet[WebhookDelivery], now: datetime) -> Claim | None:
    """Take the first of the due deliveries that no other worker takes at this moment."""
    ordered = due.order_by(F("position").asc(nulls_first=True), "pk")
    pks = ordered.values_list("pk", flat=True)
    database = router.db_for_write(WebhookDelivery)
    if connections[database].features.has_select_for_update_skip_locked:
        with transaction.atomic(using=database):
            pk = pks.select_for_update(skip_locked=True, of=("self",)).first()
            return None if pk is None else take(pk, now)
    # SQLite: a transaction that reads first and then writes fails when somebody else wrote in between.
    while (pk := pks.first()) is not None:
        claim = take(pk, now)
        if claim is not None:
            return claim
    return None


@transaction.atomic
def take(pk: int, now: datetime) -> Claim | None:
    """Take one delivery in hand, or return None where another worker has been faster."""
    token = uuid.uuid4().hex
    lease = timedelta(seconds=2 * get_conf().webhook_timeout) + CLAIM_MARGIN
    taken = (
        WebhookDelivery.objects.filter(pk=pk, state__in=OPEN_STATES)
        .filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=now))
        .update(
            claimed_until=now + lease,
            claim_token=token,
            attempt_count=F("attempt_count") + 1,
        )
    )
    if not taken:
        return None
    attempt = WebhookAttempt.objects.create(delivery_id=pk, started_at=now)
    delivery = WebhookDelivery.objects.select_related("endpoint").get(pk=pk)
    return Claim(delivery, attempt, token)


@transaction.atomic
def finish(claim: Claim, outcome: Outcome) -> None:
    """Record what came of an attempt, and decide what becomes of the delivery.

    A worker whose claim has ended meanwhile records its attempt only: the delivery belongs to another one.
    """
    attempt, now = claim.attempt, timezone.now()
    attempt.duration_ms = outcome.duration_ms
    attempt.status = outcome.status
    attempt.failure = outcome.failure or ""
    attempt.error = outcome.error
    attempt.answer = outcome.answer
    attempt.save()
    delivery = (
        WebhookDelivery.objects.select_for_update()
        .filter(pk=claim.delivery.pk, claim_token=claim.token)
        .first()
    )
    if delivery is None:
        return
    delivery.claimed_until, delivery.claim_token = None, ""
    delivery.last_status = outcome.status
    delivery.last_failure = outcome.failure or ""
    if outcome.is_success:
        delivery.state, delivery.next_attempt_at = DeliveryState.DELIVERED, None
        delivery.delivered_at, delivery.failure_count = now, 0
        if (
            delivery.event_type == RECALL_TYPE
            and delivery.acknowledged_at is None
            and is_acknowledgement(outcome.answer)
        ):
            delivery.acknowledged_at = now
            delivery.acknowledged_by = WebhookDelivery.Acknowledged.ANSWER
    else:
        plan_retry(delivery, outcome, now)
    delivery.save()
    if outcome.failure == Failure.GONE:
        WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(
            is_active=False, gone_at=now
        )


def plan_retry(delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    """Set when a failed delivery is tried again, or give it up."""
    delivery.failure_count += 1
    delay = get_delay(delivery.failure_count, outcome.retry_after)
    if delay is None or outcome.failure == Failure.GONE:
        delivery.state, delivery.next_attempt_at = DeliveryState.DEAD, None
    else:
        delivery.state = DeliveryState.RETRYING
        delivery.next_attempt_at = now + timedelta(seconds=delay)


@transaction.atomic
def send_again(deliveries: QuerySet[WebhookDelivery]) -> int:
    """Make deliveries due at once, with a fresh schedule, and return how many.

    Their attempts and ids stay, so a receiver can know what it has had. What a worker has in hand is
    left alone.
    """
    now = timezone.now()
    free = deliveries.filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lte=now),
    )
    count = free.update(
        state=DeliveryState.WAITING,
        failure_count=0,
        next_attempt_at=now,
        **FREE_CLAIM,
    )
    if count:
        transaction.on_commit(partial(enqueue, "deliver_due"), robust=True)
    return count
