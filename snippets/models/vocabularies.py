"""Conditions and treatments: translatable vocabularies without drafts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import TranslatableMixin
from wagtail.search import index

from snippets.fields import IdentifierField
from snippets.models.editorial import set_slug
from snippets.models.plain_text import PlainTextMixin


class VocabularyMixin(PlainTextMixin, TranslatableMixin, index.Indexed):
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
    mesh_id = IdentifierField("MeSH", kind="mesh", blank=True)
    ncit_code = IdentifierField("NCI Thesaurus", kind="ncit", blank=True)
    snomed_id = IdentifierField(
        "SNOMED CT",
        kind="snomed",
        blank=True,
        help_text=_("Only if your organization has a license."),
    )

    #: A translation that waits for its translator is not shown; set by whoever publishes it.
    is_public = models.BooleanField(_("shown to readers"), default=True, editable=False)

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
        index.FilterField("is_public"),
        index.FilterField("slug"),
        index.FilterField("mesh_id"),
        index.FilterField("ncit_code"),
        index.FilterField("snomed_id"),
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

    icd10cm_code = IdentifierField("ICD-10-CM", kind="icd10cm", blank=True)

    translation_synchronized_fields = (
        *VocabularyMixin.translation_synchronized_fields,
        "icd10cm_code",
    )
    code_fields = (
        *VocabularyMixin.code_fields,
        ("icd10cm_code", "http://hl7.org/fhir/sid/icd-10-cm"),
    )
    search_fields: ClassVar[list[index.BaseField]] = [
        *VocabularyMixin.search_fields,
        index.FilterField("icd10cm_code"),
    ]

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
    rxnorm_id = IdentifierField("RxNorm", kind="rxnorm", blank=True)

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
        index.FilterField("rxnorm_id"),
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
