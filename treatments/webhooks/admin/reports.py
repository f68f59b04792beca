"""The log of all deliveries, one delivery with its attempts, and the recalls that nobody has acknowledged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django import forms
from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from treatments.admin.spreadsheets import PlainCsvMixin
from treatments.webhooks.acknowledgements import find_recalls
from treatments.webhooks.models import (
    TYPE_LABELS,
    DeliveryState,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)

if TYPE_CHECKING:
    from django.http import HttpRequest

PERMISSIONS = ["view", "change"]
LOG_ICON = "history"
RECALL_ICON = "warning"
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

    endpoint = django_filters.ModelChoiceFilter(
        label=_("Endpoint"),
        queryset=WebhookEndpoint.objects.all(),
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=DeliveryState.choices,
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    event_type = django_filters.ChoiceFilter(
        label=_("Event"),
        choices=list(TYPE_LABELS.items()),
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    created_at = django_filters.DateFromToRangeFilter(
        label=_("Date"), widget=DateRangePickerWidget
    )

    class Meta:
        model = WebhookDelivery
        fields: ClassVar[list[str]] = []


def build_export_headings() -> dict[str, Any]:
    """Return the headings of both exports where the name of the field does not say it."""
    return {
        "endpoint.name": _("Endpoint"),
        "get_event_type_display": _("Event"),
        "get_state_display": _("State"),
        "last_result": _("Last answer"),
        "get_acknowledged_by_display": _("Acknowledged how"),
        "occurred_at": _("Withdrawn"),
    }


class DeliveryLogView(PlainCsvMixin, ReportView):
    """Lists all deliveries, the newest first."""

    model = WebhookDelivery
    page_title = _("Webhook deliveries")
    header_icon = LOG_ICON
    index_url_name = "treatments_webhooks:deliveries"
    index_results_url_name = "treatments_webhooks:deliveries_results"
    any_permission_required = PERMISSIONS
    filterset_class = DeliveryFilterSet
    is_searchable = True
    search_fields: ClassVar[list[str]] = ["title", "path", "webhook_id"]
    default_ordering = "-created_at"
    export_filename = "webhook-deliveries"
    list_export: ClassVar[list[str]] = [
        "webhook_id",
        "endpoint.name",
        "get_event_type_display",
        "title",
        "path",
        "locale",
        "get_state_display",
        "attempt_count",
        "last_result",
        "created_at",
        "next_attempt_at",
        "delivered_at",
    ]
    export_headings: ClassVar[dict[str, Any]] = {
        name: heading
        for name, heading in build_export_headings().items()
        if name != "occurred_at"
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

    @cached_property
    def no_results_message(self) -> Any:
        """Say how the first delivery comes about."""
        if self.is_filtering or self.is_searching:
            return _("No deliveries match these filters.")
        return _(
            "Nothing was sent yet. An article that is published or withdrawn makes a delivery for each active endpoint."
        )

    def get_base_queryset(self) -> QuerySet[WebhookDelivery]:
        """Load what the columns show, without the payloads."""
        return WebhookDelivery.objects.select_related("endpoint").defer("body")


class RecallFilterSet(WagtailFilterSet):
    """Shows what is missing; the rest for whoever asks for it."""

    acknowledged = django_filters.ChoiceFilter(
        label=_("Acknowledged"),
        method="filter_acknowledged",
        choices=[("yes", _("Acknowledged")), ("all", _("All"))],
        empty_label=_("Not acknowledged"),
        widget=forms.RadioSelect,
    )
    endpoint = django_filters.ModelChoiceFilter(
        label=_("Endpoint"),
        queryset=WebhookEndpoint.objects.filter(
            deliveries__needs_acknowledgement=True
        ).distinct(),
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = WebhookDelivery
        fields: ClassVar[list[str]] = []

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


class RecallReportView(PlainCsvMixin, ReportView):
    """Lists for each recall the endpoints that have not acknowledged it, the oldest first."""

    model = WebhookDelivery
    page_title = _("Recalls")
    header_icon = RECALL_ICON
    index_url_name = "treatments_webhooks:recalls"
    index_results_url_name = "treatments_webhooks:recalls_results"
    any_permission_required = PERMISSIONS
    filterset_class = RecallFilterSet
    default_ordering = None
    export_filename = "recalls"
    list_export: ClassVar[list[str]] = [
        "title",
        "path",
        "locale",
        "endpoint.name",
        "occurred_at",
        "get_state_display",
        "last_result",
        "attempt_count",
        "acknowledged_at",
        "get_acknowledged_by_display",
        "webhook_id",
    ]
    export_headings: ClassVar[dict[str, Any]] = build_export_headings()
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

    @cached_property
    def no_results_message(self) -> Any:
        """Say it as good news, unless somebody has only looked for a part."""
        if self.is_filtering:
            return _("No recalls match these filters.")
        return _("Every endpoint that must acknowledge recalls has done so.")

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
    any_permission_required = PERMISSIONS
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
            may_see_endpoint=policy_registry.get_by_type(
                WebhookEndpoint
            ).user_has_any_permission(
                self.request.user, ["add", "change", "delete", "view"]
            ),
        )


class LogMenuItem(MenuItem):
    """Leads to a report; shown to those who may open it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the user may see deliveries."""
        policy = policy_registry.get_by_type(WebhookDelivery)
        return policy.user_has_any_permission(request.user, PERMISSIONS)
