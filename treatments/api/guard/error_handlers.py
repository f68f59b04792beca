"""Turns every exception of the v3 API into a problem that names each field by a pointer."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DataError, IntegrityError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja.errors import HttpError, Throttled
from ninja.errors import ValidationError as NinjaValidationError
from pydantic import ValidationError as PydanticValidationError
from treebeard.exceptions import InvalidMoveToDescendant, InvalidPosition, PathOverflow
from wagtail.api.rich_text import RichTextFormatError
from wagtail.utils.forms import FormValidationError

from treatments.api.http.errors import (
    AUTHENTICATE,
    ProblemError,
    answer_invalid,
    problem_response,
)
from treatments.api.http.parameters import ParameterError
from treatments.api.http.pointers import (
    build_entry,
    list_django_errors,
    list_ninja_errors,
    list_pydantic_errors,
)
from treatments.api.http.problems import TYPE_BY_SLUG, ProblemType
from treatments.api.http.request_body import BodyError, StrictParser
from treatments.api.pages.form_errors import list_form_errors
from treatments.content.incomplete_drafts import IncompleteDraftError
from treatments.content.pointers import split_pointer
from treatments.ports.publication import WriteRefusedError

if TYPE_CHECKING:
    from ninja import NinjaAPI

logger = logging.getLogger(__name__)

#: The model that ninja wraps answers in: what fails there is not the caller's fault.
RESPONSE_TITLE = "NinjaResponseSchema"


def register_error_handlers(api: NinjaAPI) -> None:
    """Put our handlers and the strict body parser on the API object."""
    api.parser = StrictParser()
    for exception, handler in {
        Exception: answer_failure,
        Http404: answer_not_found,
        HttpError: answer_http_error,
        ParameterError: answer_parameter_error,
        ProblemError: answer_problem,
        PermissionDenied: answer_permission_denied,
        WriteRefusedError: answer_refused_write,
        IncompleteDraftError: answer_incomplete_draft,
        RichTextFormatError: answer_parameter_error,
        FormValidationError: answer_form_error,
        ValidationError: answer_django_error,
        ValueError: answer_missing_field,
        NinjaValidationError: answer_ninja_error,
        PydanticValidationError: answer_pydantic_error,
        RequestDataTooBig: answer_body_too_large,
        SuspiciousOperation: answer_malformed,
        UnreadablePostError: answer_malformed,
        MultiPartParserError: answer_malformed,
        InvalidPosition: answer_impossible_move,
        InvalidMoveToDescendant: answer_impossible_move,
        PathOverflow: answer_impossible_move,
        OverflowError: refuse_large_value,
        DataError: refuse_large_value,
        IntegrityError: answer_conflict,
        ProtectedError: answer_in_use,
        RestrictedError: answer_in_use,
        RecursionError: refuse_deep_value,
    }.items():
        api.add_exception_handler(exception, handler)


def answer_failure(request: HttpRequest, exc: Any) -> HttpResponse:
    """Log a defect; tell what it was only where ``DEBUG`` is on."""
    if not settings.DEBUG:
        raise exc
    logger.exception("The API failed at %s", request.path, exc_info=exc)
    return problem_response(500, f"{type(exc).__name__}: {exc}")


def answer_not_found(request: HttpRequest, exc: Any) -> HttpResponse:
    """Say that something is not there."""
    return problem_response(
        404, str(exc) or "There is nothing at this address that you may see."
    )


def answer_http_error(request: HttpRequest, exc: Any) -> HttpResponse:
    """Answer an error that a view raised with its status."""
    if exc.status_code == 401:
        return answer_unauthenticated(request)
    if isinstance(exc.__cause__, BodyError):
        return problem_response(400, str(exc.__cause__), ProblemType.MALFORMED_BODY)
    if isinstance(exc, Throttled):
        headers = {} if exc.wait is None else {"Retry-After": str(int(exc.wait) + 1)}
        return problem_response(429, str(exc), headers=headers)
    return problem_response(exc.status_code, str(exc))


def answer_problem(request: HttpRequest, exc: Any) -> HttpResponse:
    """Answer with the problem that was raised."""
    return problem_response(exc.status, exc.detail, exc.type, extra=exc.extra)


def answer_unauthenticated(request: HttpRequest) -> HttpResponse:
    """Ask for a token, or for another one (RFC 6750)."""
    if request.headers.get("Authorization", "").lower().startswith("bearer "):
        return problem_response(
            401,
            "The token is unknown or revoked, or its user is not active.",
            headers={"WWW-Authenticate": f'{AUTHENTICATE}, error="invalid_token"'},
        )
    return problem_response(
        401,
        "This endpoint needs a token: send the header Authorization: Bearer <token>.",
    )


def answer_permission_denied(request: HttpRequest, exc: Any) -> HttpResponse:
    """Answer 401 to anonymous callers and 403 to a token whose user may not do this."""
    if not request.user.is_authenticated:
        return answer_unauthenticated(request)
    return problem_response(403, str(exc) or "The token's user may not do this.")


def answer_refused_write(request: HttpRequest, exc: Any) -> HttpResponse:
    """Say why something may not be written, or what is missing before it may be published."""
    return problem_response(
        409, str(exc), TYPE_BY_SLUG[exc.problem_slug], extra=exc.extra
    )


def answer_incomplete_draft(request: HttpRequest, exc: Any) -> HttpResponse:
    """Say where a stored draft lacks something, as if it had been sent."""
    return answer_invalid(
        [
            build_entry(pointer, split_pointer(pointer), each["type"], each["msg"])
            for each in exc.mistakes
            for pointer in (each["pointer"],)
        ]
    )


def answer_parameter_error(request: HttpRequest, exc: Any) -> HttpResponse:
    """Answer a query parameter that is unknown or has a bad value."""
    return problem_response(
        400, str(exc), getattr(exc, "problem_type", ProblemType.INVALID_PARAMETER)
    )


def answer_form_error(request: HttpRequest, exc: Any) -> HttpResponse:
    """Answer what a form refuses."""
    return answer_invalid(list_form_errors(request, exc))


def answer_django_error(request: HttpRequest, exc: Any) -> HttpResponse:
    """Answer what a model or a block refuses outside a form."""
    return answer_invalid(list_django_errors(exc))


def answer_missing_field(request: HttpRequest, exc: Any) -> HttpResponse:
    """Answer what a model refuses in a field that the body leaves out; any other ValueError is a defect.

    Wagtail's form of a PATCH has the fields of the body only. Where the model finds a mistake in another
    field, Django cannot put it into the form, and raises a ValueError while it handles the mistake.
    """
    if isinstance(exc.__context__, ValidationError):
        return answer_django_error(request, exc.__context__)
    return answer_failure(request, exc)


def answer_ninja_error(request: HttpRequest, exc: Any) -> HttpResponse:
    """Answer parameters and bodies that do not fit the operation's schema."""
    return answer_invalid(list_ninja_errors(request, exc))


def answer_pydantic_error(request: HttpRequest, exc: Any) -> HttpResponse:
    """Answer what Wagtail's filters refuse; an answer that does not fit its schema is a defect."""
    if exc.title == RESPONSE_TITLE:
        return answer_failure(request, exc)
    return answer_invalid(list_pydantic_errors(exc))


def answer_body_too_large(request: HttpRequest, exc: Any) -> HttpResponse:
    """Say how much a body may hold."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return problem_response(413, f"The body may have at most {limit} bytes.")


def answer_malformed(request: HttpRequest, exc: Any) -> HttpResponse:
    """Answer a request that Django does not take."""
    return problem_response(
        400, "The request could not be read.", ProblemType.MALFORMED_REQUEST
    )


def answer_impossible_move(request: HttpRequest, exc: Any) -> HttpResponse:
    """Answer a place in the tree where a page cannot stand."""
    return problem_response(422, "The page cannot be put there.")


def answer_in_use(request: HttpRequest, exc: Any) -> HttpResponse:
    """Say what kinds of things keep something from being deleted; not which, they may be private."""
    users = getattr(exc, "protected_objects", None) or exc.restricted_objects
    counts = Counter(each._meta.verbose_name for each in users)
    kinds = ", ".join(f"{name} ({count})" for name, count in sorted(counts.items()))
    return problem_response(
        409, f"It cannot be deleted, because it is in use. By: {kinds}."
    )


def answer_conflict(request: HttpRequest, exc: Any) -> HttpResponse:
    """Answer what the database refuses beside what is there, such as the second of two equal requests."""
    logger.warning("The database refused %s", request.path, exc_info=exc)
    return problem_response(
        409,
        "It does not go together with what is stored. Perhaps it was made at the same moment by another "
        "request: read it again.",
    )


def refuse_large_value(request: HttpRequest, exc: Any) -> HttpResponse:
    """Answer a number or a text that no database column takes."""
    return problem_response(400, "A value of the request is too large.")


def refuse_deep_value(request: HttpRequest, exc: Any) -> HttpResponse:
    """Answer a body that is nested too deeply."""
    return problem_response(
        400, "The request is nested too deeply.", ProblemType.MALFORMED_BODY
    )
