"""The listing of all articles across the page tree, and the menu that holds everything an editor needs."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import BigIntegerField, Prefetch, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, LocaleColumn, UserColumn
from wagtail.admin.ui.tables.pages import (
    BulkActionsColumn,
    PageStatusColumn,
    PageTitleColumn,
)
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import Revision

from snippets.models import Condition
from snippets.viewsets import MENU_HOOK
from treatments.admin.access import may_do_any
from treatments.admin.reports import DateFilter, RadioFilter
from treatments.admin.spreadsheets import PlainCsvMixin
from treatments.models import TreatmentPage, TreatmentPageCondition


def build_scheduled_query() -> Q:
    """Return the condition that a page has an approved date of publication."""
    scheduled = Revision.page_revisions.filter(approved_go_live_at__isnull=False)
    page_ids = scheduled.annotate(
        page_id=Cast("object_id", output_field=BigIntegerField())
    )
    return Q(pk__in=page_ids.values("page_id"))


class ArticleFilterSet(WagtailFilterSet):
    """What the listing can be narrowed to; the language filter is Wagtail's."""

    status = RadioFilter(
        _("Status"),
        [
            ("live", _("Published")),
            ("changed", _("Published, with changes in a draft")),
            ("draft", _("Draft, not published")),
            ("scheduled", _("Scheduled")),
        ],
        method="filter_status",
    )
    kind = RadioFilter(_("Kind"), TreatmentPage.Kind.choices)
    condition = django_filters.ModelMultipleChoiceFilter(
        label=_("Condition"),
        method="filter_condition",
        queryset=Condition.objects.select_related("locale"),
        widget=forms.CheckboxSelectMultiple,
    )
    latest_revision_created_at = DateFilter(_("Last change"))

    class Meta:
        model = TreatmentPage
        fields: list[str] = []

    def filter_status(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Narrow the articles to one state of publication."""
        if value == "scheduled":
            return queryset.filter(build_scheduled_query())
        conditions = {
            "live": Q(live=True),
            "changed": Q(live=True, has_unpublished_changes=True),
            "draft": Q(live=False),
        }
        return queryset.filter(conditions[value])

    def filter_condition(
        self, queryset: QuerySet, name: str, value: list[Condition]
    ) -> QuerySet:
        """Narrow the articles to those about any of the conditions, in whatever language."""
        if not value:
            return queryset
        keys = [condition.translation_key for condition in value]
        about = TreatmentPageCondition.objects.filter(
            condition__translation_key__in=keys
        )
        return queryset.filter(pk__in=about.values("page_id"))


class ArticleIndexView(PlainCsvMixin, IndexView):
    """Lists articles of the whole tree, wherever they stand."""

    page_title = _("Articles")
    add_item_label = _("Add article")

    @cached_property
    def show_locale_labels(self) -> bool:
        """Leave the language to its own column."""
        return False

    def annotate_queryset(self, pages: QuerySet) -> QuerySet:
        """Load who changed an article last, but not the content of that revision."""
        revisions = Revision.objects.defer("content").select_related(
            "user__wagtail_userprofile"
        )
        return (
            super()
            .annotate_queryset(pages)
            .prefetch_related(Prefetch("latest_revision", queryset=revisions))
        )

    def search_queryset(self, queryset: Any) -> Any:
        """Search the whole text of the articles; while a word is unfinished, their titles."""
        if not self.is_searching:
            return queryset
        by_relevance = not self.is_explicitly_ordered
        results = queryset.search(self.search_query, order_by_relevance=by_relevance)
        if len(results[:1]):
            return results
        return queryset.autocomplete(self.search_query, order_by_relevance=by_relevance)


class ArticleViewSet(PageListingViewSet):
    """All articles. Additional to the page explorer, which stays as it is."""

    name = "treatment_articles"
    url_prefix = "treatments/articles"
    model = TreatmentPage
    icon = "treatment-article"
    menu_label = _("Articles")
    menu_name = "treatments-articles"
    menu_order = 100
    index_view_class = ArticleIndexView
    filterset_class = ArticleFilterSet
    columns = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label=_("Title"), sort_key="title", classname="title"),
        Column(
            "kind",
            label=_("Kind"),
            accessor="get_kind_display",
            sort_key="kind",
            width="13%",
        ),
        PageStatusColumn("status", label=_("Status"), sort_key="live", width="14%"),
        LocaleColumn(label=_("Language"), width="9%"),
        DateColumn(
            "latest_revision_created_at",
            label=_("Last change"),
            sort_key="latest_revision_created_at",
            width="12%",
        ),
        UserColumn(
            "last_changed_by",
            label=_("By"),
            accessor="latest_revision.user",
            width="12%",
        ),
    ]
    list_export = (
        "title",
        "kind",
        "status_string",
        "locale",
        "latest_revision_created_at",
        "full_url",
    )
    export_headings = {
        "status_string": _("Status"),
        "latest_revision_created_at": _("Last change"),
        "full_url": "URL",
    }
    export_filename = "articles"

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        """Return a menu item that only people see who may work on pages."""
        permissions = self.index_view_class.any_permission_required

        class ArticleMenuItem(MenuItem):
            def is_shown(self, request) -> bool:
                return may_do_any(request.user, TreatmentPage, permissions)

        return ArticleMenuItem


class TreatmentsGroup(ViewSetGroup):
    """The “Treatments” menu: the articles, and whatever else registers with ``MENU_HOOK``."""

    menu_label = _("Treatments")
    menu_name = "treatments"
    menu_icon = "treatment-kit"
    menu_order = 150
    submenu_hook = MENU_HOOK
    items = (ArticleViewSet("treatment_articles"),)
