"""The shapes of the answers of ``/api/v3/articles/`` and its neighbors."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, cast

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field, create_model
from wagtail.models import get_page_models

from treatments.api.site.schemas import SiteLicense
from treatments.blocks.streams import SectionBlock
from treatments.content import shapes as schemas
from treatments.content.article_fields import CARD_FIELDS, get_document_shapes
from treatments.content.block_shapes import public_blocks
from treatments.content.lookups import get_article_models
from treatments.content.shape_types import (
    Html,
    IsoDate,
    IsoDateTime,
    LanguageCode,
    Path,
    Uri,
    UriReference,
    Uuid,
    build_model,
    choice_of,
    list_of,
    one_of,
)


class Highlight(Schema):
    """Where the words of a search were found."""

    field: Literal["title", "names", "summary", "headings", "text"]
    html: Html = Field(
        description="Escaped text with `<mark>` around the words that match."
    )


#: What a card says beside what it has of the document.
CARD_SHAPES: dict[str, Any] = {
    "has_criteria": bool,
    "has_steps": bool,
    "published_at": IsoDateTime | None,
    "first_published_at": IsoDateTime | None,
    "review_state": schemas.ReviewStateName,
    "last_reviewed": IsoDate | None,
    "next_review_due": IsoDate | None,
    "translation_status": schemas.TranslationStateName | None,
    "highlights": list[Highlight],
}


@cache
def get_card_shapes() -> dict[str, Any]:
    """Return the type of each field of a card."""
    models = get_article_models()
    known = get_document_shapes(models[0]) | {
        "type": choice_of(model._meta.label for model in models)
    }
    return {key: known[name] for key, name in CARD_FIELDS.items()} | CARD_SHAPES


@cache
def get_article_schema(model: type[Any]) -> type[BaseModel]:
    """Return the shape of the articles of one page model: ``Article`` for ours."""
    is_own = model._meta.label == "treatments.TreatmentPage"
    return build_model(
        "Article" if is_own else f"{model.__name__.removesuffix('Page')}Article",
        {key: (shape, Field()) for key, shape in get_document_shapes(model).items()},
        f"One article of the type {model._meta.label}, in one language.",
    )


@cache
def get_article_types() -> Any:
    """Return the union of the installed article types, told apart by ``type``."""
    shapes = [get_article_schema(model) for model in get_article_models()]
    return one_of(shapes, discriminator="type")


@cache
def get_card_schema() -> type[BaseModel]:
    """Return the shape of an entry of a list."""
    return build_model(
        "ArticleCard",
        {key: (shape, Field()) for key, shape in get_card_shapes().items()},
        "What a list shows of an article. `highlights` is filled by a search.",
    )


@cache
def get_partial_schema() -> type[BaseModel]:
    """Return the shape of an article or a card of which some fields were asked for."""
    shapes: dict[str, list[Any]] = {}
    for model in get_article_models():
        for name, shape in get_document_shapes(model).items():
            known = shapes.setdefault(name, [])
            if shape not in known:
                known.append(shape)
    for name, shape in get_card_shapes().items():
        shapes.setdefault(name, [shape])
    fields: dict[str, Any] = {
        name: (one_of(kinds), Field(default=None)) for name, kinds in shapes.items()
    }
    fields["id"] = (int, Field())
    fields["type"] = (one_of(shapes["type"]), Field())
    return build_model(
        "PartialArticle",
        fields,
        "An article or a card with the fields of `?fields=` only.",
    )


class AnyPage(Schema):
    """What every page of the site has, beside the fields of its type."""

    model_config = ConfigDict(extra="allow")

    id: int
    # `?fields=` leaves out what was not asked for.
    locale: LanguageCode = cast("Any", None)
    title: str = cast("Any", None)
    path: Path = cast("Any", None)
    html_url: Uri | None = None
    translation_key: Uuid = cast("Any", None)
    translations: list[schemas.TranslationLink] = cast("Any", None)


@cache
def get_other_page_schema() -> type[BaseModel]:
    """Return the shape of a page that is no article."""
    articles = get_article_models()
    models = (model for model in get_page_models() if model not in articles)
    types = choice_of(model._meta.label for model in models)
    return create_model(
        "OtherPage",
        __base__=AnyPage,
        __doc__="A page of the site that is no article: an index, the home page, or one of the project's own.",
        type=(types, Field()),
    )


class FacetValue(Schema):
    """One value of a facet, and how many of the articles found have it."""

    value: str
    label: str = Field(description="For people, in the language of the list.")
    count: int


FACETS = (
    "locale",
    "kind",
    "audience",
    "intent",
    "condition",
    "treatment",
    "review_state",
    "translation_status",
    "has_criteria",
    "has_steps",
)
Facets = build_model(
    "Facets",
    {name: (list_of(FacetValue), Field(default=None)) for name in FACETS},
    "The facets that were asked for. The counts of a facet leave its own filter out of account.",
)


@cache
def get_list_schema() -> type[BaseModel]:
    """Return the shape of a list of articles."""
    return build_model(
        "ArticleList",
        {
            "count": (int, Field(description="How many articles there are in all.")),
            "items": (
                list_of(one_of((get_card_schema(), get_partial_schema()))),
                Field(),
            ),
            "next": (
                UriReference | None,
                Field(
                    description="The address of what comes next, or null at the end."
                ),
            ),
            "next_cursor": (
                str | None,
                Field(description="For `?cursor=`; null at the end."),
            ),
            "facets": (Facets | None, Field(description="With `?facets=` only.")),
        },
        "Articles as cards, or with the fields of `?fields=`.",
    )


ArticleCardList = build_model(
    "ArticleCardList",
    {
        "count": (int, Field(ge=0, description="How many entries there are in all.")),
        "items": (list_of(get_card_schema()), Field()),
    },
    "A part of the public articles that use an entry, by title, each in its own language.",
)


class ArticleMoved(Schema):
    """Where an address leads to today."""

    type: Literal["moved"]
    moved_to: UriReference
    is_permanent: bool


class Attribution(Schema):
    """Whom to name, and where the whole article is."""

    organization: str
    text: str = Field(description="A line to show below the section.")
    url: Uri | None = Field(description="The section in its article.")


@cache
def get_section_schema() -> type[BaseModel]:
    """Return the shape of a section on its own."""
    return build_model(
        "StandaloneSection",
        {
            "section": (get_section_blocks(), Field()),
            "anchor": (str, Field()),
            "article": (get_card_schema(), Field()),
            "references": (
                list[schemas.Reference],
                Field(description="Those that the section cites."),
            ),
            "glossary": (
                list[schemas.Term],
                Field(description="The terms that the section uses."),
            ),
            "governance": (schemas.Governance, Field()),
            "content_hash": (str, Field(pattern="^sha256-[0-9a-f]{64}$")),
            "attribution": (Attribution, Field()),
            "license": (
                SiteLicense | None,
                Field(description="Null where all rights are reserved."),
            ),
        },
        "A section that may be shown without its article.",
    )


def get_section_blocks() -> Any:
    """Return the union of the section blocks of the installed article types."""
    members = []
    for model in get_article_models():
        body = model._meta.get_field("body").stream_block
        for name, block in body.child_blocks.items():
            if isinstance(block, SectionBlock):
                member = public_blocks.build_child(body, name, block)
                if member not in members:
                    members.append(member)
    return one_of(members)


class EvidenceVariable(Schema):
    """A FHIR R5 EvidenceVariable; see https://hl7.org/fhir/R5/evidencevariable.html."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, schemas.JsonValue] = Field(init=False)

    resourceType: Literal["EvidenceVariable"]
    id: Uuid
    url: Uri
    status: Literal["active"]
