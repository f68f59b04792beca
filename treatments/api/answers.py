"""How our v3 endpoints answer: JSON as it was built, and errors that name the parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, JsonResponse
from ninja.errors import HttpError

from treatments.api.parameters import ParameterError, check_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest

JSON = "application/json"
FHIR_JSON = "application/fhir+json"


def answer(document: Any, content_type: str = JSON) -> HttpResponse:
    """Return a document as it is; ninja passes a response on without a validation."""
    return JsonResponse(
        document,
        safe=False,
        encoder=DjangoJSONEncoder,
        content_type=content_type,
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )


def answer_checked(
    request: HttpRequest,
    known: Iterable[str],
    build: Callable[[], Any],
    content_type: str = JSON,
) -> HttpResponse:
    """Answer with what ``build`` returns; a parameter that is unknown or that it refuses is a 400."""
    try:
        check_known(request.GET, known)
        return answer(build(), content_type)
    except ParameterError as error:
        raise refuse(error) from error


def refuse(error: Exception) -> HttpError:
    """Return the 400 answer for a parameter."""
    return HttpError(400, str(error))
