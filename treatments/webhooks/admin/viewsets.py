"""The endpoints in the admin: list, form, and the page with secrets and buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, EditView, IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from treatments.admin.access import CHANGE_ALL, SEE_ALL, may_do_any
from treatments.conf import get_conf
from treatments.webhooks.admin import actions
from treatments.webhooks.admin.forms import EndpointForm, build_choices
from treatments.webhooks.admin.reports import STYLE
from treatments.webhooks.models import (
    OPEN_STATES,
    DeliveryState,
    WebhookDelivery,
    WebhookEndpoint,
)
from treatments.webhooks.rotation import find_valid

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMESPACE = "webhook_endpoints"
LAST_DELIVERIES = 10


def count_deliveries(states: Sequence[str]) -> Coalesce:
    """Return the number of an endpoint's deliveries in some states, as a subquery."""
    counts = (
        WebhookDelivery.objects.filter(endpoint=OuterRef("pk"), state__in=states)
        .order_by()
        .values("endpoint")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


def get_endpoint_url(endpoint: WebhookEndpoint) -> str:
    """Return the address of an endpoint's page."""
    return reverse(f"{NAMESPACE}:inspect", args=[endpoint.pk])


class EndpointColumn(TitleColumn):
    """The name of an endpoint, with the style of the list."""

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": [STYLE]}


class EndpointIndexView(IndexView):
    """Lists the endpoints with what waits for them."""

    def get_base_queryset(self) -> QuerySet:
        """Count in the same query."""
        return (
            super()
            .get_base_queryset()
            .annotate(
                open_count=count_deliveries(OPEN_STATES),
                dead_count=count_deliveries([DeliveryState.DEAD]),
            )
        )


class EndpointCreateView(CreateView):
    """Leads to the page that shows the secret."""

    def get_success_url(self) -> str:
        """Return the page of the new endpoint."""
        return get_endpoint_url(self.object)


class EndpointEditView(EditView):
    """Leads back to the page of the endpoint."""

    def get_success_url(self) -> str:
        """Return the page of the endpoint."""
        return get_endpoint_url(self.object)


class EndpointInspectView(InspectView):
    """Shows an endpoint, to whoever may change it also with its secrets."""

    template_name = "treatments_webhooks/endpoint.html"
    page_title = _("Webhook endpoint")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add secrets, filters and the last deliveries."""
        endpoint = self.object
        user = self.request.user
        may_change = self.user_has_permission("change")
        deliveries = WebhookDelivery.objects.filter(endpoint=endpoint).defer("body")
        return super().get_context_data(
            **kwargs,
            endpoint=endpoint,
            may_change=may_change,
            may_see_log=may_do_any(user, WebhookDelivery, SEE_ALL),
            may_send=may_do_any(user, WebhookDelivery, CHANGE_ALL),
            secrets=list(find_valid(endpoint)) if may_change else [],
            overlap_hours=get_conf().webhook_secret_overlap,
            filters=describe_filters(endpoint),
            deliveries=deliveries[:LAST_DELIVERIES],
            dead_count=deliveries.filter(state=DeliveryState.DEAD).count(),
            log_url=f"{reverse('treatments_webhooks:deliveries')}?endpoint={endpoint.pk}",
        )


def describe_filters(endpoint: WebhookEndpoint) -> list[tuple[str, str]]:
    """Return label and chosen values of each filter that is set."""
    described = []
    for name, choices in build_choices().items():
        chosen = getattr(endpoint, name)
        labels = dict(choices)
        if chosen:
            label = EndpointForm.base_fields[name].label
            words = [str(labels.get(value, value)) for value in chosen]
            described.append((str(label), ", ".join(words)))
    return described


class EndpointViewSet(ModelViewSet):
    """Endpoints under Settings. Who may do what follows from Django's permissions on the model."""

    model = WebhookEndpoint
    name = NAMESPACE
    url_prefix = "webhooks/endpoints"
    icon = "link-external"
    menu_label = _("Webhooks")
    menu_name = "webhooks"
    menu_order = 900
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = EndpointIndexView
    add_view_class = EndpointCreateView
    edit_view_class = EndpointEditView
    inspect_view_class = EndpointInspectView
    inspect_template_name = EndpointInspectView.template_name
    search_fields: ClassVar[list[str]] = ["name", "url"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("url"),
            FieldPanel("is_active"),
            FieldPanel("event_kinds"),
            FieldPanel("must_acknowledge"),
            MultiFieldPanel(
                [
                    FieldPanel("locales"),
                    FieldPanel("kinds"),
                    FieldPanel("audiences"),
                    FieldPanel("conditions"),
                    FieldPanel("treatments"),
                ],
                heading=_("Only articles with"),
            ),
        ],
        base_form_class=EndpointForm,
    )

    @cached_property
    def list_display(self) -> list[Any]:
        """Return the columns: what the endpoint is, and whether it works."""
        return [
            EndpointColumn("name", label=_("Name"), get_url=get_endpoint_url),
            Column(
                "url", label=_("Address"), classname="wrap-anywhere webhook-secondary"
            ),
            StatusTagColumn(
                "is_active",
                label=_("Status"),
                accessor=lambda endpoint: (
                    _("Active")
                    if endpoint.is_active
                    else _("Gone")
                    if endpoint.gone_at
                    else _("Inactive")
                ),
                primary=lambda endpoint: endpoint.is_active,
                width="12%",
            ),
            Column("open_count", label=_("Waiting"), width="10%"),
            Column("dead_count", label=_("Given up"), width="10%"),
        ]

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the buttons of an endpoint's page."""
        return [
            *super().get_urlpatterns(),
            path("rotate/<int:pk>/", actions.RotateView.as_view(), name="rotate"),
            path("revoke/<int:pk>/", actions.RevokeView.as_view(), name="revoke"),
            path("test/<int:pk>/", actions.TestView.as_view(), name="test"),
            path(
                "send-dead/<int:pk>/", actions.SendDeadView.as_view(), name="send_dead"
            ),
        ]
