"""Wagtail's admin as its people meet it: each function is something that a person does there."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import polib
from django.conf import settings
from django.test import Client
from playwright.sync_api import TimeoutError, expect

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from django.contrib.auth.base_user import AbstractBaseUser
    from playwright.sync_api import Locator, Page


class Desk:
    """A window in the admin."""

    def __init__(self, window: Page):
        self.window = window

    def log_in(self, username: str, password: str) -> None:
        """Log in through the form."""
        self.window.goto("/admin/login/")
        self.window.get_by_label("Username").fill(username)
        self.window.get_by_label("Password").fill(password)
        self.window.get_by_role("button", name="Sign in").click()
        self.window.wait_for_url("**/admin/")

    def enter(self, user: AbstractBaseUser) -> None:
        """Be logged in, where the way through the form is not what matters."""
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        value = client.cookies[name].value
        self.window.context.add_cookies(
            [{"name": name, "value": value, "domain": "localhost", "path": "/"}]
        )

    def open_articles(self) -> None:
        """Go to the listing of articles through the menu."""
        menu = self.window.locator(".sidebar")
        menu.get_by_role("button", name="Treatments").click()
        menu.get_by_role("link", name="Articles", exact=True).click()
        self.window.wait_for_url("**/admin/treatments/articles/")

    def add_article(self) -> ArticleForm:
        """Start a new article from the listing."""
        self.window.get_by_role("link", name="Add article").click()
        self.window.wait_for_url("**/admin/pages/add/treatments/treatmentpage/*/")
        return ArticleForm(self.window)

    def open_article(self, title: str) -> ArticleForm:
        """Open an article from the listing."""
        self.window.get_by_role("link", name=title, exact=True).click()
        self.window.wait_for_url("**/admin/pages/*/edit/")
        return ArticleForm(self.window)

    def wait_for_watch(self) -> None:
        """Wait until Wagtail notices what is typed: what changes in the first seconds is taken for what was there."""
        self.window.wait_for_function(
            """() => {
                const form = document.querySelector("[data-controller~=w-unsaved]");
                const { app } = window.wagtail;
                return app.getControllerForElementAndIdentifier(form, "w-unsaved")?.initialFormData;
            }"""
        )
        # It looks once more where the form has told it meanwhile how often to look.
        self.window.wait_for_timeout(1000)

    def open_translation(self, page_id: int) -> TranslationEditor:
        """Open a page that is a translation."""
        self.window.goto(f"/admin/pages/{page_id}/edit/")
        return TranslationEditor(self.window)


class Editor:
    """What the editors of articles and of translations have in common."""

    def __init__(self, window: Page):
        self.window = window

    def get_message(self) -> str:
        """Return what the admin says about the last thing that was done."""
        return self.window.locator(".messages").inner_text()

    def get_page_id(self) -> int:
        """Return the id of the page that is being edited."""
        match = re.search(r"/pages/(\d+)/edit/", self.window.url)
        assert match, self.window.url
        return int(match[1])

    @contextmanager
    def autosave(self) -> Generator[None]:
        """Wait until Wagtail has saved what is done inside.

        It stores what is new a second time where somebody saves while it does so.
        """
        with self.window.expect_response(
            lambda response: (
                response.request.method == "POST"
                and response.request.resource_type == "fetch"
                and response.url.endswith("/edit/")
            )
        ):
            yield


class ArticleForm(Editor):
    """The form of an article. Its fields have Wagtail's names, such as ``body-0-value-heading``."""

    def __init__(self, window: Page):
        super().__init__(window)
        expect(self.get_stream("body")).to_be_attached()

    def get_field(self, name: str) -> Locator:
        """Return a field by its name."""
        return self.window.locator(f'[name="{name}"]')

    def get_stream(self, name: str) -> Locator:
        """Return the children of a stream, with the buttons between them."""
        return self.window.locator(
            f'[name="{name}-count"] ~ [data-streamfield-stream-container]'
        )

    def fill(self, name: str, text: str) -> None:
        """Write into a field."""
        self.get_field(name).fill(text)

    def choose(self, name: str, label: str) -> None:
        """Choose from a list, by the words that the editor sees."""
        self.get_field(name).select_option(label=label)

    def add_block(self, stream: str, label: str = "") -> str:
        """Add a block at the end of a stream and return the name of its value.

        Args:
            stream: the name of the stream.
            label: what the block picker calls the block; a stream of one type has no picker.
        """
        counter = self.get_field(f"{stream}-count")
        count = int(counter.input_value())
        button = self.get_stream(stream).locator("> div > .c-sf-add-button").last
        # A form that is still being built may close the picker again or swallow a click.
        for _attempt in range(6):
            button.click()
            try:
                if label:
                    option = self.window.get_by_role("option", name=label, exact=True)
                    option.click(timeout=5_000)
                expect(counter).to_have_value(str(count + 1), timeout=5_000)
            except (TimeoutError, AssertionError):
                continue
            break
        expect(counter).to_have_value(str(count + 1))
        return f"{stream}-{count}-value"

    def get_error(self, name: str) -> str:
        """Return what the form says right at a field."""
        field = self.get_field(name).locator("xpath=ancestor::*[@data-field][1]")
        return field.locator(".error-message").inner_text().strip()

    def add_text_block(self, stream: str, text: str) -> None:
        """Add a block that is one text."""
        self.fill(self.add_block(stream), text)

    def save_draft(self) -> None:
        """Press the button of the footer."""
        with self.window.expect_navigation():
            self.get_footer().get_by_role("button", name="Save draft").click()

    def publish(self) -> None:
        """Choose “Publish” in the footer's menu."""
        self.get_footer().get_by_role("button", name="More actions").click()
        with self.window.expect_navigation():
            self.get_footer().get_by_role("button", name="Publish").click()

    def get_footer(self) -> Locator:
        """Return the bar with the buttons."""
        return self.window.locator("footer")

    def submit_for_translation(self, language: str) -> TranslationEditor:
        """Choose “Translate this page” in the header's menu, and a language."""
        header = self.window.locator(".w-slim-header").first
        header.get_by_role("button", name="Actions").click()
        header.get_by_role("link", name="Translate this page").click()
        self.window.get_by_label(language).check()
        self.window.get_by_role("button", name="Submit").click()
        self.window.wait_for_url("**/admin/pages/*/edit/")
        return TranslationEditor(self.window)


class TranslationEditor(Editor):
    """The editor of wagtail-localize: the English text beside its translation, piece by piece."""

    def __init__(self, window: Page):
        super().__init__(window)
        expect(
            self.get_tab().get_by_text("Download PO file", exact=True)
        ).to_be_visible()

    def get_tab(self) -> Locator:
        """Return the tab that is open; each one has buttons of its own."""
        return self.window.locator("section.active")

    def translate(self, source: str, text: str) -> None:
        """Translate one text in its place."""
        words = self.window.get_by_text(source, exact=True)
        segment = self.get_tab().locator("li").filter(has=words).last
        segment.get_by_role("button", name="Translate", exact=True).click()
        segment.get_by_role("textbox").fill(text)
        segment.get_by_role("button", name="Save", exact=True).click()
        expect(segment.get_by_text("Translated manually")).to_be_visible()

    def translate_rest(self, translate: Callable[[str], str], folder: Path) -> None:
        """Download the PO file, translate what is still missing, and upload it."""
        with self.window.expect_download() as download:
            self.get_tab().get_by_role("link", name="Download PO file").click()
        file = folder / "translation.po"
        download.value.save_as(file)
        catalog = polib.pofile(str(file))
        for entry in catalog.untranslated_entries():
            entry.msgstr = translate(entry.msgid)
        catalog.save()
        with self.window.expect_navigation():
            self.get_tab().locator("input[type=file]").set_input_files(file)

    def publish(self, language: str) -> None:
        """Press the button of the footer."""
        with self.window.expect_navigation():
            self.window.get_by_role("button", name=f"Publish in {language}").click()
