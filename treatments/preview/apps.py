"""App configuration of previews and draft links."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PreviewConfig(AppConfig):
    """Lets guests in who hold a draft link, and ends links when their page is taken away."""

    name = "treatments.preview"
    label = "treatments_preview"
    verbose_name = _("Treatment previews")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer for guests, and listen to what ends links."""
        from treatments.ports.drafts import register_gate, register_reader
        from treatments.preview import signal_handlers
        from treatments.preview.drafts import read_article
        from treatments.preview.gate import let_in, note_use

        register_gate(let_in, note_use)
        register_reader(read_article)
        signal_handlers.connect()
