"""Where editors list and edit the reference content.

Terms, references, contributors and promotions have drafts and are snippets. Conditions and
treatments have none and are in ``snippets.admin``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.admin.ui.tables import (
    BooleanColumn,
    Column,
    LiveStatusTagColumn,
    LocaleColumn,
    UpdatedAtColumn,
)
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet, UnpublishView

from snippets.choosers import (
    REFERENCE_SEARCH,
    TERM_SEARCH,
    EntryChooserViewSet,
    ReferenceChooserViewSet,
    TermChooserViewSet,
)
from snippets.models import Contributor, GlossaryTerm, Promotion, Reference
from snippets.reference_views import (
    OtherWorksPanel,
    ReferenceCopyView,
    ReferenceCreateView,
    ReferenceEditView,
)
from snippets.search import find_by_words

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

#: The hook that fills the “Treatments” menu; whoever owns the menu uses it as its ``submenu_hook``.
MENU_HOOK = "register_treatments_menu_item"

CONTRIBUTOR_SEARCH = ("name", "affiliation", "orcid")
PROMOTION_SEARCH = ("title", "text", "link_url")


class WordIndexView(IndexView):
    """A listing whose search finds parts of words and identifiers in ``search_fields``."""

    def search_queryset(self, queryset: QuerySet) -> Any:
        """Narrow the listing to what was searched for."""
        return (
            find_by_words(queryset, self.search_query, self.search_fields or ())
            if self.is_searching
            else queryset
        )


class AskedUnpublishView(UnpublishView):
    """Lets whoever has something against it say so before the question, and not only after the answer."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the answer of the first hook that gives one."""
        answer = self.run_hook("before_unpublish", request, self.object)
        return answer or super().get(request, *args, **kwargs)


class EditorialViewSet(SnippetViewSet):
    """What the listings of the reference content have in common."""

    unpublish_view_class = AskedUnpublishView
    chooser_viewset_class = EntryChooserViewSet

    menu_hook = MENU_HOOK
    index_view_class = WordIndexView
    list_per_page = 25
    copy_view_enabled = True
    inspect_view_enabled = False


class GlossaryTermViewSet(EditorialViewSet):
    """The glossary."""

    model = GlossaryTerm
    icon = "treatment-glossary"
    menu_label = _("Glossary")
    menu_name = "treatments-glossary"
    menu_order = 200
    chooser_viewset_class = TermChooserViewSet
    search_fields = TERM_SEARCH
    ordering = "term"
    list_display = (
        "term",
        LocaleColumn(label=_("Language")),
        UpdatedAtColumn(label=_("Last change")),
        LiveStatusTagColumn(label=_("Status")),
    )
    list_filter = {"live": ["exact"], "has_unpublished_changes": ["exact"]}
    list_export = ("term", "aliases", "definition", "pronunciation", "locale", "live")
    export_filename = "glossary"
    edit_handler = ObjectList(
        [
            FieldPanel("term"),
            FieldPanel("definition"),
            FieldPanel("aliases"),
            FieldPanel("pronunciation"),
            MultiFieldPanel(
                [FieldPanel("image"), FieldPanel("image_alt")], heading=_("Image")
            ),
            FieldPanel("slug"),
        ]
    )


class ReferenceViewSet(EditorialViewSet):
    """The literature."""

    model = Reference
    icon = "openquote"
    menu_label = _("References")
    menu_name = "treatments-references"
    menu_order = 300
    chooser_viewset_class = ReferenceChooserViewSet
    add_view_class = ReferenceCreateView
    copy_view_class = ReferenceCopyView
    edit_view_class = ReferenceEditView
    search_fields = REFERENCE_SEARCH
    ordering = "title"
    list_display = (
        "__str__",
        "container_title",
        Column("pmid", label="PMID", sort_key="pmid"),
        Column(
            "status",
            label=_("Standing"),
            accessor="get_status_display",
            sort_key="status",
        ),
        UpdatedAtColumn(label=_("Last change")),
        LiveStatusTagColumn(label=_("Status")),
    )
    list_filter = {
        "type": ["exact"],
        "status": ["exact"],
        "live": ["exact"],
        "is_sample": ["exact"],
        "shares_identifiers": ["exact"],
        "checked_on": ["lte"],
    }
    list_export = (
        "vancouver",
        "type",
        "title",
        "issued_year",
        "pmid",
        "pmcid",
        "doi",
        "nct",
        "status",
        "checked_on",
        "is_sample",
        "live",
    )
    export_headings = {"vancouver": _("Citation")}
    export_filename = "references"
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("type"),
                    FieldPanel("title"),
                    FieldPanel("authors"),
                    FieldPanel("container_title"),
                    FieldPanel("publisher"),
                    MultiFieldPanel(
                        [
                            FieldRowPanel(
                                [
                                    FieldPanel("issued_year"),
                                    FieldPanel("issued_month"),
                                    FieldPanel("issued_day"),
                                ]
                            ),
                        ],
                        heading=_("Published on"),
                    ),
                    FieldRowPanel(
                        [FieldPanel("volume"), FieldPanel("issue"), FieldPanel("page")]
                    ),
                ],
                heading=_("Publication"),
            ),
            ObjectList(
                [
                    HelpPanel(
                        content=_(
                            "Identifiers let readers find the source. Paste a number or its address: it becomes the number."
                        )
                    ),
                    FieldRowPanel([FieldPanel("pmid"), FieldPanel("pmcid")]),
                    FieldRowPanel([FieldPanel("doi"), FieldPanel("nct")]),
                    OtherWorksPanel(),
                    FieldPanel("url"),
                ],
                heading=_("Identifiers"),
            ),
            ObjectList(
                [
                    FieldPanel("status"),
                    FieldPanel("checked_on"),
                    FieldPanel("is_sample"),
                ],
                heading=_("Standing"),
            ),
        ]
    )


class ContributorViewSet(EditorialViewSet):
    """The people who write, review and translate."""

    model = Contributor
    icon = "group"
    menu_label = _("Contributors")
    menu_name = "treatments-contributors"
    menu_order = 400
    search_fields = CONTRIBUTOR_SEARCH
    ordering = "name"
    list_display = (
        "__str__",
        Column("role", label=_("Role"), accessor="get_role_display", sort_key="role"),
        "affiliation",
        LocaleColumn(label=_("Language")),
        UpdatedAtColumn(label=_("Last change")),
        LiveStatusTagColumn(label=_("Status")),
    )
    list_filter = {"role": ["exact"], "live": ["exact"]}
    list_export = (
        "name",
        "credentials",
        "role",
        "affiliation",
        "orcid",
        "interests",
        "locale",
        "live",
    )
    export_filename = "contributors"
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name"), FieldPanel("credentials")]),
            FieldPanel("role"),
            FieldPanel("affiliation"),
            FieldPanel("orcid"),
            FieldPanel("interests"),
        ]
    )


class PromotionViewSet(EditorialViewSet):
    """The notices beside the articles."""

    model = Promotion
    icon = "tag"
    menu_label = _("Promotions")
    menu_name = "treatments-promotions"
    menu_order = 700
    search_fields = PROMOTION_SEARCH
    ordering = "title"
    list_display = (
        "title",
        Column(
            "placement",
            label=_("Placement"),
            accessor="get_placement_display",
            sort_key="placement",
        ),
        BooleanColumn("is_sponsored", label=_("Sponsored"), sort_key="is_sponsored"),
        Column("starts_at", label=_("From"), sort_key="starts_at"),
        Column("ends_at", label=_("Until"), sort_key="ends_at"),
        LiveStatusTagColumn(label=_("Status")),
    )
    list_filter = {
        "placement": ["exact"],
        "is_sponsored": ["exact"],
        "locales": ["exact"],
        "live": ["exact"],
        "starts_at": ["gte"],
        "ends_at": ["lte"],
    }
    list_export = (
        "title",
        "placement",
        "is_sponsored",
        "link_url",
        "starts_at",
        "ends_at",
        "live",
    )
    export_filename = "promotions"
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("text"),
            MultiFieldPanel(
                [FieldPanel("link_url"), FieldPanel("link_text")], heading=_("Link")
            ),
            MultiFieldPanel(
                [FieldPanel("image"), FieldPanel("image_alt")], heading=_("Image")
            ),
            MultiFieldPanel(
                [
                    FieldPanel("placement"),
                    FieldPanel("locales"),
                    FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                ],
                heading=_("Where and when"),
            ),
            FieldPanel("is_sponsored"),
        ]
    )
