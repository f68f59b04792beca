"""How our v3 endpoints answer: JSON as it was built, and errors that name the parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from ninja.errors import HttpError

from treatments.api.http.parameters import ParameterError, check_known
from treatments.hashes.json import write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest

JSON = "application/json"
FHIR_JSON = "application/fhir+json"


def answer(document: Any, content_type: str = JSON) -> HttpResponse:
    """Return a document as it is; ninja passes a response on without a validation."""
    return HttpResponse(write_json(document), content_type=content_type)


def answer_checked(
    request: HttpRequest,
    known: Iterable[str],
    build: Callable[[], Any],
    content_type: str = JSON,
) -> Any:
    """Answer with what ``build`` returns, a document or a whole response; a parameter that is unknown or that it refuses is a 400."""
    try:
        check_known(request.GET, known)
        built = build()
    except ParameterError as error:
        raise refuse(error) from error
    if isinstance(built, HttpResponseBase):
        return built
    return answer(built, content_type)


def refuse(error: Exception) -> HttpError:
    """Return the 400 answer for a parameter."""
    return HttpError(400, str(error))
