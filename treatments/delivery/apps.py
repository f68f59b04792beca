"""App configuration of the ledger of public documents."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    """Follows what changes, and answers public reads from stored documents."""

    name = "treatments.delivery"
    label = "treatments_delivery"
    verbose_name = _("Treatment delivery")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the signals of everything that a document can contain, and offer the stored documents."""
        from treatments.delivery import (
            function_upkeep,
            hiding,
            purging,
            signal_handlers,
        )
        from treatments.delivery.building import build_wanted
        from treatments.delivery.store import LedgerStore
        from treatments.delivery.tasks import (
            build_marked_documents,
            send_pending_purges,
        )
        from treatments.ports.store import register_store
        from treatments.ports.tasks import register_task
        from treatments.signals import (
            document_published,
            document_withdrawn,
            documents_wanted,
        )

        post_migrate.connect(function_upkeep.create_after_migrate, sender=self)
        signal_handlers.connect()
        hiding.connect()
        document_published.connect(purging.purge_document)
        document_withdrawn.connect(purging.purge_document)
        documents_wanted.connect(build_wanted)
        register_store(LedgerStore())
        register_task(build_marked_documents)
        register_task(send_pending_purges)
