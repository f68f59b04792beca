"""The endpoints of Wagtail's v2 API: stock parameters and shapes, with everything chosen expanded.

Answers depend on the address only: a session never shows more than an anonymous caller sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from rest_framework.exceptions import APIException
from rest_framework.fields import Field
from rest_framework.renderers import JSONRenderer
from wagtail.api import APIField
from wagtail.api.v2.filters import (
    FieldsFilter,
    LocaleFilter,
    OrderingFilter,
    SearchFilter,
)
from wagtail.api.v2.serializers import PageSerializer, get_serializer_class
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import BaseAPIViewSet, PagesAPIViewSet
from wagtail.contrib.redirects.api.v2 import RedirectsAPIViewSet
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet
from wagtail.models import Page

from treatments.api.errors import problem_response
from treatments.api.fields import CONTEXT_KEY, RepresentationField, Representations
from treatments.api.parameters import (
    MAX_OFFSET,
    ParameterError,
    check_characters,
    read_int,
)
from treatments.api.paths import find_public_page
from treatments.api.redirects import get_public_redirects
from treatments.api.representation import COMMON_FIELDS, get_page_type
from treatments.api.snippets import (
    ENDPOINTS,
    SnippetEndpoint,
    get_public_snippets,
    represent_snippets,
)
from treatments.api.visibility import get_private_collection_ids, get_public_pages
from treatments.fields import ArticleRichTextField, ArticleStreamField

if TYPE_CHECKING:
    from wagtail.api.v2.router import WagtailAPIRouter

#: Names that exist for writing through v3 only.
WRITE_ONLY_FIELDS = frozenset(
    [
        "hero_image",
        "hero_image_alt",
        "article_conditions",
        "article_contributors",
        "related_articles",
        "featured_articles",
    ]
)


class SafeErrorsMixin:
    """Turns every bad parameter into a 400 with a sentence, and never answers with a page or HTML."""

    renderer_classes = [JSONRenderer]
    known_query_parameters = BaseAPIViewSet.known_query_parameters - {"format"}

    def check_query_parameters(self, queryset):
        """Refuse unknown parameters, null characters, and an offset beyond every list."""
        super().check_query_parameters(queryset)  # ty: ignore[missing-attribute]
        try:
            check_characters(self.request.GET)  # ty: ignore[missing-attribute]
            read_int(self.request.GET, "offset", 0, 0, MAX_OFFSET)  # ty: ignore[missing-attribute]
        except ParameterError as error:
            raise BadRequestError(str(error)) from error

    def filter_queryset(self, queryset):
        """Refuse a value that the database field does not take."""
        try:
            return super().filter_queryset(queryset)  # ty: ignore[missing-attribute]
        except (ValidationError, ValueError, TypeError, OverflowError) as error:
            raise BadRequestError(
                "a filter value is not valid for its field"
            ) from error

    def handle_exception(self, exc: Exception):
        """Answer in the shape of the contract."""
        if isinstance(exc, Http404):
            return problem_response(404, "There is nothing public at this address.")
        if isinstance(exc, BadRequestError):
            return problem_response(400, str(exc))
        if isinstance(exc, APIException):
            return problem_response(exc.status_code, str(exc.detail))
        return super().handle_exception(exc)  # ty: ignore[missing-attribute]

    @classmethod
    def get_available_fields(cls, model, db_fields_only: bool = False):
        """Filter and order by plain columns only."""
        names = super().get_available_fields(model, db_fields_only)  # ty: ignore[missing-attribute]
        if not db_fields_only:
            return names
        return [name for name in names if is_filterable(model, name)]


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


class PublicAliasOfField(Field):
    """The source of an alias where it is public; the stock field shows the title of a private one."""

    def get_attribute(self, instance: Page) -> Page | None:
        """Return the public source."""
        return self.context["public_sources"].get(instance.alias_of_id)

    def to_representation(self, value: Page) -> dict[str, Any]:
        """Return the stock shape."""
        serializer_class = get_serializer_class(
            type(value),
            ["id", "type", "detail_url", "html_url", "title"],
            meta_fields=["type", "detail_url", "html_url"],
            base=PageSerializer,
        )
        return serializer_class(context=self.context).to_representation(value)


class TreatmentPagesAPIViewSet(SafeErrorsMixin, PagesAPIViewSet):
    """Pages with their representation; a list costs the same number of queries whatever its length."""

    known_query_parameters = PagesAPIViewSet.known_query_parameters - {"format"}
    body_fields = [
        *PagesAPIViewSet.body_fields,
        *(
            APIField(name, serializer=RepresentationField(name))
            for name in COMMON_FIELDS
        ),
    ]
    detail_only_fields = PagesAPIViewSet.detail_only_fields

    @classmethod
    def get_body_fields(cls, model):
        """Read our page types from their representation, and other fields of a project as usual."""
        page_type = get_page_type(model)
        base = cls._convert_api_fields(cls.body_fields)
        if page_type is None:
            return base + cls._convert_api_fields(getattr(model, "api_fields", ()))
        own = [
            field
            for field in cls._convert_api_fields(getattr(model, "api_fields", ()))
            if field.name not in WRITE_ONLY_FIELDS
            and field.name not in page_type.fields
        ]
        return [
            *base,
            *(
                APIField(name, serializer=RepresentationField(name))
                for name in page_type.fields
            ),
            *own,
        ]

    @classmethod
    def get_meta_fields(cls, model):
        """Give the source of an alias where it is public."""
        return [
            APIField("alias_of", serializer=PublicAliasOfField())
            if field.name == "alias_of"
            else field
            for field in super().get_meta_fields(model)
        ]

    def get_base_queryset(self):
        """Return what everybody may see, whatever the session."""
        return (
            super().get_base_queryset().filter(pk__in=get_public_pages().values("pk"))
        )

    def get_queryset(self):
        """Load what every page is answered with."""
        return super().get_queryset().select_related("locale", "content_type")

    def paginate_queryset(self, queryset):
        """Remember the pages of the answer, so that they are represented together."""
        self.answered_pages = super().paginate_queryset(queryset)
        return self.answered_pages

    def get_serializer_context(self):
        """Add the representations of all pages of the answer."""
        context = super().get_serializer_context()
        pages = getattr(self, "answered_pages", None)
        if pages is None:
            pages = [self.get_object()] if "pk" in self.kwargs else []
        specific = list(pages)
        sources = {page.alias_of_id for page in specific if page.alias_of_id}
        context[CONTEXT_KEY] = Representations(lambda: specific)
        context["public_sources"] = (
            {
                page.pk: page
                for page in get_public_pages()
                .filter(pk__in=sources)
                .select_related("locale", "content_type")
            }
            if sources
            else {}
        )
        return context

    def find_view(self, request: HttpRequest):
        """Redirect within the host that was asked; the stock redirect leads to the site's hostname."""
        response = super().find_view(request)
        location = urlsplit(response["Location"])
        response["Location"] = urlunsplit(("", "", location.path, location.query, ""))
        return response

    def find_object(self, queryset, request: HttpRequest):
        """Find a page by its path in any language."""
        path = request.GET.get("html_path")
        if path is not None:
            page = find_public_page(request, path)
            if page is not None and queryset.filter(pk=page.pk).exists():
                return page
            return None
        try:
            return BaseAPIViewSet.find_object(self, queryset, request)
        except (ValueError, OverflowError) as error:
            raise BadRequestError("id must be a number") from error


class PublicImagesAPIViewSet(SafeErrorsMixin, ImagesAPIViewSet):
    """Images outside private collections."""

    def get_queryset(self):
        """Leave out what a session might open."""
        return (
            super().get_queryset().exclude(collection__in=get_private_collection_ids())
        )


class PublicDocumentsAPIViewSet(SafeErrorsMixin, DocumentsAPIViewSet):
    """Documents outside private collections."""

    def get_queryset(self):
        """Leave out what a session might open."""
        return (
            super().get_queryset().exclude(collection__in=get_private_collection_ids())
        )


class PublicRedirectsAPIViewSet(SafeErrorsMixin, RedirectsAPIViewSet):
    """Redirects that lead to something public."""

    def get_queryset(self):
        """Leave out the addresses of unpublished pages."""
        return get_public_redirects()

    def find_object(self, queryset, request: HttpRequest):
        """Find a public redirect by its old path."""
        found = super().find_object(queryset, request)
        return (
            found
            if found is not None and queryset.filter(pk=found.pk).exists()
            else None
        )


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


def register_endpoints(router: WagtailAPIRouter) -> None:
    """Register our endpoints with a project's v2 router."""
    router.register_endpoint("pages", TreatmentPagesAPIViewSet)
    router.register_endpoint("images", PublicImagesAPIViewSet)
    router.register_endpoint("documents", PublicDocumentsAPIViewSet)
    router.register_endpoint("redirects", PublicRedirectsAPIViewSet)
    for endpoint in ENDPOINTS.values():
        router.register_endpoint(endpoint.name, build_snippet_viewset(endpoint))
