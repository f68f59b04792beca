"""The shapes of rich text: HTML, and the same as a tree of nodes."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, Field

from treatments.content.shape_types import Html, LanguageCode, UriReference


class RichTextText(BaseModel):
    """A run of text."""

    type: Literal["text"]
    text: str


class RichTextBreak(BaseModel):
    """A line break, or a line across the page."""

    type: Literal["break", "rule"]


class RichTextElement(BaseModel):
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


class RichTextHeading(BaseModel):
    """A heading; ``level`` 2 to 6."""

    type: Literal["heading"]
    level: int = Field(ge=2, le=6)
    children: list[RichTextNode]


class RichTextList(BaseModel):
    """A list of ``list_item`` nodes."""

    type: Literal["list"]
    ordered: bool
    children: list[RichTextNode]


class RichTextLink(BaseModel):
    """A link, resolved in the page's language; the ids say what it leads to within the site."""

    type: Literal["link"]
    href: UriReference
    page_id: int | None
    document_id: int | None
    hreflang: LanguageCode | None
    children: list[RichTextNode]


class RichTextTerm(BaseModel):
    """Words that a glossary term explains; ``id`` is the term's in ``glossary``."""

    type: Literal["term"]
    id: int
    children: list[RichTextNode]


class RichTextCitation(BaseModel):
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


class RichText(BaseModel):
    """Formatted text. ``html`` is empty where ``?rich_text=`` asks for another format."""

    html: Html = Field(
        description="Clean display HTML: links resolved in the page's language, "
        '<dfn data-term="7"> for glossary terms, <sup data-reference="3"> for citations.'
    )
    text: str = Field(
        description="The same as plain text: a line for each paragraph, list item and table row; "
        "what stands above or below the line as “10⁹” and “H₂O”, else as “10^(1/2)” and “T_(1/2)”."
    )
    nodes: list[RichTextNode] = Field(
        default=cast("Any", None),
        description="The text as a tree, with `?rich_text=json` only.",
    )
    markdown: str = Field(
        default=cast("Any", None),
        description="The text as Markdown, with `?rich_text=markdown` only.",
    )
