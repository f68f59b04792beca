"""An article from nothing to two languages, as the people of an editorial office make it in a browser."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from tests import factories
from tests.browser.desk import ArticleForm, Desk
from tests.browser.public import PublicApi, Reader
from treatments.admin.groups import (
    EDITORS,
    PUBLISHERS,
    TRANSLATORS,
    create_editorial_groups,
)

pytestmark = pytest.mark.needs_chromium

PASSWORD = "correct horse battery staple"  # noqa: S105
TITLE = "Cryoablation of a small tumor"
SUMMARY = "How freezing destroys a small breast tumor."
CRITERIA = ["is at most 1.5 cm in size", "has not spread"]
STEP = "The doctor guides a thin probe into the tumor"
SPANISH = {
    TITLE: "Crioablación de un tumor pequeño",
    SUMMARY: "Cómo el frío destruye un tumor de mama pequeño.",
    CRITERIA[0]: "mide como máximo 1,5 cm",
    CRITERIA[1]: "no se ha extendido",
    STEP: "El médico guía una sonda fina hasta el tumor",
}

# Which words it is depends on whether the form has saved itself before the button is pressed.
REFUSED = re.compile(r"could not be (created|saved) due to validation errors")
SAVED = re.compile(rf"Page '{TITLE}' (created|has been updated)\.")


@pytest.fixture
def site(database):
    """The two home pages with their indexes, all published."""
    home = factories.create_site()
    factories.create_spanish_tree(home)
    return home


@pytest.fixture
def log_in(site, open_window):
    """Return a function that gives a new member of a group a desk in the admin."""
    create_editorial_groups()

    def log_in(group: str) -> Desk:
        username = group.lower().replace(" ", "-")
        user = get_user_model().objects.create_user(username, password=PASSWORD)
        user.groups.add(Group.objects.get(name=group))
        desk = Desk(open_window())
        desk.log_in(username, PASSWORD)
        return desk

    return log_in


def test_an_article_is_written_published_and_translated(log_in, open_window, tmp_path):
    editor, publisher, translator = (
        log_in(group) for group in (EDITORS, PUBLISHERS, TRANSLATORS)
    )
    visitor = open_window()
    api, reader = PublicApi(visitor.request), Reader(visitor)

    # The editor writes it, makes a mistake, and mends it.
    editor.open_articles()
    form = editor.add_article()
    criteria = write_article(form)
    form.save_draft()
    assert REFUSED.search(form.get_message())
    error = form.get_error(f"{criteria}-minimum")
    assert error == "At least 5 cannot apply: the list has 2 criteria."
    form.fill(f"{criteria}-minimum", "2")
    form.save_draft()
    assert SAVED.search(form.get_message())
    english_id = form.get_page_id()

    # A draft is nobody else's business.
    assert api.get_status(english_id) == {"v2": 404, "v3": 404}
    assert api.find_titles("en") == {"v2": set(), "v3": set()}
    reader.open("/en/treatments/", "index")
    assert TITLE not in visitor.content()

    # The publisher publishes it.
    publisher.open_articles()
    form = publisher.open_article(TITLE)
    form.publish()
    assert "has been published" in form.get_message()
    assert api.find_titles("en") == {"v2": {TITLE}, "v3": {TITLE}}
    for page in api.get_pages(english_id):
        assert page["title"] == TITLE
        check_body(page["body"], CRITERIA, STEP)
        assert page["translations"] == []

    # The publisher submits it; a translator begins; too early is refused.
    publisher.open_articles()
    spanish_id = (
        publisher.open_article(TITLE).submit_for_translation("español").get_page_id()
    )
    translations = translator.open_translation(spanish_id)
    translations.translate(TITLE, SPANISH[TITLE])
    translations.translate(SUMMARY, SPANISH[SUMMARY])
    check = publisher.open_translation(spanish_id)
    check.publish("español")
    assert "texts are not translated yet. Nothing was published." in check.get_message()
    assert api.get_status(spanish_id) == {"v2": 404, "v3": 404}
    assert api.find_titles("es") == {"v2": set(), "v3": set()}

    # The translator finishes, the publisher publishes.
    translations.translate_rest(
        lambda text: SPANISH.get(text, f"{text} (es)"), tmp_path
    )
    check = publisher.open_translation(spanish_id)
    check.publish("español")
    assert f"“{SPANISH[TITLE]}” was published in español." in check.get_message()
    assert api.find_titles("es") == {"v2": {SPANISH[TITLE]}, "v3": {SPANISH[TITLE]}}
    for page in api.get_pages(spanish_id):
        assert page["title"] == SPANISH[TITLE]
        check_body(page["body"], [SPANISH[text] for text in CRITERIA], SPANISH[STEP])

    # Each language leads to the other, in the APIs and in the reader.
    for page in api.get_pages(english_id):
        (other,) = page["translations"]
        assert (other["locale"], other["id"]) == ("es", spanish_id)
        path = other["path"]
    for page in api.get_pages(spanish_id):
        (other,) = page["translations"]
        assert (other["locale"], other["id"]) == ("en", english_id)
    reader.open(other["path"])
    check_article(reader, "en", TITLE, CRITERIA, STEP)
    reader.switch_language("es")
    assert visitor.url.endswith(path)
    check_article(
        reader,
        "es",
        SPANISH[TITLE],
        [SPANISH[text] for text in CRITERIA],
        SPANISH[STEP],
    )
    assert visitor.complaints == []


def write_article(form: ArticleForm) -> str:
    """Fill in an article whose criteria list asks for more than it has; return the list's name."""
    form.fill("title", TITLE)
    form.fill("summary", SUMMARY)
    form.add_text_block("key_points", "Cold destroys the tumor.")
    form.add_text_block("key_points", "It takes about an hour.")
    section = form.add_block("body")
    form.fill(f"{section}-heading", "Who may benefit")
    criteria = form.add_block(f"{section}-content", "Criteria list")
    form.fill(f"{criteria}-lead_in", "It may help people whose tumor:")
    form.choose(f"{criteria}-purpose", "It may help people who …")
    form.choose(f"{criteria}-logic", "At least a certain number must apply")
    form.fill(f"{criteria}-minimum", "5")
    for text in CRITERIA:
        criterion = form.add_block(f"{criteria}-items", "Criterion")
        form.fill(f"{criterion}-text", text)
    steps = form.add_block(f"{section}-content", "Procedure steps")
    form.fill(f"{steps}-procedure", "Cryoablation")
    phase = form.add_block(f"{steps}-phases", "During")
    step = form.add_block(f"{phase}-steps")
    form.fill(f"{step}-title", STEP)
    return criteria


def check_body(body: list[dict], criteria: list[str], step: str) -> None:
    """Check that the API gives what the editor wrote."""
    (section,) = body
    listed, procedure = section["value"]["content"]
    assert listed["type"] == "criteria_list"
    assert (listed["value"]["logic"], listed["value"]["minimum"]) == ("at_least", 2)
    assert [item["value"]["text"] for item in listed["value"]["items"]] == criteria
    assert procedure["type"] == "procedure_steps"
    (phase,) = procedure["value"]["phases"]
    assert phase["type"] == "during"
    assert [item["value"]["title"] for item in phase["value"]["steps"]] == [step]


def check_article(
    reader: Reader, locale: str, title: str, criteria: list[str], step: str
) -> None:
    """Check that the reader shows what the editor wrote, in the right language."""
    window = reader.window
    assert window.locator("html").get_attribute("lang") == locale
    assert window.locator("h1").inner_text() == title
    listed = reader.get_blocks("criteria_list")
    assert listed.count() == 1
    for text in criteria:
        assert text in listed.inner_text()
    procedure = reader.get_blocks("procedure_steps")
    assert procedure.locator(".step-title").all_inner_texts() == [step]
