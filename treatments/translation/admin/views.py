"""wagtail-localize's admin views on top of our services, so that no button shows unfinished work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages as admin_messages
from wagtail.models import Page, TranslatableMixin
from wagtail_localize.modeladmin.views import SubmitModelAdminTranslationView
from wagtail_localize.models import Translation
from wagtail_localize.views.submit_translations import (
    SubmitPageTranslationView,
    SubmitSnippetTranslationView,
)
from wagtail_localize.views.update_translations import UpdateTranslationsView

from treatments.admin.access import may_edit
from treatments.admin.publication_guards import warn
from treatments.translation.admin.notices import build_notice
from treatments.translation.lost_choices import find_lost_choices
from treatments.translation.services import (
    TranslationError,
    check_may_change,
    publish_translation,
    submit_translation,
    update_source,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class SafeSubmitMixin:
    """Submits through ``submit_translation``: existing translations stay as they are."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Ask for the right to change the object too, not only to submit."""
        check_may_change(self.get_object(), request.user)  # ty: ignore[missing-attribute]
        return super().dispatch(request, *args, **kwargs)  # ty: ignore[missing-attribute]

    def form_valid(self, form) -> HttpResponse:
        """Submit the object, and its subtree where that was chosen."""
        locales = list(form.cleaned_data["locales"])
        try:
            with transaction.atomic():
                submit_translation(self.object, locales, self.request.user)  # ty: ignore[missing-attribute]
                if (
                    isinstance(self.object, Page)  # ty: ignore[missing-attribute]
                    and form.cleaned_data["include_subtree"]
                ):
                    for page in (
                        self.object.get_descendants()  # ty: ignore[missing-attribute]
                        .filter(alias_of__isnull=True)
                        .specific()
                        .order_by("path")
                    ):
                        submit_translation(page, locales, self.request.user)  # ty: ignore[missing-attribute]
        except TranslationError as error:
            messages.error(self.request, str(error))  # ty: ignore[missing-attribute]
            return self.render_to_response(self.get_context_data(**self.kwargs))  # ty: ignore[missing-attribute]
        names = ", ".join(locale.get_display_name() for locale in locales)
        messages.success(self.request, self.get_success_message(names))  # ty: ignore[missing-attribute]
        single = (
            self.object.get_translation_or_none(locales[0])  # ty: ignore[missing-attribute]
            if len(locales) == 1
            else None
        )
        return redirect(self.get_success_url() or self.get_default_success_url(single))  # ty: ignore[missing-attribute]


class SafeSubmitPageTranslationView(SafeSubmitMixin, SubmitPageTranslationView):
    """Submits a page."""


class SafeSubmitSnippetTranslationView(SafeSubmitMixin, SubmitSnippetTranslationView):
    """Submits a snippet."""


class SafeSubmitVocabularyTranslationView(
    SafeSubmitMixin, SubmitModelAdminTranslationView
):
    """Submits a condition or a treatment."""


class SafeUpdateTranslationsView(UpdateTranslationsView):
    """Takes over the source's content; publishes only translations that are complete."""

    def get_form(self):
        """Say what the choice does here."""
        form = super().get_form()
        form.fields["publish_translations"].label = _("Publish what is complete")
        form.fields["publish_translations"].help_text = _(
            "Publishes the translations in which every text is translated. The others stay as they are."
        )
        return form

    def form_valid(self, form) -> HttpResponse:
        """Update the source and publish what may be published."""
        update_source(self.object, self.request.user)
        if form.cleaned_data["publish_translations"]:
            for translation in self.object.translations.filter(
                enabled=True
            ).select_related("target_locale"):
                try:
                    published = publish_translation(translation, self.request.user)
                except (TranslationError, PermissionDenied) as error:
                    reason = str(error) or _("You may not publish it.")
                    messages.warning(
                        self.request,
                        f"{translation.target_locale.get_display_name()}: {reason}",
                    )
                else:
                    warn(self.request, find_lost_choices(translation, published))
        messages.success(self.request, self.get_success_message())
        return redirect(self.get_success_url() or self.get_default_success_url())


def refuse_conversion_to_alias(request: HttpRequest, page_id: int) -> HttpResponse:
    """Answer wagtail-localize's “Convert to alias page”, which would show English at a Spanish address.

    Anybody who may edit the page could do it, and the translation's record would be lost.
    """
    page = get_object_or_404(Page, pk=page_id)
    if not may_edit(request.user, page):
        raise PermissionDenied
    messages.error(
        request,
        _(
            "This page was not changed. As an alias it would show readers the text in the original language. "
            "To take the translation offline, unpublish it."
        ),
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


def publish_from_editor(
    request: HttpRequest, instance: TranslatableMixin
) -> HttpResponse | None:
    """Answer the publish button of the translation editor; None when it was not pressed."""
    if request.method != "POST" or request.POST.get("action") != "publish":
        return None
    translation = Translation.objects.filter(
        source__object_id=instance.translation_key,
        target_locale_id=instance.locale_id,
        enabled=True,
    ).first()
    if translation is None:
        return None
    try:
        published = publish_translation(translation, request.user)
    except TranslationError as error:
        messages.error(request, str(error))
    else:
        warn(request, find_lost_choices(translation, published))
        messages.success(
            request,
            _("“%(object)s” was published in %(language)s.")
            % {
                "object": str(published),
                "language": translation.target_locale.get_display_name(),
            },
        )
    return redirect(request.get_full_path())


def warn_in_editor(request: HttpRequest, page: Page) -> None:
    """Tell somebody who opens a translation that it is behind its source."""
    if request.method != "GET" or not may_edit(request.user, page):
        return
    notice = build_notice(page, request.user)  # ty: ignore[invalid-argument-type]
    if notice is not None:
        buttons = (
            [admin_messages.button(notice.url, notice.label)] if notice.url else []
        )
        admin_messages.warning(request, notice.text, buttons=buttons)
