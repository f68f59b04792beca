"""The public reads of the reference content."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail.models import PageViewRestriction

from snippets.models import Condition, Contributor, Treatment
from tests import factories
from tests.openapi import validate_answer
from treatments.models import TreatmentPageContributor

pytestmark = pytest.mark.django_db


def create_translatable(model, name):
    return model.objects.create(name=name, locale=factories.get_locale("en"))


CREATORS: dict[str, Any] = {
    "glossary": factories.create_term,
    "references": factories.create_reference,
    "contributors": lambda name: create_translatable(Contributor, name),
    "conditions": lambda name: create_translatable(Condition, name),
    "treatments": lambda name: create_translatable(Treatment, name),
}


@pytest.fixture
def home(site):
    return site


@pytest.mark.parametrize("name", sorted(CREATORS))
def test_entries_are_read_anonymously_through_both_apis(client, home, name):
    entry = CREATORS[name]("Sample entry")
    for version in ("v2", "v3"):
        listed = client.get(f"/api/{version}/{name}/").json()
        assert [item["id"] for item in listed["items"]] == [entry.pk]
        detail = client.get(f"/api/{version}/{name}/{entry.pk}/").json()
        assert detail["id"] == entry.pk
        assert "Sample entry" in str(detail)
        found = client.get(f"/api/{version}/{name}/", {"search": "sample"}).json()
        assert len(found["items"]) == 1
        assert client.get(f"/api/{version}/{name}/999999/").status_code == 404


@pytest.mark.parametrize("name", sorted(CREATORS))
@pytest.mark.parametrize(
    "query",
    [
        "nonsense=1",
        "limit=x",
        "limit=101",
        "limit=-1",
        "offset=-1",
        "locale=tlh",
        "offset=99999999999999999999",
    ],
)
def test_bad_parameters_are_refused(client, home, name, query):
    for version in ("v2", "v3"):
        answer = client.get(f"/api/{version}/{name}/?{query}")
        assert answer.status_code in {400, 404, 422}, answer.content
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"]


def test_a_term_has_a_definition_in_display_form_and_its_translations(client, home):
    english = factories.create_term("metastasis")
    spanish = factories.create_term(
        "metástasis",
        "es",
        translation_key=english.translation_key,
        definition="<p>Cáncer que se ha extendido.</p>",
    )
    for version in ("v2", "v3"):
        listed = client.get(f"/api/{version}/glossary/", {"locale": "es"}).json()[
            "items"
        ]
        assert [item["term"] for item in listed] == ["metástasis"]
        assert listed[0]["definition"]["text"] == "Cáncer que se ha extendido."
        assert [entry["id"] for entry in listed[0]["translations"]] == [english.pk]
    assert client.get(f"/api/v3/glossary/{english.pk}/").json()["translations"] == [
        {
            "id": spanish.pk,
            "locale": "es",
            "term": "metástasis",
            "slug": "metastasis",
        }
    ]


def test_a_reference_is_found_by_its_identifiers(client, home):
    reference = factories.create_reference(
        "Trial", pmid="37025581", doi="10.1245/s10434-021-10501-4"
    )
    factories.create_reference("Other")
    for version in ("v2", "v3"):
        for query in (
            {"pmid": "37025581"},
            {"doi": "10.1245/s10434-021-10501-4"},
            {"search": "37025581"},
        ):
            found = client.get(f"/api/{version}/references/", query).json()["items"]
            assert [item["id"] for item in found] == [reference.pk]


DETAILS = {
    "glossary": "/api/v3/glossary/{term_id}/",
    "references": "/api/v3/references/{reference_id}/",
    "contributors": "/api/v3/contributors/{contributor_id}/",
    "conditions": "/api/v3/conditions/{condition_id}/",
    "treatments": "/api/v3/treatments/{treatment_id}/",
}


@pytest.mark.parametrize("name", sorted(CREATORS))
def test_answers_are_as_documented_and_the_same_for_every_accepted_language(
    client, home, name
):
    entry = CREATORS[name]("Sample entry")
    if name != "references":
        entry.copy_for_translation(factories.get_locale("es")).save()
    urls = {
        f"/api/v3/{name}/": f"/api/v3/{name}/",
        f"/api/v3/{name}/{entry.pk}/": DETAILS[name],
    }
    for url, path in urls.items():
        answers = {
            language: client.get(url, headers={"Accept-Language": language})
            for language in ("fr", "en", "es")
        }
        assert len({answer.content for answer in answers.values()}) == 1
        assert validate_answer(answers["es"], path)
    if name in {"glossary", "conditions", "treatments"}:
        path = f"/api/v3/{name}/by-slug/{{slug}}/"
        url = path.format(slug=entry.slug)
        answer = client.get(url, headers={"Accept-Language": "es"})
        assert validate_answer(answer, path)["id"] == entry.pk


@pytest.mark.parametrize(
    ("url", "parameter"),
    [
        ("glossary/?letter=AB", "letter"),
        ("glossary/?letter=a", "letter"),
        ("glossary/?slug=a+b", "slug"),
        ("glossary/?limit=1_0", "limit"),
        ("glossary/?limit=+5", "limit"),
        ("glossary/?limit=5.0", "limit"),
        ("glossary/?limit=101", "limit"),
        ("glossary/?offset=1000001", "offset"),
        ("glossary/?pmid=1", "pmid"),
        ("glossary/letters/?letter=A", "letter"),
        ("glossary/letters/?locale=fr", "locale"),
        ("glossary/by-slug/x/?locale=fr", "locale"),
        ("glossary/by-slug/x/?slug=y", "slug"),
        ("glossary/1/?locale=en", "locale"),
        ("glossary/1/articles/?search=x", "search"),
        ("glossary/1/articles/?limit=101", "limit"),
        ("references/?type=leaflet", "type"),
        ("references/?status=wrong", "status"),
        ("references/?pmid=37025581x", "pmid"),
        ("references/?pmcid=8937009", "pmcid"),
        ("references/?doi=https://example.org/10.1245/x", "doi"),
        ("references/?nct=01242800", "nct"),
        ("references/?locale=en", "locale"),
        ("contributors/?role=boss", "role"),
        ("contributors/?orcid=1", "orcid"),
        ("conditions/?mesh_id=1", "mesh_id"),
        ("conditions/?code=", "code"),
        ("conditions/?system=http://id.nlm.nih.gov/mesh", "system"),
        ("conditions/?system=mesh&code=D001943", "system"),
        ("conditions/?schema_type=Drug", "schema_type"),
        ("treatments/?schema_type=drug", "schema_type"),
    ],
)
def test_a_bad_value_is_refused_by_name(client, home, url, parameter):
    answer = client.get(f"/api/v3/{url}")
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"
    assert parameter in answer.content.decode()


def test_the_glossary_is_listed_by_letter_without_case_and_accents(client, home):
    for name in ("zona", "Ácido", "abdomen", "árbol", "5-FU"):
        factories.create_term(name, "es")
    factories.create_term("biopsy")
    listed = client.get("/api/v3/glossary/", {"locale": "es"}).json()["items"]
    names = [item["term"] for item in listed]
    assert names == ["5-FU", "abdomen", "Ácido", "árbol", "zona"]
    part = client.get("/api/v3/glossary/?locale=es&limit=2&offset=1").json()
    assert part["count"] == 5
    assert [item["term"] for item in part["items"]] == ["abdomen", "Ácido"]
    path = "/api/v3/glossary/letters/"
    letters = validate_answer(client.get(path, {"locale": "es"}), path)["items"]
    assert letters == [
        {"letter": "A", "count": 3},
        {"letter": "Z", "count": 1},
        {"letter": "#", "count": 1},
    ]
    everything = client.get(path).json()["items"]
    assert {"letter": "B", "count": 1} in everything
    for entry in letters:
        query = {"locale": "es", "letter": entry["letter"]}
        assert client.get("/api/v3/glossary/", query).json()["count"] == entry["count"]
    found = client.get("/api/v3/glossary/", {"letter": "A", "search": "zona"}).json()
    assert found == {"count": 0, "items": []}
    found = client.get("/api/v3/glossary/", {"letter": "Z", "search": "zona"}).json()
    assert [item["term"] for item in found["items"]] == ["zona"]


@pytest.mark.parametrize("name", ["glossary", "conditions", "treatments"])
def test_a_slug_is_found_in_its_language_only(client, home, name):
    entry = CREATORS[name]("Sample entry")
    url = f"/api/v3/{name}/by-slug/sample-entry/"
    assert client.get(url).json()["id"] == entry.pk
    missing = client.get(url, {"locale": "es"})
    assert missing.status_code == 404
    assert missing["Content-Type"] == "application/problem+json"
    assert "It exists in: en (sample-entry)." in missing.json()["detail"]
    spanish = entry.copy_for_translation(factories.get_locale("es"))
    spanish.slug = "ejemplo"
    spanish.save()
    assert client.get(f"/api/v3/{name}/by-slug/ejemplo/?locale=es").status_code == 200
    other = client.get(url, {"locale": "es"}).json()["detail"]
    assert "en (sample-entry), es (ejemplo)" in other
    unknown = client.get(f"/api/v3/{name}/by-slug/nothing/").json()["detail"]
    assert "exists in" not in unknown


def test_a_draft_translation_is_neither_linked_nor_found(client, home):
    term = factories.create_term("metastasis")
    factories.create_term(
        "metástasis", "es", translation_key=term.translation_key, live=False
    )
    assert client.get(f"/api/v3/glossary/{term.pk}/").json()["translations"] == []
    missing = client.get("/api/v3/glossary/by-slug/metastasis/?locale=es")
    assert missing.status_code == 404
    assert "es (" not in missing.json()["detail"]


def test_a_vocabulary_is_found_by_code(client, home):
    condition = factories.create_condition("One", mesh_id="D001943")
    factories.create_condition("Two", icd10cm_code="C78.7")
    factories.create_condition("Three", mesh_id="D000001", is_public=False)

    def find(**query):
        return [
            item["name"]
            for item in client.get("/api/v3/conditions/", query).json()["items"]
        ]

    mesh = "http://id.nlm.nih.gov/mesh"
    assert find(system=mesh, code="D001943") == [condition.name]
    assert find(code="D001943") == ["One"]
    assert find(code="C78.7", search="two") == ["Two"]
    assert find(system=mesh, code="C78.7") == []
    assert find(code="D000001") == []
    treatment = create_translatable(Treatment, "Drug")
    treatment.rxnorm_id, treatment.snomed_id = "123", "123456"
    treatment.save()
    rxnorm = "http://www.nlm.nih.gov/research/umls/rxnorm"
    query = {"system": rxnorm, "code": "123", "search": "drug"}
    path = "/api/v3/treatments/"
    assert validate_answer(client.get(path, query), path)["count"] == 1


def test_articles_are_found_by_what_they_use(client, home):
    term, reference = factories.create_term(), factories.create_reference()
    contributor = create_translatable(Contributor, "Somebody")
    image = factories.create_image()
    english = factories.create_article(
        home.index,
        title="Surgery",
        summary="About it",
        hero_image=image,
        hero_image_alt="A drawing",
        intro=(
            f'<p><a linktype="glossary-term" id="{term.pk}">w</a>'
            f'<a linktype="citation" id="{reference.pk}">[1]</a></p>'
        ),
    )
    english.article_contributors.add(TreatmentPageContributor(contributor=contributor))
    factories.publish(english)
    factories.create_article(home.index, title="Other", slug="other")
    spanish_locale = factories.get_locale("es")
    for page in (home, home.index):
        factories.publish(page.copy_for_translation(spanish_locale))
    spanish = english.copy_for_translation(spanish_locale)
    spanish.title = "Cirugía"
    factories.publish(spanish)
    english.create_alias(update_slug="alias", parent=home.index)
    for url, path in (
        (f"glossary/{term.pk}", "glossary/{term_id}"),
        (f"references/{reference.pk}", "references/{reference_id}"),
        (f"contributors/{contributor.pk}", "contributors/{contributor_id}"),
    ):
        url, path = f"/api/v3/{url}/articles/", f"/api/v3/{path}/articles/"
        found = validate_answer(client.get(url), path)
        assert found["count"] == 2
        cards = [(card["title"], card["locale"]) for card in found["items"]]
        assert cards == [("Cirugía", "es"), ("Surgery", "en")]
        assert found["items"][1]["path"] == "/en/treatments/surgery/"
        assert found["items"][1]["image"]["alt"] == "A drawing"
        assert found["items"][1]["summary"] == "About it"
        in_spanish = client.get(url, {"locale": "es"}).json()
        assert [card["id"] for card in in_spanish["items"]] == [spanish.pk]
        second = client.get(url, {"limit": 1, "offset": 1}).json()
        assert (second["count"], second["items"][0]["id"]) == (2, english.pk)
        bytes_by_language = {
            client.get(url, headers={"Accept-Language": language}).content
            for language in ("fr", "es")
        }
        assert len(bytes_by_language) == 1
    english.unpublish()
    url = f"/api/v3/references/{reference.pk}/articles/"
    found = client.get(url).json()
    assert [card["id"] for card in found["items"]] == [spanish.pk]
    assert found["count"] == 1
    PageViewRestriction.objects.create(page=spanish, restriction_type="login")
    assert client.get(url).json() == {"count": 0, "items": []}
    assert client.get("/api/v3/references/99999/articles/").status_code == 404
    reference.unpublish()
    assert client.get(url).status_code == 404
