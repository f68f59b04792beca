"""No anonymous endpoint, with any parameter, shows a word that occurs only in what is not public.

Every hidden word starts with ``hush``. The test plants one in each kind of hidden place, reads every
endpoint with every parameter that it knows, and looks for the word in bodies and headers.
"""

from __future__ import annotations

import itertools
import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import (
    APIToken,
    Collection,
    CollectionViewRestriction,
    Locale,
    Page,
    PageViewRestriction,
)

from snippets.models import Condition, Contributor
from tests import factories
from treatments.models import (
    TreatmentIndexPage,
    TreatmentPage,
    TreatmentPageCondition,
    TreatmentPageContributor,
    TreatmentPageRelated,
)

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r"hush[a-z]+", re.IGNORECASE)


@pytest.fixture
def site():
    """A site with something hidden in every place that the code knows of."""
    home = factories.create_site()
    index = home.index
    private_collection = Collection.get_first_root_node().add_child(
        name="hushcollection"
    )
    CollectionViewRestriction.objects.create(
        collection=private_collection, restriction_type="login"
    )
    private_image = factories.create_image("hushimage", collection=private_collection)
    private_document = get_document_model().objects.create(
        title="hushdocument",
        file=ContentFile(b"x", name="hushfile.pdf"),
        collection=private_collection,
    )
    draft = factories.create_article(
        index,
        title="hushdraft",
        slug="hushdraftslug",
        summary="hushsummary",
        live=False,
    )
    private = factories.create_article(
        index, title="hushprivate", slug="hushprivateslug", search_description="hushseo"
    )
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    section = factories.publish(
        index.add_child(
            instance=TreatmentIndexPage(
                title="hushsection",
                slug="hushsectionslug",
                locale=index.locale,
                live=False,
            )
        )
    )
    below_private = factories.create_article(
        section, title="hushbelow", slug="hushbelowslug"
    )
    PageViewRestriction.objects.create(
        page=section,
        restriction_type="password",
        password="hushpassword",  # noqa: S106
    )
    unpublished = factories.create_article(
        index, title="hushunpublished", slug="hushunpublishedslug"
    )
    unpublished.unpublish()
    hidden_parent = factories.publish(
        Page.objects.get(pk=index.pk).add_child(
            instance=TreatmentIndexPage(
                title="hushparent",
                slug="shown-parent-slug",
                locale=index.locale,
                live=False,
            )
        )
    )
    orphan = factories.create_article(hidden_parent, title="Orphan", slug="orphan")
    hidden_parent.refresh_from_db()
    hidden_parent.unpublish()
    draft_term = factories.create_term(
        "hushterm", live=False, definition="<p>hushdefinition</p>"
    )
    changed_term = factories.create_term("known")
    changed_term.definition = "<p>hushnewdefinition</p>"
    changed_term.save_revision()
    draft_reference = factories.create_reference(
        "hushreference", live=False, authors="Hushauthor A"
    )
    draft_contributor = Contributor.objects.create(
        name="hushcontributor", locale=index.locale, live=False
    )
    Condition.objects.create(
        name="hush condition", locale=index.locale, mesh_id="D000001", is_public=False
    )
    used = create_used_entries([draft, private, below_private, unpublished], index)
    factories.create_promotion("hushpromotion", live=False)
    for placement in ("inline", "sidebar", "home"):
        factories.create_promotion(
            "hushexpired",
            placement=placement,
            ends_at=timezone.now() - timedelta(days=1),
        )
        factories.create_promotion(
            "hushearly",
            placement=placement,
            starts_at=timezone.now() + timedelta(days=1),
        )
    factories.create_promotion("Shown notice", placement="inline")
    hidden_pages = [draft, private, below_private, unpublished]
    links = "".join(
        f'<a linktype="page" id="{page.pk}">shown words</a>' for page in hidden_pages
    )
    html = (
        f'<p>{links}<a linktype="document" id="{private_document.pk}">file</a>'
        f'<a linktype="glossary-term" id="{draft_term.pk}">plain</a>'
        f'<a linktype="glossary-term" id="{changed_term.pk}">known</a>'
        f'<a linktype="citation" id="{draft_reference.pk}">[hushlabel]</a></p>'
    )
    cards = [
        {"type": "related_article", "value": {"page": page.pk, "teaser": "shown"}}
        for page in hidden_pages
    ]
    statistic = {
        "value": 1,
        "denominator": "10",
        "outcome": "o",
        "reference_class": "r",
        "citations": [draft_reference.pk],
    }
    body = [
        {
            "type": "section",
            "value": {
                "heading": "Shown",
                "content": [
                    {"type": "rich_text", "value": html},
                    *cards,
                    {"type": "statistic", "value": statistic},
                    {
                        "type": "figure",
                        "value": {"image": private_image.pk, "alt": "shown"},
                    },
                    {"type": "promotion_slot", "value": {"placement": "inline"}},
                ],
            },
        }
    ]
    shown = factories.create_article(
        index,
        title="Shown",
        slug="shown",
        intro=html,
        body=body,
        hero_image=private_image,
        hero_image_alt="shown",
    )
    condition = Condition.objects.create(name="Shown condition", locale=index.locale)
    shown.article_conditions.add(TreatmentPageCondition(condition=condition))
    shown.article_contributors.add(
        TreatmentPageContributor(contributor=draft_contributor)
    )
    for page in hidden_pages:
        shown.related_articles.add(
            TreatmentPageRelated(relation="more", related_page=page)
        )
    factories.publish(shown)
    shown.title = "hushtitle"
    shown.summary = "hushnewsummary"
    shown.save_revision()
    spanish = Locale.objects.get(language_code="es")
    spanish_home = home.copy_for_translation(spanish)
    spanish_home.title = "hushspanishhome"
    spanish_home.save()
    alias = private.create_alias(update_slug="shown-alias", parent=index)
    Page.objects.filter(pk=alias.pk).update(
        title="Shown alias", draft_title="hushdrafttitle", live=True
    )
    TreatmentPage.objects.filter(pk=alias.pk).update(title="Shown alias")
    for number, page in enumerate([*hidden_pages, section]):
        Redirect.objects.create(
            old_path=f"/hushold{'abcdefgh'[number]}", redirect_page=page
        )
    return {
        "home": home,
        "index": index,
        "shown": shown,
        "orphan": orphan,
        "alias": alias,
        "hidden": [*hidden_pages, section, hidden_parent, spanish_home],
        "hidden_snippets": {
            "glossary": draft_term,
            "references": draft_reference,
            "contributors": draft_contributor,
        },
        "changed_term": changed_term,
        "used": used,
        "private_image": private_image,
        "private_document": private_document,
    }


def create_used_entries(hidden_pages, index):
    """Return a public term, reference and contributor that only hidden pages use."""
    term = factories.create_term("used term")
    reference = factories.create_reference("Used reference")
    contributor = Contributor.objects.create(name="Used", locale=index.locale)
    for page in hidden_pages:
        is_live = page.live
        page.intro = (
            f'<p><a linktype="glossary-term" id="{term.pk}">w</a>'
            f'<a linktype="citation" id="{reference.pk}">[1]</a></p>'
        )
        page.article_contributors.add(TreatmentPageContributor(contributor=contributor))
        page.save()
        assert page.live == is_live
    return [term, reference, contributor]


def build_urls(site):
    """Yield every public address with every parameter that could show more."""
    for version in ("v2", "v3"):
        yield from build_page_urls(site, version)
        yield from build_library_urls(version)
    for name in ("navigation", "site", "locales", "sitemap", "glossary/letters"):
        yield f"/api/v3/{name}/"
        yield f"/api/v3/{name}/?locale=es"
    yield from build_use_urls(site)
    for path in (
        "",
        "schema/",
        "schema/treatments.TreatmentPage/",
        "snippets/",
        "whoami/",
        "sites/",
        "openapi.json",
    ):
        yield f"/api/v3/{path}"
    for path in (
        "/en/",
        "/es/",
        "/en/treatments/",
        "/en/treatments/shown/",
        "/en/treatments/shown-parent-slug/orphan/",
    ):
        yield path


def build_page_urls(site, version):
    """Yield the addresses of the pages endpoint."""
    known = [site["home"], site["index"], site["shown"], site["orphan"], site["alias"]]
    ids = [page.pk for page in [*known, *site["hidden"]]]
    fields = [
        "",
        "fields=*",
        "fields=*,parent(*)",
        "fields=_,title",
        "rich_text_format=html",
        "version=draft",
    ]
    types = [
        "",
        "type=treatments.TreatmentPage",
        "type=wagtailcore.Page",
        "type=treatments.TreatmentIndexPage",
    ]
    pages = f"/api/{version}/pages/"
    for parameters in itertools.product(
        types, fields, ["", "locale=es", "locale=en", "order=-title", "limit=100"]
    ):
        yield pages + "?" + "&".join(part for part in parameters if part)
    for pk, parameter in itertools.product(ids, fields):
        yield f"{pages}{pk}/?{parameter}"
        for name in ("child_of", "descendant_of", "ancestor_of", "translation_of"):
            yield f"{pages}?{name}={pk}&{parameter}"
        yield f"{pages}find/?id={pk}&{parameter}"


def build_use_urls(site):
    """Yield the addresses of slugs, codes and the articles that use an entry."""
    for name in ("glossary", "conditions", "treatments"):
        for slug in ("known", "hushterm", "hush-condition"):
            for locale in ("en", "es"):
                yield f"/api/v3/{name}/by-slug/{slug}/?locale={locale}"
    for name in ("conditions", "treatments"):
        yield f"/api/v3/{name}/?code=D000001"
        yield f"/api/v3/{name}/?search=hush"
    for name in ("glossary", "references", "contributors"):
        yield f"/api/v3/{name}/?search=hush"
        for pk in {1, 2, 3, *(entry.pk for entry in site["used"])}:
            yield f"/api/v3/{name}/{pk}/articles/"
            yield f"/api/v3/{name}/{pk}/articles/?locale=en"
    for letter in ("H", "K", "%23"):
        yield f"/api/v3/glossary/?letter={letter}"
    for path in ("/hushold", "/husholda", "/husholdb"):
        yield f"/api/v3/redirects/find/?html_path={path}"


def build_library_urls(version):
    """Yield the addresses of the other endpoints."""
    for name in ("images", "documents", "redirects"):
        yield f"/api/{version}/{name}/?limit=100"
        yield f"/api/{version}/{name}/?limit=100&fields=*"
        for pk in range(1, 12):
            yield f"/api/{version}/{name}/{pk}/"
    for name in ("glossary", "references", "contributors", "conditions", "treatments"):
        yield f"/api/{version}/{name}/"
        yield f"/api/{version}/{name}/?locale=en"
        for pk in range(1, 5):
            yield f"/api/{version}/{name}/{pk}/"


def test_nothing_hidden_is_shown(client, site):
    answered = 0
    for url in build_urls(site):
        answer = client.get(
            url,
            headers={"Authorization": "Bearer wagtail_bogus"}
            if "redirects" in url
            else {},
        )
        answered += answer.status_code == 200
        text = (
            b"".join(answer.streaming_content) if answer.streaming else answer.content
        )
        found = set(HIDDEN.findall(text.decode())) | set(
            HIDDEN.findall(str(answer.headers))
        )
        assert not found, f"{url} shows {found}"
        assert answer.status_code < 500, url
    assert answered > 100


def test_the_shown_article_is_whole_without_what_is_hidden(client, site):
    article = client.get(f"/api/v2/pages/{site['shown'].pk}/").json()
    content = article["body"][0]["value"]["content"]
    assert content[0]["value"]["text"].count("shown words") == 4
    assert "<a" not in content[0]["value"]["html"]
    assert '<dfn data-term="' in content[0]["value"]["html"]
    assert content[1]["value"] == {"page": None, "teaser": "shown"}
    assert content[5]["value"]["citations"] == []
    assert content[6]["value"]["image"] is None
    assert [entry["title"] for entry in content[7]["value"]["promotions"]] == [
        "Shown notice"
    ]
    assert article["promotions"] == []
    assert article["hero"] is None
    assert article["related"] == []
    assert article["governance"]["authors"] == []
    assert [term["term"] for term in article["glossary"]] == ["known"]
    assert article["meta"]["parent"]["title"] == "Treatments"
    orphan = client.get(f"/api/v2/pages/{site['orphan'].pk}/").json()
    assert orphan["meta"]["parent"] is None
    assert (
        client.get(f"/api/v3/pages/{site['orphan'].pk}/").json()["meta"]["parent"]
        is None
    )


@pytest.mark.parametrize(
    "word",
    [
        "hushdraft",
        "hushprivate",
        "hushbelow",
        "hushtitle",
        "hushsummary",
        "hushnewsummary",
    ],
)
def test_searching_and_filtering_for_a_hidden_word_finds_nothing(client, site, word):
    for version in ("v2", "v3"):
        for query in ({"search": word}, {"title": word}, {"slug": f"{word}slug"}):
            answer = client.get(
                f"/api/{version}/pages/", {**query, "type": "treatments.TreatmentPage"}
            )
            assert answer.status_code == 200
            body = answer.json()
            assert body["items"] == []
            assert (
                body.get("count") if version == "v3" else body["meta"]["total_count"]
            ) == 0
        for path in (f"/en/treatments/{word}slug/", f"/treatments/{word}slug/"):
            assert (
                client.get(
                    f"/api/{version}/pages/find/", {"html_path": path}
                ).status_code
                == 404
            )


def test_hidden_and_missing_things_answer_alike(client, site):
    for version in ("v2", "v3"):
        missing = client.get(f"/api/{version}/pages/999999/")
        for page in site["hidden"]:
            answer = client.get(f"/api/{version}/pages/{page.pk}/")
            assert (answer.status_code, answer.content) == (
                missing.status_code,
                missing.content,
            )
        for name, snippet in site["hidden_snippets"].items():
            missing = client.get(f"/api/{version}/{name}/999999/")
            answer = client.get(f"/api/{version}/{name}/{snippet.pk}/")
            assert (answer.status_code, answer.content) == (
                missing.status_code,
                missing.content,
            )


def test_a_session_shows_no_more_than_an_anonymous_caller_sees(
    client, admin_client, site
):
    for path in ("pages/?fields=*", "images/", "documents/", "redirects/", "glossary/"):
        for version in ("v2", "v3"):
            url = f"/api/{version}/{path}"
            assert admin_client.get(url).content == client.get(url).content
    assert admin_client.get(f"/api/v2/pages/{site['hidden'][0].pk}/").status_code == 404


def test_a_token_of_an_editor_goes_on_to_wagtails_redirects(
    client, site, django_user_model
):
    user = django_user_model.objects.create_superuser("admin", password="x")  # noqa: S106
    _token, key = APIToken.create_token(user=user, name="test")
    answer = client.get(
        "/api/v3/redirects/", headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.json()["count"] == 5
    assert client.get("/api/v3/redirects/").json()["count"] == 0
    assert (
        client.post(
            "/api/v3/redirects/", {}, content_type="application/json"
        ).status_code
        == 401
    )
