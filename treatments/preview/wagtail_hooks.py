"""Registers draft links with Wagtail's admin: screens, buttons, the report, the log.

Wagtail reads this module while the v3 API still builds its schemas, which importing the admin's views
would disturb: hence they are imported where they are needed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static

from treatments.preview.links import CREATED, ENDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from wagtail.admin.menu import MenuItem
    from wagtail.admin.widgets.button import Button
    from wagtail.log_actions import LogActionRegistry
    from wagtail.models import Page


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    """Serve the links of each article, and the report."""
    from treatments.preview.admin.link_views import (
        NAMESPACE,
        ArticleLinksView,
        LinkView,
        NewLinkView,
        RevokeView,
    )
    from treatments.preview.admin.reports import LinkReportView

    urls = [
        path("page/<int:page_id>/", ArticleLinksView.as_view(), name="links"),
        path("page/<int:page_id>/new/", NewLinkView.as_view(), name="new"),
        path("<int:pk>/", LinkView.as_view(), name="link"),
        path("<int:pk>/revoke/", RevokeView.as_view(), name="revoke"),
        *LinkReportView.build_urls("report/"),
    ]
    return [path("treatments/drafts/", include((urls, NAMESPACE), NAMESPACE))]


@hooks.register("register_permissions")
def register_link_permissions() -> QuerySet:
    """Register the permission to see the report, which administrators can give."""
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(
        content_type__app_label="treatments_preview",
        codename__in=["view_draftlink", "change_draftlink"],
    )


@hooks.register("register_reports_menu_item")
def register_menu_item() -> MenuItem:
    """Lead to all links."""
    from treatments.preview.admin.reports import LinkReportView

    return LinkReportView.build_menu_item("draft-links", order=9040)


def build_buttons(page: Page, user: Any, priority: int) -> Iterator[Button]:
    """Yield the button that shares the draft of an article."""
    from wagtail.admin.widgets.button import Button

    from treatments.preview.admin.link_views import NAMESPACE
    from treatments.preview.links import may_share

    if may_share(user, page):
        yield Button(
            _("Share this draft"),
            reverse(f"{NAMESPACE}:links", args=[page.pk]),
            icon_name="treatment-share",
            priority=priority,
        )


@hooks.register("register_page_header_buttons")
def add_header_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Put the button into the editor's menu."""
    return build_buttons(page, user, 60)


@hooks.register("register_page_listing_more_buttons")
def add_listing_button(
    page: Page, user: Any, next_url: str | None = None
) -> Iterator[Button]:
    """Put the button into the listings' menu."""
    return build_buttons(page, user, 45)


@hooks.register("insert_editor_js")
def add_preview_script() -> str:
    """Open in the form what is clicked in the preview; only the preview's own origin is listened to."""
    from treatments.conf import get_conf
    from treatments.preview.pointers import get_origin

    address = get_conf().preview_url
    origins = [get_origin(address)] if address else []
    return format_html(
        '<script src="{}" data-origins="{}" defer></script>',
        versioned_static("treatments_preview/preview.js"),
        json.dumps(origins),
    )


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Name what the history of a page tells of its links."""
    actions.register_action(CREATED, _("Share draft"), _("Draft shared"))
    actions.register_action(ENDED, _("End draft link"), _("Draft link ended"))


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    """Add the icon of a draft link."""
    return [*icons, "treatments_preview/icons/treatment-share.svg"]
