"""Removing the demonstration takes away what was loaded, and nothing of others."""

from __future__ import annotations

from copy import deepcopy
from io import StringIO

import pytest
from django.core.management import call_command
from wagtail.models import Locale, PageLogEntry, Site

from home.demo.loader import load
from home.demo.removal import remove
from home.models import HomePage
from snippets.models import Contributor, GlossaryTerm
from tests.factories import KEY_POINTS, publish
from tests.home.small_demo import get_page, read_rows
from treatments.models import TreatmentIndexPage, TreatmentPage

pytestmark = pytest.mark.django_db


def count_rows() -> dict[str, int]:
    """Return how many rows each table has, without logs and search indexes."""
    left_out = (
        "wagtailcore.PageLogEntry",
        "wagtailsearch.",
        "modelsearch.",
        "contenttypes.",
        "auth.Permission",
        # The ledger remembers what was public.
        "treatments_delivery.",
        # Anchors and ids that were public are never given again.
        "treatments.PublishedBlock",
    )
    return {
        label: rows.total()
        for label, rows in read_rows().items()
        if not label.startswith(left_out)
    }


def make_own_article(parent, title="My own article", **fields) -> TreatmentPage:
    """Return an article that an editor wrote."""
    page = TreatmentPage(
        title=title, summary="Mine", key_points=deepcopy(KEY_POINTS), **fields
    )
    parent.add_child(instance=page)
    publish(page)
    return page


def test_removing_takes_away_exactly_what_was_loaded(
    folder, settings, django_capture_on_commit_callbacks
):
    settings.DEBUG = True
    call_command("create_editorial_groups", stdout=StringIO())
    before = count_rows()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("load_demo", "--with-accounts", stdout=StringIO())
    image = get_page("first", "en").hero_image.file
    storage, name = image.storage, image.name
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        assert remove().kept == []
    assert count_rows() == before
    assert not storage.exists(name)
    assert not PageLogEntry.objects.exclude(label__startswith="Welcome").exists()
    site = Site.objects.get()
    assert (site.root_page.title, site.port) == (
        "Welcome to your new Wagtail site!",
        80,
    )


def test_removing_and_loading_again_works(loaded):
    remove()
    assert load().pages == 4


def test_removing_nothing_changes_nothing(folder):
    before = read_rows()
    removed = remove()
    assert (removed.pages, removed.objects, removed.kept) == (0, 0, [])
    assert read_rows() == before


def test_removing_keeps_what_content_of_others_needs(
    loaded, django_capture_on_commit_callbacks
):
    treatment = get_page("first", "en").treatment
    with django_capture_on_commit_callbacks(execute=True):
        own = make_own_article(get_page("index", "en"), treatment=treatment)
    removed = remove()
    own.refresh_from_db()
    assert own.treatment == treatment
    assert own.get_parent().specific == TreatmentIndexPage.objects.get(
        locale__language_code="en"
    )
    assert own.get_parent().get_parent().specific == HomePage.objects.get(
        locale__language_code="en"
    )
    assert Site.objects.get().root_page.specific == HomePage.objects.get(
        locale__language_code="en"
    )
    assert TreatmentPage.objects.get() == own
    assert not GlossaryTerm.objects.exists()
    assert set(removed.kept) == {"Guide", "Treatments", "Surgery"}


def test_removing_spares_objects_of_others(loaded):
    own_term = GlossaryTerm.objects.create(
        term="Mine",
        definition="<p>Mine</p>",
        locale=Locale.objects.get(language_code="es"),
    )
    own_person = Contributor.objects.create(
        name="Me", locale=Locale.objects.get(language_code="en")
    )
    remove()
    assert GlossaryTerm.objects.get() == own_term
    assert Contributor.objects.get() == own_person
    assert Locale.objects.filter(language_code="es").exists()
