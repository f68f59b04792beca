"""One form of plain text: browsers send two signs for a line break, programs one."""

from __future__ import annotations

from typing import Any

from django.db import models
from wagtail.fields import RichTextField


class PlainTextMixin(models.Model):
    """Stores each line break of its texts as one sign, whoever writes them."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Any = None) -> None:
        """Bring the texts into their normal form before they are checked."""
        for field in self._meta.concrete_fields:
            if isinstance(field, (models.CharField, models.TextField)) and not (
                isinstance(field, RichTextField)
            ):
                text = getattr(self, field.attname)
                if isinstance(text, str) and "\r" in text:
                    normal = text.replace("\r\n", "\n").replace("\r", "\n")
                    setattr(self, field.attname, normal)
        super().clean_fields(exclude=exclude)
