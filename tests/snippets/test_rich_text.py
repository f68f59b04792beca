"""Glossary terms and citations in rich text: database ↔ editor, rendering, API input, usage."""

from __future__ import annotations

import json

import pytest
from django.utils import translation
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.rich_text.converters.db_html import DbHTMLConverter
from wagtail.models import ReferenceIndex
from wagtail.rich_text import expand_db_html, extract_references_from_rich_text

from snippets.rich_text import CITATION_FEATURE, TERM_FEATURE
from tests import factories

pytestmark = pytest.mark.django_db
FEATURES = ["bold", "link", TERM_FEATURE, CITATION_FEATURE]


@pytest.fixture
def term():
    return factories.create_term()


@pytest.fixture
def reference():
    return factories.create_reference(authors="Khan SA", issued_year=2022)


@pytest.fixture
def html(term, reference):
    return (
        f'<p data-block-key="abcde">A <a linktype="glossary-term" id="{term.pk}"><b>distant</b> metastasis</a>'
        f' is rare.<a linktype="citation" id="{reference.pk}">[Khan 2022]</a></p>'
    )


def test_editor_gets_entities_and_gives_the_same_html_back(html, term, reference):
    converter = ContentstateConverter(FEATURES)
    state = converter.from_database_format(html)
    entities = json.loads(state)["entityMap"].values()
    found = {
        entity["type"]: (
            entity["mutability"],
            entity["data"]["id"],
            entity["data"]["title"],
        )
        for entity in entities
    }
    assert found == {
        "GLOSSARY_TERM": ("MUTABLE", term.pk, "metastasis"),
        "CITATION": ("IMMUTABLE", reference.pk, str(reference)),
    }
    assert converter.to_database_format(state) == html


def test_editor_keeps_an_entity_whose_object_is_gone():
    html = (
        '<p data-block-key="abcde">A <a linktype="glossary-term" id="999">word</a></p>'
    )
    converter = ContentstateConverter(FEATURES)
    assert converter.to_database_format(converter.from_database_format(html)) == html


@pytest.mark.parametrize("pk", ["", "x", "1;drop", "-1", "٣"])
def test_entity_without_a_numeric_id_becomes_its_words(pk):
    html = f'<p data-block-key="abcde">A <a linktype="citation" id="{pk}">[Khan 2022]</a></p>'
    converter = ContentstateConverter(FEATURES)
    stored = converter.to_database_format(converter.from_database_format(html))
    assert stored == '<p data-block-key="abcde">A [Khan 2022]</p>'
    assert list(extract_references_from_rich_text(html)) == []
    assert expand_db_html(html) == '<p data-block-key="abcde">A <a>[Khan 2022]</a></p>'


def test_api_input_keeps_the_features_of_the_field(html, term):
    cleaned, removals = DbHTMLConverter(FEATURES).clean(html)
    assert removals == []
    for part in ('linktype="glossary-term"', f'id="{term.pk}"', "[Khan 2022]</a>"):
        assert part in cleaned


def test_api_input_loses_features_that_the_field_does_not_have(html):
    cleaned, removals = DbHTMLConverter(["bold"]).clean(html)
    assert "linktype" not in cleaned
    assert "metastasis" in cleaned
    assert [removal.reason for removal in removals] == [
        "unknown_linktype",
        "unknown_linktype",
    ]


@pytest.mark.parametrize(
    "attributes", ['linktype="citation"', 'linktype="citation" id="x"']
)
def test_api_input_without_an_id_is_unwrapped(attributes):
    cleaned, removals = DbHTMLConverter(FEATURES).clean(
        f"<p><a {attributes}>[Khan 2022]</a></p>"
    )
    assert cleaned == "<p>[Khan 2022]</p>"
    assert [removal.reason for removal in removals] == ["missing_attribute"]


def test_stock_rendering_names_published_objects_only(html, term, reference):
    expanded = expand_db_html(html)
    assert f'<a data-term="{term.pk}"><b>distant</b> metastasis</a>' in expanded
    assert f'<a data-reference="{reference.pk}">[Khan 2022]</a>' in expanded
    term.unpublish()
    reference.unpublish()
    assert "data-" not in expand_db_html(html).replace("data-block-key", "")


def test_stock_rendering_names_the_term_of_the_active_language(html, term):
    translated = term.copy_for_translation(factories.get_locale("es"))
    translated.term = "metástasis"
    translated.save()
    factories.publish(translated)
    with translation.override("es"):
        assert f'data-term="{translated.pk}"' in expand_db_html(html)
    with translation.override("en"):
        assert f'data-term="{term.pk}"' in expand_db_html(html)


def test_rendering_many_entities_costs_three_queries(html, django_assert_num_queries):
    with django_assert_num_queries(3):
        expand_db_html(html * 20)


def test_usage_counts_articles_that_name_a_term_or_a_source(html, term, reference):
    body = [
        {
            "type": "section",
            "value": {
                "heading": "Heading",
                "content": [{"type": "rich_text", "value": html}],
            },
        }
    ]
    page = factories.create_article(factories.create_site().index, body=body)
    for used in (term, reference):
        rows = ReferenceIndex.get_references_to(used)
        assert [int(row.object_id) for row in rows] == [page.pk]
