"""Registers the articles with Wagtail's admin: the menu with its listing, the dashboard, the icons."""

from __future__ import annotations

from wagtail import hooks

from treatments.dashboard import build_panels
from treatments.viewsets import TreatmentsGroup

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
    from treatments.api.gone_pages import check_standing

    return check_standing(page, request)


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    """Add the icons of the articles."""
    return [*icons, *(f"treatments/icons/{name}.svg" for name in ICONS)]
