"""Text leaves and the plain text family: rich text, callouts, questions and answers, tables.

The text leaves never hold ``None``: an empty text is ``""``, which is what translation expects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from snippets.features import ARTICLE_FEATURES, SHORT_FEATURES, complete_features
from snippets.plain_text import get_plain_text
from treatments.hashes.normal_forms import (
    normalize_line,
    normalize_rich_text,
    normalize_text,
)

if TYPE_CHECKING:
    from wagtail.rich_text import RichText

PREVIEW_TEMPLATE = "treatments/block_preview.html"


class _NeverNoneMixin:
    """Turns a missing text into the empty text, wherever it comes from."""

    def to_python(self, value: Any) -> Any:
        """Return ``""`` for None."""
        return "" if value is None else super().to_python(value)  # ty: ignore[missing-attribute]

    def normalize(self, value: Any) -> Any:
        """Return ``""`` for None."""
        return "" if value is None else super().normalize(value)  # ty: ignore[missing-attribute]


class ShortTextBlock(_NeverNoneMixin, blocks.CharBlock):
    """One line of plain text that is translated."""

    def value_for_form(self, value: Any) -> str:
        """Return the text for an input of one line, which drops line breaks without a space."""
        return normalize_line(super().value_for_form(value))

    def value_from_form(self, value: Any) -> str:
        """Return the text as it is stored."""
        return normalize_line(super().value_from_form(value))

    class Meta:
        default = ""
        icon = "title"


class LongTextBlock(_NeverNoneMixin, blocks.TextBlock):
    """Some lines of plain text that are translated."""

    def __init__(self, rows: int = 2, **kwargs):
        super().__init__(rows=rows, **kwargs)

    def value_from_form(self, value: Any) -> str:
        """Return the text as it is stored."""
        return normalize_text(super().value_from_form(value))

    class Meta:
        default = ""
        icon = "pilcrow"


class RichTextBlock(blocks.RichTextBlock):
    """Rich text with glossary terms and citations; as few other features as an article needs."""

    def __init__(self, features: list[str] | None = None, **kwargs):
        chosen = ARTICLE_FEATURES if features is None else features
        super().__init__(features=complete_features(chosen), **kwargs)

    def to_python(self, value: Any) -> RichText:
        """Return rich text; a missing value is the empty text."""
        return super().to_python(normalize_rich_text(value))

    def value_from_form(self, value: Any) -> RichText:
        """Return rich text; a required one must show something."""
        return super().value_from_form(normalize_rich_text(value))

    def get_searchable_content(self, value: Any) -> list[str]:
        """Return the plain text."""
        return [get_plain_text(value.source)] if self.search_index else []

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        help_text = _(
            "Plain words, short paragraphs. Mark difficult words as glossary terms and give the sources of figures."
        )
        description = _("Paragraphs, lists, links, glossary terms and citations")
        preview_template = PREVIEW_TEMPLATE
        preview_value = (
            "<p>Cryoablation <b>freezes</b> a small tumor through a thin needle. "
            "Most people go home on the same day.</p><ul><li>It is done under local anesthesia.</li></ul>"
        )


class FlatStructBlock(blocks.StructBlock):
    """A struct of plain leaves that may have a field named ``value``.

    wagtail-localize takes such a field for the wrapper of a stream's child when the struct stands in
    another struct, and fails. ``treatments.translation`` gives this class its own extraction of text.
    """


class CalloutBlock(blocks.StructBlock):
    """A remark that stands out from the text; for danger use a care card."""

    kind = blocks.ChoiceBlock(
        choices=[
            ("information", _("Information")),
            ("tip", _("Tip")),
            ("important", _("Important")),
            ("warning", _("Warning")),
        ],
        default="information",
        label=_("Kind"),
    )
    title = ShortTextBlock(required=False, max_length=120, label=_("Title"))
    content = RichTextBlock(features=SHORT_FEATURES, label=_("Text"))

    class Meta:
        clinically_significant = True
        icon = "info-circle"
        label = _("Callout")
        help_text = _(
            "One remark that readers must not miss. More than one or two on a page, and none is read."
        )
        description = _("Information, tip, important remark or warning")
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "kind": "important",
            "title": "Bring a list of your medicines",
            "content": "<p>Some medicines, such as blood thinners, may have to be paused before surgery.</p>",
        }


class QuestionAnswerBlock(blocks.StructBlock):
    """One question with its answer."""

    question = ShortTextBlock(max_length=250, label=_("Question"))
    answer = RichTextBlock(features=SHORT_FEATURES, label=_("Answer"))

    class Meta:
        icon = "help"
        label = _("Question")
        label_format = "{question}"


class QuestionItemsStreamBlock(blocks.StreamBlock):
    """The questions of one list."""

    item = QuestionAnswerBlock()

    class Meta:
        label = _("Questions")
        min_num = 1
        max_num = 30


class QuestionsAnswersBlock(blocks.StructBlock):
    """Questions as readers ask them, each with an answer."""

    title = ShortTextBlock(required=False, max_length=120, label=_("Title"))
    items = QuestionItemsStreamBlock(label=_("Questions"))

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        help_text = _("Word each question as a patient would ask it.")
        description = _("Questions that patients ask, with answers")
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "title": "Common questions",
            "items": [
                {
                    "type": "item",
                    "value": {
                        "question": "Will I be awake during the procedure?",
                        "answer": "<p>Usually yes. The skin is numbed first.</p>",
                    },
                }
            ],
        }


class TableCellsStreamBlock(blocks.StreamBlock):
    """The cells of one row."""

    cell = ShortTextBlock(required=False, max_length=250, label=_("Cell"))

    class Meta:
        label = _("Cells")
        min_num = 1
        max_num = 8


class TableRowBlock(blocks.StructBlock):
    """A row: its heading and one cell for each further column."""

    heading = ShortTextBlock(max_length=160, label=_("Row heading"))
    cells = TableCellsStreamBlock(label=_("Cells"))

    class Meta:
        icon = "list-ul"
        label = _("Row")
        label_format = "{heading}"


class TableColumnsStreamBlock(blocks.StreamBlock):
    """The column headings, the one above the row headings among them."""

    column = ShortTextBlock(required=False, max_length=160, label=_("Column heading"))

    class Meta:
        label = _("Columns")
        min_num = 2
        max_num = 9


class TableRowsStreamBlock(blocks.StreamBlock):
    """The rows of a table."""

    row = TableRowBlock()

    class Meta:
        label = _("Rows")
        min_num = 1
        max_num = 60


class DataTableBlock(blocks.StructBlock):
    """A table made of stable rows and cells, so that each text is translated and keeps its place."""

    caption = ShortTextBlock(
        max_length=250,
        label=_("Caption"),
        help_text=_("What the table shows; read aloud first."),
    )
    columns = TableColumnsStreamBlock(
        label=_("Columns"),
        help_text=_(
            "The first heading stands above the row headings and may be empty."
        ),
    )
    rows = TableRowsStreamBlock(label=_("Rows"))

    def clean(self, value):
        """Refuse a row whose cells do not fit the columns."""
        cleaned = super().clean(value)
        expected = len(cleaned["columns"]) - 1
        errors = {}
        for index, row in enumerate(cleaned["rows"]):
            given = len(row.value["cells"])
            if given != expected:
                message = ngettext(
                    "This row needs %(expected)d cell, one for each column after the first; it has %(given)d.",
                    "This row needs %(expected)d cells, one for each column after the first; it has %(given)d.",
                    expected,
                ) % {"expected": expected, "given": given}
                errors[index] = StructBlockValidationError(
                    non_block_errors=[ValidationError(message)]
                )
        if errors:
            raise StructBlockValidationError(
                block_errors={"rows": StreamBlockValidationError(block_errors=errors)}
            )
        return cleaned

    class Meta:
        icon = "table"
        label = _("Table")
        help_text = _(
            "For values that are compared in rows and columns. Add a column heading for each column, then the rows."
        )
        description = _("Rows and columns with headings")
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "caption": "After the operation",
            "columns": [
                {"type": "column", "value": ""},
                {"type": "column", "value": "Usual time"},
            ],
            "rows": [
                {
                    "type": "row",
                    "value": {
                        "heading": "Stay in hospital",
                        "cells": [{"type": "cell", "value": "1 to 3 days"}],
                    },
                },
                {
                    "type": "row",
                    "value": {
                        "heading": "Back to work",
                        "cells": [{"type": "cell", "value": "2 to 6 weeks"}],
                    },
                },
            ],
        }
