"""The clinic's own pictures and files, which Wagtail and the plugins use instead of the stock ones."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class Picture(AbstractImage):
    """A picture with its photographer."""

    photographer = models.CharField(max_length=80, blank=True)

    admin_form_fields = (*Image.admin_form_fields, "photographer")


class PictureRendition(AbstractRendition):
    image = models.ForeignKey(
        Picture, on_delete=models.CASCADE, related_name="renditions"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"),
                name="unique_picture_rendition",
            )
        ]


class Leaflet(AbstractDocument):
    """A file with its language."""

    language = models.CharField(max_length=2, blank=True)

    admin_form_fields = (*Document.admin_form_fields, "language")
