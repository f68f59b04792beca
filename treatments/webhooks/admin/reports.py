"""The log of all deliveries, one delivery with its attempts, and the recalls that nobody has acknowledged."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from treatments.admin.access import SEE_ALL, may_do_any
from treatments.admin.reports import DateFilter, RadioFilter, RadioModelFilter, Report
from treatments.webhooks.acknowledgements import find_recalls
from treatments.webhooks.models import (
    TYPE_LABELS,
    DeliveryState,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)

LOG_ICON = "history"
STYLE = "treatments_webhooks/css/webhooks.css"
#: Columns that a phone has no room for.
SECONDARY = "webhook-secondary"
#: The newest attempts of a delivery; more than a full schedule has.
MAX_ATTEMPTS = 50


def get_delivery_url(delivery: WebhookDelivery) -> str:
    """Return the address of a delivery's page."""
    return reverse("treatments_webhooks:delivery", args=[delivery.pk])


def get_name(delivery: WebhookDelivery) -> str:
    """Return what a delivery is about, in as few words as possible."""
    return delivery.title or delivery.path or delivery.get_event_type_display()


def is_fine(delivery: WebhookDelivery) -> bool:
    """Tell whether a delivery asks nobody for attention; Wagtail paints those paler."""
    return delivery.state in (DeliveryState.DELIVERED, DeliveryState.WAITING)


class ArticleColumn(TitleColumn):
    """What a delivery is about, with the style of both lists."""

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": [STYLE]}

    def __init__(self, label: Any):
        super().__init__(
            "title",
            label=label,
            accessor=get_name,
            get_url=get_delivery_url,
            classname="title webhook-title",
        )


class DeliveryFilterSet(WagtailFilterSet):
    """What the log can be narrowed to."""

    endpoint = RadioModelFilter(_("Endpoint"), WebhookEndpoint.objects.all())
    state = RadioFilter(_("State"), DeliveryState.choices)
    event_type = RadioFilter(_("Event"), list(TYPE_LABELS.items()))
    created_at = DateFilter(_("Date"))


class DeliveryLogView(Report):
    """Lists all deliveries, the newest first."""

    model = WebhookDelivery
    page_title = _("Webhook deliveries")
    header_icon = LOG_ICON
    index_url_name = "treatments_webhooks:deliveries"
    any_permission_required = SEE_ALL
    filterset_class = DeliveryFilterSet
    is_searchable = True
    search_fields: ClassVar[list[str]] = ["title", "path", "webhook_id"]
    default_ordering = "-created_at"
    nothing_found = _("No deliveries match these filters.")
    nothing_there = _(
        "Nothing was sent yet. An article that is published or withdrawn makes a delivery for each active endpoint."
    )
    export_filename = "webhook-deliveries"
    export_headings: ClassVar[dict[str, Any]] = {
        "webhook_id": "",
        "endpoint.name": _("Endpoint"),
        "get_event_type_display": _("Event"),
        "title": "",
        "path": "",
        "locale": "",
        "get_state_display": _("State"),
        "attempt_count": "",
        "last_result": _("Last answer"),
        "created_at": "",
        "next_attempt_at": "",
        "delivered_at": "",
    }
    columns: ClassVar[list[Column]] = [
        ArticleColumn(_("Article")),
        Column("endpoint", label=_("Endpoint"), width="18%"),
        Column(
            "event",
            label=_("Event"),
            accessor="get_event_type_display",
            classname=SECONDARY,
            width="9%",
        ),
        StatusTagColumn(
            "state",
            label=_("State"),
            accessor="get_state_display",
            primary=is_fine,
            width="15%",
        ),
        Column("attempt_count", label=_("Attempts"), classname=SECONDARY, width="6%"),
        Column("last_result", label=_("Last answer"), classname=SECONDARY, width="12%"),
        DateColumn(
            "created_at",
            label=_("Created"),
            sort_key="created_at",
            classname=SECONDARY,
            width="10%",
        ),
    ]

    def get_base_queryset(self) -> QuerySet[WebhookDelivery]:
        """Load what the columns show, without the payloads."""
        return WebhookDelivery.objects.select_related("endpoint").defer("body")


class RecallFilterSet(WagtailFilterSet):
    """Shows what is missing; the rest for whoever asks for it."""

    acknowledged = RadioFilter(
        _("Acknowledged"),
        [("yes", _("Acknowledged")), ("all", _("All"))],
        empty_label=_("Not acknowledged"),
        method="filter_acknowledged",
    )
    endpoint = RadioModelFilter(
        _("Endpoint"),
        WebhookEndpoint.objects.filter(
            deliveries__needs_acknowledgement=True
        ).distinct(),
    )

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Leave out what is acknowledged, unless it was asked for."""
        if not self.form.cleaned_data.get("acknowledged"):
            queryset = queryset.filter(acknowledged_at__isnull=True)
        return super().filter_queryset(queryset)

    def filter_acknowledged(
        self, queryset: QuerySet, name: str, value: str
    ) -> QuerySet:
        """Narrow the recalls to those that are acknowledged, or show all."""
        if value == "yes":
            return queryset.filter(acknowledged_at__isnull=False)
        return queryset


class RecallReportView(Report):
    """Lists for each recall the endpoints that have not acknowledged it, the oldest first."""

    model = WebhookDelivery
    page_title = _("Recalls")
    header_icon = "warning"
    index_url_name = "treatments_webhooks:recalls"
    any_permission_required = SEE_ALL
    filterset_class = RecallFilterSet
    nothing_found = _("No recalls match these filters.")
    nothing_there = _("Every endpoint that must acknowledge recalls has done so.")
    export_filename = "recalls"
    export_headings: ClassVar[dict[str, Any]] = {
        "title": "",
        "path": "",
        "locale": "",
        "endpoint.name": _("Endpoint"),
        "occurred_at": _("Withdrawn"),
        "get_state_display": _("State"),
        "last_result": _("Last answer"),
        "attempt_count": "",
        "acknowledged_at": "",
        "get_acknowledged_by_display": _("Acknowledged how"),
        "webhook_id": "",
    }
    columns: ClassVar[list[Column]] = [
        ArticleColumn(_("Withdrawn article")),
        Column("locale", label=_("Language"), classname=SECONDARY, width="8%"),
        Column("endpoint", label=_("Endpoint"), width="18%"),
        DateColumn("occurred_at", label=_("Withdrawn"), width="10%"),
        StatusTagColumn(
            "state",
            label=_("Delivery"),
            accessor="get_state_display",
            primary=is_fine,
            classname=SECONDARY,
            width="15%",
        ),
        Column("last_result", label=_("Last answer"), classname=SECONDARY, width="12%"),
        DateColumn(
            "acknowledged_at",
            label=_("Acknowledged"),
            classname=SECONDARY,
            width="10%",
        ),
    ]

    def get_queryset(self) -> QuerySet[WebhookDelivery]:
        """Return the recalls, those that wait longest first."""
        return (
            find_recalls()
            .select_related("endpoint")
            .defer("body")
            .order_by(F("acknowledged_at").desc(nulls_first=True), "occurred_at", "pk")
        )


class DeliveryView(  # ty: ignore[inconsistent-mro]
    PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView
):
    """Shows one delivery with its payload and its attempts."""

    model = WebhookDelivery
    any_permission_required = SEE_ALL
    template_name = "treatments_webhooks/delivery.html"
    page_title = _("Webhook delivery")
    header_icon = LOG_ICON

    @cached_property
    def delivery(self) -> WebhookDelivery:
        """The delivery of this address."""
        deliveries = WebhookDelivery.objects.select_related("endpoint")
        return get_object_or_404(deliveries, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Return what the delivery is about."""
        return get_name(self.delivery)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the log."""
        return [
            *super().get_breadcrumbs_items(),
            {
                "url": reverse("treatments_webhooks:deliveries"),
                "label": DeliveryLogView.page_title,
            },
            {"url": "", "label": get_name(self.delivery)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the payload as people read it, and the attempts."""
        delivery = self.delivery
        attempts = WebhookAttempt.objects.filter(delivery=delivery)
        payload = json.dumps(json.loads(delivery.body), indent=2, ensure_ascii=False)
        return super().get_context_data(
            **kwargs,
            delivery=delivery,
            name=get_name(delivery),
            payload=payload,
            attempts=attempts.order_by("-started_at", "-pk")[:MAX_ATTEMPTS],
            is_fine=is_fine(delivery),
            may_send=self.user_has_permission("change"),
            may_see_endpoint=may_do_any(
                self.request.user,
                WebhookEndpoint,
                ("add", "change", "delete", "view"),
            ),
        )
