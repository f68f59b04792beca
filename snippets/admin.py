"""The vocabularies in the admin: conditions and treatments, which are translatable and have no drafts.

The only file that uses wagtail-modeladmin. Models with drafts belong into ``snippets.viewsets``:
modeladmin writes the live row and knows no locks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail_localize.modeladmin.options import TranslatableModelAdmin
from wagtail_localize.modeladmin.views import TranslatableEditView
from wagtail_modeladmin.views import DeleteView

from snippets.models import Condition, Treatment

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_IMMEDIATE = _(
    "There are no drafts here: what you save is public at once, in every article that uses it."
)
_CODES_HELP = _(
    "Codes let other systems recognize what is meant. They are the same in every language."
)


class VocabularyEditView(TranslatableEditView):
    """Lets others answer first, as Wagtail's ``before_edit_snippet`` does for snippets."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Return the answer of the first hook that gives one."""
        if self.check_action_permitted(request.user):
            for hook in hooks.get_hooks("before_edit_vocabulary"):
                answer = hook(request, self.instance)
                if answer is not None:
                    return answer
        return super().dispatch(request, *args, **kwargs)


class VocabularyDeleteView(DeleteView):
    """Lets others answer first, as Wagtail's ``before_delete_snippet`` does for snippets."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Return the answer of the first hook that gives one."""
        if self.check_action_permitted(request.user):
            for hook in hooks.get_hooks("before_delete_vocabulary"):
                answer = hook(request, self.instance)
                if answer is not None:
                    return answer
        return super().dispatch(request, *args, **kwargs)


class VocabularyAdmin(TranslatableModelAdmin):
    """What both vocabularies have in common. Neither has a menu item of its own."""

    edit_view_class = VocabularyEditView
    delete_view_class = VocabularyDeleteView
    add_to_admin_menu = False
    inspect_view_enabled = True
    list_per_page = 50
    search_fields = (
        "name",
        "also_known_as",
        "description",
        "mesh_id",
        "ncit_code",
        "snomed_id",
    )
    ordering = ("name",)
    empty_value_display = "–"

    def get_list_filter(self, request: HttpRequest) -> tuple[str, ...]:
        """Return the filters without the language: the listing has a switch for it, and both together find nothing."""
        return self.list_filter


class ConditionAdmin(VocabularyAdmin):
    """The conditions."""

    model = Condition
    menu_icon = "treatment-condition"
    menu_label = _("Conditions")
    menu_item_name = "treatments-conditions"
    menu_order = 500
    list_display = ("name", "also_known_as", "mesh_id", "ncit_code", "icd10cm_code")
    list_export = (
        "name",
        "slug",
        "description",
        "also_known_as",
        "mesh_id",
        "ncit_code",
        "snomed_id",
        "icd10cm_code",
        "locale",
    )
    export_filename = "conditions"
    search_fields = (*VocabularyAdmin.search_fields, "icd10cm_code")
    inspect_view_fields = list_export
    edit_handler = ObjectList(
        [
            HelpPanel(content=_IMMEDIATE),
            FieldPanel("name"),
            FieldPanel("description"),
            FieldPanel("also_known_as"),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("mesh_id"), FieldPanel("ncit_code")]),
                    FieldRowPanel(
                        [FieldPanel("icd10cm_code"), FieldPanel("snomed_id")]
                    ),
                ],
                heading=_("Codes"),
                help_text=_CODES_HELP,
            ),
            FieldPanel("slug"),
        ]
    )


class TreatmentAdmin(VocabularyAdmin):
    """The treatments."""

    model = Treatment
    menu_icon = "treatment-pill"
    menu_label = _("Treatments")
    menu_item_name = "treatments-treatments"
    menu_order = 600
    list_display = ("name", "schema_type", "also_known_as", "mesh_id", "ncit_code")
    list_filter = ("schema_type",)
    list_export = (
        "name",
        "slug",
        "schema_type",
        "description",
        "also_known_as",
        "mesh_id",
        "ncit_code",
        "snomed_id",
        "rxnorm_id",
        "locale",
    )
    export_filename = "treatments"
    search_fields = (*VocabularyAdmin.search_fields, "rxnorm_id")
    inspect_view_fields = list_export
    edit_handler = ObjectList(
        [
            HelpPanel(content=_IMMEDIATE),
            FieldPanel("name"),
            FieldPanel("schema_type"),
            FieldPanel("description"),
            FieldPanel("also_known_as"),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("mesh_id"), FieldPanel("ncit_code")]),
                    FieldRowPanel([FieldPanel("rxnorm_id"), FieldPanel("snomed_id")]),
                ],
                heading=_("Codes"),
                help_text=_CODES_HELP,
            ),
            FieldPanel("slug"),
        ]
    )
