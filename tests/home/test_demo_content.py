"""The files of the demonstration: complete, alike in both languages, and honest about what they are."""

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image as PillowImage

from home.demo import content
from home.demo.markup import find_entities, find_forbidden_tags
from treatments.blocks.streams import SectionContentStreamBlock

ARTICLES = content.list_article_keys()
LANGUAGES = (content.SOURCE_LANGUAGE, *content.TARGET_LANGUAGES)
MAIN = "surgery-metastatic-breast-cancer"

#: What says that an article is no advice, in the words of each language.
HONEST_WORDS = {
    "en": ("demonstration content", "not medical advice"),
    "es": ("contenido de demostración", "no es consejo médico"),
}
#: Values of these fields are keys, choices or numbers: they are the same in every language.
SAME_FIELDS = {
    "anesthesia",
    "as_of",
    "audience",
    "characteristic",
    "citations",
    "code",
    "comparator",
    "conditions",
    "decided_on",
    "denominator",
    "health_aspect",
    "identifier",
    "image",
    "intent",
    "key",
    "kind",
    "level",
    "logic",
    "optional",
    "page",
    "placement",
    "purpose",
    "qualifier",
    "relation",
    "setting",
    "standalone",
    "system",
    "treatment",
    "unit",
    "upper_value",
    "url",
    "value",
}


def iterate_texts(value: Any):
    """Yield every text of a file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for child in value.values():
            yield from iterate_texts(child)
    elif isinstance(value, list):
        for child in value:
            yield from iterate_texts(child)


def iterate_fields(value: Any, name: str):
    """Yield every value that a field of that name has, at any depth."""
    if isinstance(value, dict):
        for key, child in value.items():
            if key == name:
                yield child
            yield from iterate_fields(child, name)
    elif isinstance(value, list):
        for child in value:
            yield from iterate_fields(child, name)


def describe_shape(value: Any, field: str = "") -> Any:
    """Return what must be the same in every language: all but the words."""
    if isinstance(value, dict):
        return {name: describe_shape(child, name) for name, child in value.items()}
    if isinstance(value, list):
        if field in SAME_FIELDS:
            return value
        return [describe_shape(child, field) for child in value]
    if isinstance(value, str) and field not in SAME_FIELDS:
        tags = [
            tag for tag in re.findall(r"<(/?[a-z0-9]+)", value) if tag[-1] not in "ab"
        ]
        return (bool(value.strip()), tags, sorted(find_entities(value)))
    return value


def read_all(language: str) -> dict[str, dict]:
    """Return all articles of a language."""
    return {key: content.read_article(key, language) for key in ARTICLES}


def normalize(text: str) -> str:
    """Return a text without tags, in one line and in small letters."""
    return " ".join(re.sub(r"<[^>]+>", "", text).split()).lower()


def test_there_is_enough_to_show():
    assert len(ARTICLES) >= 8
    assert {MAIN, "what-to-expect-any-surgery"} <= set(ARTICLES)
    assert len(content.read_file("en/glossary.yaml")) >= 20
    assert len(content.read_file("references.yaml")) >= 8


@pytest.mark.parametrize("language", content.TARGET_LANGUAGES)
def test_every_language_has_the_same_articles(language):
    assert content.list_article_keys(language) == ARTICLES


@pytest.mark.parametrize("language", content.TARGET_LANGUAGES)
@pytest.mark.parametrize("key", ARTICLES)
def test_an_article_has_the_same_structure_in_every_language(key, language):
    source = content.read_article(key, content.SOURCE_LANGUAGE)
    assert describe_shape(content.read_article(key, language)) == describe_shape(source)


@pytest.mark.parametrize("language", content.TARGET_LANGUAGES)
@pytest.mark.parametrize(
    "file", ["glossary", "conditions", "treatments", "contributors", "pages"]
)
def test_shared_files_have_the_same_keys_in_every_language(file, language):
    source = content.read_file(f"{content.SOURCE_LANGUAGE}/{file}.yaml")
    assert set(content.read_file(f"{language}/{file}.yaml")) == set(source)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ARTICLES)
def test_whatever_an_article_refers_to_exists(key, language):
    article = content.read_article(key, language)
    known = {
        "term": set(content.read_file(f"{language}/glossary.yaml")),
        "ref": set(content.read_file("references.yaml")),
        "page": set(ARTICLES),
    }
    for text in iterate_texts(article):
        assert "[[" not in re.sub(r"\[\[[a-z]+:[a-z0-9-]+(\|[^\]]+)?\]\]", "", text)
        for kind, entity in find_entities(text):
            assert entity in known[kind], f"{kind} {entity}"
    for citations in iterate_fields(article, "citations"):
        assert set(citations) <= known["ref"]
    assert set(iterate_fields(article, "page")) <= known["page"]
    chosen_images = [
        each for each in iterate_fields(article, "image") if isinstance(each, str)
    ]
    assert set(chosen_images) <= set(content.read_file("images.yaml"))
    assert article["treatment"] in content.read_file(f"{language}/treatments.yaml")
    assert set(article["conditions"]) <= set(
        content.read_file(f"{language}/conditions.yaml")
    )
    assert set(article["authors"]) <= set(
        content.read_file(f"{language}/contributors.yaml")
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ARTICLES)
def test_an_article_keeps_the_limits_of_an_editor(key, language):
    article = content.read_article(key, language)
    assert 0 < len(article["summary"].strip()) <= 300
    assert 2 <= len(article["key_points"]) <= 5
    for text in iterate_texts(article):
        assert find_forbidden_tags(text) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ARTICLES)
def test_every_article_says_that_it_is_no_advice(key, language):
    body = " ".join(
        normalize(text)
        for text in iterate_texts(content.read_article(key, language)["body"])
    )
    for words in HONEST_WORDS[language]:
        assert words in body


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_in_the_demonstration_looks_like_a_real_clinician(language):
    source = content.read_file("en/contributors.yaml")
    for person in source.values():
        assert person["name"].startswith("Sample ")
        assert person["affiliation"] == "Demonstration Hospital"
        assert "orcid" not in person
    everything = [
        *read_all(language).values(),
        content.read_file(f"{language}/promotions.yaml"),
    ]
    for text in iterate_texts(everything):
        assert not re.search(r"\b(Dr|Dra|Prof)\b\.? [A-ZÁÉÍÓÚÑ]", text), text


def test_references_are_real_or_plainly_marked():
    for key, reference in content.read_file("references.yaml").items():
        is_sample = reference.get("is_sample", False)
        assert is_sample == key.startswith("sample-")
        assert is_sample == reference["title"].startswith("Sample reference")
        assert not (is_sample and {"pmid", "pmcid", "doi", "nct"} & set(reference))


@pytest.mark.parametrize("key", ARTICLES)
def test_no_number_stands_without_its_source(key):
    article = content.read_article(key, "en")
    for statistic in iterate_fields(article, "statistic"):
        assert statistic["citations"]
    assert "hazard" not in " ".join(iterate_texts(article)).lower()


def test_the_main_article_uses_every_block_type():
    article = content.read_article(MAIN, "en")
    for name in SectionContentStreamBlock().child_blocks:
        assert list(iterate_fields(article["body"], name)), name
    assert set(iterate_fields(article["body"], "level")) >= {
        "emergency",
        "urgent",
        "non_urgent",
        "self_care",
    }
    assert list(iterate_fields(article["body"], "no_treatment"))
    assert list(iterate_fields(article["body"], "group"))


def test_the_main_article_gives_the_figures_of_its_sources():
    article = content.read_article(MAIN, "en")
    figures = {
        (
            each["citations"][0],
            each["value"],
            each.get("upper_value"),
            each.get("comparison", {}).get("value"),
        )
        for each in iterate_fields(article["body"], "statistic")
    }
    assert figures == {
        ("demirors-2023", 6, 10, None),
        ("khan-2022", 68.4, None, 67.9),
        ("khan-2022", 16.3, None, 39.8),
        ("fine-2021", 2.06, None, None),
        ("ice3-5year", 4.3, None, None),
    }


def test_every_image_is_there_and_small():
    folder = content.FOLDER / "images"
    keys = content.read_file("images.yaml")
    assert {file.name for file in folder.iterdir()} == {f"{key}.png" for key in keys}
    for key in keys:
        image = content.read_image(key)
        assert len(image) <= 40_000, key
        with PillowImage.open(BytesIO(image)) as opened:
            assert (opened.format, opened.size) == ("PNG", (1600, 1000)), key


def test_an_image_that_is_missing_is_named():
    with pytest.raises(content.DemoContentError, match=r"images/nothing\.png"):
        content.read_image("nothing")


def test_a_file_that_is_missing_is_named():
    with pytest.raises(content.DemoContentError, match=r"en/nothing\.yaml"):
        content.read_file("en/nothing.yaml")


def test_identifiers_are_the_same_in_every_run():
    assert (
        str(content.make_uuid("page", "home")) == "67eb7bfa-50bc-51a4-9c5b-f2a347909be4"
    )
