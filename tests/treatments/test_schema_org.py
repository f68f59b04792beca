"""The JSON-LD of articles: right by schema.org, true, and alike in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.factories import (
    create_full_article,
    create_reference,
    create_site,
    create_targets,
)
from tests.schema_org.documents import SITE, URL, UUID, build, get_page
from tests.schema_org.linter import find_problems, read_vocabulary
from treatments.blocks.streams import HEALTH_ASPECTS, SectionContentStreamBlock
from treatments.content.representation import represent_page
from treatments.exports.schema_org import SiteInfo, build_json_ld
from treatments.models import TreatmentPage

PERSON = {"id": 7, "name": "Sample Author", "credentials": "MD", "role": "author"}


@pytest.mark.django_db
def test_every_block_and_field_is_right():
    home = create_site()
    targets = create_targets(home.index)
    targets["reference"] = create_reference(
        "A trial", is_sample=False, doi="10.1000/x", container_title="J Clin Oncol"
    ).pk
    page, _sampler = create_full_article(home.index, targets)
    article = {**represent_page(page), "id": page.pk, "title": page.title}
    document = build_json_ld({**article, "locale": "en"}, SITE)
    assert find_problems(document) == []
    (section,) = article["body"]
    given = {block["type"] for block in section["value"]["content"]}
    assert given == set(SectionContentStreamBlock.base_blocks)
    text = json.dumps(document)
    without_node = {"rich_text", "callout", "statistic", "related_article"}
    without_node.add("promotion_slot")
    for block in section["value"]["content"]:
        has_node = f"{article['html_url']}#{block['id']}" in text
        assert has_node == (block["type"] not in without_node), block["type"]


@pytest.mark.django_db
def test_an_article_with_nothing_in_it_is_right():
    home = create_site()
    page = TreatmentPage(title="Empty", summary="Nothing yet.", locale=home.locale)
    home.index.add_child(instance=page)
    article = {**represent_page(page), "id": page.pk, "title": page.title}
    document = build_json_ld({**article, "locale": "en"}, SiteInfo("", "https://e.org"))
    assert find_problems(document) == []
    assert len(document["@graph"]) == 1
    assert "publisher" not in get_page(document)


def test_editors_choose_among_the_health_aspects_of_the_vocabulary():
    members = set(read_vocabulary()["enumerations"]["HealthAspectEnumeration"])
    assert {name for name, _label in HEALTH_ASPECTS} <= members


def test_a_review_gives_its_date_and_the_reviewers():
    governance = {
        "last_reviewed": "2026-05-01",
        "authors": [PERSON, {**PERSON, "id": 8, "role": "translator"}],
        "reviewers": [
            {**PERSON, "id": 9, "orcid": "0000-0002-1825-0097", "role": "editor"}
        ],
    }
    page = get_page(build(governance=governance))
    assert page["lastReviewed"] == "2026-05-01"
    assert page["reviewedBy"] == [{"@id": "https://orcid.org/0000-0002-1825-0097"}]
    assert page["author"] == [{"@id": f"{URL}#person-7"}]
    assert page["translator"] == [{"@id": f"{URL}#person-8"}]


def test_nothing_is_claimed_about_a_review_that_nobody_made():
    governance = {"last_reviewed": None, "authors": [], "reviewers": []}
    page = get_page(build(governance=governance))
    assert page.keys().isdisjoint({"lastReviewed", "reviewedBy", "author"})


@pytest.mark.parametrize(
    ("audience", "kind", "term"),
    [
        ("patient", "Patient", None),
        ("professional", "MedicalAudience", "https://schema.org/Clinician"),
    ],
)
def test_a_page_says_who_it_is_written_for(audience, kind, term):
    page = get_page(build(audience=audience))
    assert page["audience"]["@type"] == kind
    assert page.get("medicalAudience") == term


def test_the_dates_of_publication_are_given_as_far_as_they_are_known():
    version = {"published_at": "2026-05-01T10:00:00+00:00"}
    page = get_page(build(version=version))
    assert page["dateModified"] == "2026-05-01T10:00:00+00:00"
    assert "datePublished" not in page
    first = {**version, "first_published_at": "2025-01-01T10:00:00+00:00"}
    page = get_page(build(version=first))
    assert page["datePublished"] == "2025-01-01T10:00:00+00:00"


def test_translations_name_each_other():
    other = {"locale": "es", "title": "Cirugía", "path": "/es/treatments/cirugia/"}
    spanish_url = "https://example.org/es/treatments/cirugia/"
    english = build(translation={"source_locale": "en"}, translations=[other])
    spanish = build(
        locale="es",
        html_url=spanish_url,
        translation={"source_locale": "en"},
        translations=[{"locale": "en", "path": "/en/", "html_url": URL}],
    )
    assert find_problems(english, spanish) == find_problems(spanish, english) == []
    (translation,) = get_page(english)["workTranslation"]
    assert translation["@id"] == get_page(spanish)["@id"] == f"{spanish_url}#webpage"
    assert get_page(spanish)["translationOfWork"][0]["@id"] == f"{URL}#webpage"


def test_nothing_is_claimed_about_languages_of_which_none_is_the_first():
    other = {"locale": "es", "title": "Cirugía", "path": "/es/"}
    page = get_page(build(translations=[other]))
    assert page.keys().isdisjoint({"workTranslation", "translationOfWork"})
    page = get_page(
        build(
            translation={"source_locale": None, "status": "source"},
            translations=[{**other, "status": None}],
        )
    )
    assert "workTranslation" not in page


def test_an_article_without_an_address_is_named_by_its_uuid():
    page = get_page(build(html_url=None, path=""))
    assert page["@id"] == f"urn:uuid:{UUID}#webpage"
    assert "url" not in page


def test_our_code_promises_no_search_result_that_no_longer_exists():
    package = Path(build_json_ld.__code__.co_filename).parent
    sources = [file.read_text(encoding="utf-8") for file in package.glob("*.py")]
    assert not any('"FAQPage"' in source for source in sources)
