"""App configuration of the treatment articles."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TreatmentsConfig(AppConfig):
    """Stands before every ``wagtail.*`` app, so that its fields are known when Wagtail builds its API."""

    name = "treatments"
    verbose_name = _("Treatment articles")
    default_auto_field = "django.db.models.BigAutoField"

    def __init__(self, app_name: str, app_module) -> None:
        # Too late for a system check: without our snippets the models cannot be imported.
        problem = find_snippets_problem()
        if problem:
            raise ImproperlyConfigured(problem)
        super().__init__(app_name, app_module)

    def ready(self) -> None:
        """Register the system checks and the public representation; connect what follows changes."""
        from treatments import checks  # noqa: F401 - registers the checks
        from treatments.api.registration import register_representation
        from treatments.content import documents, hidden_choices, incomplete_drafts
        from treatments.models import copies
        from treatments.models.triggers import guard_after_migrate
        from treatments.ports.drafts import register_reader
        from treatments.search.index import signal_handlers
        from treatments.search.tables import create_after_migrate

        post_migrate.connect(create_after_migrate, sender=self)
        post_migrate.connect(guard_after_migrate)
        register_representation()
        register_reader(documents.read_granted_revision)
        signal_handlers.connect()
        copies.connect()
        hidden_choices.connect()
        incomplete_drafts.connect()


def find_snippets_problem() -> str | None:
    """Return why the package ``snippets`` of the plugin set cannot be used, or None."""
    if not any(entry.split(".")[0] == "snippets" for entry in settings.INSTALLED_APPS):
        return "'treatments' needs 'snippets' in INSTALLED_APPS: add it behind 'treatments' (treatments.E002)."
    ours = Path(__file__).resolve().parent.parent / "snippets" / "__init__.py"
    spec = find_spec("snippets")
    origin = spec.origin if spec else None
    if origin is None or Path(origin).resolve() != ours:
        return (
            "The package 'snippets' of the plugin set is hidden by another module of that name "
            f"({origin or 'a folder without __init__.py'}): rename the other one (treatments.E002)."
        )
    return None
