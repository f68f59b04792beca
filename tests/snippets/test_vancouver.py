"""Citations in Vancouver style, after the National Library of Medicine's Citing Medicine."""

import pytest
from django.utils import translation

from snippets.models import Reference
from snippets.vancouver import format_authors


def test_journal_article_has_all_its_parts():
    reference = Reference(
        type="article-journal",
        title="Early local therapy for the primary site.",
        authors="Khan SA\nZhao F",
        container_title="J Clin Oncol",
        issued_year=2022,
        issued_month=3,
        issued_day=20,
        volume="40",
        issue="9",
        page="978–987",
        doi="10.1200/jco.21.02006",
        pmid="34977983",
    )
    assert reference.vancouver == (
        "Khan SA, Zhao F. Early local therapy for the primary site. J Clin Oncol. 2022 Mar 20;40(9):978–987. "
        "doi:10.1200/jco.21.02006; PMID: 34977983."
    )


def test_web_page_ends_with_its_address():
    reference = Reference(
        type="webpage",
        title="What is metastasis?",
        container_title="Example Health",
        url="https://www.example.org/metastasis",
    )
    assert reference.vancouver == (
        "What is metastasis? Example Health. Available from: https://www.example.org/metastasis"
    )


def test_book_names_its_publisher():
    reference = Reference(
        type="book", title="Surgery", publisher="Example Press", issued_year=2019
    )
    assert reference.vancouver == "Surgery. Example Press; 2019."


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], ""),
        (["Khan SA"], "Khan SA"),
        (["Khan SA", "et al."], "Khan SA, et al"),
        (
            [f"Author {letter}" for letter in "ABCDEF"],
            "Author A, Author B, Author C, Author D, Author E, Author F",
        ),
        (
            [f"Author {letter}" for letter in "ABCDEFG"],
            "Author A, Author B, Author C, Author D, Author E, Author F, et al",
        ),
    ],
)
def test_authors_after_the_sixth_are_et_al(names, expected):
    assert format_authors(names) == expected


def test_short_label_is_the_family_name_and_the_year():
    assert (
        Reference(authors="van der Berg AB", title="X", issued_year=2020).short_label
        == "van der Berg 2020"
    )
    assert Reference(title="Guideline", issued_year=None).short_label == "Guideline"


@pytest.mark.parametrize(
    ("status", "language", "mark"),
    [
        ("retracted", "en", "Retracted"),
        ("retracted", "es", "Retractada"),
        ("corrected", "en", "Corrected"),
        ("expression_of_concern", "es", "Expresión de preocupación"),
    ],
)
def test_a_status_stands_once_at_the_end_in_the_language_of_the_page(
    status, language, mark
):
    reference = Reference(
        title="A trial", pmid="1", url="https://example.org", status=status
    )
    with translation.override(language):
        assert reference.vancouver == f"A trial. PMID: 1. {mark}."
    reference.pmid = ""
    with translation.override(language):
        assert reference.vancouver.endswith(f"https://example.org {mark}.")
    reference.status = "current"
    assert mark not in reference.vancouver
