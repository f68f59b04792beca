"""The report of all draft links, for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django import forms
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from treatments.admin.spreadsheets import PlainCsvMixin
from treatments.preview.admin.access import SEE_ALL, may_revoke_all, may_see_all
from treatments.preview.admin.link_views import NAMESPACE
from treatments.preview.models import DraftLink, EndReason

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

WORKS, OVER = "works", "over"


def get_sharers() -> QuerySet:
    """Return the users who have shared drafts."""
    sharers = DraftLink.objects.order_by().values("created_by")
    return get_user_model()._default_manager.filter(pk__in=sharers)


class LinkFilterSet(WagtailFilterSet):
    """What the report can be narrowed to."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[
            (WORKS, gettext_lazy("Works")),
            (OVER, gettext_lazy("Is over")),
        ],
        empty_label=gettext_lazy("All"),
        method="filter_state",
        widget=forms.RadioSelect,
    )
    ended_because = django_filters.ChoiceFilter(
        label=gettext_lazy("Ended because"),
        choices=[
            choice for choice in EndReason.choices if choice[0] != EndReason.EXPIRED
        ],
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )
    created_by = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Shared by"), queryset=lambda request: get_sharers()
    )
    created_at = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Shared on"), widget=DateRangePickerWidget
    )

    class Meta:
        model = DraftLink
        fields: ClassVar[list[str]] = []

    def filter_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Return the links that show something, or those that do not."""
        works = {"ended_because": "", "expires_at__gt": timezone.now()}
        if value == WORKS:
            return queryset.filter(**works)
        return queryset.exclude(**works)


class RevokeColumn(Column):
    """The button that ends a link."""

    cell_template_name = "treatments_preview/revoke_cell.html"


class LinkReportView(PlainCsvMixin, ReportView):
    """Lists the draft links of all articles, the newest first; those of deleted ones too."""

    model = DraftLink
    any_permission_required = SEE_ALL
    page_title = gettext_lazy("Draft links")
    header_icon = "treatment-share"
    index_url_name = f"{NAMESPACE}:report"
    index_results_url_name = f"{NAMESPACE}:report_results"
    template_name = "treatments_preview/report.html"
    table_classname = "listing drafts-report"
    filterset_class = LinkFilterSet
    default_ordering = "-created_at"
    is_searchable = False
    export_filename = "draft-links"
    list_export: ClassVar[list[str]] = [
        "title",
        "recipient_name",
        "recipient_email",
        "purpose",
        "created_by",
        "created_at",
        "expires_at",
        "ended_at",
        "get_ended_because_display",
    ]
    export_headings: ClassVar[dict[str, Any]] = {
        "title": gettext_lazy("Article"),
        "recipient_name": gettext_lazy("Recipient"),
        "recipient_email": gettext_lazy("E-mail address"),
        "purpose": gettext_lazy("Purpose"),
        "created_by": gettext_lazy("Shared by"),
        "created_at": gettext_lazy("Shared on"),
        "expires_at": gettext_lazy("Works until"),
        "ended_at": gettext_lazy("Ended"),
        "get_ended_because_display": gettext_lazy("Ended because"),
    }

    @cached_property
    def permission_policy(self) -> Any:
        """Return the policy of the links: Django's permissions on their model."""
        return policy_registry.get_by_type(DraftLink)

    @cached_property
    def columns(self) -> list[Column]:
        """Return the columns; the button stands in the last one."""
        columns: list[Column] = [
            TitleColumn(
                "title",
                label=_("Article"),
                classname="title",
                get_url=lambda link: reverse(f"{NAMESPACE}:link", args=[link.pk]),
            ),
            Column("recipient_name", label=_("Recipient"), width="20%"),
            Column("created_by", label=_("Shared by"), width="14%"),
            DateColumn("created_at", label=_("Shared on"), width="12%"),
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor=describe_state,
                primary=lambda link: link.end is None,
                width="16%",
            ),
        ]
        if may_revoke_all(self.request.user):
            columns.append(RevokeColumn("revoke", label=_("Action"), width="10%"))
        return columns

    @cached_property
    def no_results_message(self) -> Any:
        """Say what will appear, unless somebody has only looked for a part."""
        if self.is_filtering:
            return _("No link matches these filters.")
        return _("No draft has been shared yet.")

    def get_base_queryset(self) -> QuerySet[DraftLink]:
        """Return the links with who made them."""
        return DraftLink.objects.select_related("created_by")


class LinkMenuItem(MenuItem):
    """Leads to the report; shown to those who may open it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the user may see the links of all articles."""
        return may_see_all(request.user)


def describe_state(link: DraftLink) -> Any:
    """Return whether a link works, or why it does not."""
    return link.end.label if link.end else _("Works")
