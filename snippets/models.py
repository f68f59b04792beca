"""The reference content: terms, references, people, conditions, treatments and promotions.

These models know nothing of articles. What may be translated is translatable; a reference is the
same in every language. Conditions and treatments are vocabularies without drafts.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    Locale,
    LockableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index

from snippets import identifiers
from snippets.vancouver import format_vancouver

DEFINITION_FEATURES = ["bold", "italic", "ul", "link"]


def set_slug(instance: models.Model, text: str, max_length: int = 120) -> None:
    """Give an instance without a slug one that is free in its locale."""
    if instance.slug:  # ty: ignore[missing-attribute]
        return
    base = slugify(text)[:max_length] or "item"
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


class EditorialMixin(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin):
    """Drafts, revisions, locking and workflows for a snippet."""

    class Meta:
        abstract = True


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
        "wagtailimages.Image",
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
        """Ask for a description of the image."""
        super().clean()
        if self.image_id and not self.image_alt.strip():
            raise ValidationError(
                {"image_alt": _("Describe the image for people who cannot see it.")}
            )

    @property
    def alias_list(self) -> list[str]:
        """The aliases as a list, without empty lines."""
        return [line.strip() for line in self.aliases.splitlines() if line.strip()]


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
    pmid = models.CharField(
        _("PubMed ID (PMID)"),
        max_length=9,
        blank=True,
        validators=[identifiers.validate_pmid],
    )
    pmcid = models.CharField(
        _("PubMed Central ID (PMCID)"),
        max_length=13,
        blank=True,
        validators=[identifiers.validate_pmcid],
    )
    doi = models.CharField(
        _("DOI"), max_length=250, blank=True, validators=[identifiers.validate_doi]
    )
    nct = models.CharField(
        _("trial number (NCT)"),
        max_length=11,
        blank=True,
        validators=[identifiers.validate_nct],
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
        index.FilterField("live"),
    ]

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["pmid"],
                condition=~models.Q(pmid=""),
                name="treatment_snippets_reference_pmid",
            ),
            models.UniqueConstraint(
                fields=["doi"],
                condition=~models.Q(doi=""),
                name="treatment_snippets_reference_doi",
            ),
        ]

    def __str__(self) -> str:
        first = f"{self.author_list[0]} " if self.author_list else ""
        year = f"{self.issued_year}. " if self.issued_year else ""
        return f"{first}{year}{self.title}"

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
    orcid = models.CharField(
        _("ORCID iD"),
        max_length=19,
        blank=True,
        validators=[identifiers.validate_orcid],
    )
    interests = models.TextField(
        _("declared interests"),
        blank=True,
        help_text=_(
            "What readers should know, for example payments from a manufacturer; or “None declared”."
        ),
    )

    translation_synchronized_fields: ClassVar[tuple[str, ...]] = ("name", "orcid")
    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.FilterField("name"),
        index.SearchField("affiliation"),
        index.SearchField("orcid"),
        index.FilterField("role"),
        index.FilterField("locale_id"),
        index.FilterField("live"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name


class VocabularyMixin(TranslatableMixin, index.Indexed):
    """A translatable entry of a vocabulary without drafts, with codes of public systems."""

    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(
        _("slug"),
        max_length=120,
        blank=True,
        help_text=_("Part of the web address; left empty, it is made from the name."),
    )
    description = models.TextField(
        _("description"), blank=True, help_text=_("One or two plain sentences.")
    )
    also_known_as = models.TextField(
        _("also known as"), blank=True, help_text=_("One per line.")
    )
    mesh_id = models.CharField(
        "MeSH", max_length=10, blank=True, validators=[identifiers.validate_mesh]
    )
    ncit_code = models.CharField(
        "NCI Thesaurus",
        max_length=8,
        blank=True,
        validators=[identifiers.validate_ncit],
    )
    snomed_id = models.CharField(
        "SNOMED CT",
        max_length=18,
        blank=True,
        validators=[identifiers.validate_snomed],
        help_text=_("Only if your organization has a license."),
    )

    translation_synchronized_fields: ClassVar[tuple[str, ...]] = (
        "slug",
        "mesh_id",
        "ncit_code",
        "snomed_id",
    )
    #: (field, code system URI) pairs, in the order in which codes are published.
    code_fields: ClassVar[tuple[tuple[str, str], ...]] = (
        ("mesh_id", "http://id.nlm.nih.gov/mesh"),
        ("ncit_code", "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"),
        ("snomed_id", "http://snomed.info/sct"),
    )
    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.FilterField("name"),
        index.SearchField("also_known_as"),
        index.SearchField("description"),
        index.FilterField("locale_id"),
    ]

    class Meta(TranslatableMixin.Meta):
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        """Fill an empty slug before saving."""
        set_slug(self, self.name)
        super().save(*args, **kwargs)

    @property
    def alias_list(self) -> list[str]:
        """The other names as a list, without empty lines."""
        return [
            line.strip() for line in self.also_known_as.splitlines() if line.strip()
        ]

    @property
    def codes(self) -> list[dict[str, str]]:
        """The codes that are filled in, as ``{"system": URI, "code": code}``."""
        return [
            {"system": system, "code": getattr(self, field)}
            for field, system in self.code_fields
            if getattr(self, field)
        ]


class Condition(VocabularyMixin, models.Model):
    """A disease or a state of a disease that an article is about."""

    icd10cm_code = models.CharField(
        "ICD-10-CM", max_length=8, blank=True, validators=[identifiers.validate_icd10cm]
    )

    translation_synchronized_fields = (
        *VocabularyMixin.translation_synchronized_fields,
        "icd10cm_code",
    )
    code_fields = (
        *VocabularyMixin.code_fields,
        ("icd10cm_code", "http://hl7.org/fhir/sid/icd-10-cm"),
    )

    class Meta(VocabularyMixin.Meta):
        abstract = False
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        constraints = [
            models.UniqueConstraint(
                fields=["locale", "slug"],
                name="treatment_snippets_condition_slug_per_locale",
            )
        ]


class Treatment(VocabularyMixin, models.Model):
    """A therapy or a procedure, with its schema.org types."""

    class SchemaType(models.TextChoices):
        """The schema.org types that describe a treatment."""

        MEDICAL_THERAPY = "MedicalTherapy", _("Medical therapy")
        SURGICAL_PROCEDURE = "SurgicalProcedure", _("Surgical procedure")
        MEDICAL_PROCEDURE = "MedicalProcedure", _("Medical procedure")
        DRUG = "Drug", _("Drug")
        RADIATION_THERAPY = "RadiationTherapy", _("Radiation therapy")
        PALLIATIVE_PROCEDURE = "PalliativeProcedure", _("Palliative procedure")
        PSYCHOLOGICAL_TREATMENT = "PsychologicalTreatment", _("Psychological treatment")

    schema_type = models.CharField(
        _("kind of treatment"),
        max_length=30,
        choices=SchemaType.choices,
        default=SchemaType.MEDICAL_THERAPY,
    )
    rxnorm_id = models.CharField(
        "RxNorm", max_length=8, blank=True, validators=[identifiers.validate_rxnorm]
    )

    translation_synchronized_fields = (
        *VocabularyMixin.translation_synchronized_fields,
        "rxnorm_id",
    )
    code_fields = (
        *VocabularyMixin.code_fields,
        ("rxnorm_id", "http://www.nlm.nih.gov/research/umls/rxnorm"),
    )
    search_fields: ClassVar[list[index.BaseField]] = [
        *VocabularyMixin.search_fields,
        index.FilterField("schema_type"),
    ]

    class Meta(VocabularyMixin.Meta):
        abstract = False
        verbose_name = _("treatment")
        verbose_name_plural = _("treatments")
        constraints = [
            models.UniqueConstraint(
                fields=["locale", "slug"],
                name="treatment_snippets_treatment_slug_per_locale",
            )
        ]


class PromotionQuerySet(models.QuerySet):
    """Promotions by what the public sees."""

    def active(self, at=None) -> PromotionQuerySet:
        """Return the published promotions whose dates include the instant ``at`` (now by default)."""
        at = at or timezone.now()
        return self.filter(
            models.Q(starts_at__isnull=True) | models.Q(starts_at__lte=at),
            models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=at),
            live=True,
        )


class Promotion(EditorialMixin, index.Indexed, ClusterableModel):
    """A short notice beside an article. Written in one language, shown in the chosen locales."""

    class Placement(models.TextChoices):
        """Where a frontend shows the promotion."""

        SIDEBAR = "sidebar", _("Sidebar")
        INLINE = "inline", _("Within the article")
        FOOTER = "footer", _("Below the article")
        HOME = "home", _("Home page")

    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=400, blank=True)
    placement = models.CharField(
        _("placement"),
        max_length=10,
        choices=Placement.choices,
        default=Placement.SIDEBAR,
    )
    image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    image_alt = models.CharField(_("image description"), max_length=250, blank=True)
    link_url = models.URLField(_("link"), max_length=500, blank=True)
    link_text = models.CharField(_("link text"), max_length=80, blank=True)
    is_sponsored = models.BooleanField(
        _("sponsored"),
        default=False,
        help_text=_("Somebody paid for it: readers must be shown this mark."),
    )
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    locales = ParentalManyToManyField(
        Locale, verbose_name=_("shown in"), related_name="+"
    )

    objects = PromotionQuerySet.as_manager()

    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.SearchField("text"),
        index.FilterField("placement"),
        index.FilterField("live"),
    ]

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse dates in the wrong order, a link without words and an image without a description."""
        super().clean()
        errors = {}
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            errors["ends_at"] = _("The end lies before the start.")
        if self.link_url and not self.link_text.strip():
            errors["link_text"] = _("Say in a few words where the link leads.")
        if self.image_id and not self.image_alt.strip():
            errors["image_alt"] = _("Describe the image for people who cannot see it.")
        if errors:
            raise ValidationError(errors)
