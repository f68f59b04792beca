"""A reviewer without an account opens a draft in the reader: what is shown, what is sent, and what never is."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories
from tests.browser.accessibility import find_problems
from treatments.preview.links import create_link, end_link
from treatments.preview.models import DraftLink

pytestmark = pytest.mark.needs_chromium

PHONE = {"width": 375, "height": 740}
HOSTILE = "<img src=x onerror=alert(1)>"
#: The section and the paragraph of every plain article.
SECTION = "11111111-1111-4111-8111-111111111111"
BLOCK = "22222222-2222-4222-8222-222222222222"


@pytest.fixture
def home(database):
    return factories.create_site()


@pytest.fixture
def sharer(database):
    return get_user_model().objects.create_superuser("sharer", "s@example.org", "x")


@pytest.fixture
def article(home):
    page = factories.create_article(home.index)
    page.summary = "What nobody may read yet."
    page.save_revision()
    return page


@pytest.fixture
def share(article, sharer):
    def share(page=article, **kwargs):
        kwargs.setdefault("recipient_name", "Dr. Sample")
        page.refresh_from_db()
        return create_link(page, sharer, **kwargs)

    return share


class Guest:
    """A window of somebody who was sent a link."""

    def __init__(self, window):
        self.window, self.requests = window, []
        window.on("request", lambda request: self.requests.append(request))

    def open(self, token, view="draft", locale="en"):
        self.window.goto(f"/{locale}/draft/#{token}")
        self.wait_for(view)

    def wait_for(self, view):
        ready = self.window.locator("html[data-reader-ready]")
        expect(ready).to_have_attribute("data-reader-ready", view)

    def wait_for_review(self, tools):
        ready = self.window.locator("html[data-review-ready]")
        expect(ready).to_have_attribute("data-review-ready", tools)


@pytest.fixture
def guest(open_window):
    def guest(**options):
        return Guest(open_window(**options))

    return guest


class Review:
    """What the review API would answer, in the shapes that both sides have agreed on."""

    def __init__(self, window):
        self.threads, self.decisions, self.posted, self.status = [], [], [], 200
        window.route("**/api/v3/drafts/comments/**", self.answer_comments)
        window.route("**/api/v3/drafts/decisions/**", self.answer_decisions)

    def add_thread(self, **values):
        thread = {
            "id": len(self.threads) + 1, "block_id": BLOCK, "quote": "", "text": "Why?", "author": "Ed Itor",
            "is_yours": False, "created_at": "2026-05-01T10:00:00+00:00", "is_resolved": False, "replies": [],
        }  # fmt: skip
        self.threads.append({**thread, **values})

    def answer(self, route, answer):
        if self.status != 200 and route.request.method == "POST":
            route.fulfill(status=self.status, json={"detail": "No."})
        else:
            route.fulfill(json=answer)

    def answer_comments(self, route):
        if route.request.method == "POST" and self.status == 200:
            given = json.loads(route.request.post_data)
            self.posted.append((route.request.url.split("/drafts/")[1], given))
            if "/resolve/" in route.request.url:
                number = int(route.request.url.split("/comments/")[1].split("/")[0])
                thread = self.threads[number - 1]
                # Only who began a thread may settle it.
                assert thread["is_yours"]
                thread["is_resolved"] = True
            elif given["parent"] is None:
                self.add_thread(
                    block_id=given["block_id"],
                    text=given["text"],
                    author="Dr. Sample",
                    is_yours=True,
                )
        self.answer(route, self.threads)

    def answer_decisions(self, route):
        if route.request.method == "POST" and self.status == 200:
            given = json.loads(route.request.post_data)
            self.posted.append(("decisions", given))
            self.decisions.append({
                **given, "id": 1, "name": "Dr. Sample", "credentials": "MD", "is_current": True,
                "decided_at": "2026-05-02T10:00:00+00:00",
            })  # fmt: skip
        self.answer(route, self.decisions)


def test_a_guest_reads_the_draft_and_the_token_stays_out_of_every_address(share, guest):
    _link, token = share(purpose="Is the dose right?")
    visitor = guest()
    # A project need not have the app for reviews.
    for name in ("comments", "decisions"):
        visitor.window.route(
            f"**/api/v3/drafts/{name}/**", lambda route: route.fulfill(status=404)
        )
    visitor.open(token)
    window = visitor.window
    expect(window.locator(".draft-banner")).to_contain_text("Draft for Dr. Sample")
    expect(window.locator(".draft-banner")).to_contain_text("Is the dose right?")
    expect(window.locator(".article")).to_contain_text("What nobody may read yet.")
    visitor.wait_for_review("none none")
    assert window.locator(".draft-comment, .draft-tools button").count() == 0
    assert window.url.endswith("/en/draft/")
    assert token not in window.evaluate("document.documentElement.outerHTML")
    assert token not in window.evaluate(
        "JSON.stringify({...localStorage}) + document.cookie"
    )
    for request in visitor.requests:
        assert token not in request.url.partition("#")[0]
        headers = request.all_headers()
        assert token not in headers.get("referer", "")
        has_token = headers.get("x-draft-token") == token
        assert has_token == ("/api/v3/drafts/" in request.url), request.url
    # The same tab may be loaded again.
    window.reload()
    visitor.wait_for("draft")
    # What the project does not have is asked for and not found; nothing else is wrong.
    assert [each for each in window.complaints if "404" not in each] == []


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "This link shows nothing any more"),
        ("es", "Este enlace ya no muestra nada"),
    ],
)
def test_a_link_that_is_over_says_so_and_shows_nothing_else(
    share, guest, locale, words
):
    link, token = share()
    end_link(link)
    visitor = guest()
    visitor.open(token, "gone", locale)
    expect(visitor.window.locator("h1")).to_have_text(words)
    assert visitor.window.locator(".article, .draft-banner").count() == 0
    assert "Surgery" not in visitor.window.locator("main").inner_text()


def test_an_expired_link_says_that_it_has_expired(share, guest):
    link, token = share()
    DraftLink.objects.filter(pk=link.pk).update(
        expires_at=timezone.now() - timedelta(minutes=1)
    )
    visitor = guest()
    visitor.open(token, "gone")
    expect(visitor.window.locator("main")).to_contain_text("It has expired.")


def test_without_a_link_there_is_nothing_to_see(article, guest):
    visitor = guest()
    visitor.window.goto("/en/draft/")
    visitor.wait_for("not-found")
    expect(visitor.window.locator("main")).to_contain_text("This draft needs its link")
    visitor.open("wtd_" + "A" * 43, "not-found")
    expect(visitor.window.locator("main")).to_contain_text("This draft needs its link")


def test_a_guest_changes_the_language_of_the_draft(home, article, share, guest):
    factories.create_spanish_tree(home)
    factories.to_spanish(article)
    _link, token = share(locales=["es"])
    visitor = guest()
    visitor.open(token)
    visitor.window.get_by_role("link", name="Leer el borrador en español").click()
    visitor.window.wait_for_url("**/es/draft/")
    visitor.wait_for("draft")
    expect(visitor.window.locator(".draft-banner")).to_contain_text(
        "Borrador para Dr. Sample"
    )
    assert visitor.window.locator("html").get_attribute("lang") == "es"


def test_what_has_changed_since_the_last_reading_is_marked(article, share, guest):
    _link, token = share()
    visitor = guest()
    visitor.open(token)
    assert visitor.window.locator(".draft-changed").count() == 0
    body = json.loads(json.dumps(factories.SIMPLE_BODY))
    body[0]["value"]["content"][0]["value"] = "<p>A plain, short paragraph.</p>"
    article.body = body
    article.summary = HOSTILE
    article.save_revision()
    visitor.window.reload()
    visitor.wait_for("draft")
    window = visitor.window
    expect(window.locator(".draft-change-list summary")).to_have_text(
        "2 changes since you last looked"
    )
    expect(window.locator(f'[data-block-id="{BLOCK}"]')).to_have_class(
        re.compile("draft-changed")
    )
    expect(window.locator(".draft-words ins").last).to_contain_text("short")
    expect(window.locator(".draft-place").first).to_contain_text("Summary")
    expect(window.locator(".draft-place").last).to_contain_text("What it is")
    assert window.locator("img[src=x]").count() == 0
    window.locator(".draft-change-list").get_by_role("button").last.click()
    expect(window.locator(f'[data-block-id="{BLOCK}"]')).to_be_focused()


def test_a_guest_comments_answers_and_resolves_by_keyboard(share, guest):
    _link, token = share()
    visitor = guest()
    review = Review(visitor.window)
    review.add_thread(text=HOSTILE, author=HOSTILE, quote=HOSTILE, replies=[
        {"id": 9, "text": HOSTILE, "author": "Somebody", "is_yours": False, "created_at": "2026-05-01T11:00:00+00:00"}
    ])  # fmt: skip
    visitor.open(token)
    visitor.wait_for_review("comments none")
    window = visitor.window
    place = window.locator(f'[data-block-id="{BLOCK}"] .draft-comment')
    expect(place).to_have_attribute("aria-label", "Comment on “A plain paragraph.”")
    expect(place).to_contain_text("1")
    place.focus()
    window.keyboard.press("Enter")
    expect(window.locator("#draft-side-title")).to_be_focused()
    expect(window.locator(".draft-text").first).to_have_text(HOSTILE)
    assert window.locator("img[src=x]").count() == 0
    window.get_by_label("Your comment").fill("Is this the dose for adults?")
    window.get_by_role("button", name="Send the comment").press("Enter")
    expect(window.locator(".draft-status")).to_have_text("Your comment was sent.")
    assert review.posted == [
        (
            "comments/?locale=en",
            {"block_id": BLOCK, "text": "Is this the dose for adults?", "parent": None},
        )
    ]
    expect(place).to_contain_text("2")
    window.get_by_role("button", name=f"Reply to {HOSTILE}").click()
    window.get_by_label("Your reply").fill("Yes.")
    window.get_by_role("button", name="Reply", exact=True).click()
    expect(window.locator(".draft-status")).to_have_text("Your comment was sent.")
    assert review.posted[1][1]["parent"] == 1
    # The comment of somebody else is not the guest's to settle.
    expect(
        window.get_by_role("button", name=f"Resolve the comment of {HOSTILE}")
    ).to_have_count(0)
    window.get_by_role("button", name="Resolve the comment of Dr. Sample").click()
    expect(window.locator(".draft-status")).to_have_text("The comment is resolved.")
    assert review.posted[2][0] == "comments/2/resolve/?locale=en"
    # A reply opens a resolved thread again.
    expect(window.get_by_role("button", name="Reply to Dr. Sample")).to_be_visible()
    window.keyboard.press("Escape")
    expect(window.locator("#draft-side")).to_be_hidden()


def test_a_comment_on_a_part_without_blocks_says_which(share, guest):
    _link, token = share()
    visitor = guest()
    review = Review(visitor.window)
    review.add_thread(block_id="summary", text="Too long.")
    review.add_thread(block_id="gone-from-the-text", text="Where is it?")
    visitor.open(token)
    visitor.wait_for_review("comments none")
    visitor.window.get_by_role("button", name="2 comments").click()
    places = visitor.window.locator(".draft-quote")
    expect(places.first).to_have_text("Summary")
    expect(places.last).to_have_text("Its place is not in the text any more.")


def test_what_was_written_stays_when_it_cannot_be_sent(share, guest):
    _link, token = share()
    visitor = guest()
    review = Review(visitor.window)
    visitor.open(token)
    visitor.wait_for_review("comments none")
    window = visitor.window
    window.locator(f'[data-block-id="{SECTION}"] > .draft-comment').click()
    for status, words in (
        (429, "Please wait a minute"),
        (422, "was not accepted"),
        (500, "could not be sent"),
    ):
        review.status = status
        window.get_by_label("Your comment").fill("A long thought")
        window.get_by_role("button", name="Send the comment").click()
        expect(window.locator(".draft-status")).to_contain_text(words)
        expect(window.get_by_label("Your comment")).to_have_value("A long thought")


def test_a_guest_decides_about_exactly_what_was_read(share, guest):
    _link, token = share(may_decide=True)
    visitor = guest()
    review = Review(visitor.window)
    visitor.open(token)
    visitor.wait_for_review("comments decisions")
    window = visitor.window
    window.get_by_role("button", name="Your decision").click()
    submit = window.get_by_role("button", name="Send the decision")
    status = window.locator(".draft-status")
    submit.click()
    expect(status).to_have_text("Choose what you say.")
    window.get_by_label("I approve the parts that I checked").check()
    submit.click()
    expect(status).to_have_text("Choose the parts that you checked.")
    window.get_by_role("checkbox", name="What it is").check()
    window.get_by_role("checkbox", name="Key points").check()
    review.status = 409
    submit.click()
    expect(status).to_contain_text("The text has changed since you opened it.")
    expect(window.get_by_role("button", name="Load the new text")).to_be_visible()
    review.status = 200
    submit.click()
    expect(status).to_have_text("Your decision was recorded. Thank you.")
    draft = window.request.get(
        "/api/v3/drafts/", headers={"X-Draft-Token": token}
    ).json()
    assert review.posted == [
        ("decisions", {
            "verdict": "approved_sections", "sections": [SECTION, "key_points"], "statement": "",
            "content_hash": draft["revision"]["content_hash"],
        })
    ]  # fmt: skip
    expect(window.locator(".draft-thread")).to_contain_text(
        "Approved parts of the text"
    )
    expect(window.locator(".draft-thread")).to_contain_text("What it is")


def test_a_link_for_reading_offers_nothing_to_send(share, guest):
    _link, token = share(may_comment=False)
    visitor = guest()
    review = Review(visitor.window)
    review.add_thread()
    visitor.open(token)
    visitor.wait_for_review("comments none")
    visitor.window.get_by_role("button", name="1 comment").click()
    expect(visitor.window.locator(".draft-text")).to_have_text("Why?")
    assert visitor.window.locator("textarea").count() == 0


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 900}])
def test_the_draft_can_be_used_by_everybody(home, share, guest, viewport):
    page, _sampler = factories.create_full_article(
        home.index, factories.create_targets(home.index)
    )
    _link, token = share(page, may_decide=True, purpose="Please check all of it.")
    visitor = guest(viewport=viewport)
    review = Review(visitor.window)
    visitor.open(token)
    visitor.wait_for_review("comments decisions")
    window = visitor.window
    assert find_problems(window) == []
    review.add_thread()
    window.get_by_role("button", name="Your decision").click()
    window.get_by_label("I approve the parts that I checked").check()
    assert find_problems(window) == []
    window.emulate_media(color_scheme="dark")
    assert find_problems(window) == []
    width = window.evaluate("document.documentElement.scrollWidth")
    assert width <= viewport["width"]
    assert window.complaints == []
