"""The shapes of everything that an article contains, as pydantic models: what the OpenAPI document is made of.

They describe what ``representation`` and its neighbors write and are not run over it: an answer costs
no validation, and the tests check every answer against the document.
"""

from __future__ import annotations

from typing import Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

from snippets.models import Contributor as ContributorModel
from snippets.models import Promotion as PromotionModel
from snippets.models import Reference as ReferenceModel
from snippets.models import Treatment as TreatmentModel
from treatments.content.rich_text_shapes import RichText
from treatments.content.shape_types import (
    IsoDate,
    IsoDateTime,
    LanguageCode,
    OptionalUri,
    Path,
    Uri,
    UriReference,
    Uuid,
    build_model,
    choice_of,
)
from treatments.models import TreatmentArticleMixin
from treatments.ports.states import ReviewStatus, TranslationStatus


class Rendition(BaseModel):
    """A file of an image in one size."""

    url: UriReference
    width: int
    height: int


class FocalPoint(BaseModel):
    """What must stay visible when an image is cropped, in pixels of the original."""

    x: int
    y: int
    width: int
    height: int


FILE_HASH = "Changes when another file takes the place of this one."


class Image(BaseModel):
    """An image with its description for this use, and its files by name."""

    id: int
    alt: str
    caption: str
    credit: str
    width: int
    height: int
    focal_point: FocalPoint | None
    file_hash: str = Field(description=FILE_HASH)
    renditions: dict[str, Rendition] = Field(
        description="Name of the setting IMAGE_RENDITIONS → file."
    )


class Document(BaseModel):
    """A file to download."""

    id: int
    title: str
    url: UriReference
    file_hash: str = Field(description=FILE_HASH)


class PageCard(BaseModel):
    """Another public page, in the language of this one where it has a translation."""

    id: int
    title: str
    path: Path
    locale: LanguageCode
    fallback: bool = Field(description="True where the page is in another language.")
    summary: str
    kind: str | None = Field(description="The kind of an article; null for others.")
    image: Image | None


class ChosenObject(BaseModel):
    """An object of the project that has no public form of its own."""

    id: int | str
    title: str


class Code(BaseModel):
    """A code of a public system."""

    system: Uri
    code: str


class Condition(BaseModel):
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


class Contributor(BaseModel):
    """Somebody who writes, reviews or translates articles."""

    id: int
    name: str
    credentials: str
    role: choice_of(ContributorModel.Role.values)  # ty: ignore[invalid-type-form]
    affiliation: str
    orcid: str
    interests: str
    locale: LanguageCode


class Issued(BaseModel):
    """When a source appeared, as precisely as is known."""

    year: int | None
    month: int | None
    day: int | None


class ReferenceFields(BaseModel):
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
    vancouver: str = Field(
        description="The citation in Vancouver style. One that no longer stands as published says so at its end, in the language of the page."
    )
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


class Term(BaseModel):
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


class PromotionCard(BaseModel):
    """A promotion that is due now."""

    id: int
    title: str
    text: str
    placement: choice_of(PromotionModel.Placement.values)  # ty: ignore[invalid-type-form]
    image: Image | None
    link_url: OptionalUri
    link_text: str
    is_sponsored: bool


class TocEntry(BaseModel):
    """A section in the table of contents; ``id`` is that of the block."""

    id: Uuid
    anchor: str
    title: str


class RelatedArticle(BaseModel):
    """Another article, and how it relates to this one."""

    relation: Literal["before", "after", "alternative", "what_to_expect", "more"]
    page: PageCard


class PublicChangeNote(BaseModel):
    """What has changed, for readers."""

    date: IsoDate
    kind: Literal["editorial", "clinical", "correction", "withdrawal"]
    text: str


ReviewStateName: Any = choice_of(status.value for status in ReviewStatus)
TranslationStateName: Any = choice_of(status.value for status in TranslationStatus)


class Governance(BaseModel):
    """Who answers for the article, and when it was reviewed."""

    authors: list[Contributor]
    reviewers: list[Contributor]
    last_reviewed: IsoDate | None
    next_review_due: IsoDate | None
    review_state: ReviewStateName
    changed_sections: list[str] = Field(
        description="Which sections do not say what was reviewed: ids of blocks, and `summary`, `key_points`, "
        "`intro`, `questions`, `about` (title, conditions and all the rest) or `order` (sections were added, "
        "removed or moved)."
    )
    notice: str = Field(
        description="What readers are to be told about the review; empty where there is nothing."
    )
    change_notes: list[PublicChangeNote]


class TranslationInfo(BaseModel):
    """How this language version stands to its source; ``status`` null where nobody follows it."""

    source_locale: LanguageCode | None
    status: TranslationStateName | None
    behind_since: IsoDateTime | None
    behind_blocks: list[str] = Field(
        description="Ids of the blocks, and names of the fields, whose source has changed."
    )


class TranslationLink(BaseModel):
    """Another language in which the page is public."""

    id: int
    locale: LanguageCode
    language: str
    title: str
    path: Path
    html_url: Uri | None
    status: TranslationStateName | None
    behind_since: IsoDateTime | None


class Seo(BaseModel):
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


class JsonObject(BaseModel):
    """Any object of JSON."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, JsonValue] = Field(init=False)


class JsonLdNode(BaseModel):
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
