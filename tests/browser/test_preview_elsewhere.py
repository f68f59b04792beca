"""Wagtail's preview panel with a frontend of another origin: it shows what is typed, and leads into the form."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from cms.settings import env
from tests import factories
from tests.browser.desk import Desk
from tests.docs import reading

pytestmark = pytest.mark.needs_chromium

BLOCK = "22222222-2222-4222-8222-222222222222"
PAGE = """
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Elsewhere</title>
<body>
<h1></h1>
<p id="summary"></p>
<button>Edit</button>
<div style="height: 5000px"></div>
<script type="module">
EXAMPLE
const headers = { "X-Draft-Token": location.hash.slice(1) };
const answer = await fetch("API/api/v3/drafts/preview/", { headers });
const { article, edit } = await answer.json();
document.querySelector("h1").textContent = article.title;
document.querySelector("#summary").textContent = article.summary;
document.querySelector("button").onclick = () => {
  const { block_id } = edit.blocks.find((each) => each.pointer === "/body/0/value/content/0");
  openInEditor(block_id, edit);
};
KEEP_PLACE
document.documentElement.dataset.ready = answer.status;
</script>
"""


@pytest.fixture(params=[True, False], ids=["keeps_place", "says_nothing"])
def keeps_place(request):
    """Return whether the frontend answers Wagtail's panel."""
    return request.param


@pytest.fixture
def frontend(server, settings, keeps_place):
    """Serve a frontend elsewhere, and let the project know it. Return what was asked of it."""
    asked = []
    fences = reading.find_fences(reading.read(reading.FRONTEND))
    (example,) = (
        fence.body
        for fence in fences
        if fence.heading == "Previews while somebody types"
        and fence.language == "javascript"
    )
    example = example.replace("export ", "")
    page = PAGE.strip().replace("EXAMPLE", example).replace("API", server)
    page = page.replace(
        "KEEP_PLACE", "keepPlace(edit);" if keeps_place else ""
    ).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers.get("Referer")))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format, *args):
            """Say nothing."""

    elsewhere = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=elsewhere.serve_forever, daemon=True)
    thread.start()
    origin = f"http://127.0.0.1:{elsewhere.server_port}"
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "PREVIEW_URL": f"{origin}/{{locale}}/preview/",
    }
    settings.WAGTAILADMIN_BASE_URL = server
    settings.CORS_ALLOWED_ORIGINS = [origin]
    settings.CORS_URLS_REGEX = env.CORS_URLS
    yield asked
    elsewhere.shutdown()
    elsewhere.server_close()
    thread.join()


@pytest.fixture
def editor(frontend, open_window):
    """Return a window with an article in the editor and the preview beside it."""
    index = factories.create_site().index
    article = factories.create_article(index, summary="As it was published.")
    writer = get_user_model().objects.create_superuser("writer")
    window = open_window(viewport={"width": 1500, "height": 900})
    Desk(window).enter(writer)
    window.on("dialog", lambda dialog: dialog.accept())
    window.goto(f"/admin/pages/{article.pk}/edit/")
    window.get_by_role("button", name="Toggle preview").click()
    return window


def get_preview(editor):
    return editor.frame_locator("iframe#w-preview-iframe")


def wait_for_preview(editor):
    shown = get_preview(editor)
    expect(shown.locator("html[data-ready='200']")).to_be_attached()


def type_summary(editor, text):
    """Type, and wait until the preview shows it; Wagtail's panel would take ten seconds where nobody answers it."""
    Desk(editor).wait_for_watch()
    editor.locator("[name=summary]").fill(text)
    summary = get_preview(editor).locator("#summary")
    expect(summary).to_have_text(text, timeout=9_000)


def read_place(editor):
    return get_preview(editor).locator("html").evaluate("() => window.scrollY")


def test_a_frontend_elsewhere_follows_what_is_typed(editor, frontend):
    wait_for_preview(editor)
    expect(get_preview(editor).locator("#summary")).to_have_text("As it was published.")
    type_summary(editor, "Typed, and saved nowhere.")
    # Wagtail remembers that the panel was open: it opens by itself.
    editor.reload()
    wait_for_preview(editor)
    type_summary(editor, "Typed after a reload.")
    type_summary(editor, "Typed once more.")
    # One preview stands in the panel, whatever has been loaded before it.
    expect(editor.locator("iframe#w-preview-iframe")).to_have_count(1)
    previews = [each for each in frontend if "favicon" not in each[0]]
    assert {path for path, _referer in previews} == {"/en/preview/"}
    # Neither the token nor the address of the form is told to whoever serves it.
    assert {referer for _path, referer in previews} == {None}
    assert editor.complaints == []


def test_the_place_is_kept_where_the_frontend_tells_it(editor, keeps_place):
    wait_for_preview(editor)
    # The first refresh follows at once.
    type_summary(editor, "Typed, and saved nowhere.")
    get_preview(editor).locator("html").evaluate("() => window.scrollTo(0, 700)")
    type_summary(editor, "Typed further down.")
    assert read_place(editor) == (700 if keeps_place else 0)
    type_summary(editor, "Typed once more.")
    assert read_place(editor) == (700 if keeps_place else 0)


def test_a_block_is_opened_from_elsewhere(editor):
    wait_for_preview(editor)
    section = editor.locator(f"#block-{BLOCK}-section")
    editor.get_by_role("tab", name="About it").click()
    expect(section).to_be_hidden()
    # With the keyboard: the panel shows the frame smaller than it is, which the driver misses with a pointer.
    get_preview(editor).get_by_role("button", name="Edit").press("Enter")
    expect(section).to_be_in_viewport()
    assert editor.url.endswith(f"#block-{BLOCK}-section")
