"""Another file under the same id is another text: who approved the picture has not seen this one."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as PillowImage
from wagtail.documents import get_document_model

from tests import factories
from tests.review.conftest import FIRST
from tests.review.deciding import decide
from treatments.content.documents import load_documents
from treatments.ports.store import get_store

pytestmark = pytest.mark.django_db


def draw(color: str) -> SimpleUploadedFile:
    """Return a picture of the size that all pictures of the tests have."""
    buffer = io.BytesIO()
    PillowImage.new("RGB", (64, 40), color).save(buffer, "PNG")
    return SimpleUploadedFile("Drawing.png", buffer.getvalue(), "image/png")


def build_body(*content: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a section with some blocks."""
    value = {"heading": "Pictures", "content": list(content)}
    return [{"type": "section", "id": FIRST, "value": value}]


def get_governance(page: Any) -> tuple[str, list[str]]:
    """Return how the live article stands to its review."""
    governance = load_documents([page.pk])[page.pk]["governance"]
    return governance["review_state"], governance["changed_sections"]


def replace(client: Any, name: str, pk: int, file: Any) -> None:
    """Replace a file of the library as an editor does."""
    answer = client.post(
        reverse(name, args=[pk]), {"title": "Drawing", "collection": 1, "file": file}
    )
    assert answer.status_code == 302, answer.content


@pytest.mark.parametrize("use", ["figure", "hero"])
def test_another_picture_under_the_same_id_is_changed_since_the_review(
    site, doctor, client, admin_user, use
):
    image = factories.create_image()
    figure = {
        "type": "figure",
        "id": "eeeeeeee-4444-4444-8444-444444444444",
        "value": {"image": image.pk, "alt": "A probe", "caption": "", "credit": ""},
    }
    fields: dict[str, Any] = {"body": build_body(figure)}
    if use == "hero":
        fields = {"hero_image": image, "hero_image_alt": "A probe"}
    page = factories.create_article(site.index, title="Ablation", **fields)
    decide(page, doctor)
    assert get_governance(page) == ("current", [])
    client.force_login(admin_user)

    replace(client, "wagtailimages:edit", image.pk, draw("#993366"))

    changed = FIRST if use == "figure" else "about"
    assert get_governance(page) == ("changed_since_review", [changed])


def test_another_file_of_a_linked_document_is_changed_since_the_review(
    site, doctor, client, admin_user
):
    document = get_document_model().objects.create(
        title="Consent", file=ContentFile(b"one", name="consent.txt")
    )
    text = {
        "type": "rich_text",
        "id": "eeeeeeee-5555-4555-8555-555555555555",
        "value": f'<p>Sign <a linktype="document" id="{document.pk}">this</a>.</p>',
    }
    page = factories.create_article(site.index, title="Ablation", body=build_body(text))
    decide(page, doctor)
    assert get_governance(page) == ("current", [])
    client.force_login(admin_user)

    file = SimpleUploadedFile("consent.txt", b"two", "text/plain")
    replace(client, "wagtaildocs:edit", document.pk, file)

    assert get_governance(page) == ("changed_since_review", [FIRST])


def test_what_is_stored_shows_the_new_picture(
    site, client, admin_user, django_capture_on_commit_callbacks
):
    image = factories.create_image()
    page = factories.create_article(
        site.index, title="Ablation", hero_image=image, hero_image_alt="A probe"
    )
    store = get_store()
    assert store is not None
    before = store.load([page.pk])[page.pk]["hero"]
    client.force_login(admin_user)

    with django_capture_on_commit_callbacks(execute=True):
        replace(client, "wagtailimages:edit", image.pk, draw("#993366"))

    after = store.load([page.pk])[page.pk]["hero"]
    assert before["file_hash"] != after["file_hash"]
    assert before["renditions"] != after["renditions"]
