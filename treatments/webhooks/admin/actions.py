"""The buttons of the webhooks in the admin. Each takes a POST with a CSRF token and leads back to a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from treatments.conf import get_conf
from treatments.webhooks.deliveries import send_again
from treatments.webhooks.events import send_test
from treatments.webhooks.models import (
    DeliveryState,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from treatments.webhooks.rotation import revoke, rotate

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ENDPOINT_PAGE = "webhook_endpoints:inspect"
DELIVERY_PAGE = "treatments_webhooks:delivery"
LOG_ACTION = "wagtail.edit"


class ButtonView(PermissionCheckedMixin, View):
    """A button for whoever may change the model."""

    model: ClassVar[type[WebhookEndpoint] | type[WebhookDelivery]] = WebhookEndpoint
    permission_required = "change"
    http_method_names = ["post"]


class RotateView(ButtonView):
    """Makes a new secret."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Rotate, and say for how long the former secret signs too."""
        endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
        rotate(endpoint)
        log(endpoint, LOG_ACTION, user=request.user, title=_("New secret"))
        messages.success(
            request,
            _(
                "There is a new secret. The former one signs too for %(hours)g hours, or until you revoke it."
            )
            % {"hours": get_conf().webhook_secret_overlap},
        )
        return redirect(ENDPOINT_PAGE, pk)


class RevokeView(ButtonView):
    """Lets a former secret sign no more."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Revoke the secret with this id."""
        secret = get_object_or_404(
            WebhookSecret.objects.select_related("endpoint"), pk=pk
        )
        if revoke(secret):
            messages.success(request, _("The former secret signs no more."))
        else:
            messages.error(
                request,
                _("The present secret cannot be revoked. Make a new one first."),
            )
        return redirect(ENDPOINT_PAGE, secret.endpoint.pk)


class TestView(ButtonView):
    """Sends a test event."""

    # pytest takes classes with such a name for tests.
    __test__ = False

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Queue the event, and show its delivery to whoever may see the log."""
        endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
        if not endpoint.is_active:
            messages.error(request, _("The endpoint is inactive: nothing is sent."))
            return redirect(ENDPOINT_PAGE, pk)
        send_test(endpoint)
        messages.success(
            request, _("The test event is queued. It is sent by the webhook worker.")
        )
        return redirect(ENDPOINT_PAGE, pk)


class SendAgainView(ButtonView):
    """Sends one delivery again."""

    model = WebhookDelivery

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make the delivery due."""
        delivery = get_object_or_404(
            WebhookDelivery.objects.select_related("endpoint").defer("body"), pk=pk
        )
        if not delivery.endpoint.is_active:
            messages.error(request, _("The endpoint is inactive: nothing is sent."))
        elif send_again(WebhookDelivery.objects.filter(pk=pk)):
            messages.success(request, _("The delivery is queued again."))
        else:
            messages.warning(request, _("The delivery is being sent at this moment."))
        return redirect(DELIVERY_PAGE, pk)


class SendDeadView(ButtonView):
    """Sends again all that was given up for an endpoint."""

    model = WebhookDelivery

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make the deliveries due."""
        endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
        if not endpoint.is_active:
            messages.error(request, _("The endpoint is inactive: nothing is sent."))
            return redirect(ENDPOINT_PAGE, pk)
        count = send_again(
            WebhookDelivery.objects.filter(endpoint=endpoint, state=DeliveryState.DEAD)
        )
        messages.success(
            request,
            ngettext(
                "%(count)d delivery is queued again.",
                "%(count)d deliveries are queued again.",
                count,
            )
            % {"count": count},
        )
        return redirect(ENDPOINT_PAGE, pk)
