"""The StreamField and the rich text field of the plugin set."""

from __future__ import annotations

import uuid
from typing import Any

from wagtail import blocks
from wagtail.fields import RichTextField, StreamField

from snippets.features import complete_features
from snippets.plain_text import get_plain_text


class ArticleStreamField(StreamField):
    """A StreamField whose block definitions stay out of migrations.

    A new block, label or help text then needs no migration, neither here nor in a project that adds
    blocks of its own. A migration that moves data uses ``wagtail.blocks.migrations`` and gives the
    block definitions itself.
    """

    def __init__(
        self,
        block_types: Any = (),
        use_json_field: bool = True,
        block_lookup: Any = None,
        **kwargs,
    ):
        super().__init__(
            block_types or [],
            use_json_field=use_json_field,
            block_lookup=block_lookup,
            **kwargs,
        )

    def get_prep_value(self, value: Any) -> Any:
        """Return the JSON to store, in which every block has an id.

        Wagtail gives one to the outermost blocks only, when a stream was set from Python as raw JSON.
        """
        prepared = super().get_prep_value(value)
        if isinstance(prepared, list):
            fill_in_ids(self.stream_block, prepared)
        return prepared

    def deconstruct(self):
        """Return the field without its blocks."""
        return super(StreamField, self).deconstruct()


def fill_in_ids(block: blocks.Block, raw: Any) -> None:
    """Give an id to every child of a stream below a raw value that has none; ids that exist stay."""
    if isinstance(block, blocks.StreamBlock):
        for child in raw or []:
            if not child.get("id"):
                child["id"] = str(uuid.uuid4())
            if child.get("type") in block.child_blocks:
                fill_in_ids(block.child_blocks[child["type"]], child.get("value"))
    elif isinstance(block, blocks.StructBlock) and isinstance(raw, dict):
        for name, child_block in block.child_blocks.items():
            fill_in_ids(child_block, raw.get(name))


def join_lists(source: str) -> str:
    """Return rich text in which a list goes on after a list inside it.

    The editor's exporter ends a numbered list where a bullet list stands below one of its items, and begins
    another one, whose first number is 1.
    """
    return source.replace("</ol><ol>", "").replace("</ul><ul>", "")


class ArticleRichTextField(RichTextField):
    """A rich text field that the API gives as display HTML and plain text, in the page's language."""

    def __init__(self, *args, features: list[str] | None = None, **kwargs):
        if features is not None:
            features = complete_features(features)
        super().__init__(*args, features=features, **kwargs)

    def save_form_data(self, instance: Any, data: Any) -> None:
        """Keep what a form gives, with whole lists."""
        super().save_form_data(instance, join_lists(data or ""))

    def get_searchable_content(self, value: Any) -> list[str]:
        """Return the plain text."""
        return [get_plain_text(value or "")]
