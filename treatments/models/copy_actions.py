"""Wagtail's ways to copy a page by its admin and its APIs, as one transaction; see ``treatments.models.copies``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.actions.copy_page import CopyPageAction
from wagtail.admin.api.actions.copy import CopyPageAPIAction
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.views.pages.copy import CopyView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from treatments.models.copies import copy_page, finish_copy
from treatments.ports.followups import gather

if TYPE_CHECKING:
    from django.http import HttpResponse


class CopyAction(CopyPageAction):
    """Copies pages, as private as they are."""

    def execute(self, *args: Any, **kwargs: Any) -> Page:
        """Copy the page and what is below it."""
        copy = super().execute
        return copy_page(self.page, lambda: copy(*args, **kwargs), self.user)


class CopyAdminAPIAction(CopyPageAPIAction):
    """Copies pages by the API of the admin, as private as they are."""

    def execute(self, instance: Page, data: Any) -> Any:
        """Copy the page and what is below it."""
        with gather():
            answer = super().execute(instance, data)
            made = Page.objects.get(pk=answer.data["id"])
            finish_copy(instance, made, self.request.user)
        return answer


class PagesAdminAPI(PagesAdminAPIViewSet):
    """The pages in the API of the admin, with our copies."""

    actions = PagesAdminAPIViewSet.actions | {"copy": CopyAdminAPIAction}


class CopyScreen(CopyView):
    """Wagtail's screen that copies a page; the hook ``after_copy_page`` finishes the copy."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Copy the page and what is below it, in one transaction."""
        with gather():
            return super().form_valid(form)


class PagesViewSet(PageViewSet):
    """Wagtail's screens of pages, with our copies."""

    copy_view_class = CopyScreen
