"""App configuration of the reference content."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SnippetsConfig(AppConfig):
    """The label differs from the package name so that it cannot clash with a host project's own app."""

    name = "snippets"
    label = "treatment_snippets"
    verbose_name = _("Treatment reference content")
    default_auto_field = "django.db.models.BigAutoField"
