"""The report of translations that are behind their source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Subquery,
    Value,
    When,
)
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import (
    Column,
    DateColumn,
    LocaleColumn,
    StatusTagColumn,
    TitleColumn,
)
from wagtail.models import Page
from wagtail_localize.models import Translation

from treatments.admin.access import EDIT, find_permitted
from treatments.admin.reports import LanguageFilter, RadioFilter, Report
from treatments.ports.states import (
    TranslationState,
    TranslationStatus,
    get_translation_states,
)
from treatments.translation.models import TranslatedVersion

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: The states that ask for work, the most urgent first, as editors read them.
STATUS_LABELS = {
    TranslationStatus.BEHIND_CLINICAL: _("Behind: clinical"),
    TranslationStatus.INCOMPLETE: _("Incomplete"),
    TranslationStatus.BEHIND_EDITORIAL: _("Behind: editorial"),
}
BATCH_SIZE = 100


def find_translations(user: Any) -> QuerySet[Page]:
    """Return the published translations that a user may change or publish."""
    followed = Translation.objects.filter(
        source__object_id=OuterRef("translation_key"),
        target_locale_id=OuterRef("locale_id"),
    )
    recorded = TranslatedVersion.objects.filter(pk=OuterRef("pk"))
    return find_permitted(user, Page, EDIT).filter(
        Exists(followed) | Exists(recorded), live=True, alias_of__isnull=True
    )


def find_behind(user: Any) -> dict[int, TranslationState]:
    """Return the states of the translations that ask for work: page id → state."""
    ids = list(find_translations(user).order_by("pk").values_list("pk", flat=True))
    return {
        pk: state
        for start in range(0, len(ids), BATCH_SIZE)
        for pk, state in get_translation_states(ids[start : start + BATCH_SIZE]).items()
        if state.status in STATUS_LABELS
    }


class BehindFilterSet(WagtailFilterSet):
    """What the report can be narrowed to."""

    locale = LanguageFilter()
    translation_status = RadioFilter(
        _("Status"), [(str(status), label) for status, label in STATUS_LABELS.items()]
    )


class BehindReportView(Report):
    """Lists the translations that are behind: the most urgent first, then those that waited longest."""

    model = Page
    page_title = _("Translations behind")
    header_icon = "wagtail-localize-language"
    index_url_name = "treatments_translation:behind"
    any_permission_required = EDIT
    filterset_class = BehindFilterSet
    nothing_found = _("No translations match these filters.")
    nothing_there = _("No translation that you may edit is behind its source.")
    export_filename = "translations-behind"
    export_headings: ClassVar[dict[str, Any]] = {
        "title": "",
        "locale": _("Language"),
        "status_label": _("Status"),
        "changes": _("Changes"),
        "behind_since": _("Behind since"),
        "last_published_at": _("Published"),
    }
    columns: ClassVar[list[Column]] = [
        TitleColumn(
            "title",
            label=_("Title"),
            classname="title",
            get_url=lambda page: reverse("wagtailadmin_pages:edit", args=[page.pk]),
        ),
        LocaleColumn(label=_("Language"), sort_key=None, width="12%"),
        StatusTagColumn(
            "status_label",
            label=_("Status"),
            # Wagtail paints the "primary" tag paler than the others.
            primary=lambda page: page.translation_status != "behind_clinical",
            width="18%",
        ),
        Column("changes", label=_("Changes"), width="10%"),
        DateColumn("behind_since", label=_("Behind since"), width="15%"),
        DateColumn("last_published_at", label=_("Published"), width="15%"),
    ]

    @cached_property
    def states(self) -> dict[int, TranslationState]:
        """Return what is behind, computed once for a request."""
        return find_behind(self.request.user)

    def get_queryset(self) -> QuerySet[Page]:
        """Return the pages with their status, which the filters can use."""
        since = TranslatedVersion.objects.filter(pk=OuterRef("pk"))
        pages = {
            status: [pk for pk, state in self.states.items() if state.status == status]
            for status in STATUS_LABELS
        }
        whens = [
            (When(pk__in=ids, then=Value(str(status))), When(pk__in=ids, then=rank))
            for rank, (status, ids) in enumerate(pages.items())
        ]
        return (
            Page.objects.filter(pk__in=self.states)
            .select_related("locale")
            .annotate(
                translation_status=Case(
                    *(name for name, _rank in whens), output_field=CharField()
                ),
                urgency=Case(
                    *(rank for _name, rank in whens), output_field=IntegerField()
                ),
                since=Subquery(since.values("behind_since")),
            )
            .order_by("urgency", F("since").asc(nulls_first=True), "title", "pk")
        )

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Give each page what is known about it."""
        for page in object_list:
            state = self.states[page.pk]
            page.status_label = STATUS_LABELS[
                TranslationStatus(page.translation_status)
            ]
            page.changes = len(state.behind_blocks) or ""
            page.behind_since = state.behind_since
        return object_list
