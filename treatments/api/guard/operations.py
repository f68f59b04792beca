"""Finds the documented operation of a request, and refuses what the document does not know."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch
from wagtail.api.v3.api import api

from treatments.api.guard.preconditions import check_precondition
from treatments.api.guard.writes import check_write
from treatments.api.http.errors import problem_response
from treatments.api.http.parameters import ParameterError, check_known
from treatments.api.http.problems import ProblemType
from treatments.api.openapi.filters import list_filters
from treatments.api.openapi.requests import Expected, find_expected, list_operations
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


def load_operations() -> None:
    """Load the addresses of the project before a server takes its first request, which would wait for it."""
    with suppress(NoReverseMatch):
        list_operations(api)


def find_request_operation(match: ResolverMatch, method: str) -> Expected | None:
    """Return what the operation at a resolved address takes, or None where none is documented."""
    path = "/" + CONVERTER.sub(r"{\1}", match.route.replace("^", ""))
    try:
        return find_expected(api, path, method)
    except NoReverseMatch:
        # A project that does not serve v3.
        return None


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
        or check_precondition(request, operation.id, match.kwargs, stack)
    )


def check_ids(match: ResolverMatch, operation: Expected) -> HttpResponse | None:
    """Return a 404 for an id in the address that is no number, where ids are numbers."""
    for name, schema in operation.address.items():
        value = match.kwargs.get(name)
        if not isinstance(value, str) or schema.get("type") != "integer":
            continue
        if not (value.isascii() and value.isdecimal() and len(value) < 11):
            return problem_response(404, "There is nothing with this id.")
    return None


def check_parameters(
    request: HttpRequest, match: ResolverMatch, operation: Expected
) -> None:
    """Refuse unknown parameters, and repeated ones that take one value.

    Raises:
        ParameterError: its text names the parameter.
    """
    if not request.GET:
        return
    filters = list_filters(operation.id, match.kwargs, request.GET)
    schemas = operation.query | filters
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
    request: HttpRequest, operation: Expected
) -> HttpResponse | None:
    """Return a 415 for a body of another kind than the operation takes."""
    taken = operation.bodies
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
