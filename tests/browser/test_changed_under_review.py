"""An article changes under its reviewer's eyes: the approval is refused, and leads to the new text.

Set ``SCREENSHOTS`` to a folder to see what the reviewer sees.
"""

from __future__ import annotations

import copy
import os
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect
from wagtail.users.models import UserProfile

from tests import factories
from tests.browser.desk import Desk
from tests.review.conftest import BODY, create_reviewer, create_user
from tests.review.deciding import start
from tests.review.drafts import edit, get_step, set_step
from treatments.admin.groups import REVIEWERS, create_editorial_groups
from treatments.review.models import ClinicalReviewTask, Decision

pytestmark = pytest.mark.needs_chromium


@pytest.fixture
def author(database):
    return create_user("Author")


@pytest.fixture
def article(author):
    """Return a published article of which a draft waits for a clinical review."""
    home = factories.create_site()
    page = factories.create_article(
        home.index, title="Ablation", slug="ablation", body=copy.deepcopy(BODY)
    )
    edit(page, set_step("The skin is numbed with a gel"), author, publish=False)
    start(page, ClinicalReviewTask.objects.create(name="Clinical review"), user=author)
    return page


@pytest.fixture
def doctor(article):
    create_editorial_groups()
    user = create_reviewer("Rosa")
    user.groups.add(Group.objects.get(name=REVIEWERS))
    language = os.environ.get("SCREENSHOT_LANGUAGE", "en")
    UserProfile.objects.create(user=user, preferred_language=language)
    return user


def look(window, name: str) -> None:
    """Keep a picture of a window, where somebody wants to see it."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        path = Path(folder) / f"changed-{name}.png"
        window.screenshot(path=str(path), full_page=True)


def test_an_approval_after_the_text_has_changed_is_refused_and_leads_to_the_new_text(
    article, author, doctor, open_window
):
    desk = Desk(open_window())
    desk.enter(doctor)
    window = desk.window
    window.goto("/admin/")
    panel = window.locator("#articles-awaiting-review-content")
    expect(panel.get_by_role("link", name="Ablation").first).to_be_visible()
    assert window.locator("[data-workflow-action-url]").count() == 0
    look(window, "1-dashboard")

    panel.locator("a.button").click()
    expect(window.locator("article.outline")).to_contain_text(
        "The skin is numbed with a gel"
    )
    look(window, "2-review")
    # Meanwhile, elsewhere.
    edit(article, set_step("The skin is numbed with 20 mg"), author, publish=False)
    window.locator('[name="verdict"][value="approved"]').check()
    window.locator('[name="statement"]').fill("The gel is right.")
    with window.expect_response(lambda response: response.status == 409):
        window.locator('.review__form button[type="submit"]').first.click()

    changes = window.locator(".differences")
    expect(changes.locator("del").first).to_contain_text("gel")
    expect(changes.locator("ins").first).to_contain_text("20 mg")
    expect(window.locator(".review__text")).to_have_text("The gel is right.")
    look(window, "3-refused")
    assert not Decision.objects.exists()
    assert get_step(article) == "The skin is numbed"

    window.locator(".review a.button").click()
    expect(window.locator("article.outline")).to_contain_text("numbed with 20 mg")
    window.locator('[name="verdict"][value="approved"]').check()
    with window.expect_navigation():
        window.locator('.review__form button[type="submit"]').first.click()
    assert get_step(article) == "The skin is numbed with 20 mg"
    window.goto(f"/admin/treatments/review/{article.pk}/")
    look(window, "4-decided")
