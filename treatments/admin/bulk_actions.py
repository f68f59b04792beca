"""Wagtail's bulk actions that withdraw pages, which show first which articles lead there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.admin.views.pages.bulk_actions import DeleteBulkAction, UnpublishBulkAction

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class ShowLinksMixin:
    """Shows which articles lead to several pages before these go."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the places above the question."""
        # Read late: Wagtail loads this module while its v3 API still builds its schemas.
        from treatments.admin.removal_guards import show_links

        show_links(request, self.get_actionable_objects()[0])  # ty: ignore[missing-attribute]
        return super().get(request, *args, **kwargs)  # ty: ignore[missing-attribute]


class DeletePagesAction(ShowLinksMixin, DeleteBulkAction):
    """Deletes several pages."""


class UnpublishPagesAction(ShowLinksMixin, UnpublishBulkAction):
    """Withdraws several pages."""
