"""An article with a draft, somebody who may share it, and a guest with a link."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission

from tests import factories
from tests.shared import share
from treatments.models import TreatmentPage
from treatments.preview.links import create_link

DRAFTS = "/api/v3/drafts/"
#: What stands in the draft, and in the article that readers get.
WORDS = (b"What nobody may read yet", b"A plain paragraph")


@pytest.fixture
def index(site):
    return site.index


def create_drafted_article(home_id: int) -> int:
    """Return the id of a published article with a draft that has another summary."""
    page = factories.create_article(factories.load_site(home_id).index)
    page.summary = "What nobody may read yet."
    page.save_revision()
    return page.pk


shared_drafted_article = share(
    "shared_drafted_article", create_drafted_article, on="shared_site"
)


@pytest.fixture
def article(shared_drafted_article):
    """Return a published article with a draft that has another summary."""
    return TreatmentPage.objects.get(pk=shared_drafted_article)


@pytest.fixture
def make_editor(django_user_model):
    """Return a function that makes somebody who may edit the pages below a page."""

    def make_editor(page, name="sharer", **kwargs):
        group = Group.objects.create(name=f"Editors {name}")
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        GroupPagePermission.objects.create(
            group=group,
            page=page,
            permission=Permission.objects.get(
                codename="change_page", content_type__app_label="wagtailcore"
            ),
        )
        user = django_user_model.objects.create_user(
            name, email=f"{name}@example.org", **kwargs
        )
        user.groups.add(group)
        return user

    return make_editor


@pytest.fixture
def editor(make_editor, index):
    return make_editor(index)


@pytest.fixture
def share(editor):
    """Return a function that shares a page, and gives the link and its token."""

    def share(page, user=None, **kwargs):
        kwargs.setdefault("recipient_name", "Dr. Sample")
        return create_link(page, user or editor, **kwargs)

    return share


@pytest.fixture
def read(client):
    """Return a function that asks for a draft with a token, and checks what no answer may allow."""

    def read(token, expected=200, address=DRAFTS, **query):
        answer = client.get(address, query, headers={"X-Draft-Token": token})
        assert answer.status_code == expected, answer.content[:600]
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Robots-Tag"] == "noindex"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "X-Draft-Token" in answer["Vary"]
        assert "ETag" not in answer
        return answer.json()

    return read
