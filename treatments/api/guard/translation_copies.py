"""Copies for translation: one for each language, and of a tree all or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from pydantic import TypeAdapter
from pydantic import ValidationError as PydanticValidationError
from wagtail.actions import action_registry
from wagtail.models import Locale, Page, TranslatableMixin

from treatments.api.http.errors import problem_response
from treatments.api.http.pointers import read_body
from treatments.api.openapi.filters import find_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


def check_page_copy(
    request: HttpRequest, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 409 where a page, or one below it that would be copied too, is in the language already."""
    body = read_body(request)
    locale = find_locale(body)
    page = Page.objects.filter(pk=path_values["page_id"]).first()
    if locale is None or page is None or not may_copy(request, Page, page, locale):
        return None
    sources = Page.objects.filter(pk=page.pk)
    if is_true(body.get("recursive")):
        sources = page.get_descendants(inclusive=True)
    return refuse_copy(locale) if has_copy(sources, locale) else None


def check_snippet_copy(
    request: HttpRequest, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 409 where a snippet is in the language already."""
    locale = find_locale(read_body(request))
    model = find_model(path_values["type"])
    if locale is None or model is None or not issubclass(model, TranslatableMixin):
        return None
    try:
        sources = model._default_manager.filter(pk=unquote(path_values["pk"]))
        source = sources.first()
    except (ValueError, ValidationError):
        # No id of this model.
        return None
    if source is None or not may_copy(request, model, source, locale):
        return None
    return refuse_copy(locale) if has_copy(sources, locale) else None


def find_locale(body: Any) -> Locale | None:
    """Return the language that a body asks for, or None."""
    code = body.get("locale") if isinstance(body, dict) else None
    if not isinstance(code, str):
        return None
    return Locale.objects.filter(language_code=code).first()


def may_copy(
    request: HttpRequest, model: type, source: TranslatableMixin, locale: Locale
) -> bool:
    """Ask Wagtail's action whether the caller may do it."""
    action_class = action_registry.get_action_class(model, "copy_for_translation")
    try:
        action_class(source, locale, user=request.user).check()
    except PermissionDenied:
        return False
    return True


def has_copy(sources: QuerySet, locale: Locale) -> bool:
    """Tell whether one of the sources is in a language, itself or as a translation."""
    return (
        sources.model._default_manager.filter(
            locale=locale, translation_key__in=sources.values("translation_key")
        )
        .order_by()
        .exists()
    )


def is_true(value: Any) -> bool:
    """Tell whether the view reads a value as true; it refuses what is neither true nor false."""
    try:
        return TypeAdapter(bool).validate_python(value)
    except PydanticValidationError:
        return False


def refuse_copy(locale: Locale) -> HttpResponse:
    """Return a 409 that names the language."""
    return problem_response(
        409,
        f"It exists in the language {locale.language_code} already, or something below it does. "
        "Change that, or leave it out.",
    )
