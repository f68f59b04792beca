"""Registers the articles with Wagtail's admin: the menu, the dashboard, the icons, and what stops a publication.

What needs the API is imported where it is called: Wagtail reads this module while its v3 API still builds its
schemas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from snippets.models import Promotion
from treatments.admin.bulk_actions import DeletePagesAction, UnpublishPagesAction
from treatments.admin.dashboard import build_panels
from treatments.admin.listing import TreatmentsGroup
from treatments.ports.publication import REFUSED, REMOVED

if TYPE_CHECKING:
    from django.http import HttpRequest

#: Before Wagtail's own addresses, which have order 0.
FIRST = -10
ICONS = ("treatment-article", "treatment-kit", "treatment-scales")


@hooks.register("register_admin_viewset")
def register_menu() -> TreatmentsGroup:
    """Add the listing of all articles, inside the menu of everything about treatments."""
    return TreatmentsGroup()


@hooks.register("construct_homepage_panels")
def add_dashboard_panels(request, panels: list) -> None:
    """Show editors their drafts and what was published last."""
    panels.extend(build_panels(request.user))


@hooks.register("before_serve_page")
def refuse_hidden_page(page, request, serve_args, serve_kwargs):
    """Answer as the API does where a page of ours is not public."""
    # Late: hooks are loaded while our fields are registered with Wagtail's API.
    from treatments.api.site.gone_pages import check_standing

    return check_standing(page, request)


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    """Add the icons of the articles."""
    return [*icons, *(f"treatments/icons/{name}.svg" for name in ICONS)]


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Name in the history of an article what happened to its schedule."""

    @actions.register_action(REFUSED)
    class RefusedFormatter(LogFormatter):
        label = gettext_lazy("Scheduled publication waits")

        def format_message(self, log_entry: Any) -> str:
            return _("Not published at its time. %(reason)s") % {
                "reason": log_entry.data.get("reason", "")
            }

    @actions.register_action(REMOVED)
    class RemovedFormatter(LogFormatter):
        label = gettext_lazy("Removed although public articles used it")

        def format_message(self, log_entry: Any) -> str:
            return _("Removed although public articles used it. %(reason)s") % {
                "reason": log_entry.data.get("reason", "")
            }


@hooks.register("before_publish_page")
def check_before_publishing(request: HttpRequest, page: Any) -> Any:
    """Refuse to publish a draft of which readers would miss something required."""
    from treatments.admin.publication_guards import check_before_publishing

    return check_before_publishing(request, page)


@hooks.register("before_bulk_action")
def check_bulk_publication(
    request: HttpRequest, action_type: str, objects: Any, action: Any
) -> Any:
    """Refuse to publish drafts of which readers would miss something required."""
    from treatments.admin.publication_guards import check_bulk_publication

    return check_bulk_publication(request, action_type, objects, action)


@hooks.register("before_edit_page")
def check_edit(request: HttpRequest, page: Any) -> Any:
    """Look at an article before an approval publishes it; tell why a schedule waits."""
    from treatments.admin.publication_guards import check_last_approval, show_refusal

    show_refusal(request, page)
    return check_last_approval(request, page)


@hooks.register("register_admin_urls", order=FIRST)
def register_guarded_urls() -> list[Any]:
    """Serve Wagtail's addresses at which something goes, where it has no hook."""
    from treatments.admin import removal_views

    return [
        path("images/<int:image_id>/delete/", removal_views.DeleteImageView.as_view()),
        path(
            "documents/delete/<int:document_id>/",
            removal_views.DeleteDocumentView.as_view(),
        ),
    ]


@hooks.register("register_actions")
def register_copy(registry: Any) -> None:
    """Copy pages by the v3 API as one transaction."""
    from treatments.models.copy_actions import CopyAction

    registry.register(Page, CopyAction)


@hooks.register("construct_admin_api")
def replace_admin_pages(router: Any) -> None:
    """Copy pages by the API of the admin as one transaction."""
    from treatments.models.copy_actions import PagesAdminAPI

    router.register_endpoint("pages", PagesAdminAPI)


@hooks.register("register_admin_viewset")
def register_pages() -> Any:
    """Copy pages in the admin as one transaction, where the project has no screens for a page type of its own."""
    from treatments.models.copy_actions import PagesViewSet

    return PagesViewSet()


@hooks.register("after_copy_page", order=FIRST)
def finish_copy(request: HttpRequest, page: Any, new_page: Any) -> None:
    """Make private in a copy what is private in its source."""
    from treatments.models.copies import finish_copy

    # Of an alias the source decides.
    if new_page.alias_of_id is None:
        finish_copy(page, new_page, request.user)


@hooks.register("before_delete_snippet")
def check_deletion(request: HttpRequest, instances: Any) -> Any:
    """Show where public articles use snippets before these are deleted."""
    from treatments.admin.removal_guards import guard_removal, show_choices

    show_choices(request, [each for each in instances if isinstance(each, Promotion)])
    return guard_removal(request, list(instances), is_deleted=True)


@hooks.register("before_delete_vocabulary")
def check_vocabulary_deletion(request: HttpRequest, instance: Any) -> Any:
    """Show where public articles use a condition or a treatment before it is deleted."""
    from treatments.admin.removal_guards import guard_removal

    return guard_removal(request, [instance], is_deleted=True)


@hooks.register("before_unpublish")
def check_unpublication(request: HttpRequest, instance: Any) -> Any:
    """Show where public articles use a snippet before it is unpublished."""
    from treatments.admin.removal_guards import guard_removal, show_choices

    if isinstance(instance, Promotion):
        show_choices(request, [instance])
    return guard_removal(request, [instance], is_deleted=False)


@hooks.register("after_bulk_action")
def announce_moved_files(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> None:
    """Save files that were moved together once more: Wagtail moves them without a signal."""
    if action_type == "add_to_collection":
        for file in objects:
            file.refresh_from_db(fields=["collection"])
            file.save(update_fields=["collection"])


@hooks.register("before_bulk_action")
def check_bulk_deletion(
    request: HttpRequest, action_type: str, objects: Any, action: Any
) -> Any:
    """Show where public articles use images or documents before several are deleted; snippets were asked about."""
    from treatments.admin.removal_guards import guard_removal

    files = (get_image_model(), get_document_model())
    if action_type != "delete" or not issubclass(action.model, files):
        return None
    return guard_removal(request, list(objects), is_deleted=True)


@hooks.register("before_delete_page")
def show_links(request: HttpRequest, page: Any) -> None:
    """Show which articles lead to a page before it is deleted."""
    from treatments.admin.removal_guards import show_links

    show_links(request, [page])


@hooks.register("explain_snippet_expiry")
def explain_expiry(instance: Any) -> str:
    """Refuse a date of expiry for what public articles use."""
    from treatments.admin.removal_guards import explain_expiry

    return explain_expiry(instance)


for action_class in (DeletePagesAction, UnpublishPagesAction):
    # After Wagtail's own ones, in whose place they are.
    hooks.register("register_bulk_action", action_class, order=-FIRST)
