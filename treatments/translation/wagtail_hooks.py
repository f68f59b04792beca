"""Puts our views before those of wagtail-localize: the same addresses, found first."""

from __future__ import annotations

from django.urls import path
from wagtail import hooks

from treatments.translation.views import (
    SafeSubmitPageTranslationView,
    SafeSubmitSnippetTranslationView,
    SafeUpdateTranslationsView,
    publish_from_editor,
)

#: Before wagtail-localize's own hooks, which have order 0.
FIRST = -10


@hooks.register("register_admin_urls", order=FIRST)
def register_safe_urls():
    """Serve wagtail-localize's submit and update addresses."""
    return [
        path(
            "localize/submit/page/<int:page_id>/",
            SafeSubmitPageTranslationView.as_view(),
        ),
        path(
            "localize/submit/snippet/<slug:app_label>/<slug:model_name>/<str:pk>/",
            SafeSubmitSnippetTranslationView.as_view(),
        ),
        path(
            "localize/update/<int:translation_source_id>/",
            SafeUpdateTranslationsView.as_view(),
        ),
    ]


hooks.register("before_edit_page", publish_from_editor, order=FIRST)
hooks.register("before_edit_snippet", publish_from_editor, order=FIRST)
