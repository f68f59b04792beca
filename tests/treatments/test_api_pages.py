"""The pages endpoints of v2 and v3: everything that an editor writes, expanded and in the page's language."""

from __future__ import annotations

import json

import pytest
from wagtail.models import APIToken, Locale

from home.models import FeaturedArticle
from snippets.models import Condition
from tests import factories
from tests.samples import find_words
from tests.shared import share
from treatments.models import TreatmentPage, TreatmentPageCondition

pytestmark = pytest.mark.django_db


@pytest.fixture
def index(site):
    return site.index


def read(client, page, version="v2", **parameters):
    answer = client.get(f"/api/{version}/pages/{page.pk}/", parameters)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_every_word_of_an_article_is_in_both_apis(client, index, targets):
    page, sampler = factories.create_full_article(index, targets)
    factories.create_promotion("A notice", placement="inline")
    answers = {version: read(client, page, version) for version in ("v2", "v3")}
    for answer in answers.values():
        assert find_words(json.dumps(answer)) == set(sampler.words)
        assert answer["treatment"]["name"] == "Sample surgery"
        assert answer["treatment"]["codes"] == [
            {"system": "http://id.nlm.nih.gov/mesh", "code": "D003452"}
        ]
        assert [condition["name"] for condition in answer["conditions"]] == [
            "Sample condition"
        ]
        assert [author["name"] for author in answer["governance"]["authors"]] == [
            "Sample Author"
        ]
        assert answer["related"][0]["page"]["path"] == "/en/treatments/companion/"
        assert [reference["number"] for reference in answer["references"]] == [1]
        assert (
            answer["references"][0]["vancouver"] == "Sample AB. A sample trial. 2020."
        )
        assert [term["term"] for term in answer["glossary"]] == ["metastasis"]
        assert answer["hero"]["renditions"]["small"]["url"]
        assert answer["path"] == "/en/treatments/everything/"
        assert answer["toc"][0]["id"] == answer["body"][0]["id"]
        slot = next(
            block
            for block in answer["body"][0]["value"]["content"]
            if block["type"] == "promotion_slot"
        )
        assert [promotion["title"] for promotion in slot["value"]["promotions"]] == [
            "A notice"
        ]
    shared = set(answers["v2"]) & set(answers["v3"]) - {"meta", "hero_image"}
    assert {
        "body",
        "intro",
        "key_points",
        "references",
        "translations",
        "seo",
        "version",
        "uuid",
    } <= shared
    for name in shared:
        assert answers["v2"][name] == answers["v3"][name], name


def test_rich_text_is_clean_display_html(client, index):
    term = factories.create_term()
    reference = factories.create_reference()
    other = factories.create_article(index, title="Other", slug="other")
    html = (
        '<p data-block-key="abc">A <b>bold</b> word &amp; more, '
        f'<a linktype="page" id="{other.pk}">a page</a>, '
        f'<a linktype="glossary-term" id="{term.pk}">spread</a>'
        f'<a linktype="citation" id="{reference.pk}">[Sample 2020]</a>'
        '<script>alert(1)</script><a href="javascript:alert(2)">bad</a>'
        '<a href="https://www.example.org/?a=1&amp;b=2">good</a></p><ul><li>one</li><li>two</li></ul>'
    )
    page = factories.create_article(index, title="Links", intro=html)
    intro = read(client, page)["intro"]
    assert intro["html"] == (
        "<p>A <b>bold</b> word &amp; more, "
        f'<a href="/en/treatments/other/" data-page-id="{other.pk}">a page</a>, '
        f'<dfn data-term="{term.pk}">spread</dfn><sup data-reference="{reference.pk}">1</sup>'
        'bad<a href="https://www.example.org/?a=1&amp;b=2">good</a></p><ul><li>one</li><li>two</li></ul>'
    )
    assert intro["text"] == "A bold word & more, a page, spread badgood\none\ntwo"


def test_answers_do_not_depend_on_the_callers_language(client, full_page):
    for version in ("v2", "v3"):
        url = f"/api/{version}/pages/{full_page.pk}/"
        answers = [
            client.get(url, headers={"Accept-Language": code})
            for code in ("en", "es", "fr")
        ]
        assert len({answer.content for answer in answers}) == 1
        assert "Accept-Language" not in answers[0].get("Vary", "")


def test_a_draft_is_invisible_until_it_is_published(client, index):
    page = factories.create_article(index, title="Surgery", live=False)
    for version in ("v2", "v3"):
        assert client.get(f"/api/{version}/pages/{page.pk}/").status_code == 404
        assert (
            client.get(f"/api/{version}/pages/?type=treatments.TreatmentPage").json()[
                "items"
            ]
            == []
        )
    factories.publish(page)
    for version in ("v2", "v3"):
        assert read(client, page, version)["title"] == "Surgery"
    page.title = "Surgery, changed"
    page.save_revision()
    for version in ("v2", "v3"):
        assert read(client, page, version)["title"] == "Surgery"


def create_bilingual_article(home_id):
    """Return an English article with a Spanish one, made by hand."""
    index = factories.load_site(home_id).index
    spanish = Locale.objects.get(language_code="es")
    home = index.get_parent().specific
    for page in (home, index):
        factories.publish(page.copy_for_translation(spanish))
    english = factories.create_article(index, title="Surgery", slug="surgery")
    target = english.copy_for_translation(spanish)
    target.title = "Cirugía"
    target.intro = f'<p><a linktype="page" id="{english.pk}">lea</a></p>'
    return [english, factories.publish(target)]


shared_article_by_hand = share(
    "shared_article_by_hand", create_bilingual_article, on="shared_site"
)


@pytest.fixture
def bilingual(shared_article_by_hand):
    """Return an English article with a Spanish one, made by hand."""
    return shared_article_by_hand


def test_translations_lead_from_one_language_to_the_other(client, bilingual):
    english, spanish = bilingual
    for version in ("v2", "v3"):
        there = read(client, english, version)["translations"]
        assert there == [
            {
                "id": spanish.pk,
                "locale": "es",
                "language": "español",
                "title": "Cirugía",
                "path": "/es/treatments/surgery/",
                "html_url": "http://localhost/es/treatments/surgery/",
                "status": None,
                "behind_since": None,
            }
        ]
        assert [
            entry["id"] for entry in read(client, spanish, version)["translations"]
        ] == [english.pk]
        listed = client.get(
            f"/api/{version}/pages/?type=treatments.TreatmentPage&locale=es"
        ).json()["items"]
        assert [item["id"] for item in listed] == [spanish.pk]
        found = client.get(f"/api/{version}/pages/?translation_of={english.pk}").json()[
            "items"
        ]
        assert [item["id"] for item in found] == [spanish.pk]
    assert (
        f'href="/es/treatments/surgery/" data-page-id="{spanish.pk}"'
        in read(client, spanish)["intro"]["html"]
    )


def test_an_unpublished_translation_is_not_listed(client, bilingual):
    english, spanish = bilingual
    spanish.unpublish()
    for version in ("v2", "v3"):
        assert read(client, english, version)["translations"] == []


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_a_page_is_found_by_its_path_in_any_language(client, bilingual, version):
    english, spanish = bilingual
    for path, page in (
        ("/en/treatments/surgery/", english),
        ("/es/treatments/surgery/", spanish),
        ("/es/treatments/surgery", spanish),
        ("/treatments/surgery/", english),
    ):
        answer = client.get(
            f"/api/{version}/pages/find/", {"html_path": path}, follow=True
        )
        assert answer.status_code == 200, path
        assert answer.json()["id"] == page.pk
    for path in ("/fr/treatments/surgery/", "/es/nothing/", "/es/\0/", "x" * 5000):
        assert client.get(
            f"/api/{version}/pages/find/", {"html_path": path}
        ).status_code in {400, 404}


def test_find_stays_on_the_host_that_was_asked(client, bilingual):
    answer = client.get(
        "/api/v2/pages/find/?html_path=/es/treatments/surgery/&fields=*"
    )
    assert answer["Location"].startswith("/api/v2/pages/")
    assert "fields" in answer["Location"]


def test_an_alias_is_no_translation(client, index):
    spanish = Locale.objects.get(language_code="es")
    for page in (index.get_parent().specific, index):
        factories.publish(page.copy_for_translation(spanish))
    english = factories.create_article(index, title="Surgery", slug="surgery")
    english.copy_for_translation(spanish, alias=True)
    assert read(client, english)["translations"] == []


def test_the_index_lists_articles_by_letter_and_by_condition(client, index):
    condition = Condition.objects.create(name="Breast cancer", locale=index.locale)
    for title in ("Surgery", "radiation therapy", "Ablation"):
        page = factories.create_article(index, title=title)
        page.article_conditions.add(TreatmentPageCondition(condition=condition))
        factories.publish(page)
    factories.create_article(index, title="Draft", live=False)
    for version in ("v2", "v3"):
        answer = read(client, index, version)
        assert [entry["letter"] for entry in answer["entries"]] == ["A", "R", "S"]
        assert [card["title"] for card in answer["by_condition"][0]["articles"]] == [
            "Ablation",
            "radiation therapy",
            "Surgery",
        ]


@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "fields=nonsense",
        "kind=x&order=nonsense",
        "treatment=abc",
        "locale=tlh",
        "limit=0.5",
        "body=x",
        "order=body",
        "search=%00",
        "translation_key=nonsense",
        "child_of=abc",
        "type=nonsense.Type",
        "offset=99999999999999999999",
        "hero_image=1",
    ],
)
def test_bad_parameters_of_v2_are_refused(client, index, query):
    answer = client.get(f"/api/v2/pages/?type=treatments.TreatmentPage&{query}")
    assert answer.status_code in {400, 404}, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_articles_are_filtered_and_ordered(client, index):
    factories.create_article(index, title="A", kind="procedure")
    factories.create_article(index, title="B", kind="treatment", intent="curative")
    base = "/api/v2/pages/?type=treatments.TreatmentPage&"
    assert [
        item["title"] for item in client.get(base + "kind=procedure").json()["items"]
    ] == ["A"]
    assert [
        item["title"] for item in client.get(base + "intent=curative").json()["items"]
    ] == ["B"]
    assert [
        item["title"] for item in client.get(base + "order=-title").json()["items"]
    ] == ["B", "A"]
    narrow = client.get(base + "fields=_,id,summary&order=title").json()["items"]
    assert [set(item) for item in narrow] == [{"id", "summary"}] * 2


def test_unknown_api_addresses_are_json_and_never_redirected(client, index):
    for path in ("/api/", "/api/v4/", "/api/v2/nonsense/", "/api/v3/nonsense/"):
        answer = client.get(path, headers={"Accept-Language": "es"})
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"


def test_a_page_leads_to_the_reader_or_to_the_frontend(client, index, settings):
    page = factories.create_article(
        index, title="Surgery", search_description="About surgery"
    )
    html = client.get("/en/treatments/surgery/").content.decode()
    assert '<html lang="en"' in html
    assert "<title>Surgery" in html
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "FRONTEND_URL": "https://www.example.org/",
    }
    answer = client.get("/en/treatments/surgery/")
    assert (answer.status_code, answer["Location"]) == (
        302,
        "https://www.example.org/en/treatments/surgery/",
    )
    assert (
        read(client, page)["meta"]["html_url"]
        == "https://www.example.org/en/treatments/surgery/"
    )
    assert (
        read(client, page, "v3")["meta"]["html_url"]
        == "https://www.example.org/en/treatments/surgery/"
    )


def test_a_preview_shows_the_draft_to_its_editor_only(admin_client, client, index):
    page = factories.create_article(index, title="Surgery", live=False)
    url = f"/admin/pages/{page.pk}/view_draft/"
    answer = admin_client.get(url)
    assert answer.status_code == 200
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert '"title": "Surgery"' in answer.content.decode()
    client.logout()
    assert client.get(url).status_code == 302


def test_an_article_is_created_and_published_through_v3(
    client, index, django_user_model
):
    user = django_user_model.objects.create_superuser("admin", password="x")  # noqa: S106
    _token, key = APIToken.create_token(user=user, name="test")
    condition = Condition.objects.create(name="Breast cancer", locale=index.locale)
    answer = client.post(
        "/api/v3/pages/",
        data=json.dumps(
            {
                "meta": {
                    "type": "treatments.TreatmentPage",
                    "parent_id": index.pk,
                    "action": "publish",
                },
                "title": "From a client",
                "summary": "Written by a program.",
                "kind": "procedure",
                "audience": "patient",
                "key_points": factories.KEY_POINTS,
                "body": factories.SIMPLE_BODY,
                "article_conditions": [{"condition_id": condition.pk}],
            }
        ),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 201, answer.content
    page = TreatmentPage.objects.get(title="From a client")
    public = read(client, page, "v3")
    assert public["conditions"][0]["name"] == "Breast cancer"
    assert public["body"][0]["id"] == factories.SIMPLE_BODY[0]["id"]
    assert public["article_conditions"] is None


def test_the_home_page_leads_to_public_articles_only(client, index):
    home = index.get_parent().specific
    shown = factories.create_article(index, title="Shown")
    draft = factories.create_article(index, title="Draft", live=False)
    for article in (shown, draft):
        home.featured_articles.add(FeaturedArticle(article=article))
    factories.publish(home)
    for version in ("v2", "v3"):
        answer = read(client, home, version)
        assert [card["title"] for card in answer["featured"]] == ["Shown"]
        assert answer["path"] == "/en/"


def test_a_page_type_without_a_reader_is_still_shown(client, index, settings):
    factories.create_article(index, title="Surgery", summary="In short.")
    settings.TREATMENTS = {}
    html = client.get("/en/treatments/surgery/").content.decode()
    assert "<h1>Surgery</h1>" in html
    assert "In short." in html
