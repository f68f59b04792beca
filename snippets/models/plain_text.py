"""One form of plain text, whoever writes it: see ``snippets.lines``."""

from __future__ import annotations

from typing import Any

from django.db import models
from wagtail.fields import RichTextField

from snippets.lines import join_lines, normalize_text


class PlainTextMixin(models.Model):
    """Stores each line break of its long texts as one sign, and none in its short ones."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save the texts in their normal form, also where nothing is checked."""
        self.normalize_texts()
        return super().save(*args, **kwargs)

    def clean_fields(self, exclude: Any = None) -> None:
        """Bring the texts into their normal form before they are checked."""
        self.normalize_texts()
        super().clean_fields(exclude=exclude)

    def normalize_texts(self) -> None:
        """Bring the texts that are loaded into their normal form."""
        for field in self._meta.concrete_fields:
            text = self.__dict__.get(field.attname)
            if not isinstance(text, str):
                continue
            if isinstance(field, models.CharField):
                setattr(self, field.attname, join_lines(text))
            elif isinstance(field, models.TextField) and not isinstance(
                field, RichTextField
            ):
                setattr(self, field.attname, normalize_text(text))
