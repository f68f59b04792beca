"""Where each mistake of a request is: as a JSON pointer into the body, or as a parameter's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist
from wagtail.coreutils import resolve_model_string
from wagtail.fields import StreamField
from wagtail.models import Page

from treatments.api.http.request_body import BodyError, read_json
from treatments.api.pages.streams import escape, find_stream_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.core.exceptions import ValidationError
    from django.db.models import Model
    from django.http import HttpRequest
    from ninja.errors import ValidationError as NinjaValidationError
    from pydantic import ValidationError as PydanticValidationError
    from wagtail.utils.forms import FormValidationError


def build_entry(
    pointer: str, loc: Iterable[Any], type_: str, msg: str
) -> dict[str, Any]:
    """Return one entry of ``errors``."""
    return {"pointer": pointer, "loc": list(loc), "type": type_, "msg": msg}


def join_pointer(parts: Iterable[Any]) -> str:
    """Return a JSON pointer (RFC 6901)."""
    return "".join(f"/{escape(part)}" for part in parts)


def split_pointer(pointer: str) -> list[Any]:
    """Return the parts of a JSON pointer, indexes as numbers."""
    return [
        int(part) if part.isdecimal() else part.replace("~1", "/").replace("~0", "~")
        for part in pointer.split("/")[1:]
    ]


def read_body(request: HttpRequest) -> Any:
    """Return the JSON of a request's body, or None where there is none."""
    if request.content_type != "application/json":
        return None
    try:
        return read_json(request.body)
    except BodyError:
        return None


def find_body_pointer(loc: Sequence[Any], data: Any, type_: str) -> str:
    """Return the pointer of a pydantic location, without the names of union members in it."""
    parts: list[Any] = []
    for position, item in enumerate(loc):
        is_last = position == len(loc) - 1
        if (isinstance(data, dict) and item in data) or (
            isinstance(data, list) and isinstance(item, int) and item < len(data)
        ):
            parts.append(item)
            data = data[item]
        elif is_last and type_ == "missing":
            parts.append(item)
    return join_pointer(parts)


def list_ninja_errors(
    request: HttpRequest, error: NinjaValidationError
) -> list[dict[str, Any]]:
    """Return the entries of parameters and bodies that do not fit their schemas."""
    entries = []
    body = read_body(request)
    for item in error.errors:
        source, *loc = item["loc"]
        if source == "body":
            # The first part is the name of the view's argument.
            pointer = find_body_pointer(loc[1:], body, item["type"])
        else:
            names = [part for part in loc if isinstance(part, str)]
            given = [name for name in names if name in request.GET]
            pointer = (given or names[-1:] or [""])[0]
        entries.extend(expand_entry(item, pointer, [source, *loc]))
    return entries


def list_pydantic_errors(error: PydanticValidationError) -> list[dict[str, Any]]:
    """Return the entries of what Wagtail's own code refuses."""
    entries = []
    for item in error.errors(include_url=False, include_input=False):
        loc = [part for name in item["loc"] for part in split_form_name(name)]
        pointer = join_pointer(loc) if len(loc) > 1 else "".join(map(str, loc))
        entries.extend(expand_entry(dict(item), pointer, loc))
    return entries


def split_form_name(name: Any) -> list[Any]:
    """Return the path of a form key: ``body-0-value-intro`` is ``body``, 0, ``value``, ``intro``."""
    return [
        int(part) if part.isdecimal() else part for part in str(name).split("-") if part
    ]


def expand_entry(
    item: dict[str, Any], pointer: str, loc: list[Any]
) -> list[dict[str, Any]]:
    """Return one entry, or one for each mistake that a check of ours found below it."""
    problems = item.get("ctx", {}).get("problems")
    if not problems:
        message = item["msg"].removeprefix("Value error, ")
        return [build_entry(pointer, loc, item["type"], message)]
    return [
        build_entry(
            pointer + problem["pointer"],
            [*loc, *split_pointer(problem["pointer"])],
            problem["type"],
            problem["msg"],
        )
        for problem in problems
    ]


def list_django_errors(error: ValidationError) -> list[dict[str, Any]]:
    """Return the entries of a validation error of Django's."""
    # An error that names its fields has no list of its own.
    by_field = (
        error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    )
    return [
        build_entry(
            *locate_field([] if name in {"", NON_FIELD_ERRORS} else [name]),
            single.code or "invalid",
            message,
        )
        for name, singles in by_field.items()
        for single in singles
        for message in single.messages
    ]


def locate_field(path: Sequence[Any]) -> tuple[str, list[Any]]:
    """Return the pointer and the location of a field."""
    return join_pointer(path), list(path)


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
