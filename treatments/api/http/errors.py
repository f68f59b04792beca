"""Errors as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from treatments.api.http.problems import TYPE_BY_STATUS, ProblemType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROBLEM_JSON = "application/problem+json"
AUTHENTICATE = 'Bearer realm="API"'
#: The attribute of an error that is answered in Wagtail's own shape: ``{"message": …}``.
STOCK_SHAPE = "treatments_stock_shape"


class ProblemError(Exception):
    """An error that a view, or whatever it calls, is answered with.

    The arguments are those of ``build_problem``.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        type_: ProblemType | str | None = None,
        *,
        extra: Mapping[str, Any] | None = None,
    ):
        super().__init__(detail)
        self.status, self.detail, self.type, self.extra = status, detail, type_, extra


def build_problem(
    status: int,
    detail: str,
    type_: ProblemType | str | None = None,
    *,
    errors: Sequence[Mapping[str, Any]] = (),
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the members of a problem document.

    Args:
        status: The HTTP status code.
        detail: One sentence for whoever reads the answer.
        type_: The kind of error, or a URI of another one; by default the usual one of the status.
        errors: For each part that is not valid: ``pointer``, ``loc``, ``type`` and ``msg``.
        extra: Members of this kind of problem beyond the standard ones.
    """
    if type_ is None:
        type_ = TYPE_BY_STATUS.get(status, "about:blank")
    if isinstance(type_, ProblemType):
        uri, title = type_.uri, type_.title
    else:
        uri, title = type_, get_phrase(status)
    problem = {"type": uri, "title": title, "status": status, "detail": detail}
    if errors:
        problem["errors"] = list(errors)
    return {**problem, **(extra or {})}


def problem_response(
    status: int,
    detail: str,
    type_: ProblemType | str | None = None,
    *,
    errors: Sequence[Mapping[str, Any]] = (),
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JsonResponse:
    """Return an error that a person can act on. The arguments are those of ``build_problem``."""
    answer = JsonResponse(
        build_problem(status, detail, type_, errors=errors, extra=extra),
        status=status,
        content_type=PROBLEM_JSON,
        headers=dict(headers or {}),
        json_dumps_params={"ensure_ascii": False},
    )
    if status == HTTPStatus.UNAUTHORIZED and "WWW-Authenticate" not in answer:
        answer["WWW-Authenticate"] = AUTHENTICATE
    return answer


def get_phrase(status: int) -> str:
    """Return the standard words of a status code."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def not_found(request: HttpRequest, *args, **kwargs) -> JsonResponse:
    """Answer an API address that does not exist; never with a redirect to a page."""
    return problem_response(HTTPStatus.NOT_FOUND, "There is no such API endpoint.")


def answer_invalid(errors: list[dict[str, Any]]) -> HttpResponse:
    """Answer 422 with each mistake, the first also in the detail."""
    detail = "The request is not valid."
    if errors:
        first = errors[0]
        place = f"{first['pointer']}: " if first["pointer"] else ""
        more = f" ({len(errors) - 1} more in errors)" if len(errors) > 1 else ""
        detail = f"{place}{first['msg']}{more}"
    return problem_response(422, detail, errors=errors)
