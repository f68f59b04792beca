"""A redirect that somebody typed tells no address of what is not public, wherever it is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import APIToken, PageViewRestriction

from tests import factories

pytestmark = pytest.mark.django_db

LINKS = (
    "/en/treatments/{}/",
    "/en/treatments/{}",
    "/treatments/{}/?a=1#b",
    "/en/treatments/../treatments/{}/",
    "/en/treatments/{}/print/",
    "http://testserver/en/treatments/{}/",
    "https://LOCALHOST:8000/en/treatments/{}/",
    "//testserver/en/treatments/{}/",
    "https://reader.example/app/en/treatments/{}/",
)


def create_draft(index):
    return factories.create_article(index, title="Z", slug="zhidden", live=False)


def create_private(index):
    page = create_draft(index)
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    return factories.publish(page)


def create_expired(index):
    page = factories.create_article(index, title="Z", slug="zhidden")
    type(page).objects.filter(pk=page.pk).update(
        expire_at=timezone.now() - timedelta(minutes=1)
    )
    return page


def create_alias_of_private(index):
    page = create_private(index)
    alias = page.create_alias(update_slug="alias")
    type(page).objects.filter(pk=page.pk).update(slug="source", url_path="/source/")
    alias.slug = "zhidden"
    alias.set_url_path(index)
    alias.save()
    return alias


HIDDEN = (create_draft, create_private, create_expired, create_alias_of_private)


def read_all(client):
    """Yield the answers of all that tell a redirect."""
    for address in (
        "/api/v3/articles/find/?path=/en/old/",
        "/api/v3/pages/find/?html_path=/en/old/",
        "/api/v2/pages/find/?html_path=/en/old/",
        "/api/v3/redirects/find/?html_path=/en/old/",
        "/api/v2/redirects/find/?html_path=/en/old/",
        "/api/v3/redirects/",
        "/api/v2/redirects/",
        "/en/old/",
    ):
        yield address, client.get(address)


@pytest.mark.parametrize("create", HIDDEN)
def test_a_typed_link_to_a_hidden_page_is_not_followed(client, site, settings, create):
    root = "https://reader.example/app"
    settings.TREATMENTS = {**settings.TREATMENTS, "FRONTEND_URL": root}
    create(site.index)
    redirect = Redirect.objects.create(old_path="/en/old", is_permanent=True)
    for link in LINKS if create is create_draft else LINKS[:1]:
        Redirect.objects.filter(pk=redirect.pk).update(redirect_link=link.format("zhidden"))  # fmt: skip
        for address, answer in read_all(client):
            text = f"{answer.content.decode()}{answer.headers}"
            assert "zhidden" not in text, (link, address, text)
            if "/find/" in address or address == "/en/old/":
                assert answer.status_code == 404, (link, address, text)


def test_a_typed_link_to_what_is_public_or_elsewhere_is_followed(client, site):
    factories.create_article(site.index, title="Seen", slug="seen")
    create_draft(site.index)
    redirect = Redirect.objects.create(old_path="/en/old", is_permanent=True)
    for link in (
        "/en/treatments/seen/",
        "/en/treatments/seen/zhidden/",
        "/documents/1/zhidden.pdf",
        "https://example.org/en/treatments/zhidden/",
    ):
        Redirect.objects.filter(pk=redirect.pk).update(redirect_link=link)
        assert client.get("/en/old/")["Location"] == link
        found = client.get("/api/v3/articles/find/?path=/en/old/").json()
        assert found["moved_to"] == link


def test_a_withdrawn_article_names_no_hidden_page_as_its_replacement(client, site):
    create_draft(site.index)
    page = factories.create_article(site.index, title="Gone", slug="gone")
    client.get(f"/api/v3/articles/{page.pk}/")
    Redirect.objects.create(
        old_path="/en/treatments/gone", redirect_link="/en/treatments/zhidden/"
    )
    page.unpublish()
    answer = client.get(f"/api/v3/articles/{page.pk}/")
    assert answer.status_code == 410
    assert answer.json()["replacement_path"] == ""


@pytest.mark.parametrize("create", HIDDEN)
def test_no_list_looks_around_a_hidden_page(client, site, create):
    page = create(site.index)
    for name in ("child_of", "descendant_of", "ancestor_of", "translation_of"):
        answer = client.get(f"/api/v3/pages/?{name}={page.pk}")
        assert answer.status_code == 422, (name, answer.content)
        assert name in answer.content.decode()
        assert client.get(f"/api/v2/pages/?{name}={page.pk}").status_code == 400


def test_lists_look_around_a_public_page(client, site):
    page = factories.create_article(site.index, title="Seen", slug="seen")
    for name in ("child_of", "descendant_of", "ancestor_of", "translation_of"):
        answer = client.get(f"/api/v3/pages/?{name}={page.pk}")
        assert answer.status_code == 200, answer.content
    assert client.get("/api/v3/pages/?child_of=root").status_code == 200


@pytest.mark.parametrize("create", HIDDEN)
def test_a_token_without_rights_on_redirects_reads_those_of_the_public(
    client, site, django_user_model, create
):
    user = django_user_model.objects.create_user("reviewer")
    bearer = {
        "Authorization": f"Bearer {APIToken.create_token(user=user, name='x')[1]}"
    }
    hidden = Redirect.objects.create(
        old_path="/en/old", redirect_page=create(site.index)
    )
    seen = factories.create_article(site.index, title="Seen", slug="seen")
    Redirect.objects.create(old_path="/en/former", redirect_page=seen)
    addresses = (
        "/api/v3/redirects/",
        f"/api/v3/redirects/{hidden.pk}/",
        "/api/v3/redirects/find/?html_path=/en/old/",
        f"/api/v3/redirects/find/?id={hidden.pk}",
    )

    for address in addresses:
        public = client.get(address)
        answer = client.get(address, headers=bearer)
        assert answer.status_code == public.status_code, address
        assert answer.json() == public.json(), address
    assert client.get(addresses[0], headers=bearer).json()["count"] == 1
    group = Group.objects.create(name="Redirects")
    group.permissions.add(Permission.objects.get(codename="view_redirect"))
    user.groups.add(group)
    assert client.get(addresses[0], headers=bearer).json()["count"] == 2
    assert client.get(addresses[1], headers=bearer).status_code == 200
