"""The people who write, review and translate articles."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.api import APIField
from wagtail.models import TranslatableMixin
from wagtail.search import index

from snippets.fields import IdentifierField
from snippets.models.editorial import EditorialMixin


class Contributor(EditorialMixin, TranslatableMixin, index.Indexed, models.Model):
    """Somebody who writes, reviews or translates articles, as readers see them."""

    class Role(models.TextChoices):
        """What the person does for the articles."""

        AUTHOR = "author", _("Author")
        CLINICAL_REVIEWER = "clinical_reviewer", _("Clinical reviewer")
        PATIENT_REVIEWER = "patient_reviewer", _("Patient reviewer")
        TRANSLATOR = "translator", _("Translator")
        EDITOR = "editor", _("Editor")

    name = models.CharField(_("name"), max_length=160)
    credentials = models.CharField(
        _("credentials"),
        max_length=120,
        blank=True,
        help_text=_("Degrees and titles, for example MD, PhD."),
    )
    role = models.CharField(
        _("role"), max_length=20, choices=Role.choices, default=Role.AUTHOR
    )
    affiliation = models.CharField(_("affiliation"), max_length=250, blank=True)
    orcid = IdentifierField(_("ORCID iD"), kind="orcid", blank=True)
    interests = models.TextField(
        _("declared interests"),
        blank=True,
        help_text=_(
            "What readers should know, for example payments from a manufacturer; or “None declared”."
        ),
    )

    #: What an API client with a token may read and write; readers have an endpoint of their own.
    api_fields: ClassVar[list[APIField]] = [
        APIField(name, writable=True)
        for name in (
            "name",
            "credentials",
            "role",
            "affiliation",
            "orcid",
            "interests",
        )
    ]
    translation_synchronized_fields: ClassVar[tuple[str, ...]] = ("name", "orcid")
    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.FilterField("name"),
        index.SearchField("affiliation"),
        index.SearchField("orcid"),
        index.FilterField("role"),
        index.FilterField("orcid"),
        index.FilterField("locale_id"),
        index.FilterField("live"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name
