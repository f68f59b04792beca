"""The reports about the ledger: what the public got last, and which documents cannot be built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.models import Page

from treatments.admin.access import PUBLISH, is_publisher
from treatments.admin.reports import DateFilter, RadioFilter, Report
from treatments.delivery.admin.causes import describe_causes
from treatments.delivery.admin.places import narrow_to_publishable
from treatments.delivery.building import get_failures, retry
from treatments.delivery.models import Document, Version

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

LEDGER = "treatments_ledger"
FAILURES = "treatments_failures"


class PublisherReport(Report):
    """A report for those who may publish articles: the ledger has no permissions of its own."""

    guarded = Page
    any_permission_required = PUBLISH
    template_name = "treatments_delivery/report.html"
    table_classname = "listing history-report"


def get_history_url(row: Version | Document) -> str:
    """Return the address of the history of an article."""
    return reverse("treatments_history:versions", args=[row.page_id])


class LedgerFilterSet(WagtailFilterSet):
    """What the report can be narrowed to."""

    locale = RadioFilter(
        gettext_lazy("Language"), lambda: settings.WAGTAIL_CONTENT_LANGUAGES
    )
    kind = RadioFilter(gettext_lazy("What happened"), Version.Kind.choices)
    public_from = DateFilter(gettext_lazy("When"))
    page_id = django_filters.NumberFilter(
        label=gettext_lazy("Id of the page"), min_value=1, max_value=2**63 - 1
    )


class LedgerReportView(PublisherReport):
    """Lists what became of all articles, the latest first; those that are deleted too."""

    model = Version
    page_title = gettext_lazy("Public history")
    header_icon = "history"
    index_url_name = f"{LEDGER}:entries"
    filterset_class = LedgerFilterSet
    default_ordering = "-position"
    nothing_found = gettext_lazy("Nothing in the history matches these filters.")
    nothing_there = gettext_lazy("No article has been published yet.")
    export_filename = "public-history"
    export_headings: ClassVar[dict[str, Any]] = {
        "public_from": gettext_lazy("When"),
        "article": gettext_lazy("Article"),
        "page_id": gettext_lazy("Id of the page"),
        "language": gettext_lazy("Language"),
        "get_kind_display": gettext_lazy("What happened"),
        "number": gettext_lazy("Version"),
        "cause_in_words": gettext_lazy("Cause"),
        "path": gettext_lazy("Address"),
    }
    columns: ClassVar[list[Column]] = [
        TitleColumn(
            "article",
            label=gettext_lazy("Article"),
            classname="title",
            get_url=get_history_url,
        ),
        Column("language", label=gettext_lazy("Language"), width="12%"),
        StatusTagColumn(
            "get_kind_display",
            label=gettext_lazy("What happened"),
            primary=lambda version: version.kind == Version.Kind.WITHDRAWN,
            width="14%",
        ),
        Column("cause_in_words", label=gettext_lazy("Cause"), width="32%"),
        Column("when", label=gettext_lazy("When"), width="16%"),
    ]

    def get_base_queryset(self) -> QuerySet[Version]:
        """Return the entries with the titles of their articles, also of those that are gone."""
        title = Document.objects.filter(pk=OuterRef("page_id")).values("title")[:1]
        versions = Version.objects.defer("body").annotate(known_title=Subquery(title))
        return narrow_to_publishable(versions, self.request.user)

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Give each entry what people read."""
        versions = list(object_list)
        causes = describe_causes(versions)
        languages = dict(settings.WAGTAIL_CONTENT_LANGUAGES)
        for version in versions:
            version.article = version.title or version.known_title or version.path
            version.language = languages.get(version.locale, version.locale)
            version.cause_in_words = causes[version.position]
            version.when = write_instant(version.public_from)
        return versions


class FailuresReportView(PublisherReport):
    """Lists the documents that cannot be built; readers go on getting what they got before."""

    model = Document
    page_title = gettext_lazy("Articles that cannot be built")
    header_icon = "warning"
    index_url_name = f"{FAILURES}:failures"
    results_template_name = "treatments_delivery/failures_results.html"
    nothing_there = gettext_lazy(
        "Every article could be built. There is nothing to do here."
    )
    export_filename = "articles-that-cannot-be-built"
    export_headings: ClassVar[dict[str, Any]] = {
        "article": gettext_lazy("Article"),
        "page_id": gettext_lazy("Id of the page"),
        "locale": gettext_lazy("Language"),
        "error": gettext_lazy("Error"),
        "failed_at": gettext_lazy("Since"),
        "retry_at": gettext_lazy("Next try"),
    }

    @cached_property
    def columns(self) -> list[Column]:
        """Return the columns; the button stands in the last one."""
        return [
            TitleColumn(
                "article",
                label=_("Article"),
                classname="title",
                get_url=get_history_url,
            ),
            Column("error", label=_("Error"), width="36%"),
            LabeledColumn("since", label=_("Since"), width="14%"),
            LabeledColumn("next_try", label=_("Next try"), width="14%"),
            RetryColumn("retry", label=_("Action"), width="12%"),
        ]

    def get_queryset(self) -> QuerySet[Document]:
        """Return the documents with the titles of their pages."""
        return find_failures(self.request.user)

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Give each document what people read."""
        return name_failures(object_list)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return where the button leads."""
        context = super().get_context_data(*args, **kwargs)
        return {**context, "retry_url": reverse(f"{FAILURES}:retry")}


class LabeledColumn(Column):
    """A column whose values say what they are where its heading has no room."""

    cell_template_name = "treatments_delivery/labeled_cell.html"


class RetryColumn(Column):
    """The button by which a document is tried again."""

    cell_template_name = "treatments_delivery/retry_cell.html"


def write_instant(instant: datetime) -> str:
    """Return a date and a time of day as people write them, short."""
    return date_format(timezone.localtime(instant), "SHORT_DATETIME_FORMAT")


def find_failures(user: Any) -> QuerySet[Document]:
    """Return the documents that could not be built, as far as somebody answers for them, each with ``page_title``."""
    title = Page.objects.filter(pk=OuterRef("page_id")).values("draft_title")[:1]
    failures = get_failures().annotate(page_title=Subquery(title))
    return narrow_to_publishable(failures, user)


def name_failures(failures: Any) -> list[Document]:
    """Give each document what people read: the title that its article has for editors, and dates."""
    named = list(failures)
    now = timezone.now()
    for document in named:
        document.since = write_instant(document.failed_at)
        document.next_try = (
            write_instant(document.retry_at)
            if document.retry_at and document.retry_at > now
            else _("When somebody reads it")
        )
        document.article = (
            document.page_title or document.title or f"#{document.page_id}"
        )
    return named


class RetryView(View):
    """Tries one document again, or all of them, and says how it went."""

    http_method_names: ClassVar[list[str]] = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Build what the form names, as far as the user answers for it."""
        if not is_publisher(request.user):
            raise PermissionDenied
        failures = find_failures(request.user)
        given = request.POST.get("page", "")
        if given:
            is_id = given.isascii() and given.isdecimal() and int(given) < 2**63
            failures = failures.filter(pk=int(given)) if is_id else failures.none()
        ids = list(failures.values_list("pk", flat=True))
        left = retry(ids)
        built = len(ids) - len(left)
        if left:
            text = ngettext(
                "%(count)d article still cannot be built.",
                "%(count)d articles still cannot be built.",
                len(left),
            )
            messages.error(request, text % {"count": len(left)})
        if built or not ids:
            text = ngettext(
                "%(count)d article was built.", "%(count)d articles were built.", built
            )
            messages.success(request, text % {"count": built})
        return redirect(f"{FAILURES}:failures")
