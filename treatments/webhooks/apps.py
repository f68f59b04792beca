"""App configuration of the webhooks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    """Writes a delivery for each endpoint when an article is published or withdrawn."""

    name = "treatments.webhooks"
    label = "treatments_webhooks"
    verbose_name = _("Webhooks")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what happens to public documents."""
        from treatments.ports.tasks import register_task
        from treatments.signals import document_published, document_withdrawn
        from treatments.webhooks.events import handle_event
        from treatments.webhooks.tasks import deliver_due

        register_task(deliver_due)

        for signal in (document_published, document_withdrawn):
            signal.connect(
                handle_event, dispatch_uid="treatments.webhooks.handle_event"
            )
