"""The background task that delivers, for projects whose task backend has workers."""

from __future__ import annotations

from django_tasks import task

from treatments.webhooks.worker import run_until_idle


@task()
def deliver_due() -> int:
    """Deliver whatever is due, and return how many attempts that took."""
    return run_until_idle()
