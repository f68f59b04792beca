"""Which origins may read the API from a browser: those that the operator lists, and no other."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from cms.settings import dev, env

pytestmark = pytest.mark.django_db
ORIGIN = "https://www.example.org"


@pytest.fixture
def _allowed(settings):
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
    settings.CORS_URLS_REGEX = env.CORS_URLS


@pytest.mark.usefixtures("_allowed")
def test_a_listed_origin_may_read(client):
    answer = client.get("/api/v3/locales/", headers={"Origin": ORIGIN})
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    assert "Access-Control-Allow-Credentials" not in answer
    exposed = answer["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Retry-After", "Link"} <= set(exposed)
    assert "origin" in answer["Vary"].lower()


@pytest.mark.usefixtures("_allowed")
def test_another_origin_may_not_read(client):
    answer = client.get(
        "/api/v3/locales/", headers={"Origin": "https://elsewhere.example.org"}
    )
    assert "Access-Control-Allow-Origin" not in answer
    assert "origin" in answer["Vary"].lower()


@pytest.mark.usefixtures("_allowed")
@pytest.mark.parametrize(
    "url", ["/api/v2/pages/?x=1", "/api/v3/pages/?x=1", "/api/nothing/"]
)
def test_errors_can_be_read_too(client, url):
    answer = client.get(url, headers={"Origin": ORIGIN})
    assert answer.status_code >= 400
    assert answer["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.usefixtures("_allowed")
def test_a_preflight_is_answered(client):
    answer = client.options(
        "/api/v3/pages/1/",
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": "authorization, content-type",
        },
    )
    assert answer.status_code == 200
    assert "PATCH" in answer["Access-Control-Allow-Methods"]
    assert "authorization" in answer["Access-Control-Allow-Headers"]


@pytest.mark.usefixtures("_allowed")
def test_the_limit_of_writes_can_be_read_too(client, settings):
    settings.TREATMENTS = {**settings.TREATMENTS, "ANONYMOUS_WRITE_RATE": "1/h"}
    answers = [client.post("/api/v3/pages/", headers={"Origin": ORIGIN}) for _ in "ab"]
    assert answers[1].status_code == 429
    assert answers[1]["Access-Control-Allow-Origin"] == ORIGIN
    assert "Retry-After" in answers[1]["Access-Control-Expose-Headers"]


@pytest.mark.usefixtures("_allowed")
def test_pages_and_the_admin_are_for_their_own_origin(client):
    for url in ("/", "/admin/login/"):
        answer = client.get(url, headers={"Origin": ORIGIN})
        assert "Access-Control-Allow-Origin" not in answer


def test_without_a_list_nothing_is_allowed_and_nothing_varies(client):
    answer = client.get("/api/v3/locales/", headers={"Origin": ORIGIN})
    assert "Access-Control-Allow-Origin" not in answer
    assert "origin" not in answer.get("Vary", "").lower()


def test_development_allows_the_usual_frontends():
    assert "http://localhost:3000" in dev.CORS_ALLOWED_ORIGINS
    assert dev.CORS_URLS_REGEX == env.CORS_URLS


def test_origins_are_read_from_the_environment(monkeypatch):
    monkeypatch.setenv("ORIGINS", "https://a.example.org, http://localhost:3000")
    assert env.origins("ORIGINS") == ["https://a.example.org", "http://localhost:3000"]


@pytest.mark.parametrize(
    "value",
    [
        "*",
        "www.example.org",
        "https://www.example.org/",
        "https://www.example.org/path",
        "https://*.example.org",
        "https://user@example.org",
        "https://WWW.example.org",
        "https://example.org:port",
        "ftp://example.org",
        "null",
        "https://",
    ],
)
def test_what_is_no_origin_is_refused_by_name(monkeypatch, value):
    monkeypatch.setenv("ORIGINS", f"https://a.example.org,{value}")
    with pytest.raises(ImproperlyConfigured, match="ORIGINS") as caught:
        env.origins("ORIGINS")
    assert repr(value) in str(caught.value)
