"""How our page types appear in Wagtail's v3 pages endpoint.

Anonymous callers get the public representation. A caller with a token gets streams, rich text and
child relations as they are stored, which is also what a PATCH takes: nothing is lost on the way.
"""

from __future__ import annotations

from typing import Any, cast

from django.db.models import ManyToOneRel, Model
from modelcluster.fields import ParentalKey
from wagtail.api import APIField
from wagtail.api.rich_text import APIRichText
from wagtail.api.v3.registry import ContentTypeRegistration, registry
from wagtail.api.v3.schemas import (
    PageMetaSchema,
    PageSchema,
    read_generator,
)
from wagtail.api.v3.schemas.generators.read import (
    FieldSchema,
    SchemaGenerator,
    reverse_related_schema,
)
from wagtail.models import Page, get_page_models

from treatments.api.fields import RepresentationField, get_own_representation
from treatments.api.representation import get_page_type
from treatments.api.visibility import get_public_pages
from treatments.fields import ArticleRichTextField, ArticleStreamField


def is_source_wanted(context: dict[str, Any]) -> bool:
    """Tell whether the stored form is to be given: to a token, unless it asks for display HTML."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return False
    return request.GET.get("rich_text_format") not in {
        APIRichText.FORMAT_HTML,
        APIRichText.FORMAT_MARKDOWN,
    }


def build_stream_schema(generator: SchemaGenerator, field: Any) -> FieldSchema:
    """Return the read schema of one of our StreamFields."""
    name = field.name

    def resolve(obj: Model, context: dict) -> list[Any]:
        page_type = get_page_type(type(obj))
        if page_type and name in page_type.fields and not is_source_wanted(context):
            return get_own_representation(cast("Page", obj))[name]
        if not is_source_wanted(context):
            return []
        value = getattr(obj, name)
        return value.stream_block.get_api_representation(value, context)

    return list[Any], [], staticmethod(resolve)


def build_rich_text_schema(generator: SchemaGenerator, field: Any) -> FieldSchema:
    """Return the read schema of one of our rich text fields."""
    name = field.name

    def resolve(obj: Model, context: dict) -> Any:
        page_type = get_page_type(type(obj))
        if page_type and name in page_type.fields and not is_source_wanted(context):
            return get_own_representation(cast("Page", obj))[name]
        return getattr(obj, name) if is_source_wanted(context) else None

    return dict[str, str] | str | None, None, staticmethod(resolve)


def build_relation_schema(generator: SchemaGenerator, field: Any) -> FieldSchema:
    """Return the read schema of a child relation: those of our page types are given to tokens only.

    Anonymous callers read ``conditions``, ``related`` and ``governance``, where nothing unpublished is.
    """
    is_child = isinstance(field.remote_field, ParentalKey)
    if not is_child or get_page_type(field.model) is None:
        return reverse_related_schema(generator, field)
    schema = generator.get_reverse_related_schema(field.related_model)
    name = field.get_accessor_name()

    def resolve(obj: Model, context: dict) -> Any:
        return list(getattr(obj, name).all()) if is_source_wanted(context) else None

    return list[schema] | None, None, staticmethod(resolve)  # ty: ignore[invalid-type-form]


class PublicPageMetaSchema(PageMetaSchema):
    """The stock meta fields, without a parent or a source that the caller may not see."""

    @staticmethod
    def resolve_parent(obj: Page, context: dict) -> Page | None:  # ty: ignore[incompatible-method-override]
        """Return the parent, to an anonymous caller only where it is public."""
        return _show(obj.get_parent(), context)

    @staticmethod
    def resolve_alias_of(obj: Page, context: dict) -> Page | None:
        """Return the source of an alias, to an anonymous caller only where it is public."""
        return _show(obj.alias_of, context)


def _show(page: Page | None, context: dict) -> Page | None:
    request = context.get("request")
    if page is None or (request is not None and request.user.is_authenticated):
        return page
    return page if get_public_pages().filter(pk=page.pk).exists() else None


class PublicPageSchema(PageSchema):
    """The stock page, with its path and its translations."""

    meta: PublicPageMetaSchema
    path: str | None = None
    translation_key: str | None = None
    translations: list[dict[str, Any]] = []

    @staticmethod
    def resolve_path(obj: Page, context: dict) -> str | None:
        """Return the path with the locale's prefix."""
        return get_own_representation(obj)["path"]

    @staticmethod
    def resolve_translation_key(obj: Page, context: dict) -> str:
        """Return what the translations of a page share."""
        return str(obj.translation_key)

    @staticmethod
    def resolve_translations(obj: Page, context: dict) -> list[dict[str, Any]]:
        """Return the other languages in which the page is public."""
        return get_own_representation(obj)["translations"]


def register_field_schemas() -> None:
    """Tell Wagtail's v3 generator about our fields. Works before Wagtail's apps are ready only."""
    read_generator.register_field_schema(ArticleStreamField, build_stream_schema)
    read_generator.register_field_schema(ArticleRichTextField, build_rich_text_schema)
    read_generator.register_field_schema(ManyToOneRel, build_relation_schema)


def extend_api_fields(model: type[Page]) -> None:
    """Add the representation's fields to a page model.

    A name that is also writable stands twice: plain for writing, with the serializer for reading.
    """
    page_type = get_page_type(model)
    if page_type is None:
        return
    own = list(getattr(model, "api_fields", []))
    by_generator = {
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, (ArticleStreamField, ArticleRichTextField))
    }
    read = [
        APIField(name, serializer=RepresentationField(name))
        for name in page_type.fields
        if name not in by_generator
    ]
    if "hero" in page_type.fields:
        read.append(APIField("hero_image", serializer=RepresentationField("hero")))
    model.api_fields = [*own, *read]  # ty: ignore[missing-attribute]


def register_page_schemas() -> None:
    """Register every page model anew, on top of the schema that does not leak."""
    for model in get_page_models():
        extend_api_fields(model)
        known = registry.get(model._meta.label)
        registry.register(
            ContentTypeRegistration(
                name=model._meta.label,
                label=str(model._meta.verbose_name),
                # A name of its own: ninja caches schemas by name and would return Wagtail's.
                read_schema=read_generator.build_schema(
                    model,
                    name=f"{model._meta.object_name}DetailSchema",
                    base_class=PublicPageSchema,
                    follow_reverse_related=True,
                ),
                create_schema=known.create_schema if known else None,
                patch_schema=known.patch_schema if known else None,
            )
        )
