"""The ``meta`` of a page in a write, which Wagtail replaces without a word where it is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from wagtail.models import Page

from treatments.api.http.errors import answer_invalid
from treatments.api.http.pointers import build_entry, read_body
from treatments.api.pages.targets import may_know
from treatments.api.pages.write_schemas import LIFTED_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse


def check_page_meta(
    request: HttpRequest, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 422 where ``meta`` or its ``type`` is no object and no text, or is missing in a new page."""
    body = read_body(request)
    if not isinstance(body, dict):
        return None
    # The address of a page tells its type, that of all pages does not.
    is_new = "page_id" not in path_values
    meta = body.get("meta")
    if meta is None:
        return refuse(["meta"], "missing", "A new page needs meta.") if is_new else None
    if not isinstance(meta, dict):
        return refuse(["meta"], "dict_type", "This must be an object.")
    type_ = meta.get("type")
    if type_ is None:
        message = "A new page needs a type, such as treatments.TreatmentPage."
        return refuse(["meta", "type"], "missing", message) if is_new else None
    if not isinstance(type_, str) or not type_:
        message = "This must be a type of pages, such as treatments.TreatmentPage."
        return refuse(["meta", "type"], "string_type", message)
    return None


def check_double_fields(
    request: HttpRequest, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 422 where a field beside ``meta`` has another value in it that is not the one to be read there."""
    body = read_body(request)
    meta = body.get("meta") if isinstance(body, dict) else None
    if not isinstance(meta, dict):
        return None
    both = sorted(LIFTED_FIELDS & set(body) & set(meta))
    names = [name for name in both if body[name] != meta[name]]
    page = Page.objects.filter(pk=path_values["page_id"]).first() if names else None
    if page is None or not may_know(request, page):
        return None
    draft = page.get_latest_revision_as_object()
    for name in names:
        field: Any = Page._meta.get_field(name)
        try:
            value = field.to_python(meta[name])
        except ValidationError:
            continue
        if value not in (getattr(page, name), getattr(draft, name)):
            message = f"This is another one than {name} beside meta. Send one of them."
            return refuse(["meta", name], "double_name", message)
    return None


def refuse(path: list[str], type_: str, message: str) -> HttpResponse:
    """Return a 422 about one place in the body."""
    return answer_invalid([build_entry(f"/{'/'.join(path)}", path, type_, message)])
