"""The background task that delivers, for projects whose task backend has workers."""

from __future__ import annotations

from django_tasks import task
from django_tasks.backends.immediate import ImmediateBackend


@task()
def deliver_due() -> int:
    """Deliver whatever is due, and return how many attempts that took."""
    from treatments.webhooks.worker import run_until_idle

    return run_until_idle()


def enqueue_delivery() -> None:
    """Ask for a delivery soon, unless that would happen in the present request.

    With the immediate backend nothing is enqueued: the command ``deliver_webhooks`` delivers then.
    """
    if not isinstance(deliver_due.get_backend(), ImmediateBackend):
        deliver_due.enqueue()
