"""Wagtail's screens that delete images and documents or withdraw a page, which have no hook at that place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.admin.views.pages.unpublish import UnpublishView
from wagtail.documents.views.documents import DeleteView as DeleteDocument
from wagtail.images.views.images import DeleteView as DeleteImage

from treatments.removal_guards import guard_removal, show_links

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class GuardMixin:
    """Shows first where public articles use the file."""

    def run_before_hook(self) -> HttpResponse | None:
        """Return the screen with the places, as the hooks of snippets do."""
        return guard_removal(self.request, [self.object], is_deleted=True)  # ty: ignore[unresolved-attribute]


class DeleteImageView(GuardMixin, DeleteImage):
    """Deletes an image."""


class DeleteDocumentView(GuardMixin, DeleteDocument):
    """Deletes a document."""


class UnpublishPageView(UnpublishView):
    """Withdraws a page, after it has shown which articles lead there."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the places above the question."""
        show_links(request, self.get_objects_to_unpublish())
        return super().get(request, *args, **kwargs)
