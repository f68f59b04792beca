"""The shapes of everything that an article contains, as pydantic models: what the OpenAPI document is made of.

They describe what ``representation`` and its neighbors write and are not run over it: an answer costs
no validation, and the tests check every answer against the document.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, cast

from ninja import Schema
from pydantic import ConfigDict, Field, create_model
from pydantic_core import core_schema
from typing_extensions import TypeAliasType

from snippets.models import Contributor as ContributorModel
from snippets.models import Promotion as PromotionModel
from snippets.models import Reference as ReferenceModel
from snippets.models import Treatment as TreatmentModel
from treatments.models import TreatmentArticleMixin
from treatments.states import ReviewStatus, TranslationStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydantic import GetCoreSchemaHandler


class Documented:
    """Annotates a value that is passed on as it is, and documented as ``shape``.

    ``Annotated[Any, Documented(Article)]`` accepts everything; its JSON schema is that of ``Article``.
    With ``check``, a function from the value that was given to the one that is passed on, which
    raises ValueError, it accepts what the function accepts.
    """

    def __init__(self, shape: Any, check: Callable[[Any], Any] | None = None):
        self.shape = shape
        self.check = check

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return a schema that writes the value unchanged."""
        inner = handler.generate_schema(self.shape)
        options: dict[str, Any] = {
            "metadata": {
                "pydantic_js_functions": [lambda _schema, write: write(inner)]
            },
            # Holds the inner schema, whose components are collected from here.
            "serialization": core_schema.wrap_serializer_function_ser_schema(
                function=lambda value, _write: value, schema=inner
            ),
        }
        if self.check is None:
            return core_schema.any_schema(**options)
        return core_schema.no_info_plain_validator_function(self.check, **options)


def build_model(
    name: str, fields: dict[str, Any], description: str = ""
) -> type[Schema]:
    """Return a model of ``{name: (type, FieldInfo)}``; names that pydantic has itself are fine."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Field name .* shadows", UserWarning)
        return create_model(
            name, __base__=Schema, __doc__=description or None, **fields
        )


def choice_of(codes: Iterable[str]) -> Any:
    """Return the type of one of some codes."""
    return Literal.__getitem__(tuple(codes))


def list_of(item: Any) -> Any:
    """Return the type of a list."""
    return list.__class_getitem__(item)


def one_of(members: Iterable[Any], discriminator: str | None = None) -> Any:
    """Return the union of some types, told apart by a field where one is named."""
    members = tuple(members)
    union = Union.__getitem__(members)
    if discriminator is None or len(members) == 1:
        return union
    return Annotated[union, Field(discriminator=discriminator)]  # ty: ignore[invalid-type-form]


def optional(shape: Any) -> Any:
    """Return a type or null."""
    return one_of((shape, None))


Uuid = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
Uri = Annotated[str, Field(json_schema_extra={"format": "uri"})]
#: An address, or the empty text where there is none.
OptionalUri = Annotated[
    str,
    Field(
        json_schema_extra={
            "anyOf": [{"type": "string", "format": "uri"}, {"const": ""}]
        }
    ),
]
#: An address of a file: a path where files come from the same host.
UriReference = Annotated[str, Field(json_schema_extra={"format": "uri-reference"})]
Path = Annotated[str, Field(description="A path below the site, with the language.")]
Html = Annotated[str, Field(json_schema_extra={"format": "html"})]
IsoDate = Annotated[str, Field(json_schema_extra={"format": "date"})]
IsoTime = Annotated[str, Field(json_schema_extra={"format": "time"})]
IsoDateTime = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
LanguageCode = Annotated[str, Field(description="BCP 47, for example: en, es, pt-br.")]


class RichTextText(Schema):
    """A run of text."""

    type: Literal["text"]
    text: str


class RichTextBreak(Schema):
    """A line break, or a line across the page."""

    type: Literal["break", "rule"]


class RichTextElement(Schema):
    """A part of the text: a paragraph, a list, or words that stand out."""

    type: Literal[
        "paragraph",
        "list_item",
        "quote",
        "bold",
        "italic",
        "subscript",
        "superscript",
        "code",
    ]
    children: list[RichTextNode]


class RichTextHeading(Schema):
    """A heading; ``level`` 2 to 6."""

    type: Literal["heading"]
    level: int = Field(ge=2, le=6)
    children: list[RichTextNode]


class RichTextList(Schema):
    """A list of ``list_item`` nodes."""

    type: Literal["list"]
    ordered: bool
    children: list[RichTextNode]


class RichTextLink(Schema):
    """A link, resolved in the page's language; the ids say what it leads to within the site."""

    type: Literal["link"]
    href: UriReference
    page_id: int | None
    document_id: int | None
    hreflang: LanguageCode | None
    children: list[RichTextNode]


class RichTextTerm(Schema):
    """Words that a glossary term explains; ``id`` is the term's in ``glossary``."""

    type: Literal["term"]
    id: int
    children: list[RichTextNode]


class RichTextCitation(Schema):
    """A citation; ``number`` is that of the entry in ``references``."""

    type: Literal["citation"]
    reference_id: int
    number: int


RichTextNode = Annotated[
    RichTextText
    | RichTextBreak
    | RichTextElement
    | RichTextHeading
    | RichTextList
    | RichTextLink
    | RichTextTerm
    | RichTextCitation,
    Field(discriminator="type"),
]


class RichText(Schema):
    """Formatted text. ``html`` is empty where ``?rich_text=`` asks for another format."""

    html: Html = Field(
        description="Clean display HTML: links resolved in the page's language, "
        '<dfn data-term="7"> for glossary terms, <sup data-reference="3"> for citations.'
    )
    text: str = Field(description="The same as plain text, a line for each paragraph.")
    nodes: list[RichTextNode] = Field(
        default=cast("Any", None),
        description="The text as a tree, with `?rich_text=json` only.",
    )
    markdown: str = Field(
        default=cast("Any", None),
        description="The text as Markdown, with `?rich_text=markdown` only.",
    )


class Rendition(Schema):
    """A file of an image in one size."""

    url: UriReference
    width: int
    height: int


class FocalPoint(Schema):
    """What must stay visible when an image is cropped, in pixels of the original."""

    x: int
    y: int
    width: int
    height: int


class Image(Schema):
    """An image with its description for this use, and its files by name."""

    id: int
    alt: str
    caption: str
    credit: str
    width: int
    height: int
    focal_point: FocalPoint | None
    renditions: dict[str, Rendition] = Field(
        description="Name of the setting IMAGE_RENDITIONS → file."
    )


class Document(Schema):
    """A file to download."""

    id: int
    title: str
    url: UriReference


class PageCard(Schema):
    """Another public page, in the language of this one where it has a translation."""

    id: int
    title: str
    path: Path
    locale: LanguageCode
    fallback: bool = Field(description="True where the page is in another language.")
    summary: str
    kind: str | None = Field(description="The kind of an article; null for others.")
    image: Image | None


class ChosenObject(Schema):
    """An object of the project that has no public form of its own."""

    id: int | str
    title: str


class Code(Schema):
    """A code of a public system."""

    system: Uri
    code: str


class Condition(Schema):
    """A disease or a state of a disease."""

    id: int
    slug: str
    name: str
    description: str
    also_known_as: list[str]
    codes: list[Code]
    locale: LanguageCode


class Treatment(Condition):
    """A therapy or a procedure."""

    schema_type: choice_of(TreatmentModel.SchemaType.values)  # ty: ignore[invalid-type-form]


class Contributor(Schema):
    """Somebody who writes, reviews or translates articles."""

    id: int
    name: str
    credentials: str
    role: choice_of(ContributorModel.Role.values)  # ty: ignore[invalid-type-form]
    affiliation: str
    orcid: str
    interests: str
    locale: LanguageCode


class Issued(Schema):
    """When a source appeared, as precisely as is known."""

    year: int | None
    month: int | None
    day: int | None


class ReferenceFields(Schema):
    """A source, with the names of CSL, the Citation Style Language."""

    id: int
    csl_type: choice_of(ReferenceModel.Type.values)  # ty: ignore[invalid-type-form]
    title: str
    authors: list[str]
    container_title: str
    publisher: str
    issued: Issued
    volume: str
    issue: str
    page: str
    vancouver: str = Field(description="The citation in Vancouver style.")
    pmid: str
    pmcid: str
    doi: str
    nct: str
    url: OptionalUri
    status: choice_of(ReferenceModel.Status.values)  # ty: ignore[invalid-type-form]
    is_sample: bool
    checked_on: IsoDate | None


class Reference(ReferenceFields):
    """A source that the article cites; ``number`` in the order of reading."""

    number: int | None


class Term(Schema):
    """A word that readers may not know, in plain words."""

    id: int
    slug: str
    term: str
    definition: RichText
    aliases: list[str]
    pronunciation: str
    image: Image | None
    locale: LanguageCode = Field(
        description="That of the page, or another where it has no translation."
    )


class PromotionCard(Schema):
    """A promotion that is due now."""

    id: int
    title: str
    text: str
    placement: choice_of(PromotionModel.Placement.values)  # ty: ignore[invalid-type-form]
    image: Image | None
    link_url: OptionalUri
    link_text: str
    is_sponsored: bool


class TocEntry(Schema):
    """A section in the table of contents; ``id`` is that of the block."""

    id: Uuid
    anchor: str
    title: str


class RelatedArticle(Schema):
    """Another article, and how it relates to this one."""

    relation: Literal["before", "after", "alternative", "what_to_expect", "more"]
    page: PageCard


class PublicChangeNote(Schema):
    """What has changed, for readers."""

    date: IsoDate
    kind: Literal["editorial", "clinical", "correction", "withdrawal"]
    text: str


ReviewStateName: Any = choice_of(status.value for status in ReviewStatus)
TranslationStateName: Any = choice_of(status.value for status in TranslationStatus)


class Governance(Schema):
    """Who answers for the article, and when it was reviewed."""

    authors: list[Contributor]
    reviewers: list[Contributor]
    last_reviewed: IsoDate | None
    next_review_due: IsoDate | None
    review_state: ReviewStateName
    change_notes: list[PublicChangeNote]


class TranslationInfo(Schema):
    """How this language version stands to its source; ``status`` null where nobody follows it."""

    source_locale: LanguageCode | None
    status: TranslationStateName | None
    behind_since: IsoDateTime | None
    behind_blocks: list[str] = Field(
        description="Ids of the blocks, and names of the fields, whose source has changed."
    )


class TranslationLink(Schema):
    """Another language in which the page is public."""

    id: int
    locale: LanguageCode
    language: str
    title: str
    path: Path
    html_url: Uri | None
    status: TranslationStateName | None
    behind_since: IsoDateTime | None


class Seo(Schema):
    """For the head of the page and for shared links."""

    title: str
    description: str
    image: Image | None


Version = build_model(
    "Version",
    {
        "number": (
            int,
            Field(description="How often the article was published."),
        ),
        "etag": (str, Field(description="Changes with anything in this document.")),
        "published_at": (IsoDateTime | None, Field()),
        "first_published_at": (IsoDateTime | None, Field()),
        "content_hash": (
            str,
            Field(
                description="SHA-256 of what readers see; the same content has the same hash.",
                pattern="^sha256-[0-9a-f]{64}$",
            ),
        ),
        "schema": (str, Field(description="Version of this shape.")),
    },
    "Which state of the article this is.",
)


#: A list within a list is left out: nothing that we give has one, and generated TypeScript types could
#: not name themselves.
JsonValue = TypeAliasType(
    "JsonValue",
    Union[
        str,
        int,
        float,
        bool,
        "JsonObject",
        list[Union[str, int, float, bool, "JsonObject", None]],
        None,
    ],
)


class JsonObject(Schema):
    """Any object of JSON."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, JsonValue] = Field(init=False)


class JsonLdNode(Schema):
    """A node of schema.org."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, JsonValue] = Field(init=False)


JsonLd = build_model(
    "JsonLd",
    {
        "@context": (Literal["https://schema.org"], Field()),
        "@graph": (list[JsonLdNode], Field()),
    },
    'A document of schema.org, for `<script type="application/ld+json">`.',
)


ArticleKind = choice_of(TreatmentArticleMixin.Kind.values)
ArticleAudience = choice_of(TreatmentArticleMixin.Audience.values)
ArticleIntent = choice_of(TreatmentArticleMixin.Intent.values)
