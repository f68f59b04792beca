"""The words that readers may not know."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.api import APIField
from wagtail.images import get_image_model_string
from wagtail.models import TranslatableMixin
from wagtail.search import index

from snippets.features import DEFINITION_FEATURES
from snippets.fields import RichTextField
from snippets.models.editorial import EditorialMixin, set_slug


class GlossaryTerm(EditorialMixin, TranslatableMixin, index.Indexed, models.Model):
    """A word that readers may not know, with its plain definition."""

    term = models.CharField(
        _("term"), max_length=120, help_text=_("As a reader meets it in an article.")
    )
    slug = models.SlugField(
        _("slug"),
        max_length=120,
        blank=True,
        help_text=_("Part of the web address; left empty, it is made from the term."),
    )
    definition = RichTextField(
        _("plain definition"),
        features=DEFINITION_FEATURES,
        help_text=_("One to three short sentences that need no further explanation."),
    )
    aliases = models.TextField(
        _("also called"),
        blank=True,
        help_text=_("Other words or abbreviations for the same thing, one per line."),
    )
    pronunciation = models.CharField(
        _("pronunciation"),
        max_length=160,
        blank=True,
        help_text=_("For example: KRY-oh-uh-BLAY-shun."),
    )
    image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    image_alt = models.CharField(
        _("image description"),
        max_length=250,
        blank=True,
        help_text=_("What the image shows, for people who cannot see it."),
    )

    #: What an API client with a token may read and write; readers have an endpoint of their own.
    api_fields: ClassVar[list[APIField]] = [
        APIField(name, writable=True)
        for name in (
            "term",
            "slug",
            "definition",
            "aliases",
            "pronunciation",
            "image",
            "image_alt",
        )
    ]
    translation_synchronized_fields: ClassVar[tuple[str, ...]] = ("slug",)
    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("term", boost=3),
        index.AutocompleteField("term"),
        index.FilterField("term"),
        index.SearchField("aliases", boost=2),
        index.SearchField("definition"),
        index.FilterField("locale_id"),
        index.FilterField("live"),
        index.FilterField("slug"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")
        ordering = ["term"]
        constraints = [
            models.UniqueConstraint(
                fields=["locale", "slug"],
                name="treatment_snippets_term_slug_per_locale",
            )
        ]

    def __str__(self) -> str:
        return self.term

    def save(self, *args, **kwargs) -> None:
        """Fill an empty slug before saving."""
        set_slug(self, self.term)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Ask for a definition that shows something, and for a description of the image."""
        super().clean()
        if not strip_tags(self.definition).replace("&nbsp;", " ").strip():
            field: Any = self._meta.get_field("definition")
            raise ValidationError({"definition": field.error_messages["blank"]})
        if self.image_id and not self.image_alt.strip():
            raise ValidationError(
                {"image_alt": _("Describe the image for people who cannot see it.")}
            )

    @property
    def alias_list(self) -> list[str]:
        """The aliases as a list, without empty lines."""
        return [line.strip() for line in self.aliases.splitlines() if line.strip()]
