"""What cannot be built raises an alarm that publishers see."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.delivery.screens.pages import FAILURES, break_document, get_history, get_text
from treatments.delivery import building
from treatments.delivery.admin.panels import build_panels
from treatments.delivery.building import retry
from treatments.delivery.models import Document

pytestmark = pytest.mark.django_db


def test_what_cannot_be_built_raises_an_alarm(client, page, publisher, monkeypatch):
    break_document(page, monkeypatch)
    client.force_login(publisher)
    home = get_text(client, reverse("wagtailadmin_home"))
    assert "1 article cannot be built." in home
    assert "The block cannot be shown" in home
    report = get_text(client, reverse(FAILURES))
    assert "RuntimeError: The block cannot be shown" in report
    assert "this article cannot be built." in get_text(client, get_history(page))


def test_nothing_is_said_while_everything_is_in_order(client, page, publisher, editor):
    assert build_panels(publisher) == []
    client.force_login(publisher)
    assert "Every article could be built." in get_text(client, reverse(FAILURES))


def test_the_alarm_is_for_publishers_of_the_article(page, editor, monkeypatch):
    break_document(page, monkeypatch)
    assert build_panels(editor) == []


def test_a_document_is_tried_again(client, page, publisher, editor, monkeypatch):
    break_document(page, monkeypatch)
    address = reverse("treatments_failures:retry")
    client.force_login(publisher)
    assert client.get(address).status_code == 405
    for given in ("x", "999999", "9" * 30):
        client.post(address, {"page": given})
        assert Document.objects.get(pk=page.pk).failed_at is not None
    client.force_login(editor)
    assert client.post(address).status_code == 302
    assert Document.objects.get(pk=page.pk).failed_at is not None
    client.force_login(publisher)
    answer = client.post(address, {"page": page.pk}, follow=True)
    assert "1 article was built." in answer.text
    document = Document.objects.get(pk=page.pk)
    assert (document.error, document.failed_at) == ("", None)


def test_what_still_fails_is_said(client, page, publisher, monkeypatch):
    break_document(page, monkeypatch)
    first = Document.objects.get(pk=page.pk).failed_at

    def fail(*args, **kwargs):
        raise RuntimeError("Again")

    monkeypatch.setattr(building, "build_documents", fail)
    client.force_login(publisher)
    answer = client.post(reverse("treatments_failures:retry"), follow=True)
    assert "1 article still cannot be built." in answer.text
    document = Document.objects.get(pk=page.pk)
    assert (document.error, document.failed_at) == ("RuntimeError: Again", first)
    assert retry([]) == []
