"""The model fields of the reference content: rich text that is found as it is read, and identifiers of one form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from wagtail import fields

from snippets.identifiers import IDENTIFIERS
from snippets.plain_text import get_plain_text

#: What an address may have around an identifier. The form must not cut off what somebody pastes.
_FORM_LENGTH = 2000


class RichTextField(fields.RichTextField):
    """A rich text field whose words are found as they are read: “10⁹” by “10⁹”, list items apart."""

    def deconstruct(self):
        """Return the field as Wagtail's own: in the database it is the same."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "wagtail.fields.RichTextField", args, kwargs

    def get_searchable_content(self, value: Any) -> list[str]:
        """Return the plain text."""
        return [get_plain_text(value or "")]


class IdentifierFormField(forms.CharField):
    """Takes an identifier as people paste it, and gives the bare one."""

    def __init__(self, *, kind: str, **kwargs):
        self.kind = kind
        kwargs["max_length"] = _FORM_LENGTH
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Return the bare identifier; what cannot be read, as it is."""
        return IDENTIFIERS[self.kind].read(super().to_python(value) or "")


class IdentifierField(models.CharField):
    """Holds a bare identifier of one kind, whatever was assigned.

    Neither its length nor its validators are arguments: they follow from the kind, and an API takes what
    is longer than the column.
    """

    def __init__(self, *args, kind: str, **kwargs):
        self.kind = kind
        self.identifier = IDENTIFIERS[kind]
        kwargs["max_length"] = self.identifier.max_length
        kwargs["validators"] = [self.identifier.validate]
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Return what the field is made from."""
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"], kwargs["validators"]
        return name, path, args, {**kwargs, "kind": self.kind}

    def to_python(self, value: Any) -> Any:
        """Return the bare identifier; what cannot be read, as it is."""
        value = super().to_python(value)
        return self.identifier.read(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Give the instance what is stored."""
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs) -> Any:
        """Return the form field for a whole address."""
        kwargs.setdefault("form_class", IdentifierFormField)
        kwargs["kind"] = self.kind
        return super().formfield(**kwargs)
