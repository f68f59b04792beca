"""What the kinds of reference content share: drafts, and slugs that are free in their language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin, WorkflowMixin

from snippets.forms import EditorialForm
from snippets.models.plain_text import PlainTextMixin
from snippets.words import build_slug

if TYPE_CHECKING:
    from django.db import models


class EditorialMixin(
    PlainTextMixin, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin
):
    """Drafts, revisions, locking and workflows for a snippet."""

    base_form_class = EditorialForm

    class Meta:
        abstract = True


def set_slug(instance: models.Model, text: str, max_length: int = 120) -> None:
    """Give an instance without a slug one that is free in its locale."""
    if instance.slug:  # ty: ignore[missing-attribute]
        return
    base = build_slug(text)[:max_length] or "item"
    slug, number = base, 1
    siblings = (
        type(instance)
        ._default_manager.filter(locale_id=instance.locale_id)  # ty: ignore[missing-attribute]
        .exclude(pk=instance.pk)
    )
    while siblings.filter(slug=slug).exists():
        number += 1
        slug = f"{base[: max_length - 8]}-{number}"
    instance.slug = slug  # ty: ignore[missing-attribute]
