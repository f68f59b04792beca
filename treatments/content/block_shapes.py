"""From block definitions to typed models: what the API gives for a block. ``stored_block_schema`` says what it takes.

The rules follow ``block_values``, which writes the values. A model is named after its block class, so
that a project's subclass has a model of its own; two classes of one name get different names.
Labels and help texts become titles and descriptions, in the language of the source code.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from django.utils import translation
from pydantic import BaseModel, Field
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from snippets.models import Condition, Contributor, GlossaryTerm, Reference, Treatment
from treatments.blocks.links import PromotionSlotBlock
from treatments.content import shapes
from treatments.content.block_description import (
    describe,
    get_codes,
    get_label,
    get_own_type,
    get_text,
    is_required,
    to_camel,
    to_snake,
)
from treatments.content.blocks import has_own_representation
from treatments.content.rich_text_shapes import RichText
from treatments.content.shape_types import (
    Html,
    IsoDate,
    IsoDateTime,
    IsoTime,
    OptionalUri,
    Uri,
    Uuid,
    build_model,
    choice_of,
    list_of,
    one_of,
    optional,
)

#: model → its public form
PUBLIC_FORMS: dict[type, Any] = {
    Reference: shapes.Reference,
    GlossaryTerm: shapes.Term,
    Contributor: shapes.Contributor,
    Condition: shapes.Condition,
    Treatment: shapes.Treatment,
}


class TableBlockValue(BaseModel):
    """The value of Wagtail's TableBlock."""

    caption: str
    has_header_row: bool
    has_header_column: bool
    data: list[list[str | int | float | bool | None]]


class BlockTypes:
    """The types of block values. Subclassed for reading and for writing; each holds its own models."""

    #: What the models' names end with.
    suffix = ""

    def __init__(self) -> None:
        self._models: dict[str, tuple[Any, type[BaseModel]]] = {}
        self._types: dict[int, tuple[blocks.Block, Any]] = {}

    def get_type(self, block: blocks.Block) -> Any:
        """Return the type of a block's value. The same block gives the same type."""
        if id(block) not in self._types:
            with translation.override(None):
                self._types[id(block)] = (block, self.build_type(block))
        return self._types[id(block)][1]

    def build_type(self, block: blocks.Block) -> Any:
        """Return the type of a block's value by the class of the block; the first that fits decides."""
        for block_classes, method_name in self.builders:
            if isinstance(block, block_classes):
                return getattr(self, method_name)(block)
        return self.build_unknown(block)

    builders: tuple[tuple[Any, str], ...] = (
        (TypedTableBlock, "build_typed_table"),
        (TableBlock, "build_table"),
        (blocks.StreamBlock, "build_stream"),
        (blocks.StructBlock, "build_struct"),
        (blocks.ListBlock, "build_list"),
        (blocks.RichTextBlock, "build_rich_text"),
        (blocks.ChooserBlock, "build_chooser"),
        (blocks.StaticBlock, "build_static"),
        (blocks.BooleanBlock, "build_boolean"),
        (blocks.MultipleChoiceBlock, "build_multiple_choice"),
        (blocks.ChoiceBlock, "build_choice"),
        (blocks.IntegerBlock, "build_integer"),
        (blocks.FloatBlock, "build_float"),
        (blocks.DecimalBlock, "build_decimal"),
        (blocks.DateTimeBlock, "build_date_time"),
        (blocks.DateBlock, "build_date"),
        (blocks.TimeBlock, "build_time"),
        (blocks.URLBlock, "build_url"),
        (blocks.RawHTMLBlock, "build_html"),
        (
            (
                blocks.CharBlock,
                blocks.TextBlock,
                blocks.RegexBlock,
                blocks.EmailBlock,
            ),
            "build_text",
        ),
    )

    def build_unknown(self, block: blocks.Block) -> Any:
        """Return the type of a project's own kind of block, which says nothing about itself."""
        return Any

    def build_stream(self, block: blocks.StreamBlock) -> Any:
        """Return a list of the children, told apart by ``type``."""
        members = tuple(
            self.build_child(block, name, child)
            for name, child in block.child_blocks.items()
        )
        if not members:
            return list[Any]
        return list_of(one_of(members, discriminator="type"))

    def build_child(
        self, stream: blocks.StreamBlock, name: str, child: blocks.Block
    ) -> Any:
        """Return the model of a stream's child: ``{"type", "id", "value"}``."""
        return self.add_model(
            self.name_child(stream, name, child),
            {
                "type": (choice_of([name]), Field(title="Type")),
                "id": self.get_id_field(),
                "value": (self.get_type(child), describe(child)),
            },
            get_text(child, "description")
            or get_text(child, "help_text")
            or get_label(child),
        )

    def get_id_field(self) -> tuple[Any, Any]:
        """Return the type of a child's id."""
        return Uuid, Field(title="Block id")

    def name_child(
        self, stream: blocks.StreamBlock, name: str, child: blocks.Block
    ) -> str:
        """Return ``CriteriaListBlock`` for its usual name, ``BeforePhaseBlock`` for another.

        A leaf is named after the stream that it stands in: ``KeyPointsPointBlock``.
        """
        class_name = type(child).__name__.removesuffix("Block")
        if not isinstance(child, (blocks.StructBlock, blocks.StreamBlock)):
            stream_name = re.sub("(Stream)?Block$", "", type(stream).__name__)
            usual = to_snake(class_name) == name
            return f"{class_name if usual else stream_name + to_camel(name)}Block"
        is_usual = name == "item" or to_snake(class_name).endswith(name)
        return f"{'' if is_usual else to_camel(name)}{class_name}Block"

    def build_struct(self, block: blocks.StructBlock) -> Any:
        """Return the model of a struct's value."""
        return self.add_model(
            f"{type(block).__name__.removesuffix('Block')}Value",
            self.get_struct_fields(block),
            get_label(block),
        )

    def get_struct_fields(self, block: blocks.StructBlock) -> dict[str, Any]:
        """Return the fields of a struct's value."""
        return {
            name: (self.get_type(child), describe(child))
            for name, child in block.child_blocks.items()
        }

    def build_list(self, block: blocks.ListBlock) -> Any:
        """Return a list."""
        return list_of(self.get_type(block.child_block))

    def build_static(self, block: blocks.Block) -> Any:
        """Return null: the block has no value."""
        return None

    def build_boolean(self, block: blocks.Block) -> Any:
        """Return a truth value."""
        return bool

    def build_choice(self, block: blocks.ChoiceBlock) -> Any:
        """Return the codes; null where nothing needs to be chosen. Choices that change are any text."""
        codes = get_codes(block)
        return self.make_optional(block, choice_of(codes) if codes else str)

    def build_multiple_choice(self, block: blocks.MultipleChoiceBlock) -> Any:
        """Return a list of codes."""
        codes = get_codes(block)
        return list_of(choice_of(codes) if codes else str)

    def build_integer(self, block: blocks.FieldBlock) -> Any:
        """Return a whole number."""
        return self.make_optional(block, int)

    def build_float(self, block: blocks.FieldBlock) -> Any:
        """Return a number."""
        return self.make_optional(block, float)

    def build_decimal(self, block: blocks.FieldBlock) -> Any:
        """Return a number as text, which keeps its digits."""
        return self.make_optional(
            block, Annotated[str, Field(json_schema_extra={"format": "decimal"})]
        )

    def build_date_time(self, block: blocks.FieldBlock) -> Any:
        """Return an ISO 8601 date and time."""
        return self.make_optional(block, IsoDateTime)

    def build_date(self, block: blocks.FieldBlock) -> Any:
        """Return an ISO 8601 date."""
        return self.make_optional(block, IsoDate)

    def build_time(self, block: blocks.FieldBlock) -> Any:
        """Return an ISO 8601 time of day."""
        return self.make_optional(block, IsoTime)

    def build_url(self, block: blocks.FieldBlock) -> Any:
        """Return an address."""
        return Uri if is_required(block) else OptionalUri

    def build_html(self, block: blocks.FieldBlock) -> Any:
        """Return HTML."""
        return Html

    def build_text(self, block: blocks.FieldBlock) -> Any:
        """Return text, which is never null."""
        return str

    def make_optional(self, block: blocks.FieldBlock, value: Any) -> Any:
        """Return a type, with null where the block may be left empty."""
        return value if is_required(block) else optional(value)

    def build_table(self, block: blocks.Block) -> Any:
        """Return the value of Wagtail's TableBlock, or null."""
        return TableBlockValue | None

    def build_typed_table(self, block: TypedTableBlock) -> Any:
        """Return a table with typed columns."""
        cells = tuple(self.get_type(child) for child in block.child_blocks.values())
        cell = one_of(cells or (None,))
        prefix = type(block).__name__.removesuffix("Block")
        codes = tuple(block.child_blocks) or ("",)
        column = self.add_model(
            f"{prefix}Column",
            {
                "type": (choice_of(codes), Field()),
                "heading": (str, Field()),
            },
        )
        row = self.add_model(f"{prefix}Row", {"values": (list_of(cell), Field())})
        return self.add_model(
            f"{prefix}Value",
            {
                "caption": (str, Field()),
                "columns": (list_of(column), Field()),
                "rows": (list_of(row), Field()),
            },
        )

    def add_model(
        self, name: str, fields: dict[str, Any], description: str = ""
    ) -> type[BaseModel]:
        """Return the model of a name and its fields; another one under that name gets a number."""
        shape = {key: str(value) for key, value in fields.items()}
        base, number = name, 1
        while True:
            full_name = f"{name}{self.suffix}"
            known = self._models.get(full_name)
            if known is None:
                model = build_model(full_name, fields, description)
                self._models[full_name] = (shape, model)
                return model
            if known[0] == shape:
                return known[1]
            number += 1
            name = f"{base}{number}"


class PublicBlockTypes(BlockTypes):
    """What the API gives: everything expanded, in the page's language."""

    def build_type(self, block: blocks.Block) -> Any:
        """Return the type of a public value; a project's own form is typed by its annotation."""
        if has_own_representation(type(block)):
            return get_own_type(block)
        if isinstance(block, PromotionSlotBlock):
            return self.build_promotion_slot(block)
        return super().build_type(block)

    def build_promotion_slot(self, block: PromotionSlotBlock) -> Any:
        """Return the struct with the promotions in it."""
        fields = {
            **self.get_struct_fields(block),
            "promotions": (list[shapes.PromotionCard], Field(title="Promotions")),
        }
        return self.add_model("PromotionSlotValue", fields, get_label(block))

    def build_list(self, block: blocks.ListBlock) -> Any:
        """Return a list; what is not public is left out of it, so nothing in it is null."""
        child = block.child_block
        if isinstance(child, blocks.ChooserBlock) and not has_own_representation(
            type(child)
        ):
            return list_of(self.get_public_form(child))
        return super().build_list(block)

    def build_rich_text(self, block: blocks.RichTextBlock) -> Any:
        """Return formatted text."""
        return RichText

    def build_chooser(self, block: blocks.ChooserBlock) -> Any:
        """Return the public form of what was chosen, or null where it is not public."""
        return self.get_public_form(block) | None

    def get_public_form(self, block: blocks.ChooserBlock) -> Any:
        """Return the public form of what a chooser chooses."""
        if isinstance(block, blocks.PageChooserBlock):
            return shapes.PageCard
        if isinstance(block, ImageChooserBlock):
            return shapes.Image
        if isinstance(block, DocumentChooserBlock):
            return shapes.Document
        return next(
            (
                form
                for model, form in PUBLIC_FORMS.items()
                if block.model_class is model
            ),
            shapes.ChosenObject,
        )


#: The models of this process, so that a block class has one name in the whole document.
public_blocks = PublicBlockTypes()
