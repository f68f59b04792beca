"""Hostile and clumsy requests get a clear answer, never a failure, and a session shows nothing more."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, PageViewRestriction

from home.models import FeaturedArticle
from tests import factories
from treatments.content.snippets import ENDPOINTS
from treatments.models import TreatmentIndexPage

pytestmark = pytest.mark.django_db
HUGE = "9" * 30


@pytest.fixture
def index(full_page, site):
    return site.index


LISTS = [
    *(
        f"/api/{version}/{name}/"
        for version in ("v2", "v3")
        for name in [*ENDPOINTS, "pages", "images", "documents"]
    ),
]


@pytest.mark.parametrize(
    "value",
    [
        '"',
        'a"b',
        "(",
        "*",
        "a OR",
        "x" * 201,
        "w " * 900,
        "-",
        "'",
        "\\",
        "NEAR(",
        "ñ",
        "😀",
        "",
    ],
)
def test_no_search_fails(client, index, value):
    for url in LISTS:
        answer = client.get(url, {"search": value})
        assert answer.status_code in {200, 400}, (url, answer.content[:200])


@pytest.mark.parametrize(
    "endpoint", ENDPOINTS.values(), ids=lambda endpoint: endpoint.name
)
def test_searching_and_filtering_go_together(client, index, endpoint):
    for name in endpoint.filters:
        for version in ("v2", "v3"):
            answer = client.get(
                f"/api/{version}/{endpoint.name}/", {"search": "sample", name: "x"}
            )
            # v3 knows what an identifier looks like.
            statuses = {200} if version == "v2" or name == "slug" else {200, 422}
            assert answer.status_code in statuses, answer.content[:300]


def test_find_by_a_bad_id_is_refused(client, index):
    for name in [*ENDPOINTS, "pages", "images", "documents", "redirects"]:
        for value in ("x", HUGE, "-1", ""):
            answer = client.get(f"/api/v2/{name}/find/", {"id": value})
            assert answer.status_code in {302, 400, 404}, (name, value)


@pytest.mark.parametrize(
    "query",
    [
        f"treatment={HUGE}",
        f"hero_image={HUGE}",
        f"offset={HUGE}",
        f"limit={HUGE}",
        f"id={HUGE}",
        f"child_of={HUGE}",
        f"translation_of={HUGE}",
        "html_path=%2500",
        "title=%00",
        "fields=" + "parent(" * 1200,
        "locale=" + "x" * 3000,
        "order=title,title,-title",
        "type=treatments.TreatmentPage,home.HomePage&fields=*",
        "limit=5&limit=6",
    ],
)
def test_no_value_fails(client, index, query):
    for version in ("v2", "v3"):
        for path in (
            "pages/?type=treatments.TreatmentPage&",
            "pages/find/?",
            "glossary/?",
        ):
            answer = client.get(f"/api/{version}/{path}{query}")
            assert answer.status_code < 500, (version, path)


def test_a_passed_password_shows_nothing_in_the_api(client, index):
    private = factories.create_article(
        index, title="Private words", slug="private-words"
    )
    restriction = PageViewRestriction.objects.create(
        page=private,
        restriction_type="password",
        password="secret",  # noqa: S106
    )
    client.post(
        f"/_util/authenticate_with_password/{restriction.pk}/{private.pk}/",
        {"password": "secret", "return_url": "/en/"},
    )
    session = client.session
    session["passed_page_view_restrictions"] = [restriction.pk]
    session.save()
    for version in ("v2", "v3"):
        assert client.get(f"/api/{version}/pages/{private.pk}/").status_code == 404
        assert (
            client.get(f"/api/{version}/pages/", {"search": "Private"}).json()["items"]
            == []
        )


def test_an_api_call_does_not_log_anybody_out(admin_client, index):
    answer = admin_client.get("/api/v2/pages/")
    assert django_settings.SESSION_COOKIE_NAME not in answer.cookies
    assert admin_client.get("/admin/").status_code == 200


def test_an_old_address_does_not_lead_to_an_unpublished_page(client, index):
    draft = factories.create_article(index, title="Hushed", slug="hushed", live=False)
    shown = factories.create_article(index, title="Shown", slug="shown")
    Redirect.objects.create(old_path="/old-hushed", redirect_page=draft)
    Redirect.objects.create(old_path="/old-shown", redirect_page=shown)
    Redirect.objects.create(
        old_path="/old-outside", redirect_link="https://www.example.org/"
    )
    answer = client.get("/old-hushed", follow=True)
    assert answer.status_code == 404
    assert b"hushed" not in answer.content.replace(b"/old-hushed", b"")
    assert client.get("/old-shown")["Location"].endswith("/en/treatments/shown/")
    assert client.get("/old-outside")["Location"] == "https://www.example.org/"


def test_a_home_page_does_not_name_an_unpublished_article_in_v3(client, index):
    home = index.get_parent().specific
    draft = factories.create_article(index, title="Draft", slug="draft", live=False)
    home.featured_articles.add(FeaturedArticle(article=draft))
    factories.publish(home)
    answer = client.get(f"/api/v3/pages/{home.pk}/").json()
    assert answer["featured_articles"] is None
    assert answer["featured"] == []


def test_a_language_that_django_does_not_know_is_named_by_the_project(
    client, index, settings
):
    settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES = [
        ("en", "English"),
        ("ht", "Kreyòl ayisyen"),
    ]
    locale = Locale.objects.create(language_code="ht")
    home = index.get_parent().specific
    factories.publish(home.copy_for_translation(locale))
    for version in ("v2", "v3"):
        answer = client.get(f"/api/{version}/pages/{home.pk}/")
        assert [entry["language"] for entry in answer.json()["translations"]] == [
            "Kreyòl ayisyen"
        ]
    assert [entry["language"] for entry in client.get("/api/v3/locales/").json()] == [
        "English",
        "Kreyòl ayisyen",
    ]


def test_a_list_of_indexes_costs_the_same_for_few_and_many(
    client, index, django_assert_num_queries
):
    from tests.treatments.test_queries import count_queries

    url = "/api/v2/pages/?type=treatments.TreatmentIndexPage&fields=*&limit=50"
    factories.publish(
        index.add_child(
            instance=TreatmentIndexPage(title="A", slug="a", locale=index.locale)
        )
    )
    few = count_queries(client, url)
    for number in range(6):
        index.refresh_from_db()
        child = index.add_child(
            instance=TreatmentIndexPage(
                title="B", slug=f"b{number}", locale=index.locale
            )
        )
        factories.create_article(factories.publish(child), title=f"Below {number}")
    assert count_queries(client, url) == few


@pytest.mark.parametrize(
    "method", ["post", "put", "patch", "delete", "options", "head"]
)
def test_reads_refuse_other_methods_without_failing(client, index, method):
    for url in [
        *LISTS,
        "/api/v3/site/",
        "/api/v3/navigation/",
        "/api/v3/locales/",
        "/api/v3/sitemap/",
        "/api/v3/glossary/letters/",
        "/api/v3/glossary/by-slug/metastasis/",
        "/api/v3/redirects/",
    ]:
        assert getattr(client, method)(url).status_code < 500
