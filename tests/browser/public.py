"""What everybody sees: the two APIs without a login, and the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import APIRequestContext, Locator, Page


class PublicApi:
    """Both APIs as an anonymous client reads them.

    Args:
        request: a request context without cookies.
    """

    def __init__(self, request: APIRequestContext):
        self.request = request

    def get(self, path: str) -> dict[str, Any]:
        """Return what the API answers."""
        answer = self.request.get(path)
        assert answer.ok, f"{path}: {answer.status} {answer.text()}"
        return answer.json()

    def find_titles(self, locale: str) -> dict[str, set[str]]:
        """Return the titles of the articles in a language, as each API lists them."""
        v2 = self.get(f"/api/v2/pages/?type=treatments.TreatmentPage&locale={locale}")
        v3 = self.get(f"/api/v3/pages/?type=treatments.TreatmentPage&locale={locale}")
        return {
            "v2": {item["title"] for item in v2["items"]},
            "v3": {item["title"] for item in v3["items"]},
        }

    def get_status(self, page_id: int) -> dict[str, int]:
        """Return the status of the answers about a page."""
        return {
            version: self.request.get(f"/api/{version}/pages/{page_id}/").status
            for version in ("v2", "v3")
        }

    def get_pages(self, page_id: int) -> Iterator[dict[str, Any]]:
        """Yield a page from v2 and from v3."""
        for version in ("v2", "v3"):
            yield self.get(f"/api/{version}/pages/{page_id}/")


class Reader:
    """A window in the reader."""

    def __init__(self, window: Page):
        self.window = window

    def open(self, path: str, view: str = "article") -> None:
        """Open an address and wait until the reader has put the page together."""
        self.window.goto(path)
        self.wait_for(view)

    def wait_for(self, view: str) -> None:
        """Wait until the reader shows a view: article, index, home or not-found."""
        ready = self.window.locator("html[data-reader-ready]")
        expect(ready).to_have_attribute("data-reader-ready", view)

    def get_blocks(self, name: str) -> Locator:
        """Return the blocks of a type."""
        return self.window.locator(f'[data-block-type="{name}"]')

    def switch_language(self, locale: str) -> None:
        """Follow the language switch and wait for the page."""
        self.window.locator(f".languages a[hreflang={locale}]").click()
        self.window.wait_for_url(f"**/{locale}/**")
        self.wait_for("article")
