"""Errors as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse

PROBLEM_JSON = "application/problem+json"


def problem_response(
    status: int, detail: str, type_: str = "about:blank"
) -> JsonResponse:
    """Return an error that a person can act on.

    Args:
        status: The HTTP status code.
        detail: One sentence for whoever reads the answer.
        type_: A stable URI of the kind of error.
    """
    return JsonResponse(
        {
            "type": type_,
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
        },
        status=status,
        content_type=PROBLEM_JSON,
    )


def not_found(request: HttpRequest, *args, **kwargs) -> JsonResponse:
    """Answer an API address that does not exist; never with a redirect to a page."""
    return problem_response(HTTPStatus.NOT_FOUND, "There is no such API endpoint.")
