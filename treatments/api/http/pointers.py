"""Where each mistake of a request is: as a JSON pointer into the body, or as a parameter's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS

from treatments.api.http.request_body import BodyError, read_json
from treatments.content.pointers import join_pointer, split_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.core.exceptions import ValidationError
    from django.http import HttpRequest
    from ninja.errors import ValidationError as NinjaValidationError
    from pydantic import ValidationError as PydanticValidationError


def build_entry(
    pointer: str, loc: Iterable[Any], type_: str, msg: str
) -> dict[str, Any]:
    """Return one entry of ``errors``."""
    return {"pointer": pointer, "loc": list(loc), "type": type_, "msg": msg}


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
