"""The OpenAPI document of the v3 API, as true as its answers.

What ninja writes from the views is completed step by step: each step is a function that changes the
document in place. What requests may have is decided by the same steps, see ``requests``.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.functional import Promise

from treatments.api.http.answers import FHIR_JSON
from treatments.api.http.errors import get_phrase
from treatments.api.http.problems import ProblemType
from treatments.api.http.security import SECURITY_SCHEMES
from treatments.api.openapi.bodies import bound_copies, open_types
from treatments.api.openapi.models import build_document
from treatments.api.openapi.operations import (
    PUBLISHING,
    WARNING_HEADER,
    find_operation,
    iterate_operations,
)
from treatments.api.openapi.parameters import (
    add_list_filters,
    add_removal_parameters,
    close_parameters,
    describe_comma_separated,
    exclude_null_characters,
)
from treatments.api.openapi.problems import (
    DRAFTS,
    add_problem_responses,
    add_problem_schema,
    build_problem_response,
)
from treatments.api.openapi.references import find_parts, iterate_references
from treatments.api.pages.targets import gives_tag, is_guarded
from treatments.signals import EventKind

if TYPE_CHECKING:
    from ninja import NinjaAPI

DESCRIPTION = """\
Wagtail's API v3 and the public reads of Wagtail Treatments.

Reads need no token and give what is published. Writes need `Authorization: Bearer <token>` and the rights
of the token's user. Every error is `application/problem+json` (RFC 9457) with a stable `type`:

"""
#: Of what was public once, they say that it is gone.
WITHDRAWABLE = frozenset(
    (
        "articles_detail",
        "articles_find",
        "criteria_fhir",
        "pages_detail",
        "pages_find",
        "sections_detail",
    )
)
UNCACHED = frozenset(("articles_changes_stream",))
#: Settings whose values stand in the document.
DOCUMENTED_SETTINGS = frozenset({"WAGTAIL_CONTENT_LANGUAGES", "WAGTAILAPI_LIMIT_MAX"})
CACHE_HEADERS = {
    "ETag": "Changes with every byte of the answer (RFC 9110).",
    "Cache-Control": "How long a cache may answer by itself; `no-store` with a token.",
}
#: What a client of Server-Sent Events sees of each event.
EVENT_SCHEMA = {
    "type": "object",
    "required": ["id", "event", "data"],
    "properties": {
        "id": {"type": "string", "description": "The position in the feed."},
        "event": {"enum": [kind.value for kind in EventKind]},
        "data": {"type": "string", "description": "The entry, as the feed gives it."},
    },
}


def build_openapi(api: NinjaAPI) -> dict[str, Any]:
    """Return the document. It is not cached here: see ``get_openapi``."""
    with translation.override(settings.LANGUAGE_CODE):
        document = to_plain(build_document(api))
    for complete in (
        describe_api,
        *REQUEST_STEPS,
        describe_security,
        add_problem_schema,
        describe_fhir,
        describe_stream,
        describe_caching,
        describe_preconditions,
        add_redirects,
        describe_warnings,
        add_problem_responses,
        drop_unused_schemas,
    ):
        complete(document)
    return document


@cache
def get_openapi(api: NinjaAPI) -> dict[str, Any]:
    """Return the document of this process. Do not change it."""
    return build_openapi(api)


@receiver(setting_changed)
def forget_openapi(*, setting: str, **_kwargs: object) -> None:
    """Build the document anew where a test has changed what it says."""
    if setting in DOCUMENTED_SETTINGS:
        get_openapi.cache_clear()


def serve_openapi(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    """Answer with the document; ``WAGTAILAPI_DOCS_ENABLED = False`` hides it."""
    if not getattr(settings, "WAGTAILAPI_DOCS_ENABLED", True):
        raise Http404
    return JsonResponse(get_openapi(api), json_dumps_params={"ensure_ascii": False})


def to_plain(value: Any) -> Any:
    """Return a copy in which nothing is shared, with texts as keys, like JSON has them."""
    if isinstance(value, dict):
        return {str(key): to_plain(child) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(child) for child in value]
    return str(value) if isinstance(value, Promise) else value


def describe_api(document: dict[str, Any]) -> None:
    """Give the document our title, and list the kinds of problems."""
    kinds = "\n".join(
        f"- `{kind.uri}` ({kind.status}): {kind.description}" for kind in ProblemType
    )
    document["info"]["title"] = "Wagtail Treatments API"
    document["info"]["description"] = DESCRIPTION + kinds
    if not document.get("servers"):
        document["servers"] = [{"url": "/"}]


def drop_impossible_operations(document: dict[str, Any]) -> None:
    """Leave out what no address leads to: Wagtail's snippets where no model is registered for its v3."""
    for path, method, operation in list(iterate_operations(document)):
        if any(
            each["in"] == "path" and each["schema"].get("const") == ""
            for each in operation["parameters"]
        ):
            del document["paths"][path][method]
    document["paths"] = {path: item for path, item in document["paths"].items() if item}


def describe_security(document: dict[str, Any]) -> None:
    """Say how a token is sent; anonymous access is an empty requirement, not a scheme."""
    document["components"]["securitySchemes"] = deepcopy(SECURITY_SCHEMES)
    for _path, _method, operation in iterate_operations(document):
        if "security" in operation:
            operation["security"] = [
                {} if "AllowAnonymous" in requirement else requirement
                for requirement in operation["security"]
            ]


def describe_fhir(document: dict[str, Any]) -> None:
    """Name the content type of FHIR where it is the answer."""
    operation = find_operation(document, "criteria_fhir")
    if operation is not None:
        content = operation["responses"]["200"]["content"]
        content[FHIR_JSON] = content.pop("application/json")


def describe_stream(document: dict[str, Any]) -> None:
    """Name the content type of Server-Sent Events."""
    operation = find_operation(document, "articles_changes_stream")
    if operation is not None:
        operation["responses"]["200"]["content"] = {
            "text/event-stream": {"schema": EVENT_SCHEMA}
        }


def describe_caching(document: dict[str, Any]) -> None:
    """Document what a cache needs: tags and dates of public answers, 304, and 410 for what is gone."""
    for _path, method, operation in iterate_operations(document):
        operation_id = operation["operationId"]
        if operation_id in WITHDRAWABLE or operation_id.startswith(DRAFTS):
            shared = document["components"].setdefault("responses", {})
            shared["Problem410"] = build_problem_response(410)
            operation["responses"]["410"] = {
                "$ref": "#/components/responses/Problem410"
            }
        if (
            method != "get"
            or operation_id in UNCACHED
            or operation_id.startswith(DRAFTS)
        ):
            continue
        answer = operation["responses"].get("200")
        if answer is not None:
            answer.setdefault("headers", {}).update(
                {
                    name: {"schema": {"type": "string"}, "description": text}
                    for name, text in CACHE_HEADERS.items()
                }
            )
            operation["responses"]["304"] = {"description": get_phrase(304)}


def describe_preconditions(document: dict[str, Any]) -> None:
    """Document how two writers of the same thing keep out of each other's way."""
    for path, method, operation in iterate_operations(document):
        if gives_tag(method, operation["operationId"]):
            for status in {"200", "201"} & set(operation["responses"]):
                operation["responses"][status].setdefault("headers", {})["ETag"] = {
                    "schema": {"type": "string"},
                    "description": "Of what was written.",
                }
        if not is_guarded(path, method, operation["operationId"]):
            continue
        operation["parameters"].append(
            {
                "name": "If-Match",
                "in": "header",
                "required": False,
                "schema": {"type": "string"},
                "description": "The `ETag` of what was read: the write is done only where nothing has changed since.",
            }
        )


def add_redirects(document: dict[str, Any]) -> None:
    """The finding of a page or a redirect leads to its address."""
    location = {
        "description": "The address of what was found.",
        "schema": {"type": "string", "format": "uri-reference"},
        "required": True,
    }
    for operation_id in ("pages_find", "redirects_find"):
        operation = find_operation(document, operation_id)
        if operation is None:
            continue
        operation["responses"]["302"] = {
            "description": get_phrase(302),
            "headers": {"Location": location},
        }
        if operation_id == "pages_find":
            moved = {"schema": {"$ref": "#/components/schemas/ArticleMoved"}}
            operation["responses"]["200"] |= {
                "description": "The path leads to an address that is no page of this site.",
                "content": {"application/json": moved},
            }


def describe_warnings(document: dict[str, Any]) -> None:
    """Document the header that warns of what was published nevertheless."""
    for _path, _method, operation in iterate_operations(document):
        if operation["operationId"] not in PUBLISHING:
            continue
        for status in {"200", "201"} & set(operation["responses"]):
            operation["responses"][status].setdefault("headers", {})[WARNING_HEADER] = {
                "description": "Sent where something was published nevertheless: `not-reviewed` without the review "
                "that the office asks for, `choices-hidden` where readers do not get everything that the article "
                "has chosen.",
                "schema": {"type": "string"},
            }


def drop_unused_schemas(document: dict[str, Any]) -> None:
    """Leave out the models of queries, which ninja adds although parameters repeat what they say."""
    schemas = document["components"]["schemas"]
    kept = find_parts(
        schemas,
        [
            *iterate_references(document["paths"]),
            *iterate_references(document["components"]["responses"]),
        ],
    )
    document["components"]["schemas"] = {name: schemas[name] for name in kept}


#: Those that concern what a request may have.
REQUEST_STEPS = (
    drop_impossible_operations,
    add_list_filters,
    add_removal_parameters,
    close_parameters,
    exclude_null_characters,
    describe_comma_separated,
    open_types,
    bound_copies,
)
