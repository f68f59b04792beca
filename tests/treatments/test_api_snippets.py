"""The public reads of the reference content, and those about the site."""

from __future__ import annotations

import pytest

from snippets.models import Condition, Contributor, Treatment
from tests import factories
from treatments.models import PublisherSettings

pytestmark = pytest.mark.django_db


def create_translatable(model, name):
    return model.objects.create(name=name, locale=factories.get_locale("en"))


CREATORS = {
    "glossary": factories.create_term,
    "references": factories.create_reference,
    "contributors": lambda name: create_translatable(Contributor, name),
    "conditions": lambda name: create_translatable(Condition, name),
    "treatments": lambda name: create_translatable(Treatment, name),
}


@pytest.fixture
def home():
    return factories.create_site()


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
        {"id": spanish.pk, "locale": "es"}
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


def test_site_navigation_and_locales(client, home):
    publisher = PublisherSettings.for_site(home.get_site())
    publisher.organization = "Demonstration Hospital"
    publisher.texts = [
        {"type": "text", "value": {"language": "en", "tagline": "Plain words"}},
        {"type": "text", "value": {"language": "es", "tagline": "Palabras claras"}},
    ]
    publisher.save()
    site = client.get("/api/v3/site/", {"locale": "es"}).json()
    assert (site["organization"], site["tagline"], site["locale"]) == (
        "Demonstration Hospital",
        "Palabras claras",
        "es",
    )
    assert client.get("/api/v3/site/").json()["tagline"] == "Plain words"
    navigation = client.get("/api/v3/navigation/").json()
    assert [item["path"] for item in navigation["items"]] == ["/en/treatments/"]
    assert [entry["code"] for entry in client.get("/api/v3/locales/").json()] == ["en"]
    assert client.get("/api/v3/navigation/", {"locale": "es"}).status_code == 404
    assert client.get("/api/v3/site/", {"colour": "red"}).status_code == 400
