"""Checks a translation before it is published: its fields, its streams, and what its source names and is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.fields import StreamField

from treatments.api.hidden_choices import HiddenChoiceError, Reason
from treatments.translation.errors import TranslationError
from treatments.translation.lost_choices import find_lost_choices

if TYPE_CHECKING:
    from django.db import models
    from wagtail_localize.models import Translation


def validate_translation(translation: Translation, target: Any) -> None:
    """Validate a translated instance; what is gone that it needs is named with its place.

    Raises:
        TranslationError: readers would miss something required, or the instance does not validate.
    """
    lost = find_lost_choices(translation, target)
    missing = [each for each in lost if each.stops]
    if missing:
        raise TranslationError(str(HiddenChoiceError(missing)))
    try:
        validate_instance(target)
    except TranslationError as error:
        # An entry that is gone leaves an empty place, of which the validation only says that it is empty.
        gone = [each for each in lost if each.reason is Reason.DELETED]
        if not gone:
            raise
        raise TranslationError(f"{HiddenChoiceError(gone)} {error}") from error


def validate_instance(instance: models.Model) -> None:
    """Validate like an editor's save, the values of streams included.

    Raises:
        TranslationError: with all messages.
    """
    messages = []
    try:
        instance.full_clean()
    except ValidationError as error:
        messages += error.messages
    for field in instance._meta.get_fields():
        if isinstance(field, StreamField):
            try:
                field.stream_block.clean(getattr(instance, field.name))
            except ValidationError as error:
                value = getattr(instance, field.name)
                where = describe_error(field.stream_block, value, error)
                messages.append(f"{field.verbose_name} › {where}")
    if messages:
        raise TranslationError(
            _("The translation cannot be published: %(messages)s")
            % {"messages": " ".join(str(text) for text in messages)}
        )


def describe_error(block: blocks.Block, value: Any, error: Any) -> str:
    """Return the first error in a block's value with the labels that lead to it.

    For example: ``Section › Criteria list › Lead-in: This field is required.``
    """
    nested = getattr(error, "block_errors", None)
    if not nested:
        plain = getattr(error, "non_block_errors", None)
        return str(plain[0]) if plain else " ".join(error.messages)
    key, first = next(iter(nested.items()))
    first = first.as_data()[0] if hasattr(first, "as_data") else first
    if isinstance(block, blocks.StreamBlock):
        child, child_value = value[key].block, value[key].value
    elif isinstance(block, blocks.ListBlock):
        child, child_value = block.child_block, value[key]
    else:
        child, child_value = block.child_blocks[key], value[key]  # ty: ignore[missing-attribute]
    rest = describe_error(child, child_value, first)
    is_leaf = not getattr(first, "block_errors", None)
    return f"{child.label}{':' if is_leaf else ' ›'} {rest}"
