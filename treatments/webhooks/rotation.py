"""The secrets of an endpoint over time: the present one, and earlier ones that still sign for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from treatments.conf import get_conf
from treatments.webhooks.models import WebhookEndpoint, WebhookSecret
from treatments.webhooks.signing import make_secret

if TYPE_CHECKING:
    from django.db.models import QuerySet


def find_valid(endpoint: WebhookEndpoint) -> QuerySet[WebhookSecret]:
    """Return the secrets that sign now, the newest first."""
    return WebhookSecret.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()),
        endpoint=endpoint,
    ).order_by("-created_at", "-pk")


def list_secrets(endpoint: WebhookEndpoint) -> list[str]:
    """Return the values of the secrets that sign now, the newest first. There is at least one."""
    secrets = list(find_valid(endpoint).values_list("value", flat=True))
    return secrets or [rotate(endpoint).value]


@transaction.atomic
def rotate(endpoint: WebhookEndpoint) -> WebhookSecret:
    """Make a new secret. The present one signs too for ``WEBHOOK_SECRET_OVERLAP`` hours."""
    # Two rotations at once would leave two present secrets.
    WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    now = timezone.now()
    ends_at = now + timedelta(hours=get_conf().webhook_secret_overlap)
    secrets = WebhookSecret.objects.filter(endpoint=endpoint)
    secrets.filter(expires_at__lte=now).delete()
    secrets.filter(expires_at__isnull=True).update(expires_at=ends_at)
    return WebhookSecret.objects.create(
        endpoint=endpoint, value=make_secret(), created_at=now
    )


def revoke(secret: WebhookSecret) -> bool:
    """Revoke an earlier secret. Return False, and change nothing, for the present one."""
    deleted, _models = WebhookSecret.objects.filter(
        pk=secret.pk, expires_at__isnull=False
    ).delete()
    return bool(deleted)
