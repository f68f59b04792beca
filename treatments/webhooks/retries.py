"""When a failed delivery is tried again, after the schedule that Standard Webhooks recommends."""

from __future__ import annotations

import random
from datetime import timedelta

#: Seconds until the next attempt, after the first failure, the second and so on; then it is given up.
SCHEDULE = tuple(
    int(delay.total_seconds())
    for delay in (
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=5),
        timedelta(hours=10),
        timedelta(hours=14),
        timedelta(hours=20),
        timedelta(hours=24),
    )
)
#: By which part a delay is lengthened at most, so that failures do not all come back at once.
JITTER = 0.2
#: An endpoint that asks for more is asked again after this.
MAX_DELAY = 24 * 60 * 60

_random = random.SystemRandom()


def get_delay(failure_count: int, retry_after: float | None = None) -> float | None:
    """Return the seconds until the next attempt, or None where there is none.

    Args:
        failure_count: How often in a row it has failed, at least 1.
        retry_after: For how many seconds the endpoint asks to be left alone. It can lengthen a delay up
            to ``MAX_DELAY``, and never shorten it.
    """
    if failure_count > len(SCHEDULE):
        return None
    delay = SCHEDULE[failure_count - 1] * (1 + _random.uniform(0, JITTER))
    if retry_after is not None:
        delay = max(delay, min(retry_after, MAX_DELAY))
    return delay
