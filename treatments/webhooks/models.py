"""Endpoints with their secrets, and the outbox: what each endpoint is to be told, and each attempt to tell it."""

from __future__ import annotations

import secrets
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from treatments.signals import EventKind

#: The type of an event that an administrator sends to try an endpoint.
TEST_TYPE = "webhook.test"
RECALL_TYPE = f"article.{EventKind.WITHDRAWN}"

EVENT_LABELS = {
    EventKind.PUBLISHED.value: _("Published"),
    EventKind.UPDATED.value: _("Updated"),
    EventKind.MOVED.value: _("Moved"),
    EventKind.WITHDRAWN.value: _("Withdrawn"),
}
TYPE_LABELS = {
    **{f"article.{kind}": label for kind, label in EVENT_LABELS.items()},
    TEST_TYPE: _("Test"),
}


def make_public_id() -> str:
    """Return a new name by which an endpoint says who it is."""
    return f"ep_{secrets.token_hex(12)}"


def make_webhook_id() -> str:
    """Return a new id of a delivery, which stays the same over all attempts."""
    return f"msg_{uuid.uuid4().hex}"


def list_all_kinds() -> list[str]:
    """Return every kind of event."""
    return [kind.value for kind in EventKind]


class WebhookEndpoint(models.Model):
    """An address of another system that is told what happens to articles."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    url = models.CharField(
        _("address"),
        max_length=500,
        help_text=_("Where the events are sent, such as https://example.org/webhooks."),
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_(
            "An inactive endpoint is sent nothing. Of what happens meanwhile, only recalls that it must acknowledge are kept for it."
        ),
    )
    event_kinds = models.JSONField(_("events"), default=list_all_kinds)
    locales = models.JSONField(_("languages"), default=list, blank=True)
    kinds = models.JSONField(_("kinds of articles"), default=list, blank=True)
    audiences = models.JSONField(_("audiences"), default=list, blank=True)
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    treatments = models.JSONField(_("treatments"), default=list, blank=True)
    must_acknowledge = models.BooleanField(
        _("must acknowledge recalls"),
        default=False,
        help_text=_(
            "The report of recalls lists this endpoint until it has said that it no longer shows a withdrawn article."
        ),
    )
    public_id = models.CharField(
        _("endpoint ID"),
        max_length=40,
        unique=True,
        default=make_public_id,
        editable=False,
    )
    created_at = models.DateTimeField(
        _("created"), default=timezone.now, editable=False
    )
    gone_at = models.DateTimeField(
        _("said that it is gone"), null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class WebhookSecret(models.Model):
    """A secret with which deliveries to an endpoint are signed. It is as readable here as it is needed."""

    endpoint = models.ForeignKey(
        WebhookEndpoint,
        verbose_name=_("endpoint"),
        on_delete=models.CASCADE,
        related_name="secrets",
    )
    value = models.CharField(_("secret"), max_length=120)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    expires_at = models.DateTimeField(
        _("signs until"),
        null=True,
        blank=True,
        help_text=_("Empty for the present secret."),
    )

    class Meta:
        verbose_name = _("webhook secret")
        verbose_name_plural = _("webhook secrets")
        ordering = ["-created_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"


class DeliveryState(models.TextChoices):
    """How far a delivery has come."""

    WAITING = "waiting", _("Waiting")
    RETRYING = "retrying", _("Failed, will be repeated")
    DELIVERED = "delivered", _("Delivered")
    DEAD = "dead", _("Given up")


OPEN_STATES = (DeliveryState.WAITING, DeliveryState.RETRYING)


class WebhookDelivery(models.Model):
    """One event for one endpoint. Written in the transaction of the event, then only by ``deliveries``."""

    class Acknowledged(models.TextChoices):
        """How an endpoint has acknowledged a recall."""

        ANSWER = "answer", _("in its answer")
        API = "api", _("by a call")

    endpoint = models.ForeignKey(
        WebhookEndpoint,
        verbose_name=_("endpoint"),
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    webhook_id = models.CharField(
        _("webhook ID"), max_length=64, unique=True, default=make_webhook_id
    )
    event_type = models.CharField(_("event"), max_length=40)
    position = models.BigIntegerField(
        _("position in the ledger"), null=True, blank=True
    )
    page_id = models.BigIntegerField(_("article"), null=True, blank=True)
    locale = models.CharField(_("language"), max_length=20, blank=True)
    path = models.TextField(_("path"), blank=True)
    title = models.CharField(_("title"), max_length=255, blank=True)
    body = models.TextField(_("payload"))
    occurred_at = models.DateTimeField(_("occurred"))
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    state = models.CharField(
        _("state"),
        max_length=12,
        choices=DeliveryState.choices,
        default=DeliveryState.WAITING,
    )
    attempt_count = models.PositiveIntegerField(_("attempts"), default=0)
    failure_count = models.PositiveIntegerField(
        _("failures since it was last sent on purpose"), default=0
    )
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    claimed_until = models.DateTimeField(_("in hand until"), null=True, blank=True)
    claim_token = models.CharField(_("claim"), max_length=32, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(
        _("last answer"), null=True, blank=True
    )
    last_failure = models.CharField(_("last failure"), max_length=20, blank=True)

    needs_acknowledgement = models.BooleanField(
        _("needs an acknowledgement"), default=False
    )
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    acknowledged_by = models.CharField(
        _("acknowledged how"), max_length=10, choices=Acknowledged.choices, blank=True
    )

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-created_at", "-pk"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "position"], name="webhook_one_per_event"
            )
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "page_id", "position"], name="webhook_order"
            ),
            models.Index(fields=["-created_at", "-id"], name="webhook_log"),
            models.Index(
                fields=["next_attempt_at"],
                name="webhook_open",
                condition=Q(state__in=["waiting", "retrying"]),
            ),
            models.Index(
                fields=["occurred_at"],
                name="webhook_recalls",
                condition=Q(needs_acknowledgement=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} · {self.title or self.webhook_id}"

    def get_event_type_display(self) -> str:
        """Return the event as people call it."""
        return str(TYPE_LABELS.get(self.event_type, self.event_type))

    @property
    def is_in_hand(self) -> bool:
        """Whether a worker is sending it."""
        return self.claimed_until is not None and self.claimed_until > timezone.now()

    @property
    def last_result(self) -> str:
        """The last answer's status, or why there was none; empty before the first attempt."""
        if self.last_status is not None:
            return str(self.last_status)
        return str(Failure(self.last_failure).label) if self.last_failure else ""


class Failure(models.TextChoices):
    """Why an attempt did not succeed."""

    STATUS = "status", _("The endpoint answered with an error")
    REDIRECT = "redirect", _("The endpoint answered with a redirect")
    GONE = "gone", _("The endpoint said that it is gone")
    ADDRESS = "address", _("The address is not allowed")
    NAME = "name", _("The name could not be resolved")
    CONNECTION = "connection", _("No connection")
    CERTIFICATE = "certificate", _("The certificate is not valid")
    TIMEOUT = "timeout", _("No answer in time")
    PROTOCOL = "protocol", _("The answer is not valid HTTP")
    DEFECT = "defect", _("Something failed on our side; see the log")


class WebhookAttempt(models.Model):
    """One attempt of a delivery. Without an end, the worker was stopped before it had an answer."""

    delivery = models.ForeignKey(
        WebhookDelivery,
        verbose_name=_("delivery"),
        on_delete=models.CASCADE,
        related_name="attempts",
    )
    started_at = models.DateTimeField(_("started"))
    duration_ms = models.PositiveIntegerField(
        _("duration in milliseconds"), null=True, blank=True
    )
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    failure = models.CharField(
        _("failure"), max_length=20, choices=Failure.choices, blank=True
    )
    error = models.CharField(_("error"), max_length=300, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("webhook attempt")
        verbose_name_plural = _("webhook attempts")
        ordering = ["started_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"
