"""Django's flush, which keeps its hands off what is kept for ever."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections

from treatments.conf import get_conf
from treatments.models.triggers import lift_guards, list_guarded_models


class Command(flush.Command):
    """Empties append-only tables only where the settings allow it."""

    def handle(self, **options: Any) -> None:
        """Empty all tables.

        Raises:
            CommandError: rows that are kept for ever would be lost.
        """
        connection = connections[options["database"]]
        filled = [
            model
            for model in list_guarded_models(connection)
            if model._base_manager.using(connection.alias).exists()
        ]
        if not filled:
            super().handle(**options)
            return
        if not get_conf().allow_flush:
            names = ", ".join(str(model._meta.verbose_name_plural) for model in filled)
            raise CommandError(
                f"This database has rows that are kept for ever: {names}. Nothing was deleted. In the settings of "
                'tests, TREATMENTS = {"ALLOW_FLUSH": True} lets them be deleted; for a new start, make a new database.'
            )
        with lift_guards(connection, filled):
            super().handle(**options)
