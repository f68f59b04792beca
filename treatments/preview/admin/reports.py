"""The report of all draft links, for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn

from treatments.admin.access import CHANGE_ALL, SEE_ALL, may_do_any
from treatments.admin.reports import DateFilter, RadioFilter, Report
from treatments.preview.admin.link_views import NAMESPACE
from treatments.preview.models import DraftLink, EndReason

if TYPE_CHECKING:
    from django.db.models import QuerySet

WORKS, OVER = "works", "over"


def get_sharers() -> QuerySet:
    """Return the users who have shared drafts."""
    sharers = DraftLink.objects.order_by().values("created_by")
    return get_user_model()._default_manager.filter(pk__in=sharers)


class LinkFilterSet(WagtailFilterSet):
    """What the report can be narrowed to."""

    state = RadioFilter(
        gettext_lazy("State"),
        [(WORKS, gettext_lazy("Works")), (OVER, gettext_lazy("Is over"))],
        method="filter_state",
    )
    ended_because = RadioFilter(
        gettext_lazy("Ended because"),
        [choice for choice in EndReason.choices if choice[0] != EndReason.EXPIRED],
    )
    created_by = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Shared by"), queryset=lambda request: get_sharers()
    )
    created_at = DateFilter(gettext_lazy("Shared on"))

    def filter_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Return the links that show something, or those that do not."""
        works = {"ended_because": "", "expires_at__gt": timezone.now()}
        if value == WORKS:
            return queryset.filter(**works)
        return queryset.exclude(**works)


class RevokeColumn(Column):
    """The button that ends a link."""

    cell_template_name = "treatments_preview/revoke_cell.html"


class LinkReportView(Report):
    """Lists the draft links of all articles, the newest first; those of deleted ones too."""

    model = DraftLink
    any_permission_required = SEE_ALL
    page_title = gettext_lazy("Draft links")
    header_icon = "treatment-share"
    index_url_name = f"{NAMESPACE}:report"
    template_name = "treatments_preview/report.html"
    table_classname = "listing drafts-report"
    filterset_class = LinkFilterSet
    default_ordering = "-created_at"
    nothing_found = gettext_lazy("No link matches these filters.")
    nothing_there = gettext_lazy("No draft has been shared yet.")
    export_filename = "draft-links"
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
        if may_do_any(self.request.user, DraftLink, CHANGE_ALL):
            columns.append(RevokeColumn("revoke", label=_("Action"), width="10%"))
        return columns

    def get_base_queryset(self) -> QuerySet[DraftLink]:
        """Return the links with who made them."""
        return DraftLink.objects.select_related("created_by")


def describe_state(link: DraftLink) -> Any:
    """Return whether a link works, or why it does not."""
    return link.end.label if link.end else _("Works")
