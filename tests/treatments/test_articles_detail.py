"""Whole articles, found by their id or their path."""

from __future__ import annotations

import json
import re
import uuid
from urllib.parse import urlencode

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from tests import factories
from tests.shared import share
from tests.treatments.api_calls import ARTICLES, get_json
from treatments.models import TreatmentIndexPage

pytestmark = pytest.mark.django_db


def create_bilingual_article(index_id):
    """Return an article and its Spanish translation."""
    index = TreatmentIndexPage.objects.get(pk=index_id)
    page = factories.create_article(index, title="Surgery")
    return [page, factories.to_spanish(page)]


shared_bilingual_article = share(
    "shared_bilingual_article", create_bilingual_article, on="shared_bilingual_site"
)


@pytest.fixture
def bilingual(shared_bilingual_article):
    return shared_bilingual_article


def test_an_article_has_everything_of_the_contract(client, full_page):
    article = get_json(client, f"{ARTICLES}/{full_page.pk}/")
    assert article["type"] == "treatments.TreatmentPage"
    assert article["governance"]["review_state"] == "never_reviewed"
    assert article["governance"]["reviewers"] == []
    assert article["translation"]["behind_blocks"] == []
    assert article["json_ld"]["@context"] == "https://schema.org"
    assert re.fullmatch("sha256-[0-9a-f]{64}", article["version"]["content_hash"])
    assert [entry["id"] for entry in article["toc"]] == [
        section["id"] for section in article["body"]
    ]


@pytest.mark.parametrize("state", ["draft", "private", "missing", "index", "huge"])
def test_what_is_no_public_article_is_not_found(client, site, state):
    page = factories.create_article(site.index, title="Secret", live=state != "draft")
    if state == "private":
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    pk = {"missing": 999_999, "index": site.index.pk, "huge": 10**30}.get(
        state, page.pk
    )
    problem = get_json(client, f"{ARTICLES}/{pk}/", 404)
    assert "Secret" not in str(problem)


def test_a_draft_changes_nothing_in_the_answer(client, full_page):
    before = client.get(f"{ARTICLES}/{full_page.pk}/").content
    full_page.title = "Changed in a draft"
    full_page.save_revision()
    assert client.get(f"{ARTICLES}/{full_page.pk}/").content == before


def test_the_content_hash_follows_the_content_only(client, site, full_page):
    read = lambda: get_json(client, f"{ARTICLES}/{full_page.pk}/")["version"]  # noqa: E731
    before = read()
    factories.publish(full_page)
    again = read()
    assert again["content_hash"] == before["content_hash"]
    assert again["number"] > before["number"]
    full_page.summary = "Another summary"
    factories.publish(full_page)
    assert read()["content_hash"] != before["content_hash"]


def test_the_language_of_the_browser_changes_no_byte(client, bilingual):
    for page in bilingual:
        for version in ("v3/articles", "v3/pages", "v2/pages"):
            answers = {
                client.get(
                    f"/api/{version}/{page.pk}/", headers={"accept-language": code}
                ).content
                for code in ("fr", "en", "es")
            }
            assert len(answers) == 1


def test_a_path_leads_to_the_article_in_its_language(client, bilingual):
    for page in bilingual:
        path = get_json(client, f"{ARTICLES}/{page.pk}/")["path"]
        found = get_json(client, f"{ARTICLES}/find/?path={path}")
        assert found["id"] == page.pk
    index = get_json(client, f"{ARTICLES}/find/?path=/en/treatments/")
    assert index["type"] == "treatments.TreatmentIndexPage"
    assert get_json(client, f"{ARTICLES}/find/?path=/fr/treatments/surgery/", 404)
    response = client.get(f"{ARTICLES}/find/")
    assert response.status_code == 422
    assert "path" in response.content.decode()


def test_an_old_path_says_where_the_article_is_now(client, site):
    page = factories.create_article(site.index, title="Surgery")
    Redirect.objects.create(
        old_path="/en/old-surgery", redirect_page=page, site=None, is_permanent=True
    )
    assert get_json(client, f"{ARTICLES}/find/?path=/en/old-surgery/") == {
        "type": "moved",
        "moved_to": "/en/treatments/surgery/",
        "is_permanent": True,
    }
    page.unpublish()
    get_json(client, f"{ARTICLES}/find/?path=/en/old-surgery/", 404)


def test_rich_text_comes_as_html_nodes_markdown_or_text(client, site):
    term = factories.create_term("margin")
    reference = factories.create_reference("A trial")
    intro = (
        f'<p>A <b>bold</b> <a linktype="glossary-term" id="{term.pk}">margin</a>'
        f'<a linktype="citation" id="{reference.pk}">[1]</a></p><ul><li>one</li></ul>'
    )
    page = factories.create_article(site.index, title="Texts", intro=intro)
    address = f"{ARTICLES}/{page.pk}/?fields=intro&rich_text="
    html = get_json(client, address + "html")["intro"]
    assert set(html) == {"html", "text"}
    nodes = get_json(client, address + "json")["intro"]
    assert nodes["html"] == ""
    paragraph, bullets = nodes["nodes"]
    assert [node["type"] for node in paragraph["children"]] == [
        "text",
        "bold",
        "text",
        "term",
        "citation",
    ]
    assert paragraph["children"][3]["id"] == term.pk
    assert paragraph["children"][4] == {
        "type": "citation",
        "reference_id": reference.pk,
        "number": 1,
    }
    assert bullets["ordered"] is False
    markdown = get_json(client, address + "markdown")["intro"]["markdown"]
    assert markdown == "A **bold** margin[^1]\n\n- one"
    text = get_json(client, address + "text")["intro"]
    assert text == {"html": "", "text": html["text"]}


def test_only_the_renditions_that_were_asked_for(client, full_page):
    article = get_json(client, f"{ARTICLES}/{full_page.pk}/?renditions=small")
    found = re.findall(r'"renditions": (\{.*?\}\})', json.dumps(article))
    assert found
    assert all(set(json.loads(item)) == {"small"} for item in found)


def test_hostile_paths_are_answered_with_a_problem(client, site):
    for path in (
        "",
        "/",
        "\u202e",
        "x" * 3000,
        "/en/../../etc",
        "/en/%2e%2e/",
        "//evil",
    ):
        response = client.get(f"{ARTICLES}/find/?{urlencode({'path': path})}")
        assert response.status_code in (400, 404), path
        assert response["Content-Type"] == "application/problem+json"


def test_digits_above_and_below_the_line_keep_their_meaning(client, site):
    intro = "<p>10<sup>9</sup>/L of O<sub>2</sub>, a<sup>th</sup> and <b>Note:</b>x <code>a*b</code> &lt;</p>"
    page = factories.create_article(site.index, title="Signs", intro=intro)
    address = f"{ARTICLES}/{page.pk}/?fields=intro&rich_text="
    assert get_json(client, address + "text")["intro"]["text"] == (
        "10⁹/L of O₂, aᵗʰ and Note:x a*b <"
    )
    assert get_json(client, address + "markdown")["intro"]["markdown"] == (
        "10<sup>9</sup>/L of O<sub>2</sub>, a<sup>th</sup> and "
        "<strong>Note:</strong>x `a*b` \\<"
    )


def test_every_section_has_an_anchor_of_its_own(client, site):
    body = [
        {
            "type": "section",
            "id": str(uuid.uuid4()),
            "value": {
                "heading": heading,
                "content": [{"type": "rich_text", "value": "<p>Words.</p>"}],
            },
        }
        for heading in ("A", "A", "A 2", "¿?", "section")
    ]
    page = factories.create_article(site.index, title="Anchors", body=body)
    toc = get_json(client, f"{ARTICLES}/{page.pk}/")["toc"]
    assert [entry["anchor"] for entry in toc] == [
        "a",
        "a-2",
        "a-2-2",
        "section",
        "section-2",
    ]


def test_the_content_hash_does_not_follow_another_address(client, site):
    target = factories.create_article(site.index, title="Target", slug="target")
    intro = f'<p><a linktype="page" id="{target.pk}">there</a></p>'
    page = factories.create_article(
        site.index, title="Links", slug="links", intro=intro
    )
    before = get_json(client, f"{ARTICLES}/{page.pk}/")
    target.slug = "moved"
    factories.publish(target)
    after = get_json(client, f"{ARTICLES}/{page.pk}/")
    assert "/moved/" in after["intro"]["html"]
    assert after["version"]["content_hash"] == before["version"]["content_hash"]
    assert after["version"]["etag"] != before["version"]["etag"]


def test_the_json_ld_says_when_the_article_was_published(client, full_page):
    graph = get_json(client, f"{ARTICLES}/{full_page.pk}/")["json_ld"]["@graph"]
    page = next(node for node in graph if node["@type"] == "MedicalWebPage")
    assert page["datePublished"]
    assert page["dateModified"]


def test_a_field_of_cards_is_refused_for_an_article(client, full_page):
    problem = get_json(client, f"{ARTICLES}/{full_page.pk}/?fields=published_at", 422)
    assert problem["errors"][0]["pointer"] == "fields"
    assert not problem["errors"][0]["msg"].startswith("Value error")


def test_a_missing_translation_says_its_language(client, site):
    factories.create_spanish_tree(site)
    term = factories.create_term()
    page = factories.create_article(
        site.index,
        title="Terms",
        intro=f'<p><a linktype="glossary-term" id="{term.pk}">word</a></p>',
    )
    spanish = page.copy_for_translation(factories.get_locale("es"))
    factories.publish(spanish)
    for pk in (page.pk, spanish.pk):
        glossary = get_json(client, f"{ARTICLES}/{pk}/")["glossary"]
        assert [entry["locale"] for entry in glossary] == ["en"]
