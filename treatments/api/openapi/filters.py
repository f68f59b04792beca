"""The columns that Wagtail's v3 lists can be filtered by, beyond the parameters of their views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from wagtail.api.v3.schemas.pages import BASE_PAGE_READ_FIELDS
from wagtail.api.validators import APIFieldValidator
from wagtail.contrib.redirects.models import Redirect
from wagtail.coreutils import resolve_model_string
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from treatments.fields import ArticleRichTextField, ArticleStreamField

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

IMAGE_FIELDS = ["id", "title", "width", "height"]
DOCUMENT_FIELDS = ["id", "title"]
REDIRECT_FIELDS = ["id", "old_path", "site", "is_permanent", "redirect_page"]
INTEGER = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
JSON_SCHEMAS: tuple[tuple[type[models.Field], dict[str, Any]], ...] = (
    (models.BooleanField, {"type": "boolean"}),
    (models.AutoField, INTEGER),
    (models.IntegerField, {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}),
    (models.DateTimeField, {"type": "string", "format": "date-time"}),
    (models.DateField, {"type": "string", "format": "date"}),
    (models.UUIDField, {"type": "string", "format": "uuid"}),
)


def list_filters(
    operation_id: str, path_values: Mapping[str, Any], query: QueryDict | None = None
) -> dict[str, dict[str, Any]]:
    """Return the JSON schema of every filter of a list by its name; empty for other operations.

    Args:
        operation_id: The operation in the OpenAPI document.
        path_values: The values in the address; snippets have their type there.
        query: The query of the request; pages have their type there. One type has its own columns.
    """
    model, base_fields = find_listed_model(operation_id, path_values, query)
    if model is None:
        return {}
    names = APIFieldValidator(
        model=model, fields=[], base_fields=base_fields, db_fields_only=True
    ).allowed_fields
    return {
        name: schema
        for name in sorted(names)
        if (schema := describe_filter(model, name)) is not None
    }


def find_listed_model(
    operation_id: str, path_values: Mapping[str, Any], query: QueryDict | None
) -> tuple[type[models.Model] | None, list[str]]:
    """Return the model whose columns filter a list, and those that its view always allows."""
    if operation_id == "pages_list":
        types = query.getlist("type") if query is not None else []
        model = find_model(types[0]) if len(types) == 1 else Page
        return model, [*BASE_PAGE_READ_FIELDS, "id"]
    if operation_id == "snippets_list":
        model = find_model(path_values.get("type", ""))
        return model, [model._meta.pk.name] if model else []
    return {
        "images_list": (get_image_model(), IMAGE_FIELDS),
        "documents_list": (get_document_model(), DOCUMENT_FIELDS),
        "redirects_list": (Redirect, REDIRECT_FIELDS),
    }.get(operation_id, (None, []))


def find_model(name: str) -> type[models.Model] | None:
    """Return a model by its label, or None."""
    try:
        return resolve_model_string(name) if name else None
    except (LookupError, ValueError):
        return None


def describe_filter(model: type[models.Model], name: str) -> dict[str, Any] | None:
    """Return the JSON schema of a filter, or None where a list cannot be filtered by the field."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if field.many_to_many and not isinstance(field, models.ManyToManyField):
        # Tags: their manager is no field of Django's.
        return {"type": "array", "items": {"type": "string", "minLength": 1}}
    if not is_filterable(model, name):
        return None
    if isinstance(field, models.ForeignKey):
        field = field.target_field
    for kind, schema in JSON_SCHEMAS:
        if isinstance(field, kind):
            return dict(schema)
    return {"type": "string"}


def is_filterable(model: type[models.Model], name: str) -> bool:
    """Tell whether lists can be filtered and ordered by a field: plain columns, never content."""
    field = next(
        (
            field
            for field in model._meta.get_fields()
            if name in (field.name, getattr(field, "attname", None))
        ),
        None,
    )
    if field is None or not getattr(field, "concrete", False) or field.many_to_many:
        return False
    if isinstance(field, models.ForeignKey):
        return not issubclass(field.related_model, Page)
    return not isinstance(
        field,
        (ArticleStreamField, ArticleRichTextField, models.TextField, models.JSONField),
    )
