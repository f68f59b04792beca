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


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    """Add the icons of the articles."""
    return [*icons, *(f"treatments/icons/{name}.svg" for name in ICONS)]
