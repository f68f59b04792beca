"""The commands of operators: compare what is stored with a fresh build, and build it anew."""

from __future__ import annotations

import pytest
from django.core.management import CommandError

from snippets.models import GlossaryTerm
from tests import factories
from tests.delivery.commands import run
from treatments.delivery import building
from treatments.delivery.models import Dependency, Document, Mark, Version

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(article, shared_built_article):
    return article


def test_nothing_differs_after_a_build(built):
    assert "2 documents are what they should be." in run("check_documents")


def update_term(page):
    GlossaryTerm.objects.update(definition="<p>Past every signal.</p>")


def unpublish(page):
    type(page).objects.filter(pk=page.pk).update(live=False)


def damage_bytes(page):
    Document.objects.filter(pk=page.pk).update(body=b'{"version": {}}')


def damage_compressed(page):
    other = Document.objects.exclude(pk=page.pk).get()
    Document.objects.filter(pk=page.pk).update(
        body_gzip=other.body_gzip, body_br=other.body_br
    )


def damage_card(page):
    Document.objects.filter(pk=page.pk).update(card=b"{}")


def forget_dependency(page):
    Dependency.objects.filter(page_id=page.pk, key__contains="glossaryterm").delete()


def forget_document(page):
    Document.objects.filter(pk=page.pk).delete()


@pytest.mark.parametrize(
    "damage",
    [
        update_term,
        unpublish,
        damage_bytes,
        damage_compressed,
        damage_card,
        forget_dependency,
        forget_document,
    ],
    ids=lambda function: function.__name__,
)
def test_what_differs_is_reported_and_repaired(built, damage):
    damage(built)
    with pytest.raises(CommandError, match="1 of 2 documents"):
        run("check_documents")
    assert not Mark.objects.exists()
    run("rebuild_documents")
    run("check_documents")


def test_only_some_are_checked(built):
    update_term(built)
    other = Document.objects.exclude(pk=built.pk).get()
    run("check_documents", other.pk)
    with pytest.raises(CommandError):
        run("check_documents", built.pk)


def test_what_waits_to_be_built_is_no_drift(built):
    built.title = "Renamed"
    factories.publish(built)
    run("check_documents")
    assert Document.objects.get(pk=built.pk).title == "Everything"


def test_building_the_same_again_makes_no_version(built):
    count = Version.objects.count()
    assert "2 documents were built." in run("rebuild_documents")
    assert Version.objects.count() == count
    assert not Mark.objects.exists()


def test_an_existing_site_gets_its_documents(built):
    for model in (Document, Dependency):
        model.objects.all().delete()
    run("rebuild_documents")
    assert Document.objects.filter(state="public").count() == 2
    run("check_documents")


def test_a_rebuild_that_was_stopped_goes_on(built, monkeypatch):
    refresh = building.refresh
    monkeypatch.setattr(building, "BATCH_SIZE", 1)
    calls = []

    def stop(page_ids):
        if calls:
            raise KeyboardInterrupt
        calls.append(page_ids)
        refresh(page_ids)

    monkeypatch.setattr(building, "refresh", stop)
    with pytest.raises(KeyboardInterrupt):
        run("rebuild_documents")
    assert Mark.objects.count() == 1
    monkeypatch.setattr(building, "refresh", refresh)
    assert "1 documents were built." in run("rebuild_documents", resume=True)
    assert not Mark.objects.exists()


def test_a_document_that_cannot_be_built_is_named(built, monkeypatch):
    def fail(*args, **kwargs):
        raise ZeroDivisionError("no")

    monkeypatch.setattr(building, "build_documents", fail)
    with pytest.raises(CommandError, match="2 documents could not be built"):
        run("rebuild_documents")
    monkeypatch.undo()
    run("rebuild_documents", resume=True)
    run("check_documents")


@pytest.mark.parametrize(
    ("args", "options"),
    [((1,), {"resume": True}), ((), {"processes": 0}), ((), {"processes": 65})],
)
def test_options_that_make_no_sense_are_refused(args, options):
    with pytest.raises(CommandError):
        run("rebuild_documents", *args, **options)
