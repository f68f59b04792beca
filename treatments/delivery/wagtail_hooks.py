"""Registers the public history with Wagtail's admin: pages, reports, buttons, the alarm.

Wagtail reads this module while the v3 API still builds its schemas, which importing the admin's views
would disturb: hence they are imported where they are needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wagtail.admin.menu import MenuItem
    from wagtail.admin.widgets.button import Button
    from wagtail.models import Page


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    """Serve the history of each article, and the reports."""
    from treatments.delivery.admin.history_views import (
        NAMESPACE,
        CompareView,
        VersionsView,
        VersionView,
    )
    from treatments.delivery.admin.reports import (
        FAILURES,
        LEDGER,
        FailuresReportView,
        LedgerReportView,
        RetryView,
    )

    history = [
        path("", VersionsView.as_view(), name="versions"),
        path("compare/", CompareView.as_view(), name="compare"),
        path("<int:number>/", VersionView.as_view(), name="version"),
    ]
    ledger = LedgerReportView.build_urls()
    failures = [
        *FailuresReportView.build_urls(),
        path("retry/", RetryView.as_view(), name="retry"),
    ]
    return [
        path(
            "treatments/history/<int:page_id>/",
            include((history, NAMESPACE), NAMESPACE),
        ),
        path("reports/public-history/", include((ledger, LEDGER), LEDGER)),
        path("reports/articles-not-built/", include((failures, FAILURES), FAILURES)),
    ]


@hooks.register("register_reports_menu_item")
def register_ledger_menu_item() -> MenuItem:
    """Lead to what the public got last."""
    from treatments.delivery.admin.reports import LedgerReportView

    return LedgerReportView.build_menu_item("public-history", order=9020)


@hooks.register("register_reports_menu_item")
def register_failures_menu_item() -> MenuItem:
    """Lead to what cannot be built."""
    from treatments.delivery.admin.reports import FailuresReportView

    return FailuresReportView.build_menu_item("articles-not-built", order=9030)


def build_buttons(page: Page, user: Any, priority: int) -> Iterator[Button]:
    """Yield the button that leads to the public history of an article."""
    from wagtail.admin.widgets.button import Button

    from treatments.content.lookups import get_article_models
    from treatments.delivery.admin.history_views import NAMESPACE
    from treatments.delivery.admin.places import may_see_history

    is_article = page.cached_content_type.model_class() in get_article_models()
    if is_article and page.alias_of_id is None and may_see_history(user, page, page.pk):
        yield Button(
            _("Public history"),
            reverse(f"{NAMESPACE}:versions", args=[page.pk]),
            icon_name="globe",
            priority=priority,
        )


@hooks.register("register_page_header_buttons")
def add_header_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Put the button behind that of the editors' own history."""
    return build_buttons(page, user, 66)


@hooks.register("register_page_listing_more_buttons")
def add_listing_button(
    page: Page, user: Any, next_url: str | None = None
) -> Iterator[Button]:
    """Put the button behind that of the editors' own history."""
    return build_buttons(page, user, 51)


@hooks.register("construct_homepage_panels")
def add_alarm(request, panels: list) -> None:
    """Tell publishers what cannot be built."""
    from treatments.delivery.admin.panels import build_panels

    panels.extend(build_panels(request.user))
