"""Rich text that once lost its meaning: what a stored article gives of it, everywhere."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests import factories
from tests.shared import share
from tests.treatments.api_calls import get_json
from treatments.comparison.documents import compare
from treatments.models import IndexedArticle
from treatments.search.backends import get_backend
from treatments.search.highlighting import highlight

pytestmark = pytest.mark.django_db

CASES = json.loads(Path(__file__).with_name("rich_text_cases.json").read_text())
BY_NAME = {case["shows"]: case for case in CASES}
ARTICLES = "/api/v3/articles"
WORD = "Zirconium"


def create_cases(home_id):
    """Return the id of an article with each case in a section of its own, and with a word before each."""
    term = factories.create_term("margin", definition=CASES[0]["html"])
    used = f'<p><a linktype="glossary-term" id="{term.pk}">margin</a></p>'
    sections = [
        {
            "type": "section",
            "id": str(uuid.uuid4()),
            "value": {
                "heading": f"Part {chr(65 + number)}",
                "content": [
                    {"type": "rich_text", "value": f"<p>{WORD}</p>{case['html']}"}
                ],
            },
        }
        for number, case in enumerate(CASES)
    ]
    page = factories.create_article(
        factories.load_site(home_id).index, title="Cases", intro=used, body=sections
    )
    return page.pk


shared_cases = share("shared_cases", create_cases, on="shared_site")
every_case = pytest.mark.parametrize("name", BY_NAME)


def get_section(client, page_id, name, rich_text="html"):
    """Return the rich text of a case and the section of it in the JSON-LD."""
    article = get_json(client, f"{ARTICLES}/{page_id}/?rich_text={rich_text}")
    number = list(BY_NAME).index(name)
    (block,) = article["body"][number]["value"]["content"]
    return block["value"], article


@every_case
def test_the_text_says(client, shared_cases, name):
    case = BY_NAME[name]
    text = f"{WORD}\n{case['text']}" if "text" in case else None
    value, article = get_section(client, shared_cases, name)
    assert value["text"] == (text or value["text"])
    value, _article = get_section(client, shared_cases, name, "text")
    assert value["text"] == (text or value["text"])
    told = json.dumps(article["json_ld"], ensure_ascii=False)
    assert json.dumps(value["text"], ensure_ascii=False)[1:-1] in told
    found = IndexedArticle.objects.get(pk=shared_cases).text
    assert value["text"] in found
    never = case.get("never")
    if never:
        assert never not in value["text"]
        assert never not in " ".join(text for text in iterate_texts(article["json_ld"]))
        assert never not in found


def iterate_texts(value):
    """Yield the texts of JSON-LD, without addresses and dates."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("text", "name", "description") or isinstance(
                inner, (dict, list)
            ):
                yield from iterate_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from iterate_texts(inner)
    elif isinstance(value, str):
        yield value


@every_case
def test_the_markdown_reads_back(client, shared_cases, name):
    case = BY_NAME[name]
    markdown = get_section(client, shared_cases, name, "markdown")[0]["markdown"]
    html = MarkdownIt("commonmark").render(markdown)
    assert case.get("markdown_reads_back_as", "") in html
    assert case.get("never", "\0") not in markdown
    assert case.get("never", "\0") not in html


@every_case
def test_the_difference_tells(client, shared_cases, name):
    case = BY_NAME[name]
    new = get_json(client, f"{ARTICLES}/{shared_cases}/")
    number = list(BY_NAME).index(name)
    old = json.loads(json.dumps(new))
    old["body"][number]["value"]["content"][0]["value"] = {
        "html": f"<p>{WORD}</p>",
        "text": WORD,
    }
    (found,) = compare(old, new)
    assert found.new == f"{WORD}\n{case.get('text', found.new[len(WORD) + 1 :])}"
    assert case.get("never", "\0") not in found.new


def test_a_definition_stands_in_lines(client, shared_cases):
    article = get_json(client, f"{ARTICLES}/{shared_cases}/")
    assert article["glossary"][0]["definition"]["text"] == CASES[0]["text"]


@pytest.mark.parametrize("words", ["109", "510", "withalcohol", "notstop", "12"])
def test_glued_words_find_nothing(shared_cases, words):
    assert get_backend().find(words, ["en"]) == (
        [shared_cases] if words == "12" else []
    )


@pytest.mark.parametrize("words", ["10⁹", "10^9", "10^(9)/L", "10⁻³", "H2O", "Ca²⁺"])
def test_signs_above_and_below_the_line_are_found(client, shared_cases, words):
    assert get_backend().find(words, ["en"]) == [shared_cases]
    answer = get_json(
        client, f"{ARTICLES}/?search={words.replace('^', '%5E').replace('+', '%2B')}"
    )
    assert [item["id"] for item in answer["items"]] == [shared_cases]


def test_wagtails_own_search_does_not_join_either(client, shared_cases):
    for words, ids in {"109": [], "510": [], "10⁹": [shared_cases]}.items():
        for address in ("/api/v2/pages/", "/api/v3/pages/"):
            answer = get_json(client, f"{address}?search={words}")
            assert [item["id"] for item in answer["items"]] == ids, address


def test_a_highlight_marks_the_whole_number():
    text = "about 10⁹ or 10^9, not 109"
    assert (
        highlight(text, "10^9", "en")
        == "about <mark>10⁹</mark> or <mark>10^9</mark>, not 109"
    )
    assert highlight(text, "109", "en") == "about 10⁹ or 10^9, not <mark>109</mark>"
