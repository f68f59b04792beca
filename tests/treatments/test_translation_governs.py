"""What an enabled translation would overwrite is not taken by v3; everything else is."""

from __future__ import annotations

import json

import pytest
from wagtail.models import APIToken
from wagtail_localize.models import Translation

from snippets.models import GlossaryTerm
from tests import factories
from tests.factories import to_spanish
from treatments.translation.services import publish_translation

pytestmark = pytest.mark.django_db
PROBLEM = "urn:wagtail-treatments:problem:conflict"
TERM = "snippets/treatment_snippets.GlossaryTerm"


@pytest.fixture
def spanish(bilingual_index):
    body = [{"type": "section", "value": {"heading": "H", "content": [{"type": "rich_text", "value": "<p>Text</p>"}]}}]  # fmt: skip
    page = factories.create_article(
        bilingual_index, title="Surgery", body=body, intro="<p>Intro</p>"
    )
    return to_spanish(page)


@pytest.fixture
def send(client, django_user_model):
    user = django_user_model.objects.create_superuser("admin", password="x")  # noqa: S106
    headers = {"Authorization": f"Bearer {APIToken.create_token(user=user, name='t')[1]}"}  # fmt: skip

    def send(method, path, body=None):
        return client.generic(method, f"/api/v3/{path}", json.dumps(body), content_type="application/json", headers=headers)  # fmt: skip

    return send


def read_draft(page):
    page.refresh_from_db()
    return page.get_latest_revision_as_object()


@pytest.mark.parametrize("meta", [{}, {"meta": {"action": "publish"}}])
def test_a_text_that_the_next_publication_would_overwrite_is_refused(
    send, spanish, meta
):
    revision = spanish.latest_revision_id
    document = send("GET", f"pages/{spanish.pk}/?version=draft").json()
    body = document["body"]
    body[0]["value"]["content"][0]["value"] = "<p>Otro</p>"
    for change in (
        {"title": "Cirugía"},
        {"intro": "<p>Otra</p>"},
        {"body": body},
        {"body": []},
    ):
        answer = send("PATCH", f"pages/{spanish.pk}/", change | meta)
        assert answer.status_code == 409, answer.content
        assert answer.json()["type"] == PROBLEM
        assert "translation editor" in answer.json()["detail"]
    spanish.refresh_from_db()
    assert spanish.latest_revision_id == revision
    assert spanish.title == "ES Surgery"
    assert "ES Intro" in spanish.intro


def test_a_whole_document_with_the_same_texts_is_taken(send, spanish):
    document = send("GET", f"pages/{spanish.pk}/?version=draft").json()
    assert send("PATCH", f"pages/{spanish.pk}/", document).status_code == 200
    moment = "2100-05-01T12:00:00Z"
    answer = send("PATCH", f"pages/{spanish.pk}/", {"expire_at": moment})
    assert answer.status_code == 200, answer.content
    assert read_draft(spanish).expire_at.year == 2100


def test_a_page_whose_translation_was_stopped_is_written(send, spanish):
    Translation.objects.update(enabled=False)
    answer = send("PATCH", f"pages/{spanish.pk}/", {"title": "Cirugía"})
    assert answer.status_code == 200
    assert read_draft(spanish).title == "Cirugía"


def test_the_source_of_a_translation_is_written(send, spanish):
    english = spanish.get_translations().get()
    answer = send("PATCH", f"pages/{english.pk}/", {"title": "New"})
    assert answer.status_code == 200
    assert read_draft(english).title == "New"


def test_an_older_version_with_other_texts_does_not_come_back(send, spanish):
    latest = spanish.latest_revision
    draft = spanish.get_latest_revision_as_object()
    draft.title = "Otro"
    other = draft.save_revision()
    again = latest.as_object().save_revision()
    action = f"pages/{spanish.pk}/actions/revert/"
    answer = send("POST", action, {"revision_id": other.pk})
    assert answer.status_code == 409, answer.content
    spanish.refresh_from_db()
    assert spanish.latest_revision_id == again.pk
    assert send("POST", action, {"revision_id": latest.pk}).status_code == 200


def test_a_snippet_that_is_a_translation_is_refused(send, bilingual_index):
    term = factories.create_term("margin", definition="<p>Text</p>")
    to_spanish(term)
    spanish = GlossaryTerm.objects.get(
        translation_key=term.translation_key, locale__language_code="es"
    )
    address = f"{TERM}/{spanish.pk}/"
    answer = send("PATCH", address, {"definition": "<p>Otra</p>"})
    assert answer.status_code == 409, answer.content
    assert "definition" in answer.json()["detail"]
    document = send("GET", f"{address}?version=draft").json()
    answer = send("PATCH", address, {"definition": document["definition"]})
    assert answer.status_code == 200, answer.content
    answer = send("PATCH", f"{TERM}/{term.pk}/", {"definition": "<p>New</p>"})
    assert answer.status_code == 200, answer.content
    publish_translation(Translation.objects.get(source__object_id=term.translation_key))
    spanish.refresh_from_db()
    assert "ES Text" in spanish.definition
