"""Rich text that a program writes: what cannot stay as it is is refused, with the place and the reason."""

from __future__ import annotations

import re

import pytest
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from snippets.features import ARTICLE_FEATURES, DEFINITION_FEATURES, PASTE_FEATURE
from tests import factories
from tests.treatments import api_calls
from treatments.api.pages.rich_text_input import list_problems
from treatments.blocks.text import RichTextBlock
from treatments.fields import ArticleRichTextField
from treatments.hashes.normal_forms import join_lists
from treatments.models import TreatmentPage

pytestmark = pytest.mark.django_db

#: The kind of the problem → the name of a case → the text, and a word of what is said.
REFUSED = {
    "feature_disabled": {
        "struck": ("<p>Take <s>5</s>10 mg</p>", "Struck-out"),
        "deleted": ("<p><del>5</del>10 mg</p>", "Struck-out"),
        "an old tag": ("<p><strike>5</strike>10 mg</p>", "Struck-out"),
        "inserted": ("<p><ins>10</ins> mg</p>", "inserted"),
        "a table": (
            "<table><tr><td>Warfarin</td><td>5 days</td></tr></table>",
            "table block",
        ),
        "a heading": ("<h2>Head</h2>", "<h2>"),
        "a picture": ('<img src="x.png">', "<img>"),
        "a script": ("<p>a<script>b</script></p>", "<script>"),
        "Markdown with a heading": (
            {"format": "db_markdown", "content": "# Head"},
            "<h1>",
        ),
    },
    "struck_text": {
        "struck by a style": (
            '<p><span style="text-decoration: line-through">5</span>10 mg</p>',
            "“5”",
        ),
        "struck paragraph": (
            '<p style="text-decoration-line:line-through">5</p>',
            "“5”",
        ),
        "struck with a comment": (
            '<p><b style="text-decoration/**/:line-through">5</b>10 mg</p>',
            "“5”",
        ),
    },
    "hidden_text": {
        "hidden": ('<p style="display: none">5</p>', "“5”"),
        "hidden by Word": ('<p style="mso-hide:all">5</p>', "“5”"),
        "hidden by attribute": ("<p hidden>5</p>", "“5”"),
        "hidden with a comment": ('<p style="display:/* ; */none">5</p>', "“5”"),
    },
    "level": {
        "raised by a style": ('<p>10<b style="vertical-align: super">9</b></p>', "“9”"),
        "raised to the top of the text": (
            '<p>10<b style="vertical-align:text-top">9</b></p>',
            "“9”",
        ),
        "raised by Word": ('<p>10<b style="mso-text-raise:4.0pt">9</b></p>', "“9”"),
        "raised by a length": (
            '<p>10<i style="vertical-align: 0.4em">9</i></p>',
            "“9”",
        ),
    },
    "unknown_linktype": {
        "an unknown kind of link": (
            '<p><a linktype="nothing" id="1">a</a></p>',
            "nothing",
        ),
    },
    "unknown_embedtype": {
        "an unknown kind of embed": ('<embed embedtype="nothing" id="1"/>', "nothing"),
    },
    "missing_attribute": {
        "a link without an id": ('<p><a linktype="citation">a</a></p>', "citation"),
    },
    "not_found": {
        "a page that is not there": (
            '<p><a linktype="page" id="987654">a</a></p>',
            "page",
        ),
        "a page that can be none": ('<p><a linktype="page" id="x">a</a></p>', "'x'"),
        "a document that is not there": (
            '<p><a linktype="document" id="987654">a</a></p>',
            "document",
        ),
        "a term that is not there": (
            '<p><a linktype="glossary-term" id="987654">a</a></p>',
            "glossary term",
        ),
        "a reference that is not there": (
            '<p><a linktype="citation" id="987654">a</a></p>',
            "reference",
        ),
    },
    "link": {
        "a link that does something": (
            '<p><a href="javascript:alert(1)">a</a></p>',
            "“a”",
        ),
        "a link to nothing": ("<p><a>a</a></p>", "“a”"),
        "a link that readers do not get": ('<p><a href="//evil.com">a</a></p>', "“a”"),
    },
    "nesting": {
        "an item without a list": ("<li>a</li>", "fit"),
        "a paragraph in bold": ("<b><p>a</p></b>", "fit"),
        "tags without an end": ("<p>" + "<b>" * 5000 + "a", "deep"),
        "paragraphs in items": (
            "<ol><li><p>Stop eating</p></li><li><p>Take 2 tablets</p></li></ol>",
            "no paragraphs",
        ),
        "a paragraph behind the words of an item": (
            "<ol><li>Stop eating<p>from midnight</p></li><li>Sleep</li></ol>",
            "no paragraphs",
        ),
        "a link within a link": (
            '<p><a href="http://a.b">x<a href="http://c.d">y</a></a></p>',
            "“y”",
        ),
        "a citation within a term": (
            '<p><a linktype="glossary-term" id="1">x<a linktype="citation" id="1">y</a></a></p>',
            "“y”",
        ),
    },
    "rich_text_format": {
        "another form": ({"format": "word", "content": "a"}, "word"),
        "no content": ({"format": "db_html"}, "content"),
    },
    "unknown_field": {
        "an unknown name": (
            {"format": "db_html", "content": "a", "style": "b"},
            "style",
        ),
    },
    "list_number": {
        "a list that begins with 5": (
            '<ol start="5"><li>Five</li></ol>',
            "begin with 1",
        ),
        "a number left out": (
            '<ol><li>One</li><li value="3">Three</li></ol>',
            "none out",
        ),
        "a list behind a list": (
            "<ol><li>1<sup>st</sup></li><li>2.5</li></ol><ol><li>3</li></ol>",
            "in a row",
        ),
        "a list behind a list, on a line of its own": (
            "<ol><li>a</li></ol>\n<ol><li>b</li></ol>",
            "in a row",
        ),
        "a list behind a list, with nothing shown between them": (
            "<ol><li>a</li></ol><!-- x --><ol></ol><ol><li>b</li></ol>",
            "in a row",
        ),
        "a list behind one that ends with a list": (
            "<ol><li>One<ul><li>a</li></ul></li></ol><ol><li>Two</li></ol>",
            "in a row",
        ),
        "lists in a row within an item": (
            "<ol><li>a<ol><li>b</li></ol><ol><li>c</li></ol></li></ol>",
            "in a row",
        ),
    },
}
#: Markdown → the kind of the problem.
REFUSED_MARKDOWN = {
    "5. Five": "list_number",
    "1. One\n3. Three": "list_number",
    "2026. A good year": "list_number",
    "1. One\n2. Two\n\n1) Other": "list_number",
    "1. One\n   1. a\n   1) b\n2. Two": "list_number",
    "Take ~~5~~ 10 mg": "struck_text",
    "Take <del>5</del> 10 mg": "markdown_html",
    "| a | b |\n|---|---|\n| 1 | 2 |": "markdown_table",
    "a_b_c": "markdown_emphasis",
    "2 * 3 * 4": "markdown_emphasis",
    "5&nbsp;mg": "markdown_entity",
    "Safe [^1]": "markdown_footnote",
    "- a\n\n  b\n- c": "markdown_indent",
}
REFUSED_CASES = {
    name: (source, kind, words)
    for kind, cases in REFUSED.items()
    for name, (source, words) in cases.items()
} | {
    f"Markdown {content!r}": ({"format": "db_markdown", "content": content}, kind, "")
    for content, kind in REFUSED_MARKDOWN.items()
}

TAKEN = [
    "",
    "a",
    "<p>a</p><p>b<br/>c</p>",
    "<div>a</div>",
    "<h3>a</h3><h4>b</h4>",
    "<p>10<sup>9</sup>/L, T<sub>1/2</sub></p>",
    '<p data-block-key="abcde"><b>a</b> <strong>b</strong> <i>c</i> <em>d</em></p>',
    "<ol><li>One<ul><li>a</li></ul></li><li>Two</li></ol>",
    '<p><a href="https://example.org/">a</a> <a href="mailto:a@example.org">b</a></p>',
    '<p style="text-align: left" class="x">a &lt; b &amp; c&nbsp;d</p>',
    {"format": "db_html", "content": "<p>a</p>"},
    {"format": "db_markdown", "content": "a **b**\n\n1. c\n2. d"},
    {"format": "db_markdown", "content": "1. a\n   - b\n2. c\n\nd\n\n1. e\n1. f"},
    {"format": "db_markdown", "content": "a\\_b\\_c 5\\. \\~~ [x](http://a.b/c_d_e)"},
    {"format": "db_markdown", "content": "10<sup>9</sup>, INR <2, _so_ **it is**"},
    "<ol><li>One<ol><li>a</li></ol></li></ol><p>b</p><ul><li>c<br/>d</li></ul>",
    "<ol><li>One</li></ol><p>Or</p><ol><li>Two</li></ol><ul><li>a</li></ul><ol><li>b</li></ol>",
    {"format": "db_markdown", "content": "1) a\n   1. b\n2) c\n\nOr\n\n1. d"},
    '<ol start="1"><li value="1">10 <sup> 9 </sup>e</li></ol>',
    "<p>10<sup>1</sup><sup>2</sup> a<sub></sub></p>",
]


@pytest.mark.parametrize("name", REFUSED_CASES)
def test_what_would_be_changed_is_refused_by_name(name):
    value, type_, words = REFUSED_CASES[name]
    problems = list(list_problems(value, ARTICLE_FEATURES))
    assert type_ in [problem["type"] for problem in problems], problems
    assert any(words in problem["msg"] for problem in problems), problems


@pytest.mark.parametrize("value", TAKEN, ids=str)
def test_what_stays_as_it_is_is_taken(value):
    assert list(list_problems(value, ARTICLE_FEATURES)) == []


def test_what_a_text_leads_to_is_taken():
    term, reference = factories.create_term(), factories.create_reference()
    source = (
        f'<p><a linktype="glossary-term" id="{term.pk}">a</a>'
        f'<a linktype="citation" id="{reference.pk}">[b]</a></p>'
    )
    assert list(list_problems(source, ARTICLE_FEATURES)) == []
    kinds = [each["type"] for each in list_problems(source, DEFINITION_FEATURES)]
    assert kinds == ["unknown_linktype", "unknown_linktype"]


def test_a_field_that_may_have_struck_text_opens_it():
    converter = ContentstateConverter(["strikethrough", PASTE_FEATURE])
    assert "STRIKETHROUGH" in converter.from_database_format("<p><s>5</s></p>")


@pytest.fixture
def page(shared_surgery):
    return shared_surgery


@pytest.fixture
def send(client, token):
    return lambda path, body: api_calls.send(
        client, "patch", f"/api/v3{path}", body, token
    )


def build_body(text):
    text_block = {"type": "rich_text", "value": text}
    section = {"heading": "a", "content": [text_block]}
    return [{"type": "section", "value": section}]


@pytest.mark.parametrize(
    "text",
    [
        "<p>Take <s>5</s>10 mg</p>",
        '<p><a linktype="page" id="987654">a</a></p>',
        '<p><a href="http://a.b">x<a href="http://c.d">y</a></a></p>',
        "<ol><li>a</li></ol><ol><li>b</li></ol>",
    ],
)
def test_a_page_and_a_snippet_point_to_the_text_that_is_refused(send, page, text):
    term = factories.create_term()
    answers = {
        "/intro": send(f"/pages/{page.pk}/", {"intro": text}),
        "/body/0/value/content/0/value": send(
            f"/pages/{page.pk}/", {"body": build_body(text)}
        ),
        "/definition": send(
            f"/snippets/treatment_snippets.GlossaryTerm/{term.pk}/",
            {"definition": text},
        ),
    }
    for pointer, answer in answers.items():
        assert answer.status_code == 422, (pointer, answer.content[:500])
        assert answer["Content-Type"] == "application/problem+json"
        assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


def test_levels_and_lists_are_stored_as_they_are_written(send, page):
    text = (
        "<p>10<sup>9</sup>/L, T<sub>1/2</sub></p>"
        "<ol><li>One<ul><li>a</li></ul></li><li>Two</li></ol>"
    )
    answer = send(f"/pages/{page.pk}/", {"intro": text, "body": build_body(text)})
    assert answer.status_code == 200, answer.content
    draft = TreatmentPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    block = draft.body[0].value["content"][0].value
    for stored in (draft.intro, block.source):
        assert re.sub(r' data-block-key="\w+"', "", stored) == text


def test_a_numbered_list_goes_on_after_a_list_inside_it():
    source = "<ol><li>One<ul><li>a</li></ul></li><li>Two</li></ol>"
    converter = ContentstateConverter(ARTICLE_FEATURES)
    stored = converter.to_database_format(converter.from_database_format(source))
    assert re.sub(r' data-block-key="\w+"', "", join_lists(stored)) == source


def test_a_list_that_was_stored_in_two_is_read_as_one_and_can_be_sent_back(
    client, token, send, page
):
    divided = "<ol><li>One<ul><li>a</li></ul></li></ol><ol><li>Two</li></ol>"
    TreatmentPage.objects.filter(pk=page.pk).update(intro=divided)
    path = f"/pages/{page.pk}/"
    answer = client.get(f"/api/v3{path}", headers={"authorization": f"Bearer {token}"})
    intro = answer.json()["intro"]
    assert intro == divided.replace("</ol><ol>", "")
    assert send(path, {"intro": intro}).status_code == 200


@pytest.mark.parametrize(
    ("stored", "opened"),
    [
        ("<p>Take <s>5</s>10 mg</p>", "<p>Take 10 mg</p>"),
        ("<p>5<s> or </s>10 mg</p>", "<p>5 10 mg</p>"),
        ("<p>Take 5.<s> Or </s>10 mg</p>", "<p>Take 5. 10 mg</p>"),
        ("<del>5</del>10 mg", "<p>10 mg</p>"),
        ("<del><p>5</p></del><p>10 mg</p>", "<p>10 mg</p>"),
        ("<p><b>a<strike>x<i>y</i></strike></b>b</p>", "<p><b>a</b>b</p>"),
    ],
)
def test_struck_text_that_was_stored_earlier_is_not_opened_as_text(stored, opened):
    converter = ContentstateConverter(ARTICLE_FEATURES)
    saved = converter.to_database_format(converter.from_database_format(stored))
    assert re.sub(r' data-block-key="\w+"', "", saved) == opened


def test_every_rich_text_can_have_levels_and_is_pasted_with_care():
    needed = {"superscript", "subscript", "careful-paste"}
    for text in (
        RichTextBlock(features=["bold"]),
        ArticleRichTextField(features=["bold"]),
    ):
        assert needed <= set(text.features or [])
    assert needed <= set(DEFINITION_FEATURES)
