"""No anonymous endpoint, with any parameter, shows a word of what is not public."""

from __future__ import annotations

import re

import pytest
from wagtail.models import APIToken

from tests.shared import share
from tests.treatments.hidden_site import create_hidden_site
from tests.treatments.public_addresses import build_urls

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r"hush[a-z]+", re.IGNORECASE)


shared_hidden_site = share("shared_hidden_site", create_hidden_site)


@pytest.fixture
def site(shared_hidden_site):
    return shared_hidden_site


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
