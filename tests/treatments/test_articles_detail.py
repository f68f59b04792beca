"""Whole articles, sections on their own, and criteria lists as FHIR."""

from __future__ import annotations

import json
import re
import uuid
from urllib.parse import urlencode

import pytest
from jsonschema import Draft202012Validator
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction, Site

from tests import factories
from tests.openapi import (
    find_untyped,
    get_operation,
    get_strict_components,
    validate_answer,
)
from treatments.models import PublisherSettings

pytestmark = pytest.mark.django_db
ARTICLES = "/api/v3/articles"


@pytest.fixture
def site():
    return factories.create_site()


@pytest.fixture
def full(site):
    """Return a published article with every block type."""
    targets = factories.create_targets(site.index)
    return factories.create_full_article(site.index, targets)[0]


@pytest.fixture
def bilingual(site):
    factories.create_spanish_tree(site)
    page = factories.create_article(site.index, title="Surgery")
    return page, factories.to_spanish(page)


def get_json(client, address, expected=200):
    response = client.get(address)
    assert response.status_code == expected, response.content
    return response.json()


def test_an_article_has_everything_of_the_contract(client, full):
    article = get_json(client, f"{ARTICLES}/{full.pk}/")
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


def test_a_draft_changes_nothing_in_the_answer(client, full):
    before = client.get(f"{ARTICLES}/{full.pk}/").content
    full.title = "Changed in a draft"
    full.save_revision()
    assert client.get(f"{ARTICLES}/{full.pk}/").content == before


def test_the_content_hash_follows_the_content_only(client, site, full):
    read = lambda: get_json(client, f"{ARTICLES}/{full.pk}/")["version"]  # noqa: E731
    before = read()
    factories.publish(full)
    again = read()
    assert again["content_hash"] == before["content_hash"]
    assert again["number"] > before["number"]
    full.summary = "Another summary"
    factories.publish(full)
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
    assert get_json(client, f"{ARTICLES}/find/?path=/en/treatments/", 404)
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


def test_only_the_renditions_that_were_asked_for(client, full):
    article = get_json(client, f"{ARTICLES}/{full.pk}/?renditions=small")
    found = re.findall(r'"renditions": (\{.*?\}\})', json.dumps(article))
    assert found
    assert all(set(json.loads(item)) == {"small"} for item in found)


def publish_section(site, *, standalone, title="Whole article"):
    """Return an article whose section cites one reference and explains one term."""
    term = factories.create_term(f"term of {title}")
    used = factories.create_reference(f"Used in {title}")
    unused = factories.create_reference(f"Elsewhere in {title}")
    link = f'<p><a linktype="glossary-term" id="{term.pk}">word</a>'
    body = [
        {
            "type": "section",
            "id": str(uuid.uuid4()),
            "value": {
                "heading": heading,
                "standalone": allowed,
                "content": [
                    {
                        "type": "rich_text",
                        "id": str(uuid.uuid4()),
                        "value": f'{text}<a linktype="citation" id="{cited.pk}">1</a></p>',
                    }
                ],
            },
        }
        for heading, allowed, text, cited in (
            ("First", False, "<p>Words", unused),
            ("Second", standalone, link, used),
        )
    ]
    return factories.create_article(
        site.index, title=title, slug=title.lower().replace(" ", "-"), body=body
    )


def test_a_standalone_section_comes_with_what_it_needs(client, site):
    page = publish_section(site, standalone=True)
    publisher = PublisherSettings.for_site(Site.objects.get())
    publisher.organization = "Demonstration Hospital"
    publisher.license_name = "CC BY-ND 4.0"
    publisher.license_url = "https://creativecommons.org/licenses/by-nd/4.0/"
    publisher.save()
    section_id = page.body[1].id
    answer = get_json(client, f"/api/v3/sections/{section_id}/")
    assert answer["section"]["value"]["heading"] == "Second"
    assert answer["anchor"] == "second"
    assert answer["article"]["id"] == page.pk
    assert [entry["title"] for entry in answer["references"]] == [
        "Used in Whole article"
    ]
    assert [entry["number"] for entry in answer["references"]] == [2]
    assert [entry["term"] for entry in answer["glossary"]] == ["term of Whole article"]
    assert answer["governance"]["review_state"] == "never_reviewed"
    assert answer["attribution"]["url"].endswith("/en/treatments/whole-article/#second")
    assert answer["license"]["name"] == "CC BY-ND 4.0"


def test_a_section_is_not_shown_alone_unless_it_may(client, site):
    page = publish_section(site, standalone=False)
    for section in page.body:
        get_json(client, f"/api/v3/sections/{section.id}/", 404)
    get_json(client, f"/api/v3/sections/{uuid.uuid4()}/", 404)
    assert client.get("/api/v3/sections/not-a-uuid/").status_code == 404


def test_a_section_of_a_private_article_is_not_found(client, site):
    page = publish_section(site, standalone=True)
    address = f"/api/v3/sections/{page.body[1].id}/"
    assert get_json(client, address)["license"] is None
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    get_json(client, address, 404)
    PageViewRestriction.objects.all().delete()
    page.unpublish()
    get_json(client, address, 404)


def test_language_and_article_choose_among_equal_sections(client, site):
    factories.create_spanish_tree(site)
    page = publish_section(site, standalone=True)
    spanish = factories.to_spanish(page)
    address = f"/api/v3/sections/{page.body[1].id}/"
    assert get_json(client, address)["article"]["id"] == page.pk
    assert get_json(client, f"{address}?locale=es")["article"]["id"] == spanish.pk
    assert get_json(client, f"{address}?article={spanish.pk}")["article"]["id"] == (
        spanish.pk
    )
    get_json(client, f"{address}?locale=xx", 400)
    assert client.get(f"{address}?article=x").status_code == 422
    assert client.get(f"{address}?lang=es").status_code == 400


def find_criteria(article):
    return next(
        block["id"]
        for section in article["body"]
        for block in section["value"]["content"]
        if block["type"] == "criteria_list"
    )


def test_a_criteria_list_is_an_evidence_variable(client, full):
    from fhir.resources.evidencevariable import EvidenceVariable

    block_id = find_criteria(get_json(client, f"{ARTICLES}/{full.pk}/"))
    response = client.get(f"/api/v3/criteria/{block_id}/fhir/")
    assert response["Content-Type"] == "application/fhir+json"
    resource = EvidenceVariable.model_validate(response.json())
    assert resource.id == block_id
    get_json(client, f"/api/v3/criteria/{uuid.uuid4()}/fhir/", 404)
    full.unpublish()
    get_json(client, f"/api/v3/criteria/{block_id}/fhir/", 404)


def test_another_block_is_no_criteria_list(client, full):
    article = get_json(client, f"{ARTICLES}/{full.pk}/")
    other = next(
        block["id"]
        for section in article["body"]
        for block in section["value"]["content"]
        if block["type"] == "statistic"
    )
    get_json(client, f"/api/v3/criteria/{other}/fhir/", 404)


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


@pytest.mark.parametrize("query", ["", "?rich_text=json", "?rich_text=markdown"])
def test_every_block_is_answered_as_documented(client, full, query):
    answer = validate_answer(
        client.get(f"{ARTICLES}/{full.pk}/{query}"), "/api/v3/articles/{article_id}/"
    )
    schema = {
        "$ref": "#/components/schemas/Article",
        "components": get_strict_components(),
    }
    problems = Draft202012Validator(schema).iter_errors(answer)
    assert [f"{error.json_path}: {error.message}" for error in problems] == []


def test_every_other_answer_is_as_documented(client, site, full):
    article = get_json(client, f"{ARTICLES}/{full.pk}/")
    factories.create_article(site.index, title="Short", slug="short", body=[])
    moved = Redirect.objects.create(
        old_path="/en/old", redirect_page=full, site=None, is_permanent=False
    )
    standalone = publish_section(site, standalone=True)
    for address, template in (
        ("/articles/?facets=kind,condition,has_steps&search=words", "/articles/"),
        ("/articles/?fields=title,body,highlights", "/articles/"),
        ("/articles/?kind=nothing", "/articles/"),
        (f"/articles/find/?path={article['path']}", "/articles/find/"),
        (f"/articles/find/?path={moved.old_path}", "/articles/find/"),
        ("/articles/find/?path=/nowhere/", "/articles/find/"),
        ("/articles/by-code/?system=x&code=y", "/articles/by-code/"),
        (f"/articles/{full.pk}/?fields=toc,seo", "/articles/{article_id}/"),
        (f"/sections/{standalone.body[1].id}/", "/sections/{block_id}/"),
        (f"/criteria/{find_criteria(article)}/fhir/", "/criteria/{block_id}/fhir/"),
        (f"/pages/{full.pk}/", "/pages/{page_id}/"),
        (f"/pages/{site.index.pk}/", "/pages/{page_id}/"),
        (f"/pages/{site.pk}/", "/pages/{page_id}/"),
    ):
        validate_answer(client.get(f"/api/v3{address}"), f"/api/v3{template}")


def test_the_answers_leave_nothing_of_ours_untyped():
    for template in (
        "/articles/",
        "/articles/find/",
        "/articles/{article_id}/",
        "/sections/{block_id}/",
        "/criteria/{block_id}/fhir/",
        "/pages/{page_id}/",
    ):
        responses = get_operation(f"/api/v3{template}")["responses"]
        for content in responses["200"]["content"].values():
            assert list(find_untyped(content["schema"])) == [], template


def test_digits_above_and_below_the_line_keep_their_meaning(client, site):
    intro = "<p>10<sup>9</sup>/L of O<sub>2</sub>, a<sup>th</sup> and <b>Note:</b>x <code>a*b</code> &lt;</p>"
    page = factories.create_article(site.index, title="Signs", intro=intro)
    address = f"{ARTICLES}/{page.pk}/?fields=intro&rich_text="
    assert get_json(client, address + "text")["intro"]["text"] == (
        "10⁹/L of O₂, ath and Note:x a*b <"
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
            "value": {"heading": heading, "content": []},
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


def test_the_json_ld_says_when_the_article_was_published(client, full):
    graph = get_json(client, f"{ARTICLES}/{full.pk}/")["json_ld"]["@graph"]
    page = next(node for node in graph if node["@type"] == "MedicalWebPage")
    assert page["datePublished"]
    assert page["dateModified"]


def test_a_field_of_cards_is_refused_for_an_article(client, full):
    problem = get_json(client, f"{ARTICLES}/{full.pk}/?fields=published_at", 422)
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
