"""A source that no longer stands is marked on every way out, once, in the language of the page."""

from __future__ import annotations

import pytest

from snippets.models import Reference
from tests import factories
from tests.treatments.api_calls import ARTICLES, find_criteria, get_json

pytestmark = pytest.mark.django_db

MARKS = {
    "retracted": {"en": "Retracted", "es": "Retractada"},
    "corrected": {"en": "Corrected", "es": "Corregida"},
    "expression_of_concern": {
        "en": "Expression of concern",
        "es": "Expresión de preocupación",
    },
}


def iterate_lines(value):
    """Yield every citation in an answer."""
    if isinstance(value, dict):
        if "vancouver" in value:
            yield value["vancouver"]
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from iterate_lines(each)


def test_a_status_is_told_on_every_way_out(client, site, full_page):
    factories.create_spanish_tree(site)
    pages = {"en": full_page, "es": factories.to_spanish(full_page)}
    reference = Reference.objects.get(title__contains="trial")
    for status, marks in MARKS.items():
        reference.status, reference.is_sample = status, False
        reference.save()
        for language, page in pages.items():
            check_article(client, page, marks[language])
        for version in ("v2", "v3"):
            answer = get_json(client, f"/api/{version}/references/")
            (line,) = iterate_lines(answer)
            assert line.endswith(f" {marks['en']}.")


def check_article(client, page, mark):
    """Check that all that is given of an article has the mark once."""
    article = get_json(client, f"{ARTICLES}/{page.pk}/")
    answers = [
        article,
        get_json(client, f"{ARTICLES}/{page.pk}/?rich_text=markdown"),
        get_json(client, f"/api/v2/pages/{page.pk}/?fields=*"),
        get_json(client, f"/api/v3/pages/{page.pk}/"),
    ]
    for answer in answers:
        lines = set(iterate_lines(answer))
        assert [line.count(mark) for line in lines] == [1], lines
        assert all(line.endswith(f" {mark}.") for line in lines)
    block_id = find_criteria(article)
    fhir = get_json(client, f"/api/v3/criteria/{block_id}/fhir/?article={page.pk}")
    (cited,) = [each for each in fhir["relatedArtifact"] if each.get("citation")]
    assert cited["citation"].endswith(f" {mark}.")
    nodes = article["json_ld"]["@graph"]
    assert mark in {node.get("creativeWorkStatus") for node in nodes}


def test_a_standalone_section_has_the_mark(client, site):
    page = factories.publish_section(site, standalone=True)
    for reference in Reference.objects.all():
        reference.status = "retracted"
        reference.save()
    answer = get_json(client, f"/api/v3/sections/{page.body[1].id}/")
    assert [line.endswith(" Retracted.") for line in iterate_lines(answer)] == [True]
