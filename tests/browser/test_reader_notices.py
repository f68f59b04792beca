"""What readers must know stands above the title: holds, corrections, translations that are behind, withdrawals."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from tests import factories
from tests.browser.accessibility import find_problems
from tests.browser.public import Reader
from tests.review.conftest import create_reviewer
from tests.review.deciding import decide
from treatments.delivery.withdrawals import annotate_withdrawal
from treatments.review.models import ChangeNote, ReviewRecord

pytestmark = pytest.mark.needs_chromium

PHONE = {"width": 320, "height": 740}


@pytest.fixture
def home(database):
    return factories.create_site()


@pytest.fixture
def read(open_window):
    """Return a function that opens an address and gives its window."""

    def read(path: str, view: str = "article", **options):
        reader = Reader(open_window(**options))
        reader.open(path, view)
        return reader.window

    return read


def look(window, name: str) -> None:
    """Keep a picture where SCREENSHOTS names a folder, to be looked at."""
    if folder := os.environ.get("SCREENSHOTS"):
        window.screenshot(path=Path(folder) / f"{name}.png")


def stands_above_title(window, selector: str) -> bool:
    """Return whether all that a selector finds ends before the title begins."""
    title = window.get_by_role("heading", level=1).bounding_box()
    boxes = [each.bounding_box() for each in window.locator(selector).all()]
    return bool(boxes) and all(
        box["y"] + box["height"] <= title["y"] + 1 for box in boxes
    )


def test_an_article_on_hold_says_so_above_its_title_in_both_languages(
    home, read, settings
):
    factories.create_spanish_tree(home)
    page = factories.create_article(home.index, title="Surgery")
    spanish = factories.to_spanish(page)
    doctor = create_reviewer("Ann")
    for each in (page, spanish):
        each.refresh_from_db()
        each.save_revision()
        decide(each, doctor)
    ReviewRecord.objects.update(reviewed_on=date(2020, 1, 1))
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "REVIEW_POLICY": {"default": {"overdue": "on_hold"}},
    }
    for path, words in (
        (page.url, "This article is on hold until it has been reviewed."),
        (spanish.url, "Este artículo está en espera"),
    ):
        window = read(path)
        expect(window.locator(".notice")).to_contain_text(words)
        assert stands_above_title(window, ".notice")
        assert find_problems(window) == []
        look(window, f"on-hold-{path.split('/')[1]}")
    window = read(spanish.url, viewport=PHONE)
    assert stands_above_title(window, ".notice")
    look(window, "on-hold-phone")


def test_what_nobody_has_reviewed_says_so(home, read):
    page = factories.create_article(home.index, title="Surgery")
    window = read(page.url)
    expect(window.locator(".notice")).to_have_text(
        "No specialist has reviewed this article yet."
    )


def test_corrections_stand_before_other_notes(home, read):
    page = factories.create_article(home.index, title="Surgery")
    author = get_user_model().objects.create_superuser("editor", "e@example.org", "x")
    for day, kind, text in (
        (1, "correction", "The dose was 5 mg, not 50 mg."),
        (2, "editorial", "A new picture."),
        (3, "clinical", "A newer trial."),
    ):
        ChangeNote.objects.create(
            page=page, date=date(2026, 5, day), kind=kind, text=text, author=author
        )
    window = read(page.url)
    notes = window.locator(".change-notes > li")
    expect(notes.first).to_contain_text("Correction · May 1, 2026")
    expect(notes.first).to_contain_text("The dose was 5 mg, not 50 mg.")
    expect(notes.nth(2)).to_be_hidden()
    window.get_by_text("One more note").click()
    expect(notes.nth(2)).to_contain_text("A new picture.")
    assert stands_above_title(window, ".notice")
    assert find_problems(window) == []
    look(window, "notes")


def test_a_translation_that_is_behind_leads_to_the_original(home, read):
    factories.create_spanish_tree(home)
    page = factories.create_article(home.index, title="Surgery", summary="Take 5 mg.")
    spanish = factories.to_spanish(page)
    page.refresh_from_db()
    page.summary = "Take 50 mg."
    page.save_revision().publish()
    window = read(spanish.url)
    notice = window.locator(".notice", has_text="El original en inglés es más reciente")
    notice.get_by_role("link", name="Leer el original en inglés").click()
    window.wait_for_url(f"**{page.url}")


def test_a_withdrawn_article_says_why_and_what_to_read_instead_at_its_own_address(
    home, read
):
    old = factories.create_article(home.index, title="Surgery")
    new = factories.create_article(home.index, title="Ablation")
    path = old.url
    read(path)
    old.unpublish()
    read(path, "gone")
    publisher = get_user_model().objects.create_superuser("p", "p@example.org", "x")
    annotate_withdrawal(
        old.pk,
        note="A newer treatment has taken its place.",
        replacement_path=new.url,
        user=publisher,
    )
    window = read(path, "gone")
    notice = window.locator(".notice")
    expect(notice).to_contain_text("Its publishers have taken it offline.")
    expect(notice).to_contain_text("A newer treatment has taken its place.")
    assert stands_above_title(window, ".notice")
    assert "Surgery" not in window.content()
    assert find_problems(window) == []
    look(window, "withdrawn")
    notice.get_by_role("link", name="Ablation").click()
    window.wait_for_url(f"**{new.url}")
