"""From block definitions to typed models: what is stored of a block, and what the API takes for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from treatments.content.block_description import describe, get_codes, is_required
from treatments.content.block_shapes import BlockTypes
from treatments.content.shape_types import Uuid, choice_of, optional

if TYPE_CHECKING:
    from wagtail import blocks


class Chosen(Schema):
    """What was chosen, by its id; other names of its public form are ignored."""

    id: int


class RichTextInput(Schema):
    """Rich text in one of the formats that Wagtail takes."""

    format: Literal["db_html", "db_markdown"] = "db_html"
    content: str


class StoredBlockTypes(BlockTypes):
    """What is stored: what a caller with a token reads, and what a POST or PATCH takes.

    A draft can hold null where a value is required to publish.
    """

    suffix = "Input"

    def get_id_field(self) -> tuple[Any, Any]:
        """Return the type of an id, which a new block need not have."""
        return Uuid | None, Field(default=None, title="Block id")

    def get_struct_fields(self, block: blocks.StructBlock) -> dict[str, Any]:
        """Return the fields; one that is left out is stored as if it was left empty."""
        fields = {}
        for name, child in block.child_blocks.items():
            value = self.get_type(child)
            if is_required(child):
                fields[name] = (value, describe(child))
            else:
                fields[name] = (optional(value), describe(child, required=False))
        return fields

    def build_choice(self, block: blocks.ChoiceBlock) -> Any:
        """Return the codes, or null."""
        codes = get_codes(block)
        return optional(choice_of(codes) if codes else str)

    def make_optional(self, block: blocks.FieldBlock, value: Any) -> Any:
        """Return a type or null."""
        return optional(value)

    def build_rich_text(self, block: blocks.RichTextBlock) -> Any:
        """Return Wagtail's database HTML, or another format in an envelope."""
        return (
            Annotated[
                str,
                Field(description="Wagtail's database HTML, with ids in its links."),
            ]
            | RichTextInput
        )

    def build_chooser(self, block: blocks.ChooserBlock) -> Any:
        """Return the id of what was chosen, alone or in an object."""
        return int | Chosen | None

    def build_url(self, block: blocks.FieldBlock) -> Any:
        """Return an address."""
        return str


#: The models of this process, as ``block_schema.public_blocks``.
stored_blocks = StoredBlockTypes()
