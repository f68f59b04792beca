"""Validators for the identifiers of literature, trials, people and code systems.

Each validator takes the bare identifier, never a URL, and raises ``ValidationError`` with a
sentence that shows a well-formed example.
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

validate_pmid = RegexValidator(
    r"^[1-9]\d{0,8}\Z", _("Enter a PubMed ID as digits only, for example 37025581.")
)
validate_pmcid = RegexValidator(
    r"^PMC[1-9]\d{0,9}\Z",
    _("Enter a PubMed Central ID that starts with PMC, for example PMC8937009."),
)
#: Crossref's recommended pattern for modern DOIs, without a resolver URL in front.
validate_doi = RegexValidator(
    r"^10\.\d{4,9}/[^\s<>\"]+\Z",
    _(
        "Enter a DOI without the web address in front, for example 10.1245/s10434-021-10501-4."
    ),
)
validate_nct = RegexValidator(
    r"^NCT\d{8}\Z",
    _(
        "Enter a ClinicalTrials.gov number as NCT and eight digits, for example NCT01242800."
    ),
)
validate_mesh = RegexValidator(
    r"^[CD]\d{6,9}\Z", _("Enter a MeSH identifier such as D001943.")
)
validate_ncit = RegexValidator(
    r"^C\d{3,7}\Z", _("Enter an NCI Thesaurus code such as C4872.")
)
validate_icd10cm = RegexValidator(
    r"^[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?\Z", _("Enter an ICD-10-CM code such as C78.7.")
)
validate_snomed = RegexValidator(
    r"^[1-9]\d{5,17}\Z", _("Enter a SNOMED CT identifier: 6 to 18 digits.")
)
validate_rxnorm = RegexValidator(
    r"^[1-9]\d{0,7}\Z", _("Enter an RxNorm identifier: digits only.")
)

_ORCID = re.compile(r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]\Z")


def compute_orcid_check_digit(base: str) -> str:
    """Return the check character of an ORCID iD's first 15 digits (ISO 7064 MOD 11-2)."""
    total = 0
    for digit in base:
        total = (total + int(digit)) * 2
    result = (12 - total % 11) % 11
    return "X" if result == 10 else str(result)


def validate_orcid(value: str) -> None:
    """Refuse an ORCID iD with the wrong shape or the wrong check digit."""
    if not _ORCID.match(value):
        raise ValidationError(
            _(
                "Enter an ORCID iD as four groups of four, for example 0000-0002-1825-0097."
            ),
            code="invalid",
        )
    digits = value.replace("-", "")
    if compute_orcid_check_digit(digits[:15]) != digits[15]:
        raise ValidationError(
            _(
                "This ORCID iD has a typing mistake: its last character does not fit the others."
            ),
            code="check_digit",
        )
