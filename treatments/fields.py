"""The StreamField and the rich text field of the plugin set."""

from __future__ import annotations

from typing import Any

from wagtail.fields import RichTextField, StreamField


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

    def deconstruct(self):
        """Return the field without its blocks."""
        return super(StreamField, self).deconstruct()


class ArticleRichTextField(RichTextField):
    """A rich text field that the API gives as display HTML and plain text, in the page's language."""
