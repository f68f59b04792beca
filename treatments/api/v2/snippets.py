"""The reference content in v2: glossary, references, contributors, conditions and treatments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.fields import Field
from wagtail.api import APIField
from wagtail.api.v2.filters import (
    FieldsFilter,
    LocaleFilter,
    OrderingFilter,
    SearchFilter,
)
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import BaseAPIViewSet

from treatments.api.pages.fields import CONTEXT_KEY, Representations
from treatments.content.snippets import (
    SnippetEndpoint,
    get_public_snippets,
    represent_snippets,
)

if TYPE_CHECKING:
    from django.db import models
from treatments.api.v2.parameters import SafeErrorsMixin


class SnippetField(Field):
    """One public field of a snippet."""

    def __init__(self, name: str, **kwargs):
        self.public_name = name
        super().__init__(read_only=True, **kwargs)

    def get_attribute(self, instance: models.Model) -> models.Model:
        """Take the whole snippet."""
        return instance

    def to_representation(self, value: models.Model) -> Any:
        """Return the field from the representations of the answer."""
        return self.context[CONTEXT_KEY].get(value).get(self.public_name)


class SnippetsAPIViewSet(SafeErrorsMixin, BaseAPIViewSet):
    """Published snippets of one kind, with stock parameters and ``locale`` where there are languages."""

    endpoint: SnippetEndpoint

    @classmethod
    def get_body_fields(cls, model):
        """Read every field from the representation."""
        names = cls.endpoint.fields
        if cls.endpoint.is_translatable:
            names = (*names, "translation_key", "translations")
        return [
            APIField("id"),
            *(APIField(name, serializer=SnippetField(name)) for name in names),
        ]

    @classmethod
    def get_meta_fields(cls, model):
        """Add the language."""
        names = super().get_meta_fields(model)
        return (
            [*names, APIField("locale", serializer=SnippetField("locale"))]
            if cls.endpoint.is_translatable
            else names
        )

    @classmethod
    def get_listing_default_fields(cls, model):
        """Lists give everything: these entries are small."""
        return cls.get_available_fields(model)

    @classmethod
    def get_available_fields(cls, model, db_fields_only: bool = False):
        """Filter by the endpoint's own columns, and order by them and by the name."""
        if db_fields_only:
            return ["id", *cls.endpoint.filters, cls.endpoint.order[0]]
        return super().get_available_fields(model, db_fields_only)

    def check_query_parameters(self, queryset):
        """Refuse ``locale`` where there are no languages."""
        super().check_query_parameters(queryset)
        if "locale" in self.request.GET and not self.endpoint.is_translatable:
            raise BadRequestError(
                "these entries are the same in every language: locale is not a parameter"
            )

    def get_queryset(self):
        """Return the published entries."""
        return get_public_snippets(self.model).order_by(*self.endpoint.order)  # ty: ignore[invalid-argument-type]

    def paginate_queryset(self, queryset):
        """Remember the entries of the answer, so that they are represented together."""
        self.answered = super().paginate_queryset(queryset)
        return self.answered

    def get_serializer_context(self):
        """Add the representations of all entries of the answer."""
        context = super().get_serializer_context()
        answered = getattr(self, "answered", None)
        if answered is None:
            answered = [self.get_object()] if "pk" in self.kwargs else []
        context[CONTEXT_KEY] = Representations(
            lambda: list(answered), represent_snippets
        )
        return context


def build_snippet_viewset(endpoint_: SnippetEndpoint) -> type[SnippetsAPIViewSet]:
    """Return the viewset class of one kind of snippet."""

    class ViewSet(SnippetsAPIViewSet):
        endpoint = endpoint_
        model = endpoint_.model
        name = endpoint_.name
        filter_backends = [
            FieldsFilter,
            *([LocaleFilter] if endpoint_.is_translatable else []),
            OrderingFilter,
            SearchFilter,
        ]
        known_query_parameters = SnippetsAPIViewSet.known_query_parameters | {"locale"}

    ViewSet.__name__ = f"{endpoint_.model.__name__}APIViewSet"
    return ViewSet
