"""Rows that are added and read, and never changed: what the public got, who decided what.

This is what Python code meets. What the database refuses by itself is in ``treatments.models.triggers``.
"""

from __future__ import annotations

from typing import Any

from django.db import models


class AppendOnlyError(Exception):
    """Something tried to change or delete a row that is kept for ever."""

    def __init__(self, model: type[models.Model]):
        super().__init__(describe_refusal(model))


def describe_refusal(model: type[models.Model]) -> str:
    """Return what somebody is told who tries to change or delete a row."""
    return f"A {model._meta.verbose_name} is never changed or deleted."


class AppendOnlyQuerySet(models.QuerySet):
    """Rows can be added and read."""

    def update(self, **kwargs: Any) -> int:
        """Refuse.

        Raises:
            AppendOnlyError: always.
        """
        raise AppendOnlyError(self.model)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        """Refuse.

        Raises:
            AppendOnlyError: always.
        """
        raise AppendOnlyError(self.model)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse.

        Raises:
            AppendOnlyError: always.
        """
        raise AppendOnlyError(self.model)


class AppendOnlyModel(models.Model):
    """A model whose rows are kept for ever as they were added."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        # What Django does by itself is no exception.
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append.

        Raises:
            AppendOnlyError: the row exists.
        """
        if not self._state.adding:
            raise AppendOnlyError(type(self))
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse.

        Raises:
            AppendOnlyError: always.
        """
        raise AppendOnlyError(type(self))
