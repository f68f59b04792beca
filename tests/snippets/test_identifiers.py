"""Identifiers are read in every form in which people paste them; malformed ones are refused."""

import pytest
from django.core.exceptions import ValidationError

from snippets import codes, identifiers
from snippets.blocks import CodeBlock
from snippets.identifiers import IDENTIFIERS


@pytest.mark.parametrize(
    ("validate", "good"),
    [
        (identifiers.validate_pmid, "37025581"),
        (identifiers.validate_pmcid, "PMC8937009"),
        (identifiers.validate_doi, "10.1245/s10434-021-10501-4"),
        (identifiers.validate_doi, "10.1200/JCO.21.02006"),
        (identifiers.validate_nct, "NCT01242800"),
        (codes.validate_mesh, "D001943"),
        (codes.validate_ncit, "C4872"),
        (codes.validate_icd10cm, "C78.7"),
        (codes.validate_icd10cm, "C50"),
        (codes.validate_snomed, "254837009"),
        (codes.validate_snomed, "900000000000207008"),
        (codes.validate_rxnorm, "161"),
        (codes.validate_loinc, "718-7"),
        (codes.validate_loinc, "48676-1"),
        (codes.validate_loinc, "LA6576-8"),
        (codes.validate_unii, "R16CO5Y76E"),
        (codes.validate_atc, "L02BA01"),
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
        (codes.validate_mesh, "001943"),
        (codes.validate_ncit, "4872"),
        (codes.validate_icd10cm, "78.7"),
        (codes.validate_snomed, "12345"),
        (codes.validate_rxnorm, "rx161"),
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


SICI = "10.1002/1097-0142(1950)3:1<32::aid-cncr2820030106>3.0.co;2-3"


@pytest.mark.parametrize(
    ("kind", "typed", "bare"),
    [
        ("doi", "https://doi.org/10.1016/S0140-6736(05)66544-0", "10.1016/s0140-6736(05)66544-0"),
        ("doi", "DOI: 10.1016/S0140-6736(05)66544-0.", "10.1016/s0140-6736(05)66544-0"),
        ("doi", "doi:10.1016/s0140-6736(05)66544-0", "10.1016/s0140-6736(05)66544-0"),
        ("doi", "10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3", SICI),
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov/15894097/", "15894097"),
        ("pmid", "PMID: 15894097", "15894097"),
        ("pmcid", "pmc2718688", "PMC2718688"),
        ("pmcid", "PMC 2718688", "PMC2718688"),
        ("nct", "nct02364557", "NCT02364557"),
        ("nct", "https://clinicaltrials.gov/study/NCT02364557", "NCT02364557"),
        # Other addresses, with what follows the number in them.
        ("doi", "dx.doi.org/10.1002%2F1097-0142(1950)3%3A1%3C32%3A%3AAID-CNCR2820030106%3E3.0.CO%3B2-3", SICI),
        ("doi", "https://doi.org/10.1002/1097-0142(1950)3:1&lt;32::AID-CNCR2820030106&gt;3.0.CO;2-3", SICI),
        ("doi", "http://www.doi.org/10.1000/ABC/?utm_source=mail#abstract", "10.1000/abc"),
        ("doi", "https://doi.org/doi:10.1000/ABC", "10.1000/abc"),
        ("doi", "info:doi/10.1000/ABC", "10.1000/abc"),
        ("doi", "10.1000/abc?utm_source=mail", "10.1000/abc"),
        ("doi", "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-#", "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-#"),
        ("doi", "10.12688/F1000research.1234.2", "10.12688/f1000research.1234.2"),
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov/15894097/?term=x", "15894097"),
        ("pmid", "www.ncbi.nlm.nih.gov/pubmed/15894097?dopt=Abstract", "15894097"),
        ("pmid", "https://europepmc.org/article/MED/15894097", "15894097"),
        ("pmid", "PubMed ID (PMID): 15894097.", "15894097"),
        ("pmcid", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC2718688/", "PMC2718688"),
        ("pmcid", "https://pmc.ncbi.nlm.nih.gov/articles/PMC2718688/pdf/a.pdf", "PMC2718688"),
        ("pmcid", "PMCID: PMC2718688.1", "PMC2718688"),
        ("nct", "https://clinicaltrials.gov/ct2/show/NCT02364557?term=a&rank=1", "NCT02364557"),
        ("nct", "ClinicalTrials.gov Identifier: NCT02364557.", "NCT02364557"),
        ("orcid", "https://orcid.org/0000-0002-1694-233x", "0000-0002-1694-233X"),
        # What cannot be seen, and the dashes and brackets of word processors.
        ("doi", "(doi:10.1000/ABC).", "10.1000/abc"),
        ("doi", "<https://doi.org/10.1000/A(b)>", "10.1000/a(b)"),
        ("doi", "10.1245/s10434\u2011021\u201310501\u22124", "10.1245/s10434-021-10501-4"),
        ("pmid", "\u200b\u00a015894097\ufeff", "15894097"),
        ("mesh", " d001943", "D001943"),
    ],
)  # fmt: skip
def test_what_people_paste_becomes_the_identifier(kind, typed, bare):
    assert IDENTIFIERS[kind].read(typed) == bare
    assert IDENTIFIERS[kind].is_valid(bare)
    assert IDENTIFIERS[kind].read(bare) == bare


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov/?term=15894097"),
        ("pmid", "1589409715894"),
        ("pmid", "15894097 15894098"),
        ("pmid", "١٢٣"),
        ("pmid", "https://doi.org/10.1000/1"),
        ("pmcid", "https://pubmed.ncbi.nlm.nih.gov/15894097/"),
        ("nct", "NCT023645571"),
        ("nct", "https://clinicaltrials.gov/search?cond=NCT02364557"),
        ("doi", "https://example.org/doi/10.1002/abc/full"),
        ("doi", "10.1245/a b"),
        ("doi", "https://doi.org/10.1000/a%00b"),
        ("doi", ""),
    ],
)
def test_what_holds_another_number_or_several_is_left_for_the_validator(kind, typed):
    assert IDENTIFIERS[kind].read(typed) == typed
    assert not IDENTIFIERS[kind].is_valid(typed)


def test_the_address_of_a_doi_is_percent_encoded():
    assert IDENTIFIERS["doi"].get_url(f"{SICI[:-1]}#") == (
        "https://doi.org/10.1002/1097-0142(1950)3:1%3C32::aid-cncr2820030106%3E3.0.co;2-%23"
    )


@pytest.mark.parametrize(
    ("system", "code", "message"),
    [
        ("http://snomed.info/sct", "254837008", "last digit does not fit"),
        ("http://snomed.info/sct", "101013", "does not name a concept"),
        ("http://loinc.org", "2345-8", "last digit does not fit"),
        ("http://loinc.org", "hemoglobin", "such as 718-7"),
        ("http://id.nlm.nih.gov/mesh", "C4872", "MeSH identifier"),
        ("http://hl7.org/fhir/sid/icd-10-cm", "78.7", "ICD-10-CM code"),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "rx1", "RxNorm"),
        ("http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl", "D1", "NCI Thesaurus"),
    ],
)
def test_a_code_that_its_system_cannot_have_is_refused(system, code, message):
    block = CodeBlock()
    value = block.to_python({"system": system, "other_system": "", "code": code})
    with pytest.raises(ValidationError) as refused:
        block.clean(value)
    assert message in str(refused.value.block_errors["code"])


@pytest.mark.parametrize(
    ("system", "code", "is_valid"),
    [
        ("https://loinc.org/", "2345-8", False),
        ("https://loinc.org/", "2345-7", True),
        ("https://fdasis.nlm.nih.gov", "R16CO5Y76F", False),
        ("http://www.whocc.no/atc", "L02BA", True),
        ("http://www.whocc.no/atc", "LO2BA01", False),
        ("https://example.org/codes", "anything", True),
    ],
)
def test_a_system_that_was_typed_is_known_too(system, code, is_valid):
    block = CodeBlock()
    value = block.to_python({"system": None, "other_system": system, "code": code})
    if is_valid:
        assert block.clean(value)["code"] == code
    else:
        with pytest.raises(ValidationError):
            block.clean(value)
