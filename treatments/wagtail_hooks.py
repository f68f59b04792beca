"""Registers the articles with Wagtail's admin: the menu, the dashboard, the icons, and what stops a publication.

What needs the API is imported where it is called: Wagtail reads this module while its v3 API still builds its
schemas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from treatments.dashboard import build_panels
from treatments.publishing import REFUSED
from treatments.viewsets import TreatmentsGroup

if TYPE_CHECKING:
    from django.http import HttpRequest

ICONS = ("treatment-article", "treatment-kit", "treatment-scales")


@hooks.register("register_admin_viewset")
def register_menu() -> TreatmentsGroup:
    """Add the listing of all articles, inside the menu of everything about treatments."""
    return TreatmentsGroup()


@hooks.register("construct_homepage_panels")
def add_dashboard_panels(request, panels: list) -> None:
    """Show editors their drafts and what was published last."""
    panels.extend(build_panels(request.user))


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


@hooks.register("before_publish_page")
def check_before_publishing(request: HttpRequest, page: Any) -> Any:
    """Keep what readers would miss something of a draft."""
    from treatments.publication_guards import check_before_publishing

    return check_before_publishing(request, page)


@hooks.register("before_bulk_action")
def check_bulk_publication(
    request: HttpRequest, action_type: str, objects: Any, action: Any
) -> Any:
    """Keep what readers would miss something of drafts."""
    from treatments.publication_guards import check_bulk_publication

    return check_bulk_publication(request, action_type, objects, action)


@hooks.register("before_edit_page")
def check_edit(request: HttpRequest, page: Any) -> Any:
    """Look at an article before an approval publishes it; tell why a schedule waits."""
    from treatments.publication_guards import check_last_approval, show_refusal

    show_refusal(request, page)
    return check_last_approval(request, page)
