"""Registers the reviews with Wagtail's admin: the screen of an article, the report, the dashboard.

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


@hooks.register("register_admin_viewset")
def register_reviewers() -> Any:
    """Put the reviewers under Settings."""
    from treatments.review.admin.viewsets import ReviewerViewSet

    return ReviewerViewSet()


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    """Serve the review of each article, and the report."""
    from treatments.review.admin.article_views import ArticleReviewView
    from treatments.review.admin.reading_views import ReadView
    from treatments.review.admin.reports import NAMESPACE, ReviewsReportView

    article = [
        path("<int:page_id>/", ArticleReviewView.as_view(), name="page"),
        path("<int:page_id>/read/<int:revision_id>/", ReadView.as_view(), name="read"),
    ]
    report = ReviewsReportView.build_urls()
    return [
        path(
            "treatments/review/",
            include((article, "treatments_review"), "treatments_review"),
        ),
        path("reports/reviews/", include((report, NAMESPACE), NAMESPACE)),
    ]


@hooks.register("register_reports_menu_item")
def register_report_menu_item() -> MenuItem:
    """Lead to the report."""
    from treatments.review.admin.reports import ReviewsReportView

    return ReviewsReportView.build_menu_item("reviews", order=9000)


@hooks.register("construct_homepage_panels")
def add_panel(request, panels: list) -> None:
    """Show the reviews that wait, and no button that approves what is not shown."""
    from treatments.review.admin.moderation import replace_panel
    from treatments.review.admin.panels import build_panels

    replace_panel(panels)
    panels.extend(build_panels(request.user))


def build_buttons(page: Page, user: Any, priority: int) -> Iterator[Button]:
    """Yield the button that leads to the reviews of an article."""
    from wagtail.admin.widgets.button import Button

    from treatments.content.lookups import get_article_models
    from treatments.review.admin.concerned import may_see_reviews

    is_article = page.cached_content_type.model_class() in get_article_models()
    if is_article and page.alias_of_id is None and may_see_reviews(user, page):
        yield Button(
            _("Review"),
            reverse("treatments_review:page", args=[page.pk]),
            icon_name="clipboard-list",
            priority=priority,
        )


@hooks.register("register_page_header_buttons")
def add_header_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Put the button behind that of the editors' own history."""
    return build_buttons(page, user, 64)


@hooks.register("register_page_listing_more_buttons")
def add_listing_button(
    page: Page, user: Any, next_url: str | None = None
) -> Iterator[Button]:
    """Put the button behind that of the editors' own history."""
    return build_buttons(page, user, 49)


@hooks.register("before_create_page")
def save_instead(request, parent, model) -> None:
    """Save a draft where a new article would be published without a review."""
    from treatments.review.admin.guards import save_instead

    save_instead(request, parent, model)


@hooks.register("before_publish_page")
def check_before_publishing(request, page) -> Any:
    """Refuse or warn, as the policy says."""
    from treatments.review.admin.guards import check_before_publishing

    return check_before_publishing(request, page)


@hooks.register("before_bulk_action")
def check_bulk_action(request, action_type, objects, action) -> Any:
    """Refuse to publish several articles of which one was not reviewed, or warn."""
    from treatments.review.admin.guards import check_bulk_action

    return check_bulk_action(request, action_type, objects, action)


@hooks.register("before_edit_page")
def check_last_approval(request, page) -> Any:
    """Refuse the approval that would publish what was not reviewed."""
    from treatments.review.admin.guards import check_last_approval

    return check_last_approval(request, page)


@hooks.register("after_edit_page")
def warn_after_approval(request, page) -> None:
    """Warn of an approval that has published what was not reviewed."""
    from treatments.review.admin.guards import warn_after_approval

    warn_after_approval(request, page)


@hooks.register("before_copy_page")
def check_copy(request, page) -> Any:
    """Refuse copies that would be published at once."""
    from treatments.review.admin.guards import check_copy

    return check_copy(request, page)


@hooks.register("before_convert_alias_page")
def check_conversion(request, page) -> Any:
    """Refuse to convert an alias that was not reviewed for itself."""
    from treatments.review.admin.guards import check_conversion

    return check_conversion(request, page)
