"""The project's URLs: pages have a language prefix, the API has none."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("accept_language", "location"),
    [("en", "/en/"), ("es-MX,es;q=0.9,en;q=0.5", "/es/"), ("fr", "/en/"), ("", "/en/")],
)
def test_the_root_leads_to_the_readers_language(client, accept_language, location):
    response = client.get("/", headers={"accept-language": accept_language})
    assert response.status_code == 302
    assert response["Location"] == location


@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api/v1/pages/",
        "/api/v2/nothing/",
        "/api/v2/pages/999999/",
        "/api/v3/nothing/",
        "/api/v3/pages/999999/",
    ],
)
def test_an_unknown_api_path_is_a_json_404(client, path):
    response = client.get(path, headers={"accept-language": "es"})
    assert response.status_code == 404
    assert "json" in response["Content-Type"]
    assert "Accept-Language" not in response.get("Vary", "")


@pytest.mark.parametrize("path", ["/api/v2/pages/", "/api/v3/pages/"])
def test_both_wagtail_apis_answer(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/json")


def test_the_apis_share_one_openapi_document_with_our_routers(client):
    document = client.get("/api/v3/openapi.json").json()
    for router in ("pages", "images", "documents", "snippets", "redirects"):
        assert any(path.startswith(f"/api/v3/{router}/") for path in document["paths"])


@pytest.mark.parametrize("path", ["/admin/", "/django-admin/"])
def test_the_admin_asks_for_a_login(client, path):
    response = client.get(path)
    assert response.status_code == 302
    assert "/login/" in response["Location"]
