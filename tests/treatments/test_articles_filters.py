"""Filters and facets of the lists of articles, in the language of the list."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

import pytest

from snippets.models import Treatment
from tests import factories
from tests.samples import Sampler
from tests.shared import share
from tests.treatments.listed_articles import build_section, read, titles
from treatments.models import TreatmentIndexPage, TreatmentPageCondition

pytestmark = pytest.mark.django_db


def create_varied_articles(targets):
    """Return three articles that differ in everything that a list can be filtered by."""
    index = TreatmentIndexPage.objects.get()
    surgery = Treatment.objects.create(
        name="Surgery", mesh_id="D013514", locale=factories.get_locale()
    )
    liver = factories.create_condition("Liver metastases", mesh_id="D008113")
    sampler = Sampler(targets)
    content = factories.build_article()._meta.get_field("body").stream_block
    blocks = content.child_blocks["section"].child_blocks["content"].child_blocks
    criteria = {
        "type": "criteria_list",
        "id": str(uuid.uuid4()),
        "value": sampler.build(blocks["criteria_list"]),
    }
    first = factories.create_article(
        index,
        title="Alpha",
        slug="alpha",
        kind="procedure",
        intent="curative",
        treatment=surgery,
        body=[build_section("For whom", criteria)],
    )
    first.article_conditions.add(TreatmentPageCondition(condition=liver))
    factories.publish(first)
    factories.create_article(
        index,
        title="Beta",
        slug="beta",
        kind="candidate",
        audience="professional",
    )
    return {"alpha": first, "companion": targets["page"]}


shared_varied_articles = share(
    "shared_varied_articles", create_varied_articles, on="shared_targets"
)


@pytest.fixture
def varied(shared_varied_articles):
    """Return three articles that differ in everything that a list can be filtered by."""
    return shared_varied_articles


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "procedure"}, ["Alpha"]),
        ({"kind": "procedure,candidate"}, ["Alpha", "Beta"]),
        ({"audience": "professional"}, ["Beta"]),
        ({"intent": "curative"}, ["Alpha"]),
        ({"condition": "liver-metastases"}, ["Alpha"]),
        ({"condition": "nothing-like-it"}, []),
        ({"treatment": "surgery"}, ["Alpha"]),
        ({"has_criteria": "true"}, ["Alpha"]),
        ({"has_criteria": "false"}, ["Beta", "Companion"]),
        ({"has_steps": "true"}, []),
        ({"locale": "en", "kind": "candidate"}, ["Beta"]),
        ({"review_state": "never_reviewed"}, ["Alpha", "Beta", "Companion"]),
        ({"review_state": "current"}, []),
        ({"translation_status": "behind_clinical"}, []),
        ({"published_since": "2000-01-01"}, ["Alpha", "Beta", "Companion"]),
        ({"published_before": "2000-01-01T00:00:00Z"}, []),
        ({"reviewed_since": "2000-01-01"}, []),
    ],
)
def test_each_filter_chooses(client, varied, query, expected):
    assert titles(read(client, **query)) == expected


def test_a_code_finds_the_articles_about_it(client, varied):
    for system, code in (
        ("http://id.nlm.nih.gov/mesh", "D008113"),
        ("http://id.nlm.nih.gov/mesh", "D013514"),
    ):
        response = client.get(
            f"/api/v3/articles/by-code/?{urlencode({'system': system, 'code': code})}"
        )
        assert titles(response.json()) == ["Alpha"]
    response = client.get("/api/v3/articles/by-code/?system=urn:x&code=1")
    assert response.status_code == 400
    assert "http://snomed.info/sct" in response.json()["detail"]


def test_a_facet_leaves_its_own_filter_out_of_account(client, varied):
    facets = read(client, kind="procedure", facets="kind,audience,condition,treatment")[
        "facets"
    ]
    assert {value["value"]: value["count"] for value in facets["kind"]} == {
        "procedure": 1,
        "candidate": 1,
        "treatment": 1,
    }
    assert {value["value"]: value["count"] for value in facets["audience"]} == {
        "patient": 1
    }
    assert facets["condition"] == [
        {"value": "liver-metastases", "label": "Liver metastases", "count": 1}
    ]
    assert facets["treatment"] == [{"value": "surgery", "label": "Surgery", "count": 1}]


def create_bilingual_procedure(index_id):
    """Publish an article and its Spanish translation."""
    index = TreatmentIndexPage.objects.get(pk=index_id)
    page = factories.create_article(index, title="Surgery", kind="procedure")
    factories.to_spanish(page)


shared_bilingual_procedure = share(
    "shared_bilingual_procedure", create_bilingual_procedure, on="shared_bilingual_site"
)


def test_facets_are_worded_in_the_language_of_the_list(
    client, shared_bilingual_procedure
):
    facets = read(client, locale="es", facets="kind,has_steps")["facets"]
    assert facets["kind"] == [
        {"value": "procedure", "label": "Procedimiento", "count": 1}
    ]
    assert facets["has_steps"] == [{"value": "false", "label": "No", "count": 1}]


def test_other_languages_stand_beside_and_have_their_own_words(
    client, shared_bilingual_procedure
):
    assert titles(read(client, locale="es")) == ["ES Surgery"]
    assert read(client)["count"] == 2
    assert read(client, locale="es")["items"][0]["path"].startswith("/es/")
    facets = read(client, facets="locale")["facets"]["locale"]
    assert {value["value"]: value["count"] for value in facets} == {"en": 1, "es": 1}
