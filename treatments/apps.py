"""App configuration of the treatment articles."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TreatmentsConfig(AppConfig):
    """Stands before every ``wagtail.*`` app, so that its fields are known when Wagtail builds its API."""

    name = "treatments"
    verbose_name = _("Treatment articles")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks and the public representation of the page types."""
        from treatments import checks  # noqa: F401
        from treatments.api.registration import register_representation

        register_representation()
