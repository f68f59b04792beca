"""Takes deliveries from the queue and sends them, one after the other."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.utils import timezone

from treatments.conf import get_conf
from treatments.signals import documents_wanted
from treatments.webhooks.deliveries import Claim, claim_next, finish
from treatments.webhooks.models import Failure
from treatments.webhooks.rotation import list_secrets
from treatments.webhooks.sending import Outcome, post
from treatments.webhooks.signing import build_headers

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

USER_AGENT = "Wagtail-Treatments-Webhooks/1"


def run_until_idle(should_stop: Callable[[], bool] = lambda: False) -> int:
    """Deliver until nothing is due, and return how many attempts that took.

    Args:
        should_stop: Asked between two deliveries; the one in hand is always finished.
    """
    count = 0
    served: list[int] = []
    while not should_stop():
        # An article that nobody reads any more would never be withdrawn otherwise.
        is_more_wanted = build_wanted()
        claim = claim_next(served)
        if claim is None and is_more_wanted:
            continue
        if claim is None:
            break
        endpoint_id = claim.delivery.endpoint_id
        served = [each for each in served if each != endpoint_id] + [endpoint_id]
        deliver(claim)
        count += 1
    return count


def build_wanted() -> bool:
    """Build waiting documents and queue their deliveries; tell whether there may be more."""
    answers = documents_wanted.send_robust(sender=None)
    return any(isinstance(answer, int) and answer for _receiver, answer in answers)


def deliver(claim: Claim) -> Outcome:
    """Send a delivery that is in hand, and record what came of it."""
    delivery = claim.delivery
    try:
        outcome = send(claim)
    except Exception as error:
        # One delivery that trips over a defect must not stop all others.
        logger.exception("Webhook %s could not be sent.", delivery.webhook_id)
        outcome = Outcome(failure=Failure.DEFECT, error=type(error).__name__)
    finish(claim, outcome)
    logger.info(
        "Webhook %s to %s: %s after %d ms",
        delivery.webhook_id,
        delivery.endpoint.name,
        outcome.status or outcome.failure,
        outcome.duration_ms,
    )
    return outcome


def send(claim: Claim) -> Outcome:
    """Sign a delivery and send it. The signature is that of this moment, the id that of the delivery."""
    delivery = claim.delivery
    body = delivery.body.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        **build_headers(
            list_secrets(delivery.endpoint),
            delivery.webhook_id,
            int(timezone.now().timestamp()),
            body,
        ),
    }
    return post(delivery.endpoint.url, body, headers, get_conf().webhook_timeout)
