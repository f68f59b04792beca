"""Registers endpoints, log and recalls with Wagtail's admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import Permission
from django.urls import include, path
from wagtail import hooks

from treatments.webhooks.admin.actions import SendAgainView
from treatments.webhooks.admin.reports import (
    DeliveryLogView,
    DeliveryView,
    RecallReportView,
)
from treatments.webhooks.admin.viewsets import EndpointViewSet
from treatments.webhooks.models import WebhookDelivery

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from wagtail.admin.menu import MenuItem

NAMESPACE = "treatments_webhooks"


@hooks.register("register_admin_viewset")
def register_endpoints() -> EndpointViewSet:
    """Put the endpoints under Settings."""
    return EndpointViewSet()


@hooks.register("register_permissions")
def register_log_permissions() -> QuerySet[Permission]:
    """Register the permission to see the log, which administrators can give."""
    return Permission.objects.filter(
        content_type__app_label=WebhookDelivery._meta.app_label,
        content_type__model=WebhookDelivery._meta.model_name,
    )


@hooks.register("register_admin_urls")
def register_report_urls():
    """Serve the log, each delivery, and the recalls."""
    urls = [
        *DeliveryLogView.build_urls("deliveries/"),
        path("deliveries/<int:pk>/", DeliveryView.as_view(), name="delivery"),
        path(
            "deliveries/<int:pk>/send-again/",
            SendAgainView.as_view(),
            name="send_again",
        ),
        *RecallReportView.build_urls("recalls/"),
    ]
    return [path("reports/webhooks/", include((urls, NAMESPACE), NAMESPACE))]


@hooks.register("register_reports_menu_item")
def register_log_menu_item() -> MenuItem:
    """Put the log among the reports."""
    return DeliveryLogView.build_menu_item("webhook-deliveries", order=9020)


@hooks.register("register_reports_menu_item")
def register_recall_menu_item() -> MenuItem:
    """Put the recalls among the reports."""
    return RecallReportView.build_menu_item("recalls", order=9030)
