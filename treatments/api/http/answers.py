"""How our v3 endpoints answer: JSON as it was built."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from treatments.hashes.json import write_json

JSON = "application/json"
FHIR_JSON = "application/fhir+json"


def answer(document: Any, content_type: str = JSON) -> Any:
    """Return a document as an answer, which ninja passes on as it is; a whole response stays one."""
    if isinstance(document, HttpResponseBase):
        return document
    return HttpResponse(write_json(document), content_type=content_type)
