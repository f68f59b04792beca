"""What the reports of all apps share: who opens them, their addresses, their entry in the menu, their filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django import forms
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports import ReportView
from wagtail.models import Locale

from treatments.admin.access import may_do_any
from treatments.admin.spreadsheets import PlainCsvMixin

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import Model
    from django.http import HttpRequest
    from django.urls import URLPattern


class Report(PlainCsvMixin, ReportView):
    """A report.

    A subclass says what it lists, and gives ``index_url_name`` a name within its namespace.

    Attributes:
        any_permission_required: What a user must be allowed to do, one of these; without any, be a superuser at least.
        guarded: Of which model, where it is not ``model``.
        export_headings: What is exported, in this order; an empty heading is the name of the field.
        nothing_found: What the report says where its filters leave nothing.
        nothing_there: What it says where there is nothing at all.
    """

    any_permission_required: ClassVar[Collection[str]] = ()
    index_url_name: ClassVar[str]
    guarded: ClassVar[type[Model] | None] = None
    nothing_found: Any = ""
    nothing_there: Any = ""

    @classmethod
    def may_open(cls, user: Any) -> bool:
        """Tell whether a user may open the report, and sees it in the menu."""
        model = cls.guarded or cls.model
        return may_do_any(user, model, cls.any_permission_required)

    def user_has_any_permission(self, permissions: Any) -> bool:
        """Admit whoever sees the report in the menu."""
        return self.may_open(self.request.user)

    @cached_property
    def index_results_url_name(self) -> str:
        """Name the results after the report."""
        return f"{self.index_url_name}_results"

    def get_filterset_kwargs(self) -> dict[str, Any]:
        """Tell the filters what is listed, so that they need no ``Meta``."""
        queryset = self.model._default_manager.all()
        return {**super().get_filterset_kwargs(), "queryset": queryset}

    @cached_property
    def list_export(self) -> list[str]:
        """Export what has a heading."""
        return list(self.export_headings)

    @cached_property
    def no_results_message(self) -> Any:
        """Say why there is nothing."""
        is_part = self.is_filtering or self.is_searching
        return self.nothing_found if is_part else self.nothing_there

    @classmethod
    def build_urls(cls, route: str = "") -> list[URLPattern]:
        """Return the addresses of the report and of its results, below a route."""
        name = cls.index_url_name.rpartition(":")[2]
        results = cls.as_view(results_only=True)
        return [
            path(route, cls.as_view(), name=name),
            path(f"{route}results/", results, name=f"{name}_results"),
        ]

    @classmethod
    def build_menu_item(cls, name: str, order: int) -> MenuItem:
        """Return the entry in the menu of reports."""
        return ReportMenuItem(cls, name, order)


class ReportMenuItem(MenuItem):
    """Leads to a report; shown to those who may open it."""

    def __init__(self, report: type[Report], name: str, order: int):
        super().__init__(
            report.page_title,
            reverse(report.index_url_name),
            name=name,
            icon_name=report.header_icon,
            order=order,
        )
        self.report = report

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the user may open the report."""
        return self.report.may_open(request.user)


class RadioFilter(django_filters.ChoiceFilter):
    """One of a few choices, or all."""

    def __init__(self, label: Any, choices: Any, **kwargs: Any):
        kwargs = {"empty_label": _("All"), "widget": forms.RadioSelect, **kwargs}
        super().__init__(label=label, choices=choices, **kwargs)


class RadioModelFilter(django_filters.ModelChoiceFilter):
    """One of a few objects, or all."""

    def __init__(self, label: Any, queryset: Any, **kwargs: Any):
        kwargs = {"empty_label": _("All"), "widget": forms.RadioSelect, **kwargs}
        super().__init__(label=label, queryset=queryset, **kwargs)


class LanguageFilter(RadioModelFilter):
    """One of the languages, or all."""

    def __init__(self) -> None:
        super().__init__(_("Language"), Locale.objects.all())


class DateFilter(django_filters.DateFromToRangeFilter):
    """The days from one to another."""

    def __init__(self, label: Any):
        super().__init__(label=label, widget=DateRangePickerWidget)
