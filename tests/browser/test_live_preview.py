"""The preview panel while somebody types: it follows, it stays where it was, and it leads into the form."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from tests import factories
from tests.browser.desk import Desk

pytestmark = pytest.mark.needs_chromium

LAST = "99999999-9999-4999-8999-999999999999"


@pytest.fixture
def article(database):
    """Return an article that is longer than the panel is high."""
    home = factories.create_site()
    body = [
        {
            "type": "section",
            "id": str(uuid.uuid4()),
            "value": {
                "heading": f"Section {number}",
                "content": [
                    {
                        "type": "rich_text",
                        "id": LAST if number == 11 else str(uuid.uuid4()),
                        "value": "<p>A plain paragraph.</p>",
                    }
                ],
            },
        }
        for number in range(12)
    ]
    return factories.create_article(home.index, body=body)


@pytest.fixture
def editor(article, open_window):
    """Return a window with the article in the editor and the preview beside it."""
    window = open_window(viewport={"width": 1500, "height": 900})
    Desk(window).enter(get_user_model().objects.create_superuser("writer"))
    window.goto(f"/admin/pages/{article.pk}/edit/")
    window.get_by_role("button", name="Toggle preview").click()
    wait_for_preview(window)
    return window


def get_preview(window):
    return window.frame_locator("iframe#w-preview-iframe")


def wait_for_preview(window):
    expect(
        get_preview(window).locator("html[data-reader-ready=article]")
    ).to_be_attached()


def type_summary(editor, text):
    """Type, and wait until the preview shows it."""
    Desk(editor).wait_for_watch()
    editor.locator("[name=summary]").fill(text)
    expect(get_preview(editor).locator(".summary")).to_have_text(text)


def scroll_to_the_end(editor):
    """Scroll the preview until it stays there: the panel may just load it anew. Return how far down that is."""
    block = get_preview(editor).locator(f'[data-block-id="{LAST}"]')
    for _attempt in range(5):
        block.scroll_into_view_if_needed()
        before = read_place(editor)
        editor.wait_for_timeout(1000)
        if before > 200 and read_place(editor) == before:
            return before
    pytest.fail("The preview does not stay where it was scrolled to.")


def read_place(editor):
    return get_preview(editor).locator("html").evaluate("() => window.scrollY")


def wait_for_place(editor, wanted):
    editor.wait_for_function(
        """(wanted) => {
            const shown = document.querySelector("iframe#w-preview-iframe").contentWindow;
            return Math.abs(shown.scrollY - wanted) < 60;
        }""",
        arg=wanted,
    )


def test_the_preview_follows_what_is_typed_and_stays_where_it_was(editor):
    before = scroll_to_the_end(editor)
    type_summary(editor, "Typed, and saved nowhere.")
    wait_for_preview(editor)
    wait_for_place(editor, before)
    # The place is kept through the next refresh as well.
    type_summary(editor, "Typed once more.")
    wait_for_preview(editor)
    wait_for_place(editor, before)


def test_a_click_on_a_block_opens_it_in_the_form(editor):
    preview = get_preview(editor)
    section = editor.locator(f"#block-{LAST}-section")
    # The tab with the body is not even open.
    editor.get_by_role("tab", name="About it").click()
    expect(section).to_be_hidden()
    preview.locator(f'[data-block-id="{LAST}"] p').click()
    expect(section).to_be_in_viewport()
    assert editor.url.endswith(f"#block-{LAST}-section")
    assert editor.complaints == []


def test_messages_of_others_are_not_listened_to(editor):
    section = editor.locator(f"#block-{LAST}-section")
    message = {"type": "treatments:edit-block", "blockId": LAST}
    editor.evaluate("(message) => window.postMessage(message, '*')", message)
    editor.evaluate(
        """(message) => {
            const frame = document.createElement("iframe");
            frame.srcdoc = `<script>parent.postMessage(${JSON.stringify(message)}, "*")</script>`;
            frame.sandbox = "allow-scripts";
            document.body.append(frame);
        }""",
        message,
    )
    for bad in ("x'] , *", "", 7):
        get_preview(editor).locator("html").evaluate(
            "(html, id) => parent.postMessage({type: 'treatments:edit-block', blockId: id}, '*')",
            bad,
        )
    editor.wait_for_timeout(500)
    expect(section).not_to_be_in_viewport()
    assert "#block" not in editor.url


def test_the_panel_offers_the_languages_and_a_phone(editor):
    modes = editor.locator("select[data-w-preview-target=mode], #id_preview_mode")
    assert modes.locator("option").all_inner_texts() == ["English", "español"]
    modes.select_option("es")
    expect(
        get_preview(editor).get_by_text("There is no version in this language yet")
    ).to_be_visible()
    sizes = editor.locator("[data-device-width]")
    assert "375" in {each.get_attribute("data-device-width") for each in sizes.all()}
