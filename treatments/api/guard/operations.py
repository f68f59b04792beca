"""Finds the documented operation of a request, and refuses what the document does not know."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.signals import setting_changed
from django.dispatch import receiver
from django.urls import NoReverseMatch
from wagtail.api.v3.api import api

from treatments.api.guard.preconditions import check_precondition
from treatments.api.guard.writes import check_write
from treatments.api.http.errors import problem_response
from treatments.api.http.parameters import ParameterError, check_known
from treatments.api.http.problems import ProblemType
from treatments.api.openapi.document import DOCUMENTED_SETTINGS, get_openapi
from treatments.api.openapi.filters import list_filters
from treatments.content.moments import MOMENT

if TYPE_CHECKING:
    from contextlib import ExitStack

    from django.http import HttpRequest, HttpResponse
    from django.urls import ResolverMatch

#: A variable part of an address in the URL patterns, with its converter.
CONVERTER = re.compile(r"<(?:[^:>]+:)?([^>]+)>")

#: Longer numbers are refused by whoever reads them.
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,30}")

#: Wagtail takes any text for these ids, and fails on what is no number.
LOOSE_IDS = frozenset({"translation_of", "user_id"})


@cache
def get_operations() -> dict[str, dict[str, dict[str, Any]]]:
    """Return the operations by path, without the names of its variable parts, and method."""
    try:
        paths = get_openapi(api)["paths"]
    except NoReverseMatch:
        # A project that does not serve v3.
        return {}
    return {strip_names(path): item for path, item in paths.items()}


@receiver(setting_changed)
def forget_operations(*, setting: str, **_kwargs: object) -> None:
    """Look at the document again where a test has changed what it says."""
    if setting in DOCUMENTED_SETTINGS:
        get_operations.cache_clear()


def strip_names(path: str) -> str:
    """Return a path that is equal for equal addresses: ``/api/v3/pages/{}/``."""
    return re.sub(r"{[^}]*}", "{}", path)


def find_request_operation(match: ResolverMatch, method: str) -> dict[str, Any] | None:
    """Return the operation of a resolved address, or None where the document has none."""
    path = strip_names("/" + CONVERTER.sub(r"{\1}", match.route.replace("^", "")))
    return get_operations().get(path, {}).get(method.lower())


def check_request(
    request: HttpRequest, match: ResolverMatch, stack: ExitStack
) -> HttpResponse | None:
    """Return a problem where a request has something that its operation does not document, or comes too late.

    Args:
        request: What is asked.
        match: Its address.
        stack: See ``check_precondition``.
    """
    operation = find_request_operation(match, request.method or "GET")
    if operation is None:
        return None
    try:
        check_parameters(request, match, operation)
    except ParameterError as error:
        return problem_response(400, str(error), error.problem_type)
    return (
        check_ids(match, operation)
        or check_content_type(request, operation)
        or check_write(request, operation, match.kwargs)
        or check_precondition(request, operation, match.kwargs, stack)
    )


def check_ids(match: ResolverMatch, operation: dict[str, Any]) -> HttpResponse | None:
    """Return a 404 for an id in the address that is no number, where ids are numbers."""
    for parameter in operation["parameters"]:
        value = match.kwargs.get(parameter["name"])
        if parameter["in"] != "path" or not isinstance(value, str):
            continue
        if parameter["schema"].get("type") == "integer" and not (
            value.isascii() and value.isdecimal() and len(value) < 11
        ):
            return problem_response(404, "There is nothing with this id.")
    return None


def check_parameters(
    request: HttpRequest, match: ResolverMatch, operation: dict[str, Any]
) -> None:
    """Refuse unknown parameters, and repeated ones that take one value.

    Raises:
        ParameterError: its text names the parameter.
    """
    if not request.GET:
        return
    schemas = {
        parameter["name"]: parameter["schema"]
        for parameter in operation["parameters"]
        if parameter["in"] == "query"
    }
    schemas |= list_filters(operation["operationId"], match.kwargs, request.GET)
    check_known(
        request.GET,
        schemas,
        [name for name, schema in schemas.items() if takes_many(schema)],
    )
    for name in request.GET:
        check_bounds(name, request.GET.get(name, ""), schemas[name])
        check_moment(name, request.GET.get(name, ""), schemas[name])


def check_moment(name: str, value: str, schema: dict[str, Any]) -> None:
    """Refuse what is documented as a moment in time and is a number, a day, or a time of no zone.

    Raises:
        ParameterError: its text names the parameter.
    """
    choices = [schema, *schema.get("anyOf", [])]
    formats = {each.get("format") for each in choices if each.get("type") == "string"}
    if "date-time" in formats and "date" not in formats and not MOMENT.fullmatch(value):
        raise ParameterError(
            f"The parameter {name} must be a date and a time with its offset from UTC, "
            "such as 2026-05-01T12:00:00Z."
        )


def check_bounds(name: str, value: str, schema: dict[str, Any]) -> None:
    """Refuse a whole number that lies outside what is documented.

    Raises:
        ParameterError: its text names the parameter.
    """
    choices = [schema, *schema.get("anyOf", [])]
    bounds = next((each for each in choices if each.get("type") == "integer"), None)
    is_number = WHOLE_NUMBER.fullmatch(value)
    if name in LOOSE_IDS and schema.get("type") == "integer" and not is_number:
        raise ParameterError(f"The parameter {name} must be a whole number.")
    if bounds is None or not is_number:
        return
    low, high = bounds.get("minimum"), bounds.get("maximum")
    number = int(value)
    if low is not None and number < low:
        raise ParameterError(f"The parameter {name} must be at least {low}.")
    if high is not None and number > high:
        raise ParameterError(f"The parameter {name} must be at most {high}.")


def takes_many(schema: dict[str, Any]) -> bool:
    """Tell whether a parameter may be repeated."""
    choices = [schema, *schema.get("anyOf", []), *schema.get("oneOf", [])]
    return any(choice.get("type") == "array" for choice in choices)


def check_content_type(
    request: HttpRequest, operation: dict[str, Any]
) -> HttpResponse | None:
    """Return a 415 for a body of another kind than the operation takes."""
    taken = operation.get("requestBody", {}).get("content", {})
    has_body = request.META.get("CONTENT_LENGTH") not in {None, "", "0"} or (
        "Transfer-Encoding" in request.headers
    )
    if not taken or not has_body or request.content_type in taken:
        return None
    given = request.content_type or "none"
    return problem_response(
        415,
        f"The content type is {given[:60]}; this endpoint takes {' or '.join(sorted(taken))}.",
        ProblemType.UNSUPPORTED_MEDIA_TYPE,
        headers={"Accept": ", ".join(sorted(taken))},
    )
