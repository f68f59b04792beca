"""How our page types appear in Wagtail's v3 pages endpoint.

Anonymous callers get the public representation. A caller with a token gets streams, rich text and
child relations as they are stored, which is also what a PATCH takes: nothing is lost on the way. The
document names both shapes; those of what is stored end with ``Input``.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads the annotations
from typing import TYPE_CHECKING, Annotated, Any, cast

from django.db.models import ManyToOneRel, Model
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.api.rich_text import APIRichText
from wagtail.api.v3.registry import ContentTypeRegistration, registry
from wagtail.api.v3.schemas import PageMetaSchema, PageSchema, read_generator
from wagtail.api.v3.schemas.generators.read import (
    FieldSchema,
    SchemaGenerator,
    reverse_related_schema,
)
from wagtail.models import Page, get_page_models

from treatments.api.pages.fields import get_own_representation
from treatments.api.pages.stored_blocks import stored_blocks
from treatments.content.block_shapes import public_blocks
from treatments.content.representation import COMMON_SHAPES, get_page_type
from treatments.content.rich_text_shapes import RichText
from treatments.content.shape_types import Documented
from treatments.content.visibility import get_public_pages
from treatments.fields import ArticleRichTextField, ArticleStreamField
from treatments.hashes.normal_forms import normalize_rich_text

if TYPE_CHECKING:
    from treatments.content.representation import PageType


def is_source_wanted(context: dict[str, Any]) -> bool:
    """Tell whether the stored form is to be given: to a token, unless it asks for display HTML."""
    if not is_known(context):
        return False
    return context["request"].GET.get("rich_text_format") not in {
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

    block = field.stream_block
    shape = public_blocks.get_type(block) | stored_blocks.get_type(block)
    return Annotated[Any, Documented(shape)], [], staticmethod(resolve)


def build_rich_text_schema(generator: SchemaGenerator, field: Any) -> FieldSchema:
    """Return the read schema of one of our rich text fields."""
    name = field.name

    def resolve(obj: Model, context: dict) -> Any:
        page_type = get_page_type(type(obj))
        if page_type and name in page_type.fields and not is_source_wanted(context):
            return get_own_representation(cast("Page", obj))[name]
        if not is_source_wanted(context):
            return None
        # What an earlier version has stored can be sent back as it is read.
        return normalize_rich_text(getattr(obj, name))

    shape = Annotated[Any, Documented(RichText | str | None)]
    return shape, None, staticmethod(resolve)


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
    """The stock meta fields, without a parent or a source that the caller may not see.

    When a page expires, and that it has, is told to tokens.
    """

    expire_at: datetime | None = None
    expired: bool | None = None

    @staticmethod
    def resolve_expire_at(obj: Page, context: dict) -> datetime | None:
        """Return when the page stops being public."""
        return obj.expire_at if is_known(context) else None

    @staticmethod
    def resolve_expired(obj: Page, context: dict) -> bool | None:
        """Return whether the page is no longer public for that reason."""
        return is_past(obj) if is_known(context) else None

    @staticmethod
    def resolve_parent(obj: Page, context: dict) -> Page | None:  # ty: ignore[incompatible-method-override]
        """Return the parent, to an anonymous caller only where it is public."""
        return _show(obj.get_parent(), context)

    @staticmethod
    def resolve_alias_of(obj: Page, context: dict) -> Page | None:
        """Return the source of an alias, to an anonymous caller only where it is public."""
        return _show(obj.alias_of, context)


def is_known(context: dict) -> bool:
    """Tell whether the caller has brought a token."""
    request = context.get("request")
    return request is not None and request.user.is_authenticated


def is_past(page: Page) -> bool:
    """Tell whether a page has expired, also where nobody has unpublished it yet."""
    return page.expired or (
        page.expire_at is not None and page.expire_at <= timezone.now()
    )


def _show(page: Page | None, context: dict) -> Page | None:
    if page is None or is_known(context):
        return page
    return page if get_public_pages().filter(pk=page.pk).exists() else None


class PublicPageSchema(PageSchema):
    """The stock page, with a meta that does not leak."""

    meta: PublicPageMetaSchema

    @staticmethod
    def resolve_meta(obj: Page, context: dict) -> Page:  # ty: ignore[incompatible-method-override]
        """Pass the page on; after a write with the address that it has now."""
        request = context.get("request")
        if request is not None and request.method in {"PATCH", "POST"}:
            obj.url_path = Page.objects.values_list("url_path", flat=True).get(
                pk=obj.pk
            )
        return obj


def register_field_schemas() -> None:
    """Tell Wagtail's v3 generator about our fields. Works before Wagtail's apps are ready only."""
    read_generator.register_field_schema(ArticleStreamField, build_stream_schema)
    read_generator.register_field_schema(ArticleRichTextField, build_rich_text_schema)
    read_generator.register_field_schema(ManyToOneRel, build_relation_schema)


def build_representation_fields(
    model: type[Page], page_type: PageType | None
) -> dict[str, FieldSchema]:
    """Return the fields of the representation that the generator does not make of model fields."""
    shapes = dict(COMMON_SHAPES)
    if page_type:
        by_generator = {
            field.name
            for field in model._meta.get_fields()
            if isinstance(field, (ArticleStreamField, ArticleRichTextField))
        }
        typed = page_type.get_shapes(model)
        shapes |= {
            name: typed.get(name, Any)
            for name in page_type.fields
            if name not in by_generator
        }
        if "hero" in page_type.fields:
            shapes["hero_image"] = shapes["hero"]
    return {
        name: build_representation_field(
            shape, "hero" if name == "hero_image" else name
        )
        for name, shape in shapes.items()
    }


def build_representation_field(shape: Any, name: str) -> FieldSchema:
    """Return a field that is read from the representation and documented by its shape."""

    def resolve(obj: Model, context: dict) -> Any:
        return get_own_representation(cast("Page", obj)).get(name)

    return Annotated[Any, Documented(shape)], ..., staticmethod(resolve)


def register_page_schemas() -> None:
    """Register every page model anew, on top of the schema that does not leak."""
    for model in get_page_models():
        known = registry.get(model._meta.label)
        name = model._meta.object_name
        stock = read_generator.build_schema(
            model,
            # A name of its own: ninja caches schemas by name and would return Wagtail's.
            name=f"{name}FieldsSchema",
            base_class=PublicPageSchema,
            follow_reverse_related=True,
        )
        registry.register(
            ContentTypeRegistration(
                name=model._meta.label,
                label=str(model._meta.verbose_name),
                read_schema=read_generator.extend_schema(
                    stock,
                    f"{name}DetailSchema",
                    build_representation_fields(model, get_page_type(model)),
                ),
                create_schema=known.create_schema if known else None,
                patch_schema=known.patch_schema if known else None,
            )
        )
