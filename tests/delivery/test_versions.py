"""What tells versions apart: their tags, their sites, the settings that they contain."""

from __future__ import annotations

import json

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy
from wagtail.models import Page, Site

from snippets.models import GlossaryTerm
from tests import factories
from tests.delivery.conftest import ARTICLES
from tests.delivery.test_waiting import run
from treatments.delivery import building, recipe
from treatments.delivery.models import Document, Version
from treatments.hashes.content import hash_document

pytestmark = pytest.mark.django_db


def define(targets, words):
    term = GlossaryTerm.objects.get(pk=targets["term"])
    term.definition = f"<p>{words}</p>"
    factories.publish(term)


def test_the_same_text_again_is_another_version_with_another_tag(
    client, article, targets, read
):
    define(targets, "First")
    first = read(article.pk)
    define(targets, "Second")
    read(article.pk)
    define(targets, "First")
    # This process still holds the first version, whose bytes are others.
    third = read(article.pk)
    numbers = [each.json()["version"]["number"] for each in (first, third)]
    assert numbers[1] == numbers[0] + 2
    assert first["ETag"] != third["ETag"]
    assert json.loads(third.content)["version"]["etag"] == third["ETag"]
    asked = client.get(
        f"{ARTICLES}/{article.pk}/", headers={"If-None-Match": first["ETag"]}
    )
    assert asked.status_code == 200
    for answer in (first, third):
        etag = answer["ETag"].strip('"')
        assert client.get(f"{ARTICLES}/versions/{etag}/").content == answer.content
    assert "are what they should be" in run("check_documents")


def test_what_a_former_release_has_stored_gets_no_new_version(article, read):
    read(article.pk)
    document = Document.objects.get(pk=article.pk)
    body = json.loads(bytes(document.body))
    etag = hash_document(body)
    body["version"]["etag"] = f'"{etag}"'
    Document.objects.filter(pk=article.pk).update(etag=etag, recipe="former")
    assert read(article.pk).json() == body
    count = Version.objects.filter(page_id=article.pk).count()
    assert count == 1
    article.title = "Another"
    factories.publish(article)
    assert read(article.pk)["ETag"] != hash_document(read(article.pk).json())


@pytest.fixture
def other_home(index):
    """Return the home page of another site."""
    home = index.get_parent().specific
    root = Page.objects.get(depth=1)
    other = root.add_child(
        instance=type(home)(title="Other", slug="other", locale=home.locale, live=True)
    )
    Site.objects.create(hostname="other.example", root_page=other)
    return other


def read_kinds(client, host, page):
    items = client.get(f"{ARTICLES}/changes/", headers={"host": host}).json()["items"]
    return [
        (each["kind"], each["reason"], each["replacement_path"])
        for each in items
        if each["id"] == page.pk
    ]


def test_an_article_that_moves_to_another_site_leaves_the_feed_of_the_first(
    client, index, other_home, settings
):
    settings.ALLOWED_HOSTS = ["*"]
    page = factories.create_article(index)
    stays = factories.create_article(index, title="Stays")
    building.refresh_marked()
    Page.objects.get(pk=page.pk).move(other_home, pos="last-child")
    page = Page.objects.get(pk=page.pk)
    address = "http://other.example/en/surgery/"
    former = read_kinds(client, "localhost", page)
    assert former == [("published", None, ""), ("withdrawn", "moved", address)]
    assert read_kinds(client, "localhost", stays) == [("published", None, "")]
    assert read_kinds(client, "other.example", page) == [("moved", None, "")]
    for host in ("localhost", "other.example"):
        manifest = client.get(f"{ARTICLES}/manifest/", headers={"host": host}).json()
        assert page.pk in [each["id"] for each in manifest["items"]] or (
            host == "localhost"
        )
    moved = client.get(f"{ARTICLES}/{page.pk}/", headers={"host": "other.example"})
    assert moved.json()["html_url"] == address
    versions = Version.objects.filter(page_id=page.pk).order_by("position")
    assert [each.number for each in versions] == [1, 1, 2]
    assert "are what they should be" in run("check_documents")


def test_a_site_of_the_same_frontend_is_another_site_too(
    client, index, other_home, settings
):
    settings.ALLOWED_HOSTS = ["*"]
    settings.TREATMENTS = {**settings.TREATMENTS, "FRONTEND_URL": "https://www.example"}
    page = factories.create_article(other_home)
    building.refresh_marked()
    # The same path, below the same address: nothing but the site is another one.
    Site.objects.filter(hostname="other.example").delete()
    Site.objects.create(hostname="third.example", root_page=other_home)
    assert read_kinds(client, "third.example", page)[-1][0] == "moved"


def test_another_address_of_files_is_another_document(article, read, settings):
    read(article.pk)
    settings.MEDIA_URL = "https://cdn.example/media/"
    renditions = read(article.pk).json()["hero"]["renditions"].values()
    assert renditions
    assert all(each["url"].startswith(settings.MEDIA_URL) for each in renditions)


def test_the_names_of_languages_are_part_of_the_recipe(settings):
    before = recipe.get_recipe()
    named = [("en", "English"), ("xx", gettext_lazy("Published"))]
    settings.WAGTAIL_CONTENT_LANGUAGES = named
    after = recipe.get_recipe()
    assert after != before
    # The language of whoever asks is no part of it.
    recipe._recipe = None
    with translation.override("es"):
        assert recipe.get_recipe() == after
