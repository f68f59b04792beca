"""The doors of the API through which something goes that public articles use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import unquote
from wagtail.coreutils import resolve_model_string
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.permissions import policy_registry

from treatments.api.http.errors import answer_invalid, problem_response
from treatments.api.http.pointers import build_entry
from treatments.api.http.problems import ProblemType
from treatments.content.removals import InUseError, prepare_removal
from treatments.content.replacing import ReplacementError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse


def check_snippet_deletion(
    request: HttpRequest, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 409 with the places where a snippet is used that would be deleted."""
    return check_snippet(request, path_values, is_deleted=True)


def check_snippet_unpublication(
    request: HttpRequest, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 409 with the places where a snippet is used that would be unpublished."""
    return check_snippet(request, path_values, is_deleted=False)


def check_snippet(
    request: HttpRequest, path_values: Mapping[str, Any], *, is_deleted: bool
) -> HttpResponse | None:
    """Return a 409 with the places where a snippet is used."""
    try:
        model = resolve_model_string(path_values["type"])
    except (LookupError, ValueError):
        return None
    return check_removal(
        request, model, unquote(path_values["pk"]), is_deleted=is_deleted
    )


def check_image_deletion(
    request: HttpRequest, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 409 with the places where an image is used that would be deleted."""
    pk = path_values["image_id"]
    return check_removal(request, get_image_model(), pk, is_deleted=True)


def check_document_deletion(
    request: HttpRequest, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 409 with the places where a document is used that would be deleted."""
    pk = path_values["document_id"]
    return check_removal(request, get_document_model(), pk, is_deleted=True)


def check_removal(
    request: HttpRequest, model: type[Model], pk: Any, *, is_deleted: bool
) -> HttpResponse | None:
    """Return a 409 with the places, or go on as the parameters say."""
    instance = model._default_manager.filter(pk=pk).first()
    right = "delete" if is_deleted else "publish"
    policy = policy_registry.get_by_type(model)
    if instance is None or not policy.user_has_permission_for_instance(
        request.user, right, instance
    ):
        return None
    replace_by, reason = request.GET.get("replace_by"), request.GET.get("reason", "")
    if replace_by and reason.strip():
        message = "Give replace_by or reason, not both: one replaces, the other removes at once."
        return problem_response(400, message, ProblemType.INVALID_PARAMETER)
    try:
        prepare_removal(
            [instance],
            request.user,
            is_deleted=is_deleted,
            replace_by=replace_by,
            reason=reason,
        )
    except InUseError as error:
        return problem_response(
            409,
            error.detail,
            ProblemType.IN_USE,
            extra={"places": [use.represent() for use in error.uses]},
        )
    except ReplacementError as error:
        name = "replace_by"
        return answer_invalid([build_entry(name, [name], "replacement", str(error))])
    return None
