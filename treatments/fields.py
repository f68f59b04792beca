"""The StreamField and the rich text field of the plugin set."""

from __future__ import annotations

from typing import Any

from wagtail.fields import RichTextField, StreamField

from snippets.features import complete_features
from snippets.plain_text import get_plain_text
from treatments.hashes.normal_forms import normalize_rich_text, normalize_stream


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
        """Return the JSON to store, in its normal form: see ``treatments.hashes.normal_forms``."""
        prepared = super().get_prep_value(value)
        if isinstance(prepared, list):
            return normalize_stream(self.stream_block, prepared)
        return prepared

    def deconstruct(self):
        """Return the field without its blocks."""
        return super(StreamField, self).deconstruct()


class ArticleRichTextField(RichTextField):
    """A rich text field that the API gives as display HTML and plain text, in the page's language."""

    def __init__(self, *args, features: list[str] | None = None, **kwargs):
        if features is not None:
            features = complete_features(features)
        super().__init__(*args, features=features, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return the text; one that shows nothing is the empty text."""
        return normalize_rich_text(super().to_python(value))

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """Bring the text into its normal form, also where nothing is validated."""
        value = normalize_rich_text(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_searchable_content(self, value: Any) -> list[str]:
        """Return the plain text."""
        return [get_plain_text(value or "")]
