"""The reader: it shows all that the API gives, to everybody, and says so when there is nothing to show."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from snippets.models import Reference
from tests import factories
from tests.browser.accessibility import find_problems
from tests.browser.public import Reader
from tests.samples import find_words
from treatments.blocks.streams import SectionContentStreamBlock

pytestmark = pytest.mark.needs_chromium

PHONE = {"width": 320, "height": 740}
FULL_ARTICLE = "/en/treatments/everything/"
LONG_ADDRESS = f"https://www.example.org/{'guidelines-on-treatment/' * 5}2026.html"

#: Adds a long word to every text, but not to numbers and units, which stay in one line.
LENGTHEN = """word => {
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    texts
        .filter((text) => text.data.trim() && getComputedStyle(text.parentElement).whiteSpace !== "nowrap")
        .forEach((text) => { text.data += ` ${word}`; });
}"""


@pytest.fixture
def home(database):
    return factories.create_site()


@pytest.fixture
def full_article(home):
    """An article with every block and every field, and the sampler of its words."""
    targets = factories.create_targets(home.index)
    for placement in ("inline", "sidebar", "footer"):
        factories.create_promotion(f"Notice {placement}", placement=placement)
    return factories.create_full_article(home.index, targets)


@pytest.fixture
def open_reader(open_window):
    """Return a function that opens an address in a new window."""

    def open_reader(path: str, view: str = "article", **options) -> Reader:
        reader = Reader(open_window(**options))
        reader.open(path, view)
        return reader

    return open_reader


def test_every_block_and_every_word_is_shown(full_article, open_reader):
    _page, sampler = full_article
    reader = open_reader(FULL_ARTICLE)
    for name in SectionContentStreamBlock().child_blocks:
        assert reader.get_blocks(name).count() > 0, name
    assert find_words(reader.window.content()) == set(sampler.words)
    assert reader.window.locator("[data-unknown-block]").count() == 0
    assert reader.window.complaints == []


def test_an_accessibility_check_finds_nothing(full_article, open_reader):
    reader = open_reader(FULL_ARTICLE)
    assert find_problems(reader.window) == []
    reader.window.emulate_media(color_scheme="dark")
    assert find_problems(reader.window) == []
    for path, view in (("/en/", "home"), ("/en/treatments/", "index")):
        reader.open(path, view)
        assert find_problems(reader.window) == []
    assert reader.window.complaints == []


def test_a_glossary_term_opens_and_closes_by_keyboard(full_article, open_reader):
    window = open_reader(FULL_ARTICLE).window
    term, dialog = window.locator("a.term").first, window.get_by_role("dialog")
    for key in ("Enter", "Space"):
        term.focus()
        window.keyboard.press(key)
        expect(dialog).to_be_visible()
        expect(dialog).to_be_focused()
        expect(term).to_have_attribute("aria-expanded", "true")
        expect(dialog).to_contain_text("Cancer that has spread.")
        window.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(term).to_be_focused()
        expect(term).to_have_attribute("aria-expanded", "false")
    term.press("Enter")
    window.keyboard.press("Tab")
    window.keyboard.press("Tab")
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    window.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(term).to_be_focused()


def test_a_citation_leads_to_its_reference_and_back(full_article, open_reader):
    window = open_reader(FULL_ARTICLE).window
    citation = window.locator("a.citation").first
    citation.press("Enter")
    reference = window.locator("li:target")
    expect(reference).to_contain_text("Sample AB. A sample trial.")
    expect(reference).to_contain_text("Sample reference")
    expect(reference).to_be_in_viewport()
    reference.locator(".back-links a").first.press("Enter")
    expect(citation).to_be_in_viewport()
    assert window.evaluate("location.hash") == f"#{citation.get_attribute('id')}"


def test_a_retracted_source_is_marked_once(full_article, home, open_reader):
    factories.create_spanish_tree(home)
    page, mark = factories.to_spanish(full_article[0]), "Retractada"
    reference = Reference.objects.get(title="A sample trial")
    reference.doi = "10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3"
    reference.status, reference.is_sample = "retracted", False
    reference.save()
    listed = open_reader(page.url).window.locator(f"#reference-{reference.pk}")
    assert listed.inner_text().count(mark) == 1
    expect(listed.locator("strong.mark")).to_have_text(mark)
    expect(listed.locator(".reference-text a").first).to_have_attribute(
        "href", re.compile("3.0.co%3B2-3$")
    )


@pytest.mark.parametrize("path", [FULL_ARTICLE, "/en/treatments/", "/en/"])
def test_a_phone_never_scrolls_sideways(full_article, open_reader, path):
    Reference.objects.update(url=LONG_ADDRESS)
    view = {"/en/": "home", "/en/treatments/": "index"}.get(path, "article")
    window = open_reader(path, view, viewport=PHONE, has_touch=True).window
    window.evaluate(LENGTHEN, LONG_ADDRESS)
    assert window.evaluate("document.scrollingElement.scrollWidth") == PHONE["width"]
    outside = window.evaluate(
        """() => [...document.querySelectorAll("main *")]
            .filter((node) => node.checkVisibility() && !node.closest(".visually-hidden, svg"))
            .filter((node) => ![...ancestors(node)].some((parent) => getComputedStyle(parent).overflowX !== "visible"))
            .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
            .map((node) => node.outerHTML.slice(0, 100));
        function* ancestors(node) {
            for (let parent = node.parentElement; parent !== document.body; parent = parent.parentElement) yield parent;
        }"""
    )
    assert outside == []


def test_what_is_not_published_is_not_found(home, open_reader):
    draft = factories.create_article(home.index, title="Secret plan", live=False)
    for path in (draft.url, "/en/treatments/never-written/"):
        window = open_reader("/en/", "home").window
        answer = window.goto(path)
        assert answer.status == 404
        expect(window.get_by_role("heading", level=1)).to_have_text(
            "We could not find this page"
        )
        window.get_by_role("link", name="Go to the home page").click()
        window.wait_for_url("**/en/")
        assert "Secret plan" not in window.content()


def test_a_page_that_goes_while_it_loads_is_not_found(home, open_window):
    page = factories.create_article(home.index, title="Surgery")
    window = open_window()
    window.route(
        "**/api/v2/pages/find/**",
        lambda route: route.fulfill(status=404, json={"detail": "Not found."}),
    )
    reader = Reader(window)
    reader.open(page.url, "not-found")
    expect(window.get_by_role("heading", level=1)).to_have_text(
        "We could not find this page"
    )
    assert "Surgery" not in window.locator("main").inner_text()


def test_without_an_answer_the_reader_says_so_and_tries_again(home, open_window):
    page = factories.create_article(home.index, title="Surgery")
    window = open_window()
    window.route("**/api/v2/pages/find/**", lambda route: route.abort())
    reader = Reader(window)
    reader.open(page.url, "error")
    expect(window.get_by_role("heading", level=1)).to_have_text(
        "This page could not be loaded"
    )
    window.unroute("**/api/v2/pages/find/**")
    window.get_by_role("button", name="Try again").click()
    reader.wait_for("article")
    expect(window.get_by_role("heading", level=1)).to_have_text("Surgery")


def test_the_language_switch_leads_to_published_translations_only(home, open_reader):
    factories.create_spanish_tree(home)
    page = factories.create_article(home.index, title="Surgery")
    factories.to_spanish(page)
    untranslated = factories.create_article(home.index, title="Radiation")
    factories.submit(untranslated)
    reader = open_reader(page.url)
    switch = reader.window.locator(".languages").get_by_role("link")
    expect(switch).to_have_accessible_name("Leer esta página en español")
    expect(switch).to_have_attribute("lang", "es")
    reader.switch_language("es")
    expect(reader.window.locator("html")).to_have_attribute("lang", "es")
    expect(reader.window.get_by_role("heading", level=1)).to_have_text("ES Surgery")
    expect(reader.window).to_have_title("ES Surgery")
    reader.switch_language("en")
    expect(reader.window.get_by_role("heading", level=1)).to_have_text("Surgery")
    reader.open(untranslated.url)
    expect(switch).to_have_count(0)
    assert reader.window.complaints == []


def test_without_javascript_the_page_says_what_it_is(home, open_window):
    page = factories.create_article(
        home.index, title="Surgery", summary="What it can do."
    )
    window = open_window(java_script_enabled=False)
    answer = window.goto(page.url)
    assert answer.status == 200
    expect(window).to_have_title("Surgery")
    expect(window.get_by_role("heading", level=1)).to_have_text("Surgery")
    summary = window.locator("main .summary")
    expect(summary).to_have_text("What it can do.")
    expect(summary).to_be_in_viewport()
    expect(summary.locator("~ p")).to_contain_text("please turn on JavaScript")
