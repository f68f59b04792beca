"""Sections on their own, and criteria lists as FHIR."""

from __future__ import annotations

import uuid

import pytest
from wagtail.models import PageViewRestriction, Site

from tests import factories
from tests.factories import publish_section
from tests.treatments.api_calls import ARTICLES, find_criteria, get_json
from treatments.models import PublisherSettings

pytestmark = pytest.mark.django_db


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


def test_a_criteria_list_is_an_evidence_variable(client, full_page):
    from fhir.resources.evidencevariable import EvidenceVariable

    block_id = find_criteria(get_json(client, f"{ARTICLES}/{full_page.pk}/"))
    response = client.get(f"/api/v3/criteria/{block_id}/fhir/")
    assert response["Content-Type"] == "application/fhir+json"
    resource = EvidenceVariable.model_validate(response.json())
    assert resource.id == block_id
    get_json(client, f"/api/v3/criteria/{uuid.uuid4()}/fhir/", 404)
    full_page.unpublish()
    get_json(client, f"/api/v3/criteria/{block_id}/fhir/", 410)


def test_another_block_is_no_criteria_list(client, full_page):
    article = get_json(client, f"{ARTICLES}/{full_page.pk}/")
    other = next(
        block["id"]
        for section in article["body"]
        for block in section["value"]["content"]
        if block["type"] == "statistic"
    )
    get_json(client, f"/api/v3/criteria/{other}/fhir/", 404)
