"""The memory: every version is kept as it was, in order, with its cause."""

from __future__ import annotations

import gzip
import json

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from wagtail.log_actions import LogContext

from snippets.models import GlossaryTerm
from tests import factories
from treatments.delivery import appending, building, marking
from treatments.delivery.models import Change, Document, Ledger, Mark, Version
from treatments.hashes.content import hash_document, hash_version
from treatments.models.append_only import AppendOnlyError
from treatments.signals import document_published, document_withdrawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def events():
    """Collect what other apps hear."""
    heard = []

    def hear(event, **kwargs):
        heard.append(event)

    document_published.connect(hear)
    document_withdrawn.connect(hear)
    yield heard
    document_published.disconnect(hear)
    document_withdrawn.disconnect(hear)


def test_a_version_is_never_changed_or_deleted(page, read):
    read(page.pk)
    version = Version.objects.get()
    version.title = "Another"
    for attempt in (
        version.save,
        version.delete,
        Version.objects.all().delete,
        lambda: Version.objects.update(title="Another"),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()
    assert Version.objects.get().title == "Surgery"


def test_the_life_of_an_article_is_told_in_order(page, read, index, events):
    first = read(page.pk)
    page.title = "Renamed"
    factories.publish(page)
    second = read(page.pk)
    page.slug = "moved"
    factories.publish(page)
    read(page.pk)
    page.unpublish()
    read(page.pk, expected=410)
    factories.publish(page)
    read(page.pk)
    versions = list(Version.objects.order_by("position"))
    assert [version.position for version in versions] == [1, 2, 3, 4, 5]
    assert [version.kind for version in versions] == [
        "published",
        "updated",
        "moved",
        "withdrawn",
        "published",
    ]
    assert [version.number for version in versions] == [1, 2, 3, 3, 4]
    starts = [version.public_from for version in versions]
    assert starts == sorted(starts)
    assert len(set(starts)) == len(starts)
    assert gzip.decompress(bytes(versions[0].body)) == first.content
    assert gzip.decompress(bytes(versions[1].body)) == second.content
    assert versions[3].body is None
    assert versions[3].reason == "unpublished"
    assert versions[2].previous_path == versions[1].path != versions[2].path
    assert Ledger.objects.get().position == 5
    assert [event.position for event in events] == [1, 2, 3, 4, 5]
    assert [event.kind for event in events] == [version.kind for version in versions]
    assert events[1].etag == second["ETag"]
    assert events[3].title == ""


def test_a_version_names_who_published_which_revision(page, read):
    user = get_user_model().objects.create_superuser("ana")
    read(page.pk)
    page.title = "Renamed"
    with LogContext(user=user):
        revision = page.save_revision(user=user)
        revision.publish(user=user)
    read(page.pk)
    cause = Version.objects.latest("position").cause
    assert cause == {
        "action": "publish",
        "key": f"page:{page.translation_key}",
        "revision_id": revision.pk,
        "user_id": str(user.pk),
        "user": "ana",
    }


def test_a_version_names_the_term_that_caused_it(article, targets, read):
    read(article.pk)
    term = GlossaryTerm.objects.get(pk=targets["term"])
    term.definition = "<p>Another.</p>"
    factories.publish(term)
    read(article.pk)
    cause = Version.objects.filter(page_id=article.pk).latest("position").cause
    assert cause["key"] == f"treatment_snippets.glossaryterm:{term.translation_key}"


def test_a_document_that_cannot_be_built_leaves_the_old_one(
    page, read, monkeypatch, caplog
):
    before = read(page.pk)
    page.title = "Renamed"
    factories.publish(page)

    def fail(*args, **kwargs):
        raise ZeroDivisionError("no")

    with monkeypatch.context() as patch:
        patch.setattr(building, "build_documents", fail)
        assert read(page.pk).content == before.content
        document = Document.objects.get()
        assert "ZeroDivisionError: no" in document.error
        assert document.failed_at is not None
        # It is not tried at each read.
        patch.setattr(building, "build_batch", None)
        assert read(page.pk).content == before.content
    assert "cannot be built" in caplog.text
    # The mark is still there: the next try builds it.
    Document.objects.update(retry_at=None)
    assert read(page.pk).json()["title"] == "Renamed"
    document = Document.objects.get()
    assert (document.error, document.failed_at) == ("", None)


def test_an_article_is_withdrawn_although_it_cannot_be_built(page, read, monkeypatch):
    read(page.pk)

    def fail(*args, **kwargs):
        raise ZeroDivisionError("no")

    monkeypatch.setattr(building, "build_documents", fail)
    page.unpublish()
    read(page.pk, expected=410)


def test_one_that_cannot_be_built_does_not_stop_the_others(
    page, index, read, client, monkeypatch
):
    other = factories.create_article(index, title="Fine")
    build = building.build_documents

    def build_or_fail(pages, uses, **kwargs):
        if page.pk in [each.pk for each in pages]:
            raise ZeroDivisionError("no")
        return build(pages, uses, **kwargs)

    monkeypatch.setattr(building, "build_documents", build_or_fail)
    building.refresh_marked()
    assert Document.objects.get(pk=other.pk).state == "public"
    failed = Document.objects.get(pk=page.pk)
    assert (failed.state, bool(failed.error)) == ("waiting", True)
    read(page.pk, expected=404)
    titles = [each["title"] for each in client.get("/api/v3/articles/").json()["items"]]
    assert titles == ["Fine"]


def test_what_changes_while_a_document_is_built_is_in_it(page, read, monkeypatch):
    read(page.pk)
    page.title = "First"
    factories.publish(page)
    build, calls = building.build_batch, []

    def build_and_change(page_ids):
        built = build(page_ids)
        if not calls:
            page.title = "Second"
            factories.publish(page)
        calls.append(page_ids)
        return built

    monkeypatch.setattr(building, "build_batch", build_and_change)
    assert read(page.pk).json()["title"] == "Second"
    assert len(calls) == 2
    # The public never got what was out of date before it was written.
    titles = Version.objects.order_by("position").values_list("title", flat=True)
    assert list(titles) == ["Surgery", "Second"]


def test_a_document_is_built_under_the_lock_when_others_never_stop(
    page, read, monkeypatch
):
    read(page.pk)
    build, calls = building.build_batch, []

    def build_and_change(page_ids):
        built = build(page_ids)
        calls.append(page_ids)
        page.title = f"Title {len(calls)}"
        factories.publish(page)
        return built

    factories.publish(page)
    monkeypatch.setattr(building, "build_batch", build_and_change)
    building.refresh([page.pk])
    assert len(calls) == building.ATTEMPTS
    monkeypatch.undo()
    # What came after the lock was taken is a mark, or a change that will be one.
    assert read(page.pk).json()["title"] == f"Title {building.ATTEMPTS}"


def refuse(**kwargs):
    raise ZeroDivisionError("no")


def test_what_another_app_refuses_is_a_failure_and_is_tried_again(
    page, index, read, client, caplog
):
    before = read(page.pk)
    other = factories.create_article(index, title="Fine")
    page.title = "Renamed"
    factories.publish(page)

    def refuse_one(event, **kwargs):
        if event.page_id == page.pk:
            refuse()

    document_published.connect(refuse_one)
    try:
        building.refresh_marked()
        assert read(page.pk).content == before.content
        assert read(other.pk).json()["title"] == "Fine"
        assert client.get("/api/v3/articles/").status_code == 200
    finally:
        document_published.disconnect(refuse_one)
    assert "cannot be kept" in caplog.text
    document = Document.objects.get(pk=page.pk)
    assert document.error == "ZeroDivisionError: no"
    assert Version.objects.filter(page_id=page.pk).count() == 1
    Document.objects.update(retry_at=None)
    assert read(page.pk).json()["title"] == "Renamed"
    positions = Version.objects.order_by("position").values_list("position", flat=True)
    assert list(positions) == [1, 2, 3]


def test_a_withdrawal_that_another_app_refuses_is_tried_again(page, read):
    read(page.pk)
    page.unpublish()
    document_withdrawn.connect(refuse)
    try:
        building.refresh_marked()
        # Whether it is public is asked of the page.
        read(page.pk, expected=404)
    finally:
        document_withdrawn.disconnect(refuse)
    Document.objects.update(retry_at=None)
    read(page.pk, expected=410)


def fail(*args, **kwargs):
    raise ZeroDivisionError("no")


def test_a_publication_after_a_failure_is_read_at_once(page, read, client, monkeypatch):
    read(page.pk)
    page.title = "Broken"
    factories.publish(page)
    with monkeypatch.context() as patch:
        patch.setattr(building, "build_documents", fail)
        assert read(page.pk).json()["title"] == "Surgery"
    # Without another change it waits.
    assert read(page.pk).json()["title"] == "Surgery"
    page.title = "Mended"
    factories.publish(page)
    cards = client.get("/api/v3/articles/").json()["items"]
    assert [card["title"] for card in cards] == ["Mended"]
    with monkeypatch.context() as patch:
        page.title = "Broken again"
        factories.publish(page)
        patch.setattr(building, "build_documents", fail)
        assert read(page.pk).json()["title"] == "Mended"
    page.title = "Mended again"
    factories.publish(page)
    assert read(page.pk).json()["title"] == "Mended again"


def test_what_failed_before_a_change_does_not_delay_it(page, read, monkeypatch):
    read(page.pk)
    page.title = "Broken"
    factories.publish(page)
    build_all = building.build_all

    def fail_and_mend(stale):
        monkeypatch.setattr(building, "build_all", build_all)
        with monkeypatch.context() as patch:
            patch.setattr(building, "build_documents", fail)
            built = build_all(stale)
        page.title = "Mended"
        factories.publish(page)
        # Another process makes marks of it meanwhile.
        marking.mark_changed_documents()
        return built

    monkeypatch.setattr(building, "build_all", fail_and_mend)
    assert read(page.pk).json()["title"] == "Mended"


def test_a_database_error_leaves_the_transaction_of_the_reader_alone(
    page, read, monkeypatch
):
    before = read(page.pk)
    factories.publish(page)

    def ask_nonsense(*args, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    monkeypatch.setattr(building, "build_documents", ask_nonsense)
    with transaction.atomic():
        building.refresh([page.pk])
        assert Document.objects.get().error
    assert read(page.pk).content == before.content


def test_marks_and_changes_are_not_kept_for_ever(page, read, monkeypatch):
    monkeypatch.setattr("treatments.delivery.marking.REMEMBERED_TURNS", 1)
    for number in range(4):
        page.title = f"Title {number}"
        factories.publish(page)
        read(page.pk)
    assert Mark.objects.count() == 0
    generations = set(Change.objects.values_list("generation", flat=True))
    assert len(generations) <= 3


def test_the_right_documents_are_built_after_the_commit(
    page, read, settings, django_capture_on_commit_callbacks
):
    read(page.pk)
    with django_capture_on_commit_callbacks(execute=True):
        page.title = "Renamed"
        factories.publish(page)
    assert Document.objects.get().title == "Renamed"
    settings.TREATMENTS = {**settings.TREATMENTS, "BUILD_ON_COMMIT": 0}
    with django_capture_on_commit_callbacks(execute=True):
        page.title = "Later"
        factories.publish(page)
    assert Document.objects.get().title == "Renamed"
    assert read(page.pk).json()["title"] == "Later"


def test_the_hash_is_that_of_the_document(page, read):
    document = json.loads(read(page.pk).content)
    etag = document["version"]["etag"].strip('"')
    assert hash_version(hash_document(document), 1) == etag
    assert appending.finish(document, 1, etag) == read(page.pk).content
