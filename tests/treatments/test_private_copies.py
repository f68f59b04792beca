"""A copy of what is private is private from its first instant, however it is made."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from wagtail.models import APIToken, Page, PageViewRestriction
from wagtail.signals import page_published

from tests import factories
from treatments.delivery.models import Version
from treatments.models import TreatmentPage

pytestmark = pytest.mark.django_db

FORM = {"new_title": "Copy", "copy_subpages": "on", "publish_copies": "on", "alias": ""}


def hide(page):
    PageViewRestriction(page=page, restriction_type="login").save()


@pytest.fixture
def private(site):
    """An article that nobody may read without an account, and nobody could before."""
    page = factories.create_article(site.index, title="Secret", slug="secret", live=False)  # fmt: skip
    hide(page)
    factories.publish(page)
    return page


@pytest.fixture
def send(client, admin_user):
    token = APIToken.create_token(user=admin_user, name="test")[1]
    return lambda page, **body: client.post(
        f"/api/v3/pages/{page.pk}/actions/copy/",
        json.dumps({"slug": "copy", "keep_live": True, **body}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )


def copy_by_api(page, send, **kwargs):
    assert send(page, recursive=True).status_code == 201


def copy_by_hand(page, admin_client, **kwargs):
    form = {**FORM, "new_slug": "copy", "new_parent_page": page.get_parent().pk}
    assert admin_client.post(f"/admin/pages/{page.pk}/copy/", form).status_code == 302


def copy_by_the_admin_api(page, admin_client, **kwargs):
    answer = admin_client.post(
        f"/admin/api/main/pages/{page.pk}/action/copy/",
        json.dumps({"slug": "copy", "recursive": True}),
        content_type="application/json",
    )
    assert answer.status_code == 201, answer.content


def copy_in_python(page, **kwargs):
    page.specific.copy(recursive=True, update_attrs={"slug": "copy"})


WAYS = (copy_by_api, copy_by_hand, copy_by_the_admin_api, copy_in_python)


@pytest.fixture
def depths():
    """How deep in transactions each page was published."""
    found = []

    def note(**kwargs):
        found.append(len(connection.savepoint_ids))

    page_published.connect(note)
    yield found
    page_published.disconnect(note)


def check_hidden(client, page):
    """Assert that nobody gets a page, and that nothing is recorded of it."""
    assert page.live
    for address in ("v2/pages", "v3/pages", "v3/articles"):
        answer = client.get(f"/api/{address}/{page.pk}/")
        assert answer.status_code == 404, (address, answer.content)
    for address in ("articles", "pages"):
        path = {"articles": "path", "pages": "html_path"}[address]
        found = client.get(f"/api/v3/{address}/find/", {path: page.get_url()})
        assert found.status_code == 404, found.content
    assert not Version.objects.filter(page_id=page.pk).exists()


@pytest.mark.parametrize("copy", WAYS)
def test_a_copy_of_a_private_article_is_never_public(
    client, admin_client, private, send, depths, copy, django_capture_on_commit_callbacks
):  # fmt: skip
    outside = len(connection.savepoint_ids)
    with django_capture_on_commit_callbacks(execute=True):
        copy(private, admin_client=admin_client, send=send)
    assert depths
    assert all(depth > outside for depth in depths)
    made = TreatmentPage.objects.get(slug="copy")
    assert made.view_restrictions.count() == 1
    client.logout()
    check_hidden(client, made)


@pytest.mark.parametrize("copy", [copy_by_api, copy_by_hand])
def test_what_is_private_in_a_copied_tree_is_private_in_the_copy(
    client, admin_client, site, private, send, copy, django_capture_on_commit_callbacks
):  # fmt: skip
    factories.create_article(site.index, title="Open", slug="open")
    with django_capture_on_commit_callbacks(execute=True):
        copy(site.index, admin_client=admin_client, send=send)
    tree = Page.objects.get(slug="copy")
    client.logout()
    check_hidden(client, TreatmentPage.objects.child_of(tree).get(slug="secret"))
    seen = TreatmentPage.objects.child_of(tree).get(slug="open")
    assert client.get(f"/api/v3/articles/{seen.pk}/").status_code == 200


def test_a_copy_of_a_private_index_is_never_public(
    client, admin_client, site, django_capture_on_commit_callbacks
):
    factories.create_article(site.index, title="Below", slug="below")
    hide(site.index)
    with django_capture_on_commit_callbacks(execute=True):
        copy_by_hand(site.index, admin_client=admin_client)
    tree = Page.objects.get(slug="copy")
    client.logout()
    check_hidden(client, TreatmentPage.objects.child_of(tree).get(slug="below"))


def test_without_a_store_a_private_copy_was_never_public(
    client, private, send, monkeypatch
):
    from treatments.api.resolve import standing
    from treatments.ports import store

    copy_by_api(private, send)
    for module in (standing, store):
        monkeypatch.setattr(module, "get_store", lambda: None)
    check_hidden(client, TreatmentPage.objects.get(slug="copy"))
