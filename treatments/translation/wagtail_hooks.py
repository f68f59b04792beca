"""Puts our views before those of wagtail-localize, and tells editors which translations are behind.

The views are imported when they are needed: Wagtail loads the hooks when its v3 API is first imported, in the middle
of imports of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import include, path
from wagtail import hooks
from wagtail.models import Page, RevisionMixin, TranslatableMixin

from treatments.translation.admin.reports import BehindReportView

if TYPE_CHECKING:
    from wagtail.admin.menu import MenuItem

#: Before wagtail-localize's own hooks, which have order 0.
FIRST = -10


@hooks.register("register_admin_urls", order=FIRST)
def register_safe_urls():
    """Serve wagtail-localize's submit and update addresses."""
    from treatments.translation.admin import views

    return [
        path(
            "localize/submit/page/<int:page_id>/",
            views.SafeSubmitPageTranslationView.as_view(),
        ),
        path(
            "localize/submit/snippet/<slug:app_label>/<slug:model_name>/<str:pk>/",
            views.SafeSubmitSnippetTranslationView.as_view(),
        ),
        path(
            "localize/modeladmin/submit/<slug:app_label>/<slug:model_name>/<str:pk>/",
            views.SafeSubmitVocabularyTranslationView.as_view(),
        ),
        path(
            "localize/page/<int:page_id>/convert_to_alias/",
            views.refuse_conversion_to_alias,
        ),
        path(
            "localize/update/<int:translation_source_id>/",
            views.SafeUpdateTranslationsView.as_view(),
        ),
    ]


@hooks.register("register_admin_urls")
def register_report_urls():
    """Serve the report of translations that are behind."""
    urls = BehindReportView.build_urls()
    name = "treatments_translation"
    return [path("reports/translations-behind/", include((urls, name), name))]


@hooks.register("register_actions")
def register_governed_actions(registry: Any) -> None:
    """Refuse writes that a translation would overwrite. The translation editor needs none of these actions."""
    from treatments.translation import write_actions

    registry.register(TranslatableMixin, write_actions.GovernedEditAction)
    registry.register(Page, write_actions.GovernedEditPageAction)
    registry.register(RevisionMixin, write_actions.GovernedRevertAction)
    registry.register(Page, write_actions.GovernedRevertPageAction)


@hooks.register("register_reports_menu_item")
def register_report_menu_item() -> MenuItem:
    """Put the report beside that of wagtail-localize."""
    return BehindReportView.build_menu_item("translations-behind", order=9010)


@hooks.register("construct_page_action_menu", order=-FIRST)
def remove_conversion_to_alias(menu_items, request, context) -> None:
    """Take the choice out of the menu of a page, after wagtail-localize has put it there."""
    menu_items[:] = [
        item for item in menu_items if item.name != "localize-convert-to-alias"
    ]


def publish_from_editor(request, instance):
    """Publish a translation where its editor asks for it."""
    from treatments.translation.admin import views

    return views.publish_from_editor(request, instance)


def warn_in_editor(request, page):
    """Say in the editor what a translation lacks."""
    from treatments.translation.admin import views

    return views.warn_in_editor(request, page)


hooks.register("before_edit_page", publish_from_editor, order=FIRST)
hooks.register("before_edit_page", warn_in_editor, order=FIRST)
hooks.register("before_edit_snippet", publish_from_editor, order=FIRST)
# Called by the vocabularies' own edit view: modeladmin knows no such hook.
hooks.register("before_edit_vocabulary", publish_from_editor)
