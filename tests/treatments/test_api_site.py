"""The public reads about the site: languages, menu, publisher, redirects, sitemap."""

from __future__ import annotations

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from home.models import HomePage
from tests import factories
from tests.openapi import validate_answer
from treatments.models import PublisherSettings

pytestmark = pytest.mark.django_db
SITEMAP = "/api/v3/sitemap/"


@pytest.fixture
def home(site):
    return site


def test_site_navigation_and_locales(client, home):
    publisher = PublisherSettings.for_site(home.get_site())
    publisher.organization = "Demonstration Hospital"
    publisher.texts = [
        {"type": "text", "value": {"language": "en", "tagline": "Plain words"}},
        {"type": "text", "value": {"language": "es", "tagline": "Palabras claras"}},
    ]
    publisher.save()
    path = "/api/v3/site/"
    site = validate_answer(client.get(path, {"locale": "es"}), path)
    assert (site["organization"], site["tagline"], site["locale"]) == (
        "Demonstration Hospital",
        "Palabras claras",
        "es",
    )
    assert client.get("/api/v3/site/").json()["tagline"] == "Plain words"
    path = "/api/v3/navigation/"
    navigation = validate_answer(client.get(path), path)
    assert [item["path"] for item in navigation["items"]] == ["/en/treatments/"]
    path = "/api/v3/locales/"
    locales = validate_answer(client.get(path), path)
    assert [entry["code"] for entry in locales] == ["en"]
    missing = client.get("/api/v3/navigation/", {"locale": "es"})
    assert missing.status_code == 404
    assert missing["Content-Type"] == "application/problem+json"
    assert client.get("/api/v3/site/", {"colour": "red"}).status_code == 400


def test_the_menu_is_a_tree(client, home):
    child = factories.create_article(home.index, title="In the menu")
    child.show_in_menus = True
    factories.publish(child)
    path = "/api/v3/navigation/"
    (item,) = validate_answer(client.get(path), path)["items"]
    assert [below["id"] for below in item["children"]] == [child.pk]


@pytest.mark.parametrize("name", ["site", "navigation", "locales", "sitemap"])
def test_the_accepted_language_has_no_influence(client, home, name):
    spanish = factories.get_locale("es")
    for page in (home, home.index):
        factories.publish(page.copy_for_translation(spanish))
    answers = {
        client.get(f"/api/v3/{name}/", headers={"Accept-Language": language}).content
        for language in ("fr", "en", "es")
    }
    assert len(answers) == 1


def test_the_license_is_that_of_the_publisher(home):
    from treatments.api.site.reads import represent_license

    publisher = PublisherSettings.for_site(home.get_site())
    publisher.license_name, publisher.license_url = "CC BY 4.0", "https://example.org/"
    assert represent_license(publisher) == {
        "name": "CC BY 4.0",
        "url": "https://example.org/",
    }
    publisher.license_name = ""
    assert represent_license(publisher) is None


def test_redirects_are_as_documented(client, home):
    article = factories.create_article(home.index, title="Shown")
    redirect = Redirect.objects.create(old_path="/old", redirect_page=article)
    draft = factories.create_article(home.index, title="Draft", live=False)
    Redirect.objects.create(old_path="/draft", redirect_page=draft)
    path = "/api/v3/redirects/"
    listed = validate_answer(client.get(path), path)
    assert [item["id"] for item in listed["items"]] == [redirect.pk]
    detail = "/api/v3/redirects/{redirect_id}/"
    answer = client.get(f"{path}{redirect.pk}/")
    assert validate_answer(answer, detail)["redirect_page_id"] == article.pk
    find = "/api/v3/redirects/find/"
    found = client.get(find, {"html_path": "/old"})
    assert validate_answer(found, find)["id"] == redirect.pk
    assert client.get(find, {"html_path": "/draft"}).status_code == 404


def test_the_sitemap_holds_every_public_page_with_its_languages(client, home):
    english = factories.create_article(home.index, title="Surgery")
    alone = factories.create_article(home.index, title="Alone")
    spanish_locale = factories.get_locale("es")
    for page in (home, home.index):
        factories.publish(page.copy_for_translation(spanish_locale))
    spanish = factories.publish(english.copy_for_translation(spanish_locale))
    english.create_alias(update_slug="alias", parent=home.index)
    factories.create_article(home.index, title="Draft", live=False)
    private = factories.create_article(home.index, title="Private")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    outside = Page.objects.get(depth=1).add_child(
        instance=HomePage(title="Outside", slug="outside", locale=home.locale)
    )
    factories.publish(outside)
    answer = validate_answer(client.get(SITEMAP), SITEMAP)
    assert answer["count"] == len(answer["items"]) == 7
    by_path = {item["path"]: item for item in answer["items"]}
    assert set(by_path) == {
        "/en/",
        "/en/treatments/",
        "/en/treatments/surgery/",
        "/en/treatments/alone/",
        "/es/",
        "/es/treatments/",
        "/es/treatments/surgery/",
    }
    entry = by_path[f"/es/treatments/{spanish.slug}/"]
    assert entry["locale"] == "es"
    assert [alternate["locale"] for alternate in entry["alternates"]] == ["en", "es"]
    assert entry["alternates"][1]["html_url"] == entry["html_url"]
    assert entry["x_default"] == by_path["/en/treatments/surgery/"]["html_url"]
    assert entry["last_modified"] == spanish.last_published_at.isoformat()
    only = by_path[f"/en/treatments/{alone.slug}/"]
    assert [alternate["path"] for alternate in only["alternates"]] == [only["path"]]
    in_spanish = client.get(SITEMAP, {"locale": "es"}).json()
    assert in_spanish["count"] == 3
    assert in_spanish["items"][0]["alternates"][0]["path"] == "/en/"
    part = client.get(SITEMAP, {"limit": 2, "offset": 1}).json()
    assert part["items"] == answer["items"][1:3]
    assert part["count"] == 7


def test_a_page_in_spanish_only_has_no_default_version(client, home):
    spanish = factories.get_locale("es")
    for page in (home, home.index):
        factories.publish(page.copy_for_translation(spanish))
    index = home.index.get_translation(spanish)
    factories.create_article(index, title="Sola", locale=spanish)
    items = client.get(SITEMAP, {"locale": "es"}).json()["items"]
    entry = next(item for item in items if item["path"] == "/es/treatments/sola/")
    assert entry["x_default"] is None


def test_the_sitemap_leads_to_the_frontend(client, home, settings):
    settings.TREATMENTS = {"FRONTEND_URL": "https://www.example.org"}
    entry = client.get(SITEMAP).json()["items"][0]
    assert entry["html_url"] == "https://www.example.org/en/"
    assert entry["alternates"][0]["html_url"] == "https://www.example.org/en/"


def test_each_site_has_its_own_sitemap(client, home, settings):
    settings.ALLOWED_HOSTS = ["*"]
    other = Page.objects.get(depth=1).add_child(
        instance=HomePage(title="Other", slug="other", locale=home.locale)
    )
    factories.publish(other)
    Site.objects.create(hostname="other.example.org", root_page=other)
    first = client.get(SITEMAP).json()
    assert [item["html_url"] for item in first["items"]] == [
        "http://localhost/en/",
        "http://localhost/en/treatments/",
    ]
    second = client.get(SITEMAP, headers={"Host": "other.example.org"}).json()
    assert [item["html_url"] for item in second["items"]] == [
        "http://other.example.org/en/"
    ]


def test_a_page_without_a_date_has_none_in_the_sitemap(client, home):
    Page.objects.filter(pk=home.pk).update(last_published_at=None)
    answer = validate_answer(client.get(SITEMAP), SITEMAP)
    assert answer["items"][0]["last_modified"] is None
    assert answer["items"][1]["last_modified"] < timezone.now().isoformat()


@pytest.mark.parametrize(
    "query", ["limit=1001", "limit=0", "locale=fr", "type=x", "offset=-1"]
)
def test_the_sitemap_refuses_bad_parameters(client, home, query):
    answer = client.get(f"{SITEMAP}?{query}")
    assert answer.status_code in {400, 422}
    assert query.split("=")[0] in answer.content.decode()
