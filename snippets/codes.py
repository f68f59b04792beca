"""The codes of public systems: their form and their check digits. Which code is meant is not looked up.

The check digits are computed here: the library that has them all, python-stdnum, is under the LGPL.
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

validate_mesh = RegexValidator(
    r"^[CD][0-9]{6,9}\Z", _("Enter a MeSH identifier such as D001943.")
)
validate_ncit = RegexValidator(
    r"^C[0-9]{3,7}\Z", _("Enter an NCI Thesaurus code such as C4872.")
)
validate_icd10cm = RegexValidator(
    r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?\Z",
    _("Enter an ICD-10-CM code such as C78.7."),
)
validate_rxnorm = RegexValidator(
    r"^[1-9][0-9]{0,7}\Z", _("Enter an RxNorm identifier: digits only.")
)
validate_atc = RegexValidator(
    r"^[A-Z]([0-9]{2}([A-Z]([A-Z]([0-9]{2})?)?)?)?\Z",
    _("Enter an ATC code such as L02BA01."),
)

_SNOMED = re.compile(r"[1-9][0-9]{5,17}")
#: A term, or a part or an answer of one.
_LOINC = re.compile(r"([1-9][0-9]{0,6})-([0-9])|L[A-Z][1-9][0-9]*-[0-9]")
_UNII = re.compile(r"[0-9A-Z]{10}")

#: The products of the dihedral group D5, and Verhoeff's permutation of the digits.
_PRODUCTS = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_PERMUTATION = "1576283094"


def normalize_code(text: str) -> str:
    """Return a code in capital letters, without spaces around it."""
    return text.strip().upper()


def is_verhoeff(digits: str) -> bool:
    """Tell whether the last of the digits fits the others (J. Verhoeff, Error detecting decimal codes, 1969)."""
    check = 0
    for position, digit in enumerate(reversed(digits)):
        permuted = int(digit)
        for _step in range(position % 8):
            permuted = int(_PERMUTATION[permuted])
        check = int(_PRODUCTS[check][permuted])
    return check == 0


def is_luhn(digits: str) -> bool:
    """Tell whether the last of the digits fits the others (ISO/IEC 7812-1, called “mod 10”)."""
    total = sum(int(digit) for digit in digits[::-2])
    total += sum(sum(divmod(int(digit) * 2, 10)) for digit in digits[-2::-2])
    return total % 10 == 0


def validate_snomed(value: str) -> None:
    """Refuse what is not the identifier of a SNOMED CT concept.

    Source: SNOMED CT Release File Specification, “SNOMED CT Identifiers”: check digit and partition.
    """
    if not _SNOMED.fullmatch(value):
        raise ValidationError(
            _("Enter a SNOMED CT identifier: 6 to 18 digits."), code="invalid"
        )
    if not is_verhoeff(value):
        raise ValidationError(
            _(
                "This SNOMED CT identifier has a typing mistake: its last digit does not fit the others."
            ),
            code="check_digit",
        )
    partition = value[-3:-1]
    # The long form has seven digits that name the organization.
    if partition != "00" and (partition != "10" or len(value) < 11):
        raise ValidationError(
            _(
                "This SNOMED CT identifier does not name a concept: enter that of the concept, not of a description."
            ),
            code="partition",
        )


def validate_loinc(value: str) -> None:
    """Refuse what is not a LOINC code.

    Source: LOINC Users’ Guide, “Calculating mod 10 check digits”. Those of parts and answers are not checked.
    """
    match = _LOINC.fullmatch(value)
    if not match:
        raise ValidationError(_("Enter a LOINC code such as 718-7."), code="invalid")
    if match[1] and not is_luhn(match[1] + match[2]):
        raise ValidationError(
            _(
                "This LOINC code has a typing mistake: its last digit does not fit the others."
            ),
            code="check_digit",
        )


def validate_unii(value: str) -> None:
    """Refuse what is not a UNII of the FDA: its last character is the sum of the others, modulo 36."""
    if not _UNII.fullmatch(value):
        raise ValidationError(
            _("Enter a UNII of ten characters, for example R16CO5Y76E."), code="invalid"
        )
    if sum(int(each, 36) for each in value[:9]) % 36 != int(value[9], 36):
        raise ValidationError(
            _(
                "This UNII has a typing mistake: its last character does not fit the others."
            ),
            code="check_digit",
        )


#: Code systems by their canonical URI. SNOMED CT and RxNorm content may need a license.
CODE_SYSTEMS = [
    ("http://id.nlm.nih.gov/mesh", "MeSH"),
    ("http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl", "NCI Thesaurus"),
    ("http://hl7.org/fhir/sid/icd-10-cm", "ICD-10-CM"),
    ("http://snomed.info/sct", "SNOMED CT"),
    ("http://loinc.org", "LOINC"),
    ("http://www.nlm.nih.gov/research/umls/rxnorm", "RxNorm"),
]
#: URI without its scheme → what refuses a malformed code; systems that editors may type are among them.
_VALIDATORS = {
    "id.nlm.nih.gov/mesh": validate_mesh,
    "ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl": validate_ncit,
    "hl7.org/fhir/sid/icd-10-cm": validate_icd10cm,
    "snomed.info/sct": validate_snomed,
    "loinc.org": validate_loinc,
    "www.nlm.nih.gov/research/umls/rxnorm": validate_rxnorm,
    "www.whocc.no/atc": validate_atc,
    "fdasis.nlm.nih.gov": validate_unii,
}


def validate_code(system: str, code: str) -> None:
    """Refuse a code that its system cannot have; the codes of unknown systems are taken as they are.

    Args:
        system: The URI of the code system.
        code: The code.

    Raises:
        ValidationError: says what is wrong with the code.
    """
    validate = _VALIDATORS.get(system.partition("://")[2].rstrip("/"))
    if validate is not None:
        validate(code)
