"""The sources that articles cite; the same in every language."""

from __future__ import annotations

import logging
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.api import APIField
from wagtail.search import index

from snippets.fields import IdentifierField
from snippets.models.editorial import EditorialMixin
from snippets.vancouver import format_vancouver

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

#: How Wagtail's command for scheduled publishing names what it does.
SCHEDULED = "wagtail.publish.scheduled"
#: Fields that identify one work. Several works report on one trial, so its number is none of them.
UNIQUE_IDENTIFIERS = ("doi", "pmid", "pmcid")
#: The code of the error of an identifier that another entry has; its ``params`` hold that entry's ``id``.
IDENTIFIER_TAKEN = "identifier_taken"


class Reference(EditorialMixin, index.Indexed, models.Model):
    """A source that articles cite. Field names follow CSL, the Citation Style Language."""

    class Type(models.TextChoices):
        """CSL item types that health articles cite."""

        ARTICLE = "article-journal", _("Journal article")
        BOOK = "book", _("Book")
        CHAPTER = "chapter", _("Book chapter")
        REPORT = "report", _("Report or guideline")
        WEBPAGE = "webpage", _("Web page")
        REGULATION = "regulation", _("Regulatory decision")
        DATASET = "dataset", _("Registry entry or data set")

    class Status(models.TextChoices):
        """Whether the source still stands as published."""

        CURRENT = "current", _("Current")
        CORRECTED = "corrected", _("Corrected")
        CONCERN = "expression_of_concern", _("Expression of concern")
        RETRACTED = "retracted", _("Retracted")

    type = models.CharField(
        _("type"), max_length=20, choices=Type.choices, default=Type.ARTICLE
    )
    title = models.CharField(_("title"), max_length=500)
    authors = models.TextField(
        _("authors"),
        blank=True,
        help_text=_(
            "One per line: family name, then initials, for example “Khan SA”. A last line “et al” is kept."
        ),
    )
    container_title = models.CharField(
        _("journal, book or site"),
        max_length=250,
        blank=True,
        help_text=_("The abbreviated journal title, the book or the website."),
    )
    publisher = models.CharField(
        pgettext_lazy("of a book", "publisher"), max_length=200, blank=True
    )
    issued_year = models.PositiveSmallIntegerField(
        _("year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1600), MaxValueValidator(2200)],
    )
    issued_month = models.PositiveSmallIntegerField(
        _("month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    issued_day = models.PositiveSmallIntegerField(
        _("day"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
    )
    volume = models.CharField(_("volume"), max_length=30, blank=True)
    issue = models.CharField(_("issue"), max_length=30, blank=True)
    page = models.CharField(
        _("pages"), max_length=60, blank=True, help_text=_("For example 978–987.")
    )
    url = models.URLField(_("web address"), max_length=500, blank=True)
    pmid = IdentifierField(_("PubMed ID (PMID)"), kind="pmid", blank=True)
    pmcid = IdentifierField(_("PubMed Central ID (PMCID)"), kind="pmcid", blank=True)
    doi = IdentifierField(_("DOI"), kind="doi", blank=True)
    nct = IdentifierField(_("trial number (NCT)"), kind="nct", blank=True)
    #: Two entries from before identifiers had to be unique: both stay as they are until one is edited.
    shares_identifiers = models.BooleanField(
        _("has an identifier of another entry"), default=False, editable=False
    )
    status = models.CharField(
        _("status"), max_length=24, choices=Status.choices, default=Status.CURRENT
    )
    is_sample = models.BooleanField(
        _("sample reference"),
        default=False,
        help_text=_("Made up for a demonstration; shown with a mark."),
    )
    checked_on = models.DateField(
        _("checked on"),
        null=True,
        blank=True,
        help_text=_("When somebody last looked whether the source still stands."),
    )

    #: What an API client with a token may read and write; readers have an endpoint of their own.
    api_fields: ClassVar[list[APIField]] = [
        APIField(name, writable=True)
        for name in (
            "type",
            "title",
            "authors",
            "container_title",
            "publisher",
            "issued_year",
            "issued_month",
            "issued_day",
            "volume",
            "issue",
            "page",
            "url",
            "pmid",
            "pmcid",
            "doi",
            "nct",
            "status",
            "is_sample",
            "checked_on",
        )
    ]
    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.FilterField("title"),
        index.SearchField("authors"),
        index.SearchField("container_title"),
        index.SearchField("pmid", boost=5),
        index.AutocompleteField("pmid"),
        index.SearchField("pmcid", boost=5),
        index.SearchField("doi", boost=5),
        index.SearchField("nct", boost=5),
        index.FilterField("type"),
        index.FilterField("status"),
        index.FilterField("pmid"),
        index.FilterField("pmcid"),
        index.FilterField("doi"),
        index.FilterField("nct"),
        index.FilterField("live"),
    ]

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=[kind],
                condition=~models.Q(**{kind: ""}) & models.Q(shares_identifiers=False),
                name=f"treatment_snippets_reference_{kind}",
            )
            for kind in UNIQUE_IDENTIFIERS
        ]

    def __str__(self) -> str:
        first = f"{self.author_list[0]} " if self.author_list else ""
        year = f"{self.issued_year}. " if self.issued_year else ""
        return f"{first}{year}{self.title}"

    def save(self, *args, **kwargs) -> None:
        """Save the entry.

        Raises:
            ValidationError: another entry has got one of the identifiers since they were checked.
        """
        if self.shares_identifiers:
            taken = self.find_taken_identifiers(UNIQUE_IDENTIFIERS)
            self.shares_identifiers = bool(taken)
        try:
            with transaction.atomic(using=kwargs.get("using")):
                super().save(*args, **kwargs)
        except IntegrityError as error:
            taken = self.find_taken_identifiers(UNIQUE_IDENTIFIERS)
            if not taken:
                raise
            raise ValidationError(taken) from error

    def publish(self, revision: Any, *args, log_action: Any = True, **kwargs) -> Any:
        """Publish a revision; a scheduled one waits where another entry has got its identifier, and holds up no other.

        Raises:
            ValidationError: another entry has one of the identifiers, and somebody is there to hear it.
        """
        try:
            with transaction.atomic():
                return super().publish(revision, *args, log_action=log_action, **kwargs)
        except ValidationError as error:
            if log_action != SCHEDULED:
                raise
            logger.warning(
                "The scheduled reference %s was not published: %s", self.pk, error
            )

    def clean(self) -> None:
        """Refuse a date that does not exist and one checked in the future."""
        super().clean()
        if self.issued_month and not self.issued_year:
            raise ValidationError({"issued_year": _("A month needs its year.")})
        if self.issued_day and not self.issued_month:
            raise ValidationError({"issued_month": _("A day needs its month.")})
        if self.issued_year and self.issued_month and self.issued_day:
            try:
                date(self.issued_year, self.issued_month, self.issued_day)
            except ValueError:
                raise ValidationError(
                    {"issued_day": _("This day does not exist in that month.")}
                ) from None
        if self.checked_on and self.checked_on > timezone.localdate():
            raise ValidationError(
                {"checked_on": _("The date of the check lies in the future.")}
            )

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Refuse an identifier that another entry has, and say which entry that is."""
        errors = self.find_taken_identifiers(
            set(UNIQUE_IDENTIFIERS) - set(exclude or ())
        )
        if errors:
            raise ValidationError(errors)
        super().validate_constraints(exclude)

    def find_taken_identifiers(self, kinds: Collection[str]) -> dict[str, Any]:
        """Return ``{field: ValidationError}`` for each identifier that another entry has."""
        errors = {}
        for kind in UNIQUE_IDENTIFIERS:
            value = getattr(self, kind)
            if kind not in kinds or not value:
                continue
            others = Reference.objects.filter(**{kind: value}).exclude(pk=self.pk)
            if other := others.first():
                errors[kind] = ValidationError(
                    _("“%(title)s” has this identifier already. It is entry %(id)d."),
                    code=IDENTIFIER_TAKEN,
                    params={"title": str(other), "id": other.pk},
                )
        return errors

    def with_content_json(self, content: Any) -> Reference:
        """Return the entry as a revision has it, but for what no revision decides."""
        instance = super().with_content_json(content)
        instance.shares_identifiers = self.shares_identifiers
        return instance

    def find_other_works(self) -> QuerySet[Reference]:
        """Return the other works that report on the same trial."""
        others = Reference.objects.exclude(pk=self.pk)
        return others.filter(nct=self.nct) if self.nct else others.none()

    @property
    def author_list(self) -> list[str]:
        """The authors as a list, without empty lines."""
        return [line.strip() for line in self.authors.splitlines() if line.strip()]

    @property
    def short_label(self) -> str:
        """A name for the rich text editor, such as ``Khan 2022``."""
        family = (
            self.author_list[0].rsplit(" ", 1)[0]
            if self.author_list
            else self.title[:24]
        )
        return f"{family} {self.issued_year}" if self.issued_year else family

    @property
    def vancouver(self) -> str:
        """The citation in Vancouver style."""
        return format_vancouver(self)
