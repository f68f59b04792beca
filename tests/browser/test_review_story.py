"""The reviewers' story, from the shared draft to the word that changes after the approval.

An editor and a reviewer without an account, each in a browser of their own. Set ``SCREENSHOTS`` to a folder to see what
they see.
"""

from __future__ import annotations

import copy
import os
import re
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from playwright.sync_api import expect
from wagtail.models import CommentReply

from tests import factories
from tests.browser.desk import ArticleForm, Desk
from tests.review.conftest import BODY, CRITERION, FIRST, SECOND, create_guest

pytestmark = pytest.mark.needs_chromium

QUESTION = "How small? Please say it in centimeters."
ANSWER = "Three centimeters, as the guideline has it."


@pytest.fixture
def article(database):
    """Return a draft that an editor wrote."""
    home = factories.create_site()
    editor = get_user_model().objects.create_superuser(
        "emma", "emma@example.org", "secret", first_name="Emma", last_name="Editor"
    )
    page = factories.create_article(
        home.index,
        title="Ablation of small tumors",
        slug="ablation",
        body=copy.deepcopy(BODY),
        live=False,
    )
    page.owner = editor
    page.save()
    page.save_revision(user=editor)
    create_guest("Dr. Rosa Reviewer", "rosa@example.org")
    return page


def look(window, name: str) -> None:
    """Keep a picture of a window, where somebody wants to see it."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        window.screenshot(path=str(Path(folder) / f"review-{name}.png"))


class Reviewer:
    """Somebody with a link, in the reader."""

    def __init__(self, window):
        self.window = window

    def open(self, address: str) -> None:
        self.window.goto(address)
        self.wait()

    def wait(self) -> None:
        ready = self.window.locator("html[data-reader-ready]")
        expect(ready).to_have_attribute("data-reader-ready", "draft")
        tools = self.window.locator("html[data-review-ready]")
        expect(tools).to_have_attribute("data-review-ready", "comments decisions")

    def comment_on(self, block_id: str, text: str) -> None:
        self.window.locator(f'[data-block-id="{block_id}"] .draft-comment').click()
        self.window.get_by_label("Your comment").fill(text)
        self.window.get_by_role("button", name="Send the comment").click()
        self.expect_status("Your comment was sent.")

    def decide(self, verdict: str, statement: str = "") -> None:
        self.window.get_by_role("button", name="Your decision").click()
        self.window.get_by_label(verdict).check()
        if statement:
            self.window.get_by_label("Your statement").fill(statement)
        self.window.get_by_role("button", name="Send the decision").click()
        self.expect_status("Your decision was recorded. Thank you.")

    def expect_status(self, words: str) -> None:
        expect(self.window.locator(".draft-status")).to_have_text(words)


def share(desk: Desk) -> str:
    """Share the draft that is open, with a contributor who may decide; return the address that was sent to her."""
    window = desk.window
    window.locator(".w-slim-header").first.get_by_role("button", name="Actions").click()
    window.get_by_role("link", name="Share this draft").click()
    window.get_by_role("link", name="Share this draft").last.click()
    window.wait_for_url("**/new/")
    window.locator('[name="recipient_name"]').fill("Rosa Reviewer")
    window.locator('[name="recipient_email"]').fill("rosa@example.org")
    window.locator('[name="purpose"]').fill("Is it right for patients?")
    window.get_by_role("button", name=re.compile("Choose .*contributor", re.I)).click()
    window.locator(".modal").get_by_role("link", name="Dr. Rosa Reviewer").click()
    expect(window.locator(".modal")).to_have_count(0)
    window.locator('[name="may_decide"]').check()
    look(window, "1-share")
    with window.expect_navigation():
        window.get_by_role("button", name="Make the link").click()
    expect(window.locator("#draft-link")).to_have_count(0)
    expect(window.get_by_text("It was sent to rosa@example.org")).to_be_visible()
    [message] = mail.outbox
    return re.findall(r"\S+#wtd_\S+", str(message.body))[0]


def read_governance(client, page_id: int) -> dict:
    """Return what the public is told of the reviews of an article."""
    return client.get(f"/api/v3/articles/{page_id}/").json()["governance"]


def test_a_draft_is_shared_questioned_mended_approved_and_watched(
    article, open_window, client
):
    desk = Desk(open_window())
    desk.log_in("emma", "secret")
    desk.window.goto(f"/admin/pages/{article.pk}/edit/")
    address = share(desk)
    look(desk.window, "2-link")

    reviewer = Reviewer(open_window())
    # The site of the test is served at another port.
    reviewer.open(address[address.index("/en/draft/") :])
    look(reviewer.window, "3-draft")
    reviewer.comment_on(CRITERION, QUESTION)
    look(reviewer.window, "4-comment")
    reviewer.decide("I ask for changes", "The size is missing.")

    # The editor finds the question at that criterion, in Wagtail's own panel.
    desk.window.goto(f"/admin/pages/{article.pk}/edit/")
    form = ArticleForm(desk.window)
    name = "body-0-value-content-0-value-items-0-value-text"
    expect(form.get_field(name)).to_have_value("The tumor is small")
    toggle = desk.window.get_by_role("button", name=re.compile("Toggle comments"))
    expect(toggle).to_contain_text("1")
    comment = desk.window.locator(".comment", has_text=QUESTION)
    if not comment.is_visible():
        toggle.click()
    expect(comment).to_contain_text("Rosa Reviewer")
    comment.click()
    look(desk.window, "5-question")
    comment.get_by_placeholder(re.compile("reply", re.I)).fill(ANSWER)
    reply = comment.get_by_role("button", name="Reply", exact=True)
    expect(reply).to_be_enabled()
    # With the keyboard: Wagtail still moves the comments to their places, and a click would miss.
    with form.autosave():
        reply.press("Enter")
    expect(comment.locator(".comment-reply")).to_contain_text(ANSWER)
    form.fill(name, "The tumor is at most 3 cm wide")
    form.save_draft()
    assert [each.text for each in CommentReply.objects.all()] == [ANSWER]

    reviewer.window.reload()
    reviewer.wait()
    changed = reviewer.window.locator(f'[data-block-id="{CRITERION}"]')
    expect(changed).to_have_class(re.compile("draft-changed"))
    box = changed.bounding_box()
    assert box is not None
    assert box["height"] < 150, "the text stands in a narrow column"
    changes = reviewer.window.locator(".draft-change-list")
    expect(changes.locator("summary")).to_contain_text("1 change")
    expect(changes.locator("ins").first).to_contain_text("at most 3 cm wide")
    changed.locator(".draft-comment").click()
    changed.scroll_into_view_if_needed()
    expect(reviewer.window.locator(".draft-replies")).to_contain_text(ANSWER)
    look(reviewer.window, "6-answer")
    reviewer.window.keyboard.press("Escape")
    reviewer.decide("I approve the whole text")
    look(reviewer.window, "7-approved")

    form = ArticleForm(desk.window)
    form.publish()
    governance = read_governance(client, article.pk)
    assert governance["review_state"] == "current"
    assert governance["last_reviewed"]
    assert [each["name"] for each in governance["reviewers"]] == ["Dr. Rosa Reviewer"]
    assert governance["changed_sections"] == []

    desk.window.goto(f"/admin/pages/{article.pk}/edit/")
    form = ArticleForm(desk.window)
    step = "body-1-value-content-0-value-phases-0-value-steps-0-value-title"
    expect(form.get_field(step)).to_have_value("The skin is numbed")
    form.fill(step, "The skin is cleaned")
    form.publish()
    governance = read_governance(client, article.pk)
    assert governance["review_state"] == "changed_since_review"
    assert governance["changed_sections"] == [SECOND]
    assert FIRST not in governance["changed_sections"]
    desk.window.goto(f"/admin/treatments/review/{article.pk}/")
    look(desk.window, "8-changed")
    assert [each for each in reviewer.window.complaints if "404" not in each] == []
