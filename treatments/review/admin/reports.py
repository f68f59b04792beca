"""The report of reviews: every published article, the most urgent first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django import forms
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, LocaleColumn, StatusTagColumn, TitleColumn

from treatments.admin.reports import DateFilter, LanguageFilter, RadioFilter, Report
from treatments.models import IndexedArticle, TreatmentPage
from treatments.ports.states import ReviewState, ReviewStatus
from treatments.review.admin.concerned import find_visible_pages, may_work
from treatments.review.admin.labels import STATUS_LABELS, label_status
from treatments.review.models import ReviewRequest
from treatments.review.states import get_review_states

if TYPE_CHECKING:
    from datetime import date

    from django.core.paginator import Page as ListPage
    from django.db.models import QuerySet

NAMESPACE = "treatments_reviews"


def find_articles(user: Any) -> QuerySet[IndexedArticle]:
    """Return the published articles whose reviews a user may see, the most urgent first."""
    requested = ReviewRequest.objects.filter(page_id=OuterRef("pk"), closed_at=None)
    whens = [
        When(
            find_changed_and_overdue(),
            then=Value(list(STATUS_LABELS).index(ReviewStatus.OVERDUE)),
        )
    ]
    whens += [
        When(review_status=status.value, then=Value(rank))
        for rank, status in enumerate(STATUS_LABELS)
    ]
    pages = find_visible_pages(user)
    return (
        IndexedArticle.objects.filter(page__in=pages.order_by().values("pk"))
        .select_related("locale")
        .annotate(
            is_requested=Exists(requested),
            urgency=Case(*whens, default=Value(9), output_field=IntegerField()),
        )
        .order_by(
            "urgency", F("next_review_due").asc(nulls_last=True), "sort_title", "pk"
        )
    )


def find_changed_and_overdue() -> Q:
    """Return what finds the articles that were changed since their review, and whose review is overdue besides.

    The contract has one word for the state, and a change is said before a date.
    """
    return Q(
        review_status=ReviewStatus.CHANGED_SINCE_REVIEW.value,
        next_review_due__lt=timezone.localdate(),
    )


class ReviewFilterSet(WagtailFilterSet):
    """What the report can be narrowed to."""

    review_status = django_filters.MultipleChoiceFilter(
        label=_("State"),
        method="filter_status",
        choices=[(status.value, label) for status, label in STATUS_LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    kind = RadioFilter(_("Kind"), TreatmentPage.Kind.choices)
    locale = LanguageFilter()
    requested = RadioFilter(
        _("A review is asked for"),
        [("yes", _("Yes")), ("no", _("No"))],
        method="filter_requested",
    )
    next_review_due = DateFilter(_("Next review due"))

    def filter_status(
        self, queryset: QuerySet, name: str, value: list[str]
    ) -> QuerySet:
        """Narrow the articles to some states; what was changed since its review can be overdue, too."""
        if not value:
            return queryset
        condition = Q(review_status__in=value)
        if ReviewStatus.OVERDUE.value in value:
            condition |= find_changed_and_overdue()
        return queryset.filter(condition)

    def filter_requested(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Narrow the articles to those with or without an open request."""
        return queryset.filter(Q(is_requested=value == "yes"))


class ReviewsReportView(Report):
    """Lists the published articles with the state of their reviews."""

    model = IndexedArticle
    page_title = _("Reviews")
    verbose_name_plural = _("articles")
    header_icon = "clipboard-list"
    index_url_name = f"{NAMESPACE}:list"
    filterset_class = ReviewFilterSet
    nothing_found = _("No articles match these filters.")
    nothing_there = _("No article that you may see is published yet.")
    export_filename = "reviews"
    export_headings: ClassVar[dict[str, Any]] = {
        "title": _("Title"),
        "locale.language_code": _("Language"),
        "get_kind": _("Kind"),
        "status_label": _("State"),
        "last_reviewed": _("Last reviewed"),
        "next_review_due": _("Next review due"),
        "changed_count": _("Sections changed"),
        "requested_label": _("A review is asked for"),
    }
    columns: ClassVar[list[Column]] = [
        TitleColumn(
            "title",
            label=_("Title"),
            classname="title",
            get_url=lambda row: reverse("treatments_review:page", args=[row.pk]),
        ),
        LocaleColumn(label=_("Language"), sort_key=None, width="10%"),
        StatusTagColumn(
            "status_label",
            label=_("State"),
            # Wagtail paints the "primary" tag paler than the others.
            primary=lambda row: row.review_status in ("current", "never_reviewed"),
            width="18%",
        ),
        Column("changed_count", label=_("Sections changed"), width="10%"),
        # Wagtail's own column says “5 months ago”, which is no date of a review.
        Column(
            "last_reviewed",
            label=_("Last reviewed"),
            accessor=lambda row: write_day(row.last_reviewed),
            width="12%",
        ),
        Column(
            "next_review_due",
            label=_("Next review due"),
            accessor=lambda row: write_day(row.next_review_due),
            width="12%",
        ),
        Column("requested_label", label=_("Asked for"), width="8%"),
    ]

    @classmethod
    def may_open(cls, user: Any) -> bool:
        """Admit whoever works on articles, as an editor or as a reviewer."""
        return may_work(user)

    def get_queryset(self) -> QuerySet[IndexedArticle]:
        """Return the articles."""
        return find_articles(self.request.user)

    def decorate_paginated_queryset(self, object_list: ListPage) -> ListPage:
        """Give each article what is known about it."""
        rows = list(object_list)
        states = get_review_states([row.pk for row in rows])
        for row in rows:
            decorate(row, states.get(row.pk, ReviewState()))
        return object_list


def decorate(row: Any, state: ReviewState) -> None:
    """Give an article the words of the report."""
    row.status_label = label_status(row)
    row.changed_count = len(state.changed_sections) or ""
    row.requested_label = _("Yes") if row.is_requested else ""
    row.get_kind = dict(TreatmentPage.Kind.choices).get(row.kind, row.kind)


def write_day(day: date | None) -> str:
    """Return a date as people read it; nothing where there is none."""
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""
