"""The rich text field of the reference content."""

from __future__ import annotations

from typing import Any

from wagtail import fields

from snippets.plain_text import get_plain_text


class RichTextField(fields.RichTextField):
    """A rich text field whose words are found as they are read: “10⁹” by “10⁹”, list items apart."""

    def deconstruct(self):
        """Return the field as Wagtail's own: in the database it is the same."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "wagtail.fields.RichTextField", args, kwargs

    def get_searchable_content(self, value: Any) -> list[str]:
        """Return the plain text."""
        return [get_plain_text(value or "")]
