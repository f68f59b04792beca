"""What Wagtail's forms refuse in a write, each mistake with its place in the body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist
from wagtail.coreutils import resolve_model_string
from wagtail.fields import StreamField
from wagtail.models import Page

from treatments.api.http.pointers import build_entry, locate_field, read_body
from treatments.api.pages.streams import find_stream_errors
from treatments.content.pointers import split_pointer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model
    from django.http import HttpRequest
    from wagtail.utils.forms import FormValidationError


def list_form_errors(
    request: HttpRequest, error: FormValidationError
) -> list[dict[str, Any]]:
    """Return the entries of what a form refuses; a stream's mistakes each with its own place."""
    body = read_body(request)
    model = find_model(request, body)
    entries = []
    for path, messages in error.loc_errors:
        found = find_stream_entries(model, path, body)
        if found:
            entries.extend(found)
            continue
        parts = [part for part in path if part != NON_FIELD_ERRORS]
        placed = place_row(request, model, parts, body)
        if placed is None:
            continue
        entries.extend(
            build_entry(*locate_field(placed), code, message)
            for message, code in messages
        )
    return entries


def find_model(request: HttpRequest, body: Any) -> type[Model] | None:
    """Return the model that a write is about, from the address or from ``meta.type``."""
    given = request.resolver_match.kwargs if request.resolver_match else {}
    if "page_id" in given:
        page = Page.objects.filter(pk=given["page_id"]).first()
        return page.specific_class if page else None
    meta = body.get("meta") if isinstance(body, dict) else None
    name = given.get("type") or (meta.get("type") if isinstance(meta, dict) else None)
    try:
        return resolve_model_string(name) if name else None
    except (LookupError, ValueError):
        return None


def find_stream_entries(
    model: type[Model] | None, path: Sequence[Any], body: Any
) -> list[dict[str, Any]]:
    """Return the entries of a StreamField that the form refused; empty for any other field."""
    if model is None or len(path) != 1 or not isinstance(body, dict):
        return []
    name = path[0]
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return []
    if not isinstance(field, StreamField):
        return []
    # What a new page leaves out is empty.
    problems = find_stream_errors(field.stream_block, body.get(name, []))
    meta = body.get("meta")
    if not (isinstance(meta, dict) and meta.get("action") == "publish"):
        # The form of a draft lets everything be empty, so this is not what it refused.
        problems = [each for each in problems if each["type"] != "required"]
    return [
        build_entry(
            f"/{name}{problem['pointer']}",
            [name, *split_pointer(problem["pointer"])],
            problem["type"],
            problem["msg"],
        )
        for problem in problems
    ]


def place_row(
    request: HttpRequest, model: type[Model] | None, path: list[Any], body: Any
) -> list[Any] | None:
    """Return a path with a row's number in the body instead of its number in the form.

    The form lists the saved rows first, then those that are new in the body. None stands for a saved row
    that the body leaves out: it is deleted, and what the form says about its emptiness is no mistake.
    """
    if len(path) < 2 or not isinstance(path[1], int) or not isinstance(body, dict):
        return path
    relation, number, *rest = path
    rows = body.get(relation)
    given = request.resolver_match.kwargs if request.resolver_match else {}
    if not isinstance(rows, list) or model is None or "page_id" not in given:
        return path
    page = Page.objects.filter(pk=given["page_id"]).first()
    if page is None:
        return path
    saved = [
        row.pk for row in getattr(page.get_latest_revision_as_object(), relation).all()
    ]
    ids = [row.get("id") if isinstance(row, dict) else None for row in rows]
    if number < len(saved):
        if saved[number] not in ids:
            return None
        return [relation, ids.index(saved[number]), *rest]
    new = [
        position
        for position, pk in enumerate(ids)
        if pk not in saved or pk in ids[:position]
    ]
    number -= len(saved)
    return [relation, new[number], *rest] if number < len(new) else path
