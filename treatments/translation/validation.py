"""Checks a translation before it is published: its fields, its streams, and what its source names and is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from treatments.content.hidden_choices import HiddenChoiceError, Reason
from treatments.content.incomplete_drafts import describe_mistake, find_mistakes
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
    messages = [describe_mistake(each) for each in find_mistakes(instance)]
    if messages:
        raise TranslationError(explain_invalid(" ".join(messages)))


def explain_invalid(messages: str) -> str:
    """Say that a translation is not published because something in it is not valid."""
    return _("The translation cannot be published: %(messages)s") % {
        "messages": messages
    }
