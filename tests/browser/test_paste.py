"""What is pasted into the forms of the admin: what it becomes there, what is stored, and what the editor is told."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from tests import factories
from tests.browser.desk import ArticleForm, Desk
from treatments.models import TreatmentPage

pytestmark = pytest.mark.needs_chromium

CASES = Path(__file__).parents[1] / "cases"

PASTE = """(field, [html, text]) => {
    field.focus();
    const clipboardData = new DataTransfer();
    if (html) clipboardData.setData('text/html', html);
    clipboardData.setData('text/plain', text);
    return field.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
    );
}"""


@pytest.fixture
def article(database):
    """Return an article with some empty texts, and one with a term and a citation."""
    home = factories.create_site()
    term, reference = factories.create_term(), factories.create_reference()
    full = (
        f'<p><a linktype="glossary-term" id="{term.pk}">spread</a> is rare '
        f'<a linktype="citation" id="{reference.pk}">[Khan]</a></p>'
    )
    content = [
        {"type": "rich_text", "id": str(uuid.uuid4()), "value": value}
        for value in (*[""] * 9, full)
    ]
    section = {"heading": "Before", "content": content}
    body = [{"type": "section", "id": str(uuid.uuid4()), "value": section}]
    with factories.publishing_anything():
        return factories.create_article(home.index, body=body)


@pytest.fixture
def form(article, open_window):
    """Return the form of the article."""
    window = open_window(viewport={"width": 1280, "height": 1000})
    Desk(window).enter(get_user_model().objects.create_superuser("writer"))
    window.goto(f"/admin/pages/{article.pk}/edit/")
    form = ArticleForm(window)
    window.wait_for_selector("[data-draftail-editor]")
    return form


class Editor:
    """One rich text of the form."""

    def __init__(self, form, number):
        self.window = form.window
        field = form.get_field(f"body-0-value-content-{number}-value")
        self.wrapper = field.locator("xpath=..").locator(
            "[data-draftail-editor-wrapper]"
        )
        self.text = self.wrapper.locator("[contenteditable=true]")
        self.note = self.wrapper.locator(".treatment-paste-note")

    def paste(self, html, text=""):
        self.text.evaluate(PASTE, [html, text])

    def list_restarts(self):
        """Return for each item of the outermost lists whether its numbers begin anew there."""
        return self.text.locator("ol > li").evaluate_all(
            "items => items.map(item => getComputedStyle(item).counterSet === 'ol0 0')"
        )


def get_stored(article):
    """Return the texts of the draft."""
    page = TreatmentPage.objects.get(pk=article.pk).get_latest_revision_as_object()
    return [
        re.sub(r' data-block-key="\w+"', "", child.value.source)
        for child in page.body[0].value["content"]
    ]


def test_a_paste_becomes_what_its_author_sees_and_the_editor_is_told(article, form):
    editors = [Editor(form, number) for number in range(10)]
    full = get_stored(article)[9]

    # What the word processor puts on the clipboard.
    for number, name in enumerate(("tracked", "lists", "table")):
        editors[number].paste((CASES / f"word-{name}.html").read_text())
    expect(editors[0].note).to_have_text(
        re.compile(
            "Struck-out text was left out: “5”, “About 75%”.*Hidden text was left out: “internal note”"
        )
    )
    expect(editors[2].note).to_contain_text("A table became lines")
    assert editors[1].list_restarts() == [True, False]
    expect(editors[1].note).to_have_count(0)

    # Plain text, and what the editor has copied itself.
    editors[3].paste("", "o dos\nTake 10 mg")
    expect(editors[3].text).to_have_text("o dosTake 10 mg")
    expect(editors[3].note).to_have_count(0)
    editors[9].text.click()
    for keys in ("ControlOrMeta+A", "ControlOrMeta+C"):
        form.window.keyboard.press(keys)
    editors[4].text.click()
    form.window.keyboard.press("ControlOrMeta+V")
    expect(editors[4].text).to_contain_text("spread is rare [Khan]")

    # A paste is one step that can be undone; the words that stood there stay.
    editors[5].text.click()
    form.window.keyboard.type("Take ")
    editors[5].paste("<p><s>5</s><b>10</b> mg</p>")
    expect(editors[5].text).to_have_text("Take 10 mg")
    form.window.keyboard.press("ControlOrMeta+Z")
    expect(editors[5].text).to_have_text("Take ")
    form.window.keyboard.press("ControlOrMeta+Shift+Z")
    form.window.keyboard.type(" daily")
    expect(editors[5].text).to_have_text("Take 10 mg daily")
    editors[6].paste("<h1>Head</h1><ul><li>o dos</li></ul><p>o tres</p>")
    expect(editors[6].note).to_contain_text("Headings")

    editors[7].paste(
        "<p>5<button>10</button> <span style='font-family:Wingdings'>x</span> <a href='#a'>see</a> "
        "<math><msqrt><mn>2</mn></msqrt></math></p><ol type=a><li>one</li></ol>"
    )
    for message in (
        "Buttons and form fields were left out: “10”",
        "Formulas were left out: “2”",
        "Signs of a picture font",
        "A list had other numbers or letters",
        "Links that cannot stay here became plain words: “see”",
    ):
        expect(editors[7].note).to_contain_text(message)

    # A field of plain text takes the same words.
    summary = form.get_field("summary")
    summary.fill("")
    summary.focus()
    summary.evaluate(
        PASTE, ["<p><s>5</s>10<sup>9</sup>/L, T<sub>1/2</sub></p>", "5109/L, T1/2"]
    )
    expect(summary).to_have_value("10⁹/L, T_(1/2)")
    summary.fill("")
    summary.evaluate(PASTE, ["<p>5 <font face=Symbol>m</font>g</p>", "5 mg"])
    expect(summary).to_have_value("5 \u00b5g")
    summary.fill("")
    columns = "<p style='display:flex'><span>7</span><span>8</span></p>"
    summary.evaluate(PASTE, [columns, "78"])
    expect(summary).to_have_value("7 8")
    summary.fill("")
    summary.evaluate(
        PASTE, ["<p><s>5</s>10<sup>9</sup>/L, T<sub>1/2</sub></p>", "5109/L, T1/2"]
    )
    expect(form.window.locator(".treatment-paste-note", has_text="“5”")).to_have_count(
        3
    )

    form.save_draft()
    stored = get_stored(article)
    assert [*stored[:7], stored[9]] == [
        "<p>Take 10 mg in the evening.</p><p>25% of people need it again.</p>"
        "<p>Platelets of at least 100 × 10<sup>9</sup>/L and CO<sub>2</sub> as usual.</p>",
        "<ol><li>Stop eating<ul><li>water is allowed</li></ul></li><li>Take 2 tablets</li></ol>",
        "<p><b>Medicine</b> · <b>Stop it</b></p><p>Warfarin · 5 days before</p><p>Apixaban · 2 days before</p>",
        "<p>o dos</p><p>Take 10 mg</p>",
        full,
        "<p>Take <b>10</b> mg daily</p>",
        "<p>Head</p><ul><li>o dos</li></ul><p>o tres</p>",
        full,
    ]
