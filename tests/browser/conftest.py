"""A browser, the site for it to visit, and windows that remember what went wrong in them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from django.db import connections
from playwright.sync_api import expect, sync_playwright

from tests import live_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Window

database, server = live_server.database, live_server.server

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The address bar's popup would be a page of its own: nearly a second of work for each window.
    # This replaces Playwright's list, of which these are what a test could notice.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,AimEnabled,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,OptimizationHints,PaintHolding,PreconnectToSearch",
]
#: For machines that do other work at the same time.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def chromium(django_db_setup) -> Iterator[Browser]:
    """Start Chromium once for a module."""
    present = {each.alias: each for each in connections.all()}
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, where Django would refuse to work,
        # and would open connections of their own beside those of the test.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        for alias, each in present.items():
            connections[alias] = each
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=ARGUMENTS,
            timeout=2 * PATIENCE_MS,
        )
        yield browser
        browser.close()


@pytest.fixture
def open_window(chromium, server) -> Iterator[Callable[..., Window]]:
    """Return a function that opens a window of somebody who was not here before.

    What the window's console complains about is collected in ``window.complaints``.
    """
    contexts = []

    def open_window(**options) -> Window:
        options = {"viewport": {"width": 1280, "height": 900}, **options}
        context = chromium.new_context(base_url=server, **options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        window = context.new_page()
        window.complaints = complaints = []
        window.on(
            "console",
            lambda message: (
                complaints.append(f"{message.type}: {message.text}")
                if message.type in ("error", "warning")
                else None
            ),
        )
        window.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
        return window

    yield open_window
    for context in contexts:
        context.close()
