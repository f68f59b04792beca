"""The JSON-LD of articles: right by schema.org's vocabulary, true, and the same in both languages."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from wagtail.signal_handlers import disable_reference_index_auto_update

from tests.factories import (
    create_full_article,
    create_reference,
    create_site,
    create_targets,
)
from tests.schema_org.linter import find_problems, read_vocabulary
from treatments.api.representation import represent_page, represent_pages
from treatments.blocks.streams import HEALTH_ASPECTS, SectionContentStreamBlock
from treatments.models import TreatmentPage
from treatments.schema_org import SiteInfo, build_json_ld
from treatments.schema_org.instructions import build_duration

SITE = SiteInfo("Demonstration Hospital", "https://example.org", "/logo.svg")
URL = "https://example.org/en/treatments/surgery/"
UUID = "5f0b7c52-7a39-5c3e-9d3c-2f8f2f1a6b10"
PERSON = {"id": 7, "name": "Sample Author", "credentials": "MD", "role": "author"}
REFERENCE = {
    "id": 3,
    "csl_type": "article-journal",
    "title": "A trial",
    "authors": ["Khan SA", "Sample Trial Group", "et al"],
    "container_title": "J Clin Oncol",
    "publisher": "",
    "issued": {"year": 2022, "month": 3, "day": None},
    "volume": "40",
    "issue": "9",
    "page": "978–987",
    "pmid": "12345",
    "pmcid": "",
    "doi": "10.1000/x",
    "nct": "",
    "url": "https://doi.org/10.1000/x",
    "status": "retracted",
    "is_sample": False,
}


def make_article(**kwargs):
    """Return the smallest article of the API."""
    article = {
        "id": 12,
        "uuid": UUID,
        "title": "Surgery",
        "locale": "en",
        "path": "/en/treatments/surgery/",
        "html_url": URL,
        "summary": "About surgery.",
        "audience": "patient",
    }
    return {**article, **kwargs}


def build(**kwargs):
    """Return the document of an article; it has no problems."""
    document = build_json_ld(make_article(**kwargs), SITE)
    assert find_problems(document) == []
    return document


def get_page(document):
    """Return the page of a document."""
    return document["@graph"][0]


def find_nodes(document, kind):
    """Return every described node of a type, at any depth."""
    found = []
    waiting = [document["@graph"]]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            if value.get("@type") == kind:
                found.append(value)
    return found


def make_section(*content, **kwargs):
    """Return a section of the API with its blocks."""
    value = {"heading": "Section", "health_aspect": None, "content": list(content)}
    return {"type": "section", "id": "section-id", "value": {**value, **kwargs}}


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


@pytest.mark.django_db
def test_the_demonstration_is_right_in_both_languages(settings):
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "IMAGE_RENDITIONS": {"small": "max-32x32"},
    }
    backend = settings.WAGTAILSEARCH_BACKENDS["default"]
    settings.WAGTAILSEARCH_BACKENDS = {"default": {**backend, "AUTO_UPDATE": False}}
    with disable_reference_index_auto_update():
        call_command("load_demo")
    pages = list(TreatmentPage.objects.live().select_related("locale"))
    articles = represent_pages(pages)
    documents = [
        build_json_ld(
            {
                **articles[page.pk],
                "id": page.pk,
                "title": page.title,
                "locale": page.locale.language_code,
                "translation": {"source_locale": "en"},
            },
            SITE,
        )
        for page in pages
    ]
    assert len(documents) >= 16
    for document in documents:
        others = [other for other in documents if other is not document]
        assert find_problems(document, *others) == []
        page = get_page(document)
        assert ("workTranslation" in page) == (page["inLanguage"] == "en")
        assert "Sample reference" not in json.dumps(document)


def test_the_vocabulary_says_where_it_comes_from():
    vocabulary = read_vocabulary()
    assert vocabulary["version"].startswith("30")
    assert "CC BY-SA 3.0" in vocabulary["credit"]


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


def test_a_treatment_has_its_codes_and_other_names():
    treatment = {
        "id": 1,
        "name": "Cryoablation",
        "description": "",
        "also_known_as": ["Cryotherapy"],
        "schema_type": "SurgicalProcedure",
        "codes": [{"system": "http://id.nlm.nih.gov/mesh", "code": "D003452"}],
    }
    names = [{"type": "name", "id": "1", "value": "Freezing a tumor"}]
    document = build(treatment=treatment, also_known_as=names, body_site="Breast")
    (node,) = find_nodes(document, "SurgicalProcedure")
    assert node["alternateName"] == ["Cryotherapy"]
    assert get_page(document)["alternateName"] == ["Freezing a tumor"]
    assert node["bodyLocation"] == "Breast"
    assert node["code"][0]["codingSystem"] == "MeSH"
    assert node["code"][0]["codeValue"] == "D003452"
    assert get_page(document)["mainEntity"] == {"@id": node["@id"]}
    assert "code" not in get_page(document)


def test_a_drug_has_no_place_in_the_body():
    treatment = {"id": 1, "name": "Tamoxifen", "schema_type": "Drug"}
    (node,) = find_nodes(build(treatment=treatment, body_site="Breast"), "Drug")
    assert "bodyLocation" not in node


def test_a_source_has_its_identifiers_its_journal_and_its_fate():
    document = build(references=[REFERENCE])
    (node,) = find_nodes(document, "ScholarlyArticle")
    assert node["@id"] == "https://doi.org/10.1000/x"
    assert node["author"] == [{"@type": "Person", "name": "Khan SA"}]
    assert node["datePublished"] == "2022-03"
    assert node["creativeWorkStatus"] == "Retracted"
    assert [entry["propertyID"] for entry in node["identifier"]] == ["doi", "pmid"]
    issue = node["isPartOf"]
    assert issue["issueNumber"] == "9"
    assert issue["isPartOf"]["volumeNumber"] == "40"
    assert issue["isPartOf"]["isPartOf"]["name"] == "J Clin Oncol"
    assert get_page(document)["citation"] == [{"@id": node["@id"]}]


@pytest.mark.parametrize(
    ("csl_type", "kind"),
    [
        ("book", "Book"),
        ("chapter", "Chapter"),
        ("report", "Report"),
        ("webpage", "WebPage"),
        ("regulation", "CreativeWork"),
        ("dataset", "Dataset"),
    ],
)
def test_every_kind_of_source_is_right(csl_type, kind):
    bare = {**REFERENCE, "csl_type": csl_type, "doi": "", "pmid": "", "url": ""}
    bare["authors"] = ["World Health Organization"]
    document = build(references=[{**bare, "publisher": "Press"}])
    nodes = {node.get("@id"): node for node in find_nodes(document, kind)}
    node = nodes[f"{URL}#reference-3"]
    assert node["publisher"]["name"] == "Press"
    assert ("author" in node) == (csl_type not in {"book", "chapter"})


def test_a_trial_number_identifies_its_entry_and_not_what_is_written_about_it():
    url = "https://clinicaltrials.gov/study/NCT02200705"
    trial = {**REFERENCE, "doi": "", "pmid": "", "nct": "NCT02200705", "url": url}
    document = build(references=[trial])
    (article,) = find_nodes(document, "ScholarlyArticle")
    assert article["about"]["@type"] == "MedicalTrial"
    assert article["about"]["identifier"]["value"] == "NCT02200705"
    assert article.keys().isdisjoint({"identifier", "url"})
    (entry,) = find_nodes(
        build(references=[{**trial, "csl_type": "dataset"}]), "Dataset"
    )
    assert entry["identifier"][0]["value"] == "NCT02200705"
    assert entry["url"] == url


def test_a_made_up_source_is_not_cited():
    document = build(references=[{**REFERENCE, "is_sample": True}])
    assert len(document["@graph"]) == 2
    assert "citation" not in get_page(document)


def test_a_criterion_that_must_not_apply_says_so():
    criterion = {
        "type": "criterion",
        "id": "criterion-id",
        "value": {"text": "has grown", "characteristic": "exclude", "code": {}},
    }
    criteria = {
        "type": "criteria_list",
        "id": "list-id",
        "value": {
            "purpose": "may_not_suit",
            "title": "",
            "lead_in": "If the cancer:",
            "logic": "at_least",
            "minimum": 2,
            "items": [criterion, {**criterion, "id": "second-id"}],
        },
    }
    section = make_section(criteria)
    document = build(body=[section], toc=[{"id": "section-id", "anchor": "section"}])
    (node,) = find_nodes(document, "HealthTopicContent")
    assert node["hasHealthAspect"] == "https://schema.org/SafetyHealthAspect"
    assert node["mainEntity"]["description"] == "At least 2"
    items = node["mainEntity"]["itemListElement"]
    assert [item["name"] for item in items] == ["Must not apply: has grown"] * 2
    (part,) = get_page(document)["hasPart"]
    assert part["@type"] == "WebContent"
    assert part["url"] == f"{URL}#section"
    spanish = build(body=[section], locale="es")
    assert "No debe cumplirse: has grown" in json.dumps(spanish, ensure_ascii=False)


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        ({"value": 90, "unit": "min"}, "PT1H30M"),
        ({"value": 1.5, "unit": "h"}, "PT1H30M"),
        ({"value": 0.5, "unit": "min"}, "PT30S"),
        ({"value": 2, "unit": "d"}, "P2D"),
        ({"value": 1.5, "unit": "wk"}, "P10DT12H"),
        ({"value": 3, "unit": "mo"}, "P3M"),
        ({"value": 1.5, "unit": "mo"}, None),
        ({"value": 30, "upper_value": 60, "unit": "min"}, None),
        ({"value": None, "unit": None}, None),
        ({}, None),
    ],
)
def test_a_duration_is_given_where_it_is_one_number(duration, expected):
    assert build_duration(duration) == expected


def test_a_decision_is_mentioned_and_not_claimed_of_the_treatment():
    decision = {
        "type": "decision",
        "id": "decision-id",
        "value": {
            "authority": "FDA (United States)",
            "identifier": "DEN220077",
            "indication": "A small tumor.",
            "decided_on": "2025-10-03",
            "code": {"system": "", "other_system": "https://e.org/cs", "code": "X"},
        },
    }
    treatment = {"id": 1, "name": "Surgery", "schema_type": "SurgicalProcedure"}
    document = build(regulatory_status=[decision], treatment=treatment)
    (mentioned,) = get_page(document)["mentions"]
    assert mentioned["name"] == "FDA (United States) DEN220077"
    assert mentioned["about"]["code"]["codingSystem"] == "https://e.org/cs"
    assert "legalStatus" not in find_nodes(document, "SurgicalProcedure")[0]


def make_document(*nodes):
    """Return a document of these nodes."""
    return {"@context": "https://schema.org", "@graph": list(nodes)}


def make_page(**kwargs):
    """Return a page node."""
    return {"@type": "MedicalWebPage", "@id": f"{URL}#webpage", **kwargs}


WRONG = {
    "lastReviewed does not belong to MedicalProcedure": make_document(
        {"@type": "MedicalProcedure", "lastReviewed": "2026-05-01"}
    ),
    "ItemList is none of CreativeWork": make_document(
        make_page(hasPart={"@type": "ItemList", "name": "A list"})
    ),
    "evidenceLevel does not belong to MedicalWebPage": make_document(
        make_page(evidenceLevel="https://schema.org/EvidenceLevelA")
    ),
    "contraindication does not belong to SurgicalProcedure": make_document(
        {"@type": "SurgicalProcedure", "contraindication": "Words"}
    ),
    "aspect is superseded by mainContentOfPage": make_document(
        make_page(aspect="treatment")
    ),
    "unknown property indication": make_document(
        {"@type": "MedicalTherapy", "indication": "Words"}
    ),
    "unknown type TreatmentPage": make_document(
        {"@type": "TreatmentPage", "name": "x"}
    ),
    "code does not belong to MedicalWebPage": make_document(
        make_page(code={"@type": "MedicalCode", "codeValue": "D1"})
    ),
    "hasHealthAspect does not belong to WebContent": make_document(
        {
            "@type": "WebContent",
            "hasHealthAspect": "https://schema.org/TypesHealthAspect",
        }
    ),
    "'treatment' where only HealthAspectEnumeration fits": make_document(
        {"@type": "HealthTopicContent", "hasHealthAspect": "treatment"}
    ),
    "where only MedicalProcedureType fits": make_document(
        {
            "@type": "MedicalProcedure",
            "procedureType": "https://schema.org/SurgicalProcedure",
        }
    ),
    "text 'Surgery' where only Thing fits": make_document(make_page(about="Surgery")),
    "'30 minutes' is no Duration": make_document(
        {"@type": "HowTo", "totalTime": "30 minutes"}
    ),
    "'May 2026' is no Date": make_document(make_page(lastReviewed="May 2026")),
    "'2026-02-30' is no Date": make_document(make_page(lastReviewed="2026-02-30")),
    "'/en/' is no URL": make_document(make_page(url="/en/")),
    "True is none of Text": make_document(make_page(name=True)),
    "#nothing is nowhere described": make_document(
        make_page(about={"@id": f"{URL}#nothing"})
    ),
    "Patient is none of ImageObject": make_document(
        make_page(primaryImageOfPage={"@id": f"{URL}#who"}),
        {"@type": "Patient", "@id": f"{URL}#who"},
    ),
    "#webpage is described twice": make_document(make_page(), make_page()),
    ".name: is empty": make_document(make_page(name="  ")),
    ".citation: is empty": make_document(make_page(citation=[])),
    ".image: is empty": make_document(make_page(image=None)),
    "has no type": make_document({"name": "x"}),
    "steps is superseded by step": make_document(
        {"@type": "HowTo", "steps": {"@type": "ItemList"}}
    ),
    "is no list of nodes": {"@context": "https://schema.org"},
    "is not https://schema.org": {"@graph": [make_page()]},
}


@pytest.mark.parametrize("reason", WRONG)
def test_the_lint_finds_one_mistake_for_the_right_reason(reason):
    (problem,) = find_problems(WRONG[reason])
    assert reason in problem


def test_two_types_allow_what_one_of_them_allows():
    node = {"@type": ["MedicalTherapy", "SurgicalProcedure"], "contraindication": "x"}
    assert find_problems(make_document(node)) == []


def test_a_node_of_another_page_need_not_be_described():
    other = {"@id": "https://example.org/en/other/#webpage"}
    assert find_problems(make_document(make_page(mentions=other))) == []


def test_the_lint_finds_a_translation_that_does_not_name_its_original():
    spanish_id = "https://example.org/es/#webpage"
    english = make_document(make_page(workTranslation={"@id": spanish_id}))
    spanish = make_document({"@type": "MedicalWebPage", "@id": spanish_id})
    (problem,) = find_problems(english, spanish)
    assert "which has no translationOfWork back" in problem
    (problem,) = find_problems(spanish, english)
    assert "has no translationOfWork" in problem


def test_our_code_promises_no_search_result_that_no_longer_exists():
    package = Path(build_json_ld.__code__.co_filename).parent
    sources = [file.read_text(encoding="utf-8") for file in package.glob("*.py")]
    assert not any('"FAQPage"' in source for source in sources)
