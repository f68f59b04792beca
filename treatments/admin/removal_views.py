"""Wagtail's screens that delete images and documents, which have no hook of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.documents.views.documents import DeleteView as DeleteDocument
from wagtail.images.views.images import DeleteView as DeleteImage

from treatments.admin.removal_guards import guard_removal

if TYPE_CHECKING:
    from django.http import HttpResponse


class GuardMixin:
    """Shows first where public articles use the file."""

    def run_before_hook(self) -> HttpResponse | None:
        """Return the screen with the places, as the hooks of snippets do."""
        return guard_removal(self.request, [self.object], is_deleted=True)  # ty: ignore[missing-attribute]


class DeleteImageView(GuardMixin, DeleteImage):
    """Deletes an image."""


class DeleteDocumentView(GuardMixin, DeleteDocument):
    """Deletes a document."""
