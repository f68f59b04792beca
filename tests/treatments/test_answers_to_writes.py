"""The answer to a write is what the next read gives, with its entity tag."""

from __future__ import annotations

import pytest
from wagtail.models import APIToken

from tests import factories
from tests.treatments.api_calls import send

pytestmark = pytest.mark.django_db

TERM = "treatment_snippets.GlossaryTerm"


@pytest.fixture
def token(admin_user):
    return APIToken.create_token(user=admin_user, name="Tests")[1]


@pytest.fixture
def page(site):
    return factories.create_article(site.index, title="Surgery")


def test_what_was_created_has_a_tag_and_is_what_the_next_read_gives(
    client, site, page, token
):
    headers = {"Authorization": f"Bearer {token}"}
    meta = {"type": "treatments.TreatmentPage", "parent_id": site.index.pk}
    points = [{"type": "point", "value": text} for text in ("one", "two")]
    new = {"title": "New", "slug": "new", "summary": "x", "key_points": points}
    hold = {"old_path": "/old/", "redirect_link": "https://example.org/"}
    term = {
        "term": "new",
        "slug": "new",
        "definition": "<p>x</p>",
        "meta": {"type": TERM},
    }
    for address, body in (
        ("pages/", {**new, "meta": {**meta, "action": "publish"}}),
        ("pages/", {**new, "slug": "draft", "meta": meta}),
        (f"pages/{page.pk}/actions/copy/", {"slug": "copy"}),
        (f"pages/{page.pk}/actions/create_alias/", {"slug": "alias"}),
        ("redirects/", hold),
        (f"snippets/{TERM}/", term),
    ):
        answer = send(client, "post", f"/api/v3/{address}", body, token)
        assert answer.status_code == 201, (address, answer.content)
        place = address.split(f"{page.pk}/actions")[0]
        found = client.get(f"/api/v3/{place}{answer.json()['id']}/", headers=headers)
        assert answer["ETag"] == found["ETag"], address
        if place == "pages/":
            assert answer.json() == found.json(), address


def test_a_draft_that_a_change_publishes_is_what_the_next_read_gives(
    client, site, token
):
    draft = factories.create_article(site.index, title="New", slug="new", live=False)
    meta = {"type": "treatments.TreatmentPage", "action": "publish"}
    address = f"/api/v3/pages/{draft.pk}/"
    answer = send(client, "patch", address, {"title": "Newer", "meta": meta}, token)
    assert answer.status_code == 200, answer.content
    assert answer.json()["meta"]["first_published_at"] is not None
    found = client.get(address, headers={"Authorization": f"Bearer {token}"})
    assert answer.json() == found.json()
