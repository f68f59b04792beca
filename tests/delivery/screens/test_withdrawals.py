"""What is said of an article that was withdrawn."""

from __future__ import annotations

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from tests import factories
from tests.delivery.screens.pages import get_history, get_text
from tests.delivery.versions import withdraw
from treatments.delivery import building
from treatments.delivery.models import Document, Version
from treatments.delivery.withdrawals import WithdrawalError, annotate_withdrawal
from treatments.models import TreatmentPage
from treatments.signals import document_withdrawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def withdrawn(page, publisher):
    withdraw(page, publisher)
    return page


@pytest.fixture
def replacement(index):
    page = factories.create_article(index, title="Newer", slug="newer")
    building.refresh([page.pk])
    return Document.objects.get(pk=page.pk).path


def list_rows(page):
    """Return everything that the ledger holds of an article, in order."""
    versions = Version.objects.filter(page_id=page.pk)
    return list(versions.order_by("position").values())


def test_a_note_is_appended_and_never_written_over(
    client, withdrawn, replacement, publisher
):
    heard = []

    def hear(event, **kwargs):
        heard.append(event)

    document_withdrawn.connect(hear)
    before = list_rows(withdrawn)
    since = Document.objects.get(pk=withdrawn.pk).public_from
    client.force_login(publisher)
    values = {"note": "It was out of date.", "replacement_path": replacement.strip("/")}
    answer = client.post(get_history(withdrawn), values)
    document_withdrawn.disconnect(hear)
    assert answer.status_code == 302
    after = list_rows(withdrawn)
    assert after[:-1] == before
    assert (after[-1]["kind"], after[-1]["number"]) == ("withdrawn", 3)
    assert [event.note for event in heard] == ["It was out of date."]
    assert heard[0].replacement_path == replacement
    gone = client.get(f"/api/v3/articles/{withdrawn.pk}/")
    assert gone.status_code == 410
    problem = gone.json()
    assert problem["note"] == "It was out of date."
    assert problem["replacement_path"] == replacement
    assert problem["withdrawn_at"] == since.isoformat()
    text = get_text(client, get_history(withdrawn))
    assert "It was out of date." in text
    assert "The note to readers was changed by Ana Ruiz" in text


def test_readers_are_never_sent_to_what_is_not_public(
    client, withdrawn, replacement, publisher, index
):
    client.force_login(publisher)
    address = get_history(withdrawn)
    for path in ("/en/nowhere/", "https://elsewhere.example/", withdrawn.url):
        answer = client.post(address, {"note": "", "replacement_path": path})
        assert answer.status_code == 200
        assert "No published article has this address." in answer.text
    client.post(address, {"note": "", "replacement_path": replacement})
    newer = Document.objects.get(path=replacement)
    TreatmentPage.objects.get(pk=newer.pk).unpublish()
    gone = client.get(f"/api/v3/articles/{withdrawn.pk}/").json()
    assert gone["replacement_path"] == ""


@pytest.mark.parametrize("is_built", [True, False])
def test_a_replacement_that_has_moved_is_named_by_its_new_path(
    client,
    withdrawn,
    replacement,
    publisher,
    is_built,
    django_capture_on_commit_callbacks,
):
    annotate_withdrawal(
        withdrawn.pk, note="x", replacement_path=replacement, user=publisher
    )
    newer = Document.objects.get(path=replacement)
    page = TreatmentPage.objects.get(pk=newer.pk)
    for slug in ("renamed", "renamed-again"):
        page.slug = slug
        with django_capture_on_commit_callbacks(execute=True):
            factories.publish(page)
        if is_built:
            building.refresh([page.pk])
    moved = client.get("/api/v3/articles/find/", {"path": replacement})
    for address in (f"{withdrawn.pk}/", f"find/?path={withdrawn.url}"):
        gone = client.get(f"/api/v3/articles/{address}").json()
        assert gone["replacement_path"] == "/en/treatments/renamed-again/"
    if is_built:
        assert moved.json()["moved_to"] == gone["replacement_path"]
    client.force_login(publisher)
    assert 'value="/en/treatments/renamed-again/"' in client.get(get_history(withdrawn)).text  # fmt: skip


@pytest.mark.parametrize("end", ["private", "withdrawn", "deleted", "elsewhere"])
def test_a_replacement_that_has_moved_and_is_not_public_is_not_named(
    client, withdrawn, replacement, publisher, end, django_capture_on_commit_callbacks
):
    annotate_withdrawal(
        withdrawn.pk, note="x", replacement_path=replacement, user=publisher
    )
    page = TreatmentPage.objects.get(pk=Document.objects.get(path=replacement).pk)
    page.slug = "renamed"
    with django_capture_on_commit_callbacks(execute=True):
        factories.publish(page)
    assert Redirect.objects.filter(redirect_page=page).exists()
    building.refresh([page.pk])
    if end == "private":
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    elif end == "withdrawn":
        page.unpublish()
    elif end == "deleted":
        page.delete()
    else:
        Redirect.objects.filter(redirect_page=page).update(
            redirect_page=None, redirect_link="/en/treatments/nowhere/"
        )
    gone = client.get(f"/api/v3/articles/{withdrawn.pk}/").json()
    assert gone["replacement_path"] == ""


def test_a_draft_that_stood_at_the_path_of_a_replacement_is_not_named(
    client, withdrawn, replacement, publisher, index
):
    annotate_withdrawal(
        withdrawn.pk, note="x", replacement_path=replacement, user=publisher
    )
    newer = TreatmentPage.objects.get(pk=Document.objects.get(path=replacement).pk)
    newer.delete()
    draft = factories.create_article(index, title="Other", slug="newer", live=False)
    Redirect.objects.create(
        old_path=Redirect.normalise_path(replacement),
        redirect_page=draft,
        automatically_created=True,
    )
    draft.slug = "other"
    factories.publish(draft)
    building.refresh([draft.pk])
    gone = client.get(f"/api/v3/articles/{withdrawn.pk}/").json()
    assert gone["replacement_path"] == ""


def test_a_note_is_for_publishers(client, withdrawn, editor):
    client.force_login(editor)
    assert "Change what readers are told" not in get_text(
        client, get_history(withdrawn)
    )
    answer = client.post(get_history(withdrawn), {"note": "x", "replacement_path": ""})
    assert answer.status_code == 302
    assert not Version.objects.filter(note="x").exists()


def test_a_public_article_takes_no_note(client, page, publisher):
    with pytest.raises(WithdrawalError):
        annotate_withdrawal(page.pk, note="x", replacement_path="", user=publisher)
    client.force_login(publisher)
    answer = client.post(
        get_history(page), {"note": "x", "replacement_path": ""}, follow=True
    )
    assert "The article is not withdrawn" in answer.text
    assert not Version.objects.filter(note="x").exists()


def test_a_note_that_is_too_long_is_kept_in_the_form(client, withdrawn, publisher):
    client.force_login(publisher)
    answer = client.post(
        get_history(withdrawn), {"note": "long " * 300, "replacement_path": ""}
    )
    assert answer.status_code == 200
    assert "The note was not saved." in answer.text
    assert "long long" in answer.text
    assert "<details open>" in answer.text
