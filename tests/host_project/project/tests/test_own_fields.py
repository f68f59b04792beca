"""The fields that the clinic has given its articles go wherever the plugin set's own go."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth import get_user_model

from home.models import ClinicArticlePage, ClinicVisit
from snippets.models import Contributor, GlossaryTerm, Reference
from tests.conftest import create_article, publish
from treatments.api.articles.schemas import get_article_schema
from treatments.article_fields import ABOUT, TEXT
from treatments.comparison.documents import compare
from treatments.hashes.raw import build_fingerprints
from treatments.models.own_fields import get_article_fields
from treatments.ports.publication import PublicationRefusedError
from treatments.review.contents import hash_revision
from treatments.review.decisions import decide
from treatments.review.models import Reviewer, Verdict
from treatments.review.people import get_user_actor
from treatments.review.ripple import find_citing_sections

pytestmark = pytest.mark.django_db


@pytest.fixture
def drug(index):
    term = GlossaryTerm.objects.create(
        term="ward", definition="<p>A room.</p>", locale=index.locale
    )
    page = create_article(
        index,
        brand_name="Hepacal 5 mg",
        beds=12,
        opened_on=date(2020, 5, 1),
        leaflet=f'<p>The <a linktype="glossary-term" id="{term.pk}">ward</a>.</p>',
        arrival=create_article(index, "How to get here"),
        internal_note="Nobody reads this",
        phone="555 0100",
    )
    page.visits = [ClinicVisit(day="mon", hours="9 to 5")]
    return publish(page)


def read(client, page):
    return client.get(f"/api/v3/articles/{page.pk}/").json()


def test_an_article_has_the_fields_that_its_type_gives(client, drug):
    found = read(client, drug)
    assert found["brand_name"] == "Hepacal 5 mg"
    assert found["beds"] == 12
    assert found["opened_on"] == "2020-05-01"
    assert found["leaflet"]["text"] == "The ward."
    assert found["arrival"]["title"] == "How to get here"
    assert found["visits"] == [{"day": "mon", "hours": "9 to 5"}]
    assert [term["term"] for term in found["glossary"]] == ["ward"]


def test_what_is_not_given_through_the_api_is_not_in_the_article(client, drug):
    answer = client.get(f"/api/v3/articles/{drug.pk}/").content.decode()
    assert "Nobody reads this" not in answer
    assert "greeting" not in answer


def test_the_fields_are_typed(client, drug):
    schema = get_article_schema(ClinicArticlePage)
    schema.model_validate(read(client, drug))
    properties = schema.model_json_schema()["properties"]
    assert properties["brand_name"]["type"] == "string"
    assert {"type": "integer"} in properties["beds"]["anyOf"]
    assert properties["visits"]["type"] == "array"
    assert "greeting" not in properties


def test_a_list_gives_the_fields_that_are_asked_for(client, drug):
    answer = client.get("/api/v3/articles/?fields=brand_name,beds").json()
    assert {each["brand_name"] for each in answer["items"]} == {"", "Hepacal 5 mg"}


@pytest.mark.parametrize("words", ["hepacal", "ward", "9 to 5"])
def test_a_search_finds_the_words_of_the_fields(client, drug, words):
    found = client.get("/api/v3/articles/", {"search": words}).json()
    assert [each["id"] for each in found["items"]] == [drug.pk]


def test_a_changed_dose_is_another_content_and_a_clinical_difference(client, drug):
    old = read(client, drug)
    drug.brand_name = "Hepacal 500 mg"
    new = read(client, publish(drug))
    assert old["version"]["content_hash"] != new["version"]["content_hash"]
    (found,) = [each for each in compare(old, new) if "500" in str(each)]
    assert "name of the medicine" in str(found).lower()
    assert "clinical" in str(found)


def test_a_field_has_a_row_like_those_of_every_article():
    rows = get_article_fields(ClinicArticlePage)
    assert "internal_note" not in rows
    assert rows["brand_name"].is_clinical
    assert not rows["phone"].is_clinical
    assert rows["brand_name"].is_translated
    assert not rows["phone"].is_translated
    assert rows["brand_name"].section == rows["visits"].section == ABOUT
    assert {rows[name].searched[0] for name in ("brand_name", "leaflet")} == {TEXT}


def test_a_source_that_only_an_own_field_cites_is_about_the_article(drug):
    source = Reference.objects.create(title="A trial")
    cited = f'<p>Safe<a linktype="citation" id="{source.pk}">1</a>.</p>'
    assert find_citing_sections(drug, source.pk) == []
    drug.leaflet = cited
    assert find_citing_sections(drug, source.pk) == [ABOUT]


def test_what_the_type_names_as_editorial_is_editorial(drug):
    prints = build_fingerprints(ClinicArticlePage, drug.serializable_data())
    assert "phone" in prints.editorial
    assert "brand_name" not in prints.editorial


def test_a_changed_dose_is_not_published_without_a_review(client, drug, settings):
    settings.TREATMENTS = {"REVIEW_POLICY": {"default": {"publishing": "refuse"}}}
    user = get_user_model().objects.create_user("doctor", email="d@example.org")
    contributor = Contributor.objects.create(
        name="Doctor", role="clinical_reviewer", locale=drug.locale
    )
    Reviewer.objects.create(user=user, contributor=contributor)
    revision = drug.save_revision()
    content = hash_revision(revision)
    actor = get_user_actor(user)
    decide(drug.pk, actor, Verdict.APPROVED, content.content_hash)
    revision.publish()
    drug.refresh_from_db()
    drug.brand_name = "Hepacal 500 mg"
    with pytest.raises(PublicationRefusedError):
        drug.save_revision().publish()
    assert read(client, drug)["brand_name"] == "Hepacal 5 mg"
