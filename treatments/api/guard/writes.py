"""Which checks a write passes before Wagtail's view runs, which would fail at what they find.

The checks answer only callers who may do the write at all. Everybody else is left to the view, so that
nobody learns from an error what they may not see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig
from django.http import UnreadablePostError

from treatments.api.guard import page_actions, removals
from treatments.api.guard.error_handlers import answer_body_too_large, answer_malformed
from treatments.api.guard.translation_copies import check_page_copy, check_snippet_copy
from treatments.api.http.answers import JSON
from treatments.api.http.errors import answer_invalid
from treatments.api.http.pointers import read_body
from treatments.api.http.tokens import has_valid_token
from treatments.api.pages.body_names import (
    list_ignored_keys,
    list_needless_names,
    list_unknown_form_names,
    list_unknown_names,
)
from treatments.api.pages.body_types import list_type_errors
from treatments.api.pages.page_meta import check_double_fields, check_page_meta

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse

    from treatments.api.openapi.requests import Expected

    Check = Callable[[HttpRequest, Mapping[str, Any]], HttpResponse | None]

FORM = "multipart/form-data"
READS = frozenset({"GET", "HEAD", "OPTIONS"})

#: By the id of the operation.
CHECKS: dict[str, tuple[Check, ...]] = {
    "pages_create": (check_page_meta, page_actions.check_moment),
    "pages_update": (
        check_page_meta,
        check_double_fields,
        page_actions.check_moment,
        page_actions.check_alias_change,
        page_actions.check_expiry,
    ),
    "pages_actions_copy": (page_actions.check_root, page_actions.check_texts),
    "pages_actions_create_alias": (page_actions.check_root, page_actions.check_texts),
    "pages_actions_move": (page_actions.check_root, page_actions.check_neighbor),
    "pages_actions_publish": (
        page_actions.check_alias_publication,
        page_actions.check_draft,
    ),
    "pages_actions_copy_for_translation": (page_actions.check_root, check_page_copy),
    "snippets_actions_copy_for_translation": (check_snippet_copy,),
    "snippets_delete": (removals.check_snippet_deletion,),
    "snippets_actions_delete": (removals.check_snippet_deletion,),
    "snippets_actions_unpublish": (removals.check_snippet_unpublication,),
    "images_delete": (removals.check_image_deletion,),
    "documents_delete": (removals.check_document_deletion,),
}


def check_write(
    request: HttpRequest, operation: Expected, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a problem where a write of somebody with a token cannot succeed, else None."""
    if request.method in READS or not has_valid_token(request):
        return None
    try:
        for check in CHECKS.get(operation.id, ()):
            problem = check(request, path_values)
            if problem is not None:
                return problem
        return check_types(request, operation, path_values)
    except RequestDataTooBig as error:
        return answer_body_too_large(request, error)
    except UnreadablePostError as error:
        return answer_malformed(request, error)


def check_types(
    request: HttpRequest, operation: Expected, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 422 where a name or the JSON type of a value is another one than the document says."""
    entries = list_body_errors(request, operation, path_values)
    return answer_invalid(entries) if entries else None


def list_body_errors(
    request: HttpRequest, operation: Expected, path_values: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return an entry for each name or JSON type in a body that is another one than the document says."""
    if not operation.bodies:
        return list_needless_names(read_body(request))
    if request.content_type in operation.bodies and FORM in operation.bodies:
        return list_unknown_form_names(request, operation.bodies[FORM])
    schema = operation.bodies.get(JSON)
    body = None if schema is None else read_body(request)
    if schema is None or body is None:
        return []
    return [
        *list_unknown_names(
            operation.id, path_values, body, schema, operation.components
        ),
        *list_ignored_keys(request, operation.id, path_values, body),
        *list_type_errors(body, schema, operation.components),
    ]
