"""The identifiers of literature, trials, people and code systems: how they are read, checked and looked up.

What people type or paste, an address or a number with words around it, becomes the bare identifier. What
cannot be read stays as it is, and the validator refuses it with a sentence that shows a well-formed example.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from snippets.codes import (
    normalize_code,
    validate_icd10cm,
    validate_mesh,
    validate_ncit,
    validate_rxnorm,
    validate_snomed,
)

if TYPE_CHECKING:
    from collections.abc import Callable

validate_pmid = RegexValidator(
    r"^[1-9][0-9]{0,8}\Z", _("Enter a PubMed ID or its address, for example 37025581.")
)
validate_pmcid = RegexValidator(
    r"^PMC[1-9][0-9]{0,9}\Z",
    _("Enter a PubMed Central ID or its address, for example PMC8937009."),
)
#: Crossref's pattern for modern DOIs; ``<`` and ``>`` stand in those that contain a SICI.
validate_doi = RegexValidator(
    r"^10\.[0-9]{4,9}(\.[0-9]+)*/[^\s\"\x00-\x1f\x7f\ufffd]+\Z",
    _("Enter a DOI or its address at doi.org, for example 10.1245/s10434-021-10501-4."),
)
validate_nct = RegexValidator(
    r"^NCT[0-9]{8}\Z",
    _(
        "Enter a ClinicalTrials.gov number as NCT and eight digits, for example NCT01242800."
    ),
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


#: Dashes of word processors and PDF files.
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_QUOTES = "\"'“”‘’«»"
_BRACKETS = {")": "(", "]": "[", ">": "<"}
#: Longer than every identifier with what stands around it.
_MAX_LENGTH = 2000

_DOI_BEFORE = re.compile(
    r"(?P<address>(?:https?:)?(?://)?(?:dx\.|www\.)?doi\.org/+)"
    r"|(?:info:|urn:)?doi[\s:=/]*(?=10\.|http|dx\.|doi|//)",
    re.IGNORECASE,
)
#: A “#” after “;2-” is the check character of a SICI.
_ADDRESS_END = re.compile(r"\?|(?<!;2-)#")
_QUERY = re.compile(r"\?[\w.-]+=")
_PMID = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed|pubmed\.gov"
    r"|europepmc\.org/(?:article|abstract)/med|identifiers\.org/pubmed)[/:]([0-9]+)(?:[/?#.].*)?"
    r"|(?:(?:pubmed|pmid|id)[\s:#()]*)*([0-9]+)[.,;\s]*",
    re.IGNORECASE,
)
_PMCID = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*?(?:ncbi\.nlm\.nih\.gov/(?:pmc/)?articles/(?:pmc)?"
    r"|europepmc\.org/articles?/(?:pmc/)?pmc|identifiers\.org/pmc[/:](?:pmc)?)([0-9]+)(?:[/?#.].*)?"
    r"|(?:(?:pmcid|id)[\s:#()]*)*pmc[\s:#-]*([0-9]+)(?:\.[0-9]+)?[.,;\s]*",
    re.IGNORECASE,
)
_NCT = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*?clinicaltrials\.gov/(?:[\w/-]+/)?nct([0-9]{8})(?:[/?#.].*)?"
    r"|(?:(?:clinicaltrials\.gov|identifier|number|id|nct(?=[\s:#]+nct))\b[\s:#]*)*nct[\s:#-]*([0-9]{8})[.,;\s]*",
    re.IGNORECASE,
)
_ORCID_BEFORE = re.compile(
    r"(?:https?://)?(?:www\.)?orcid\.org/|orcid(?:\s*id)?[\s:]*", re.IGNORECASE
)


def clean_characters(text: str) -> str:
    """Return a text with plain spaces and hyphens, and without what cannot be seen."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(each for each in text if unicodedata.category(each) != "Cf")
    return _DASHES.sub("-", text).strip()


def strip_end(text: str) -> str:
    """Return a text without final punctuation and without a bracket that was not opened in it."""
    while text:
        opening = _BRACKETS.get(text[-1])
        is_loose = opening is not None and text.count(text[-1]) > text.count(opening)
        if not is_loose and text[-1] not in ".,;:/ " + _QUOTES:
            break
        text = text[:-1]
    return text


def normalize_doi(text: str) -> str:
    """Return a DOI without address and words, in lower case: a DOI does not distinguish it."""
    doi = clean_characters(text)
    for entity, sign in _ENTITIES.items():
        doi = doi.replace(entity, sign)
    doi, is_address = doi.lstrip("<([ " + _QUOTES), False
    while match := _DOI_BEFORE.match(doi):
        is_address = is_address or bool(match["address"])
        doi = doi[match.end() :]
    end = (_ADDRESS_END if is_address else _QUERY).search(doi)
    doi = strip_end(clean_characters(unquote(doi[: end.start()] if end else doi)))
    if not IDENTIFIERS["doi"].is_valid(doi):
        return text.strip()
    # ASCII only, as the DOI Handbook has it.
    return re.sub("[A-Z]+", lambda letters: letters[0].lower(), doi)


def read_number(pattern: re.Pattern[str], prefix: str, text: str) -> str:
    """Return the number in an address, or behind words; the text where it holds something else."""
    match = pattern.fullmatch(clean_characters(text))
    return f"{prefix}{match[1] or match[2]}" if match else text.strip()


def normalize_pmid(text: str) -> str:
    """Return a PubMed ID without address and words."""
    return read_number(_PMID, "", text)


def normalize_pmcid(text: str) -> str:
    """Return a PubMed Central ID without address, words and version."""
    return read_number(_PMCID, "PMC", text)


def normalize_nct(text: str) -> str:
    """Return a number of ClinicalTrials.gov without address and words."""
    return read_number(_NCT, "NCT", text)


def normalize_orcid(text: str) -> str:
    """Return an ORCID iD without address and words."""
    orcid = _ORCID_BEFORE.sub("", clean_characters(text), count=1)
    orcid = orcid.rstrip("./ ").upper()
    return orcid if _ORCID.match(orcid) else text.strip()


@dataclass(frozen=True)
class Identifier:
    """A kind of identifier.

    Attributes:
        max_length: Of the bare identifier.
        normalize: Returns the bare identifier of what somebody typed; what it cannot read, as it is.
        validate: Refuses everything but the bare identifier.
        address: Where it is looked up, with ``{}`` for the identifier; empty where that is nowhere.
    """

    max_length: int
    normalize: Callable[[str], str]
    validate: Callable[[str], None]
    address: str = ""

    def read(self, text: str) -> str:
        """Return the bare identifier of what somebody typed; what cannot be read, as it is."""
        return self.normalize(text) if 0 < len(text) <= _MAX_LENGTH else text

    def is_valid(self, value: str) -> bool:
        """Tell whether a value is a bare identifier."""
        try:
            self.validate(value)
        except ValidationError:
            return False
        return bool(value)

    def get_url(self, value: str) -> str:
        """Return where an identifier is looked up."""
        return self.address.format(quote(value, safe="/:;()"))


#: Of literature in the order in which a reader looks it up, of people, and of codes.
IDENTIFIERS = {
    "doi": Identifier(250, normalize_doi, validate_doi, "https://doi.org/{}"),
    "pmid": Identifier(
        9, normalize_pmid, validate_pmid, "https://pubmed.ncbi.nlm.nih.gov/{}/"
    ),
    "pmcid": Identifier(
        13,
        normalize_pmcid,
        validate_pmcid,
        "https://www.ncbi.nlm.nih.gov/pmc/articles/{}/",
    ),
    "nct": Identifier(
        11, normalize_nct, validate_nct, "https://clinicaltrials.gov/study/{}"
    ),
    "orcid": Identifier(19, normalize_orcid, validate_orcid, "https://orcid.org/{}"),
    "mesh": Identifier(10, normalize_code, validate_mesh),
    "ncit": Identifier(8, normalize_code, validate_ncit),
    "icd10cm": Identifier(8, normalize_code, validate_icd10cm),
    "snomed": Identifier(18, normalize_code, validate_snomed),
    "rxnorm": Identifier(8, normalize_code, validate_rxnorm),
}


def recognize(text: str) -> dict[str, str]:
    """Return the bare identifiers that a text can stand for, by their kind."""
    found = {kind: each.read(text) for kind, each in IDENTIFIERS.items()}
    return {
        kind: value
        for kind, value in found.items()
        if IDENTIFIERS[kind].is_valid(value)
    }
