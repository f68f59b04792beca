"""Malformed identifiers are refused, well-formed ones are taken as they are."""

import pytest
from django.core.exceptions import ValidationError

from snippets import identifiers


@pytest.mark.parametrize(
    ("validate", "good"),
    [
        (identifiers.validate_pmid, "37025581"),
        (identifiers.validate_pmcid, "PMC8937009"),
        (identifiers.validate_doi, "10.1245/s10434-021-10501-4"),
        (identifiers.validate_doi, "10.1200/JCO.21.02006"),
        (identifiers.validate_nct, "NCT01242800"),
        (identifiers.validate_mesh, "D001943"),
        (identifiers.validate_ncit, "C4872"),
        (identifiers.validate_icd10cm, "C78.7"),
        (identifiers.validate_icd10cm, "C50"),
        (identifiers.validate_snomed, "254837009"),
        (identifiers.validate_rxnorm, "161"),
    ],
)
def test_well_formed_identifier_is_accepted(validate, good):
    validate(good)


@pytest.mark.parametrize(
    ("validate", "bad"),
    [
        (identifiers.validate_pmid, "PMID 37025581"),
        (identifiers.validate_pmid, "0123"),
        (identifiers.validate_pmid, "37025581\n"),
        (identifiers.validate_pmcid, "8937009"),
        (identifiers.validate_doi, "https://doi.org/10.1245/s10434-021-10501-4"),
        (identifiers.validate_doi, "10.1245/"),
        (identifiers.validate_doi, "10.1245/a b"),
        (identifiers.validate_nct, "NCT0124280"),
        (identifiers.validate_mesh, "001943"),
        (identifiers.validate_ncit, "4872"),
        (identifiers.validate_icd10cm, "78.7"),
        (identifiers.validate_snomed, "12345"),
        (identifiers.validate_rxnorm, "rx161"),
    ],
)
def test_malformed_identifier_is_refused(validate, bad):
    with pytest.raises(ValidationError):
        validate(bad)


@pytest.mark.parametrize("orcid", ["0000-0002-1825-0097", "0000-0002-1694-233X"])
def test_orcid_with_its_check_digit_is_accepted(orcid):
    identifiers.validate_orcid(orcid)


def test_orcid_with_a_typing_mistake_is_refused():
    with pytest.raises(ValidationError, match="typing mistake"):
        identifiers.validate_orcid("0000-0002-1825-0098")


@pytest.mark.parametrize(
    "orcid",
    ["0000-0002-1825-009", "0000000218250097", "https://orcid.org/0000-0002-1825-0097"],
)
def test_orcid_of_another_shape_is_refused(orcid):
    with pytest.raises(ValidationError, match="four groups"):
        identifiers.validate_orcid(orcid)
