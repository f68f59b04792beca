"""Chooser blocks for the reference content, and the block for a code of a public system.

The choosers also accept the public form of what they choose (a dictionary with an ``id``), so that
what a client read can be written back.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.snippets.blocks import SnippetChooserBlock

from snippets.codes import CODE_SYSTEMS, validate_code


class ExpandedInputMixin:
    """Lets a chooser block take ``{"id": 3, …}`` wherever it takes ``3``."""

    def to_python(self, value: Any) -> Any:
        """Return the chosen object, or None when there is none with that id."""
        if isinstance(value, dict):
            value = value.get("id")
        return super().to_python(value)  # ty: ignore[missing-attribute]


class ReferenceChooserBlock(ExpandedInputMixin, SnippetChooserBlock):
    """Chooses a reference."""

    def __init__(self, **kwargs):
        super().__init__("treatment_snippets.Reference", **kwargs)

    @cached_property
    def widget(self) -> Any:
        """Return the field that says of a draft that it is one."""
        from snippets.choosers import SnippetChooser

        return SnippetChooser(self.target_model, icon=self.meta.icon)

    class Meta:
        icon = "openquote"
        label = _("Reference")


class CitationListBlock(blocks.ListBlock):
    """The references that support a statement. Holds no text, so a list is safe to translate."""

    def __init__(self, **kwargs):
        super().__init__(ReferenceChooserBlock(), **kwargs)

    class Meta:
        icon = "openquote"
        label = _("Citations")
        collapsed = True
        default = []
        min_num = 0
        max_num = 12


class CodeBlock(blocks.StructBlock):
    """A code and its system; both empty, or both given. Nothing of it is translated."""

    system = blocks.ChoiceBlock(
        choices=CODE_SYSTEMS, required=False, label=_("Code system")
    )
    other_system = blocks.URLBlock(
        required=False,
        default="",
        label=_("Other system"),
        help_text=_(
            "The web address that names the code system, when it is not in the list."
        ),
    )
    code = blocks.RegexBlock(
        regex=r"^[A-Za-z0-9][A-Za-z0-9.\-:/]{0,63}$",
        required=False,
        default="",
        label=_("Code"),
        error_messages={
            "invalid": _(
                "A code has letters, digits, dots, hyphens, colons or slashes only."
            )
        },
    )

    def clean(self, value):
        """Refuse half a code, and one that its system cannot have."""
        cleaned = super().clean(value)
        errors = {}
        system = cleaned.get("system") or cleaned.get("other_system") or ""
        if cleaned.get("system") and cleaned.get("other_system"):
            errors["other_system"] = ValidationError(
                _("Choose a system from the list or give another one, not both.")
            )
        if cleaned.get("code") and not system:
            errors["system"] = ValidationError(
                _("Say which system this code belongs to.")
            )
        if system and not cleaned.get("code"):
            errors["code"] = ValidationError(_("Enter the code, or clear the system."))
        if system and cleaned.get("code"):
            try:
                validate_code(system, cleaned["code"])
            except ValidationError as error:
                errors["code"] = error
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned

    class Meta:
        icon = "code"
        label = _("Code")
        label_format = "{code}"
        collapsed = True
