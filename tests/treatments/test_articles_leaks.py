"""What is not public decides nothing of what the article endpoints answer."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    PageViewRestriction,
    Site,
)

from snippets.models import Treatment
from tests import factories
from tests.treatments.listed_articles import read, titles, with_words
from treatments.models import TreatmentPageCondition

pytestmark = pytest.mark.django_db


def hide(page):
    PageViewRestriction.objects.create(page=page, restriction_type="login")


def test_a_private_word_changes_no_search(client, site):
    factories.create_article(site.index, title="Surgery", slug="surgery")
    private = factories.create_article(site.index, title="Quarkonium surgery", slug="q")
    hide(private)
    there = read(client, search="surgery quarkonium")
    nowhere = read(client, search="surgery nowheretobefound")
    assert titles(there) == titles(nowhere) == ["Surgery"]
    assert there["count"] == nowhere["count"] == 1


def test_the_words_of_another_kind_change_no_filtered_search(client, site):
    factories.create_article(
        site.index, title="Both", slug="both", body=with_words("liver and nausea")
    )
    factories.create_article(
        site.index,
        title="One",
        slug="one",
        kind="candidate",
        body=with_words("the liver"),
    )
    assert titles(read(client, search="liver nausea")) == ["Both"]
    assert titles(read(client, search="liver nausea", kind="candidate")) == ["One"]


def test_a_search_without_words_finds_nothing(client, site):
    factories.create_article(site.index, title="Surgery")
    for words in ("", " ", '"', "*"):
        assert read(client, search=words)["count"] == 0


def test_another_site_stays_apart(client, site, settings):
    settings.ALLOWED_HOSTS = ["*"]
    term = factories.create_term()
    intro = f'<p><a linktype="glossary-term" id="{term.pk}">word</a></p>'
    other_home = site.copy(
        recursive=True, update_attrs={"slug": "other", "title": "Other"}
    )
    factories.create_article(site.index, title="Alphaword", slug="here", intro=intro)
    factories.publish(other_home)
    Site.objects.create(hostname="other.example", root_page=other_home)
    there = factories.publish(other_home.get_children().get().specific)
    factories.create_article(there, title="Omegaword", slug="there", intro=intro)
    Redirect.objects.create(
        old_path="/gone",
        redirect_link="/x",
        site=Site.objects.get(is_default_site=False),
    )
    for address in (
        f"/api/v3/glossary/{term.pk}/articles/",
        "/api/v3/articles/?fields=title",
        "/api/v3/articles/?search=omegaword+alphaword&fields=title",
    ):
        found = client.get(address).json()
        assert "Omegaword" not in json.dumps(found), address
        assert found["count"] == 1
    assert client.get("/api/v3/redirects/").json()["items"] == []
    listed = client.get(
        f"/api/v3/glossary/{term.pk}/articles/", headers={"host": "other.example"}
    ).json()
    assert titles(listed) == ["Omegaword"]


def test_a_private_source_is_not_seen_through_its_translation(client, site):
    factories.create_spanish_tree(site)
    page = factories.create_article(site.index, title="Surgery")
    spanish = factories.to_spanish(page)
    page.refresh_from_db()
    page.title = "Changed"
    factories.publish(page)
    address = f"/api/v3/articles/{spanish.pk}/"
    assert client.get(address).json()["translation"]["status"] == "behind_clinical"
    assert titles(read(client, translation_status="behind_clinical")) == ["ES Surgery"]
    hide(page)
    assert client.get(address).json()["translation"] == {
        "source_locale": None,
        "status": None,
        "behind_since": None,
        "behind_blocks": [],
    }
    answer = read(client, facets="translation_status")
    assert answer["items"][0]["translation_status"] is None
    assert answer["facets"]["translation_status"] == []
    assert titles(read(client, translation_status="behind_clinical")) == []


def test_the_words_about_a_private_image_are_not_shown_or_found(client, site):
    image = factories.create_image()
    body = with_words("Plain text")
    body[0]["value"]["content"].append(
        {
            "type": "figure",
            "id": "5c4dbf10-9d6a-4d14-9d7e-0d63b5b9a3c1",
            "value": {
                "image": image.pk,
                "alt": "Altword",
                "caption": "Captionword",
                "credit": "Creditword",
            },
        }
    )
    page = factories.create_article(
        site.index,
        title="Figure",
        body=body,
        hero_image=image,
        hero_image_alt="Heroword",
    )
    address = f"/api/v3/articles/{page.pk}/"
    assert "Captionword" in client.get(address).content.decode()
    private = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(
        collection=private, restriction_type="login"
    )
    image.collection = private
    image.save()
    answer = client.get(address).content.decode()
    for word in ("Altword", "Captionword", "Creditword", "Heroword"):
        assert word not in answer
        assert read(client, search=word)["count"] == 0


def test_an_entry_that_its_language_hides_is_nowhere(client, site):
    condition = factories.create_condition(
        "Rareconditionword", slug="rare", mesh_id="D000001"
    )
    treatment = Treatment.objects.create(
        name="Raretreatmentword", slug="raret", locale=factories.get_locale()
    )
    page = factories.create_article(site.index, title="Plain", treatment=treatment)
    page.article_conditions.add(TreatmentPageCondition(condition=condition))
    factories.publish(page)
    queries = [
        {"condition": "rare"},
        {"treatment": "raret"},
        {"search": "Rareconditionword"},
        {"search": "Raretreatmentword"},
    ]
    for query in queries:
        assert titles(read(client, **query)) == ["Plain"], query
    for entry in (condition, treatment):
        spanish = entry.copy_for_translation(factories.get_locale("es"))
        spanish.is_public = True
        spanish.save()
        entry.is_public = False
        entry.save()
    for query in queries:
        assert titles(read(client, **query)) == [], query
    code = urlencode({"system": "http://id.nlm.nih.gov/mesh", "code": "D000001"})
    assert client.get(f"/api/v3/articles/by-code/?{code}").json()["count"] == 0
    answer = read(client, facets="condition,treatment")
    assert answer["items"][0]["conditions"] == []
    assert answer["items"][0]["treatment"] is None
    assert answer["facets"]["condition"] == answer["facets"]["treatment"] == []


def test_a_code_must_be_given(client, site):
    factories.create_article(site.index, title="Without codes")
    answer = client.get(
        "/api/v3/articles/by-code/?system=http://id.nlm.nih.gov/mesh&code="
    )
    assert answer.status_code == 400
    assert "code" in answer.json()["detail"]
