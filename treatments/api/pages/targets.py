"""What a request with a token reads or writes: one page, snippet, image, document, site or redirect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.admin.utils import unquote
from wagtail.coreutils import resolve_model_string
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Site
from wagtail.permissions import policy_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import Model
    from django.http import HttpRequest


#: First part of an operation's id → the model of what it is about, and the name of its key in the address.
MODELS: dict[str, tuple[Callable[[], type[Model] | None], str]] = {
    "pages": (lambda: Page, "page_id"),
    "images": (get_image_model, "image_id"),
    "documents": (get_document_model, "document_id"),
    "sites": (lambda: Site, "site_id"),
    "redirects": (lambda: find_model("wagtailredirects.Redirect"), "redirect_id"),
}


#: With one of these a token reads drafts.
READ_PERMISSIONS = ("change", "delete", "publish", "view")


@dataclass(slots=True)
class Target:
    """What a request with a token reads or writes.

    Attributes:
        model: Its model.
        pk: Its primary key, as it stands in the address.
        is_write: Whether the request changes it.
        tag: Its entity tag before the answer was made.
        is_undone: Whether a write that fails is undone as a whole: what ``If-Match`` promises.
    """

    model: type[Model]
    pk: str
    is_write: bool
    tag: str = ""
    is_undone: bool = True


def find_model(label: str) -> type[Model] | None:
    """Return a model by its name, or None where its app is not installed."""
    try:
        return apps.get_model(label)
    except LookupError:
        return None


def is_guarded(path: str, method: str, operation_id: str) -> bool:
    """Tell whether an operation of the OpenAPI document changes one thing with an entity tag."""
    kind = operation_id.partition("_")[0]
    is_write = method not in {"get", "head", "options"}
    return (
        is_write and "{" in path.replace("{type}", "") and kind in {*MODELS, "snippets"}
    )


def find_kind(operation_id: str, path_values: Mapping[str, Any]) -> type[Model] | None:
    """Return the model of what an operation is about, where that has entity tags; else None."""
    kind = operation_id.partition("_")[0]
    if kind == "snippets":
        return find_snippet_model(path_values.get("type", ""))
    return MODELS[kind][0]() if kind in MODELS else None


def gives_tag(method: str, operation_id: str) -> bool:
    """Tell whether what an operation of the OpenAPI document makes or changes has an entity tag."""
    is_write = method in {"post", "put", "patch"}
    return is_write and operation_id.partition("_")[0] in {*MODELS, "snippets"}


def find_target(
    request: HttpRequest, operation_id: str, path_values: Mapping[str, Any]
) -> Target | None:
    """Return what an operation is about, where that is one thing with an entity tag; else None."""
    kind, _underscore, action = operation_id.partition("_")
    is_write = request.method not in ("GET", "HEAD")
    if not is_write and action != "detail":
        return None
    model = find_kind(operation_id, path_values)
    pk = MODELS[kind][1] if kind in MODELS else "pk"
    if model is None or pk not in path_values:
        return None
    return Target(model, unquote(str(path_values[pk])), is_write)


def find_snippet_model(label: str) -> type[Model] | None:
    """Return the model that an address of snippets names, or None where there is none."""
    try:
        return resolve_model_string(label)
    except (LookupError, ValueError):
        return None


def may_know(request: HttpRequest, instance: Model) -> bool:
    """Tell whether a token may read something; to all others the view says that they may do nothing here."""
    policy = policy_registry.get(instance)
    return policy.user_has_any_permission_for_instance(
        request.user, READ_PERMISSIONS, instance
    )


def read_instance(target: Target, *, is_locked: bool = False) -> Any:
    """Return the stored thing, or None where there is none."""
    rows: Any = target.model._base_manager.filter(pk=target.pk)
    if is_locked:
        rows = rows.select_for_update(no_key=True, of=("self",))
    try:
        return rows.first()
    except (ValueError, TypeError, OverflowError):
        return None
