"""The base settings: their order, their safe choices and their size."""

import runpy

from django.conf import settings

from cms.settings import env
from treatments.delivery.checks import find_errors

BASE_FILE = env.REPOSITORY_DIR / "cms" / "settings" / "base.py"


def test_base_stays_readable():
    assert len(BASE_FILE.read_text(encoding="utf-8").splitlines()) < 200


def test_the_plugins_stand_before_wagtail():
    apps = settings.INSTALLED_APPS
    first_wagtail_app = next(
        index for index, app in enumerate(apps) if app.split(".")[0] == "wagtail"
    )
    for app in ("treatments", "treatments.translation", "snippets"):
        assert apps.index(app) < first_wagtail_app


def test_a_translation_is_never_published_by_submitting_it():
    assert settings.WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE is False


def test_deleting_a_translated_page_keeps_the_translators_work():
    assert settings.WAGTAILLOCALIZE_DISABLE_ON_DELETE is True


def test_no_text_goes_to_a_translation_service():
    assert settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR is None


def test_postgresql_brings_its_search_app(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://127.0.0.1/cms")
    with_postgresql = runpy.run_path(str(BASE_FILE))
    monkeypatch.setenv("DATABASE_URL", "sqlite://:memory:")
    with_sqlite = runpy.run_path(str(BASE_FILE))
    assert "django.contrib.postgres" in with_postgresql["INSTALLED_APPS"]
    assert "django.contrib.postgres" not in with_sqlite["INSTALLED_APPS"]


def test_the_frontend_url_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("FRONTEND_URL", "https://www.example.org")
    treatments = runpy.run_path(str(BASE_FILE))["TREATMENTS"]
    assert treatments["FRONTEND_URL"] == "https://www.example.org"
    monkeypatch.setenv("FRONTEND_URL", "")
    assert runpy.run_path(str(BASE_FILE))["TREATMENTS"]["FRONTEND_URL"] is None


def test_a_cdn_comes_from_the_environment_with_its_app(monkeypatch):
    app = "wagtail.contrib.frontend_cache"
    without = runpy.run_path(str(BASE_FILE))
    assert without["WAGTAILFRONTENDCACHE"] == {}
    assert app not in without["INSTALLED_APPS"]
    monkeypatch.setenv("FASTLY_SERVICE_ID", "service1")
    monkeypatch.setenv(
        "VARNISH_LOCATIONS", "http://10.0.0.5:6081, http://10.0.0.6:6081"
    )
    given = runpy.run_path(str(BASE_FILE))
    caches = given["WAGTAILFRONTENDCACHE"]
    assert set(caches) == {"fastly", "varnish"}
    assert caches["varnish"]["LOCATIONS"] == [
        "http://10.0.0.5:6081",
        "http://10.0.0.6:6081",
    ]
    assert app in given["INSTALLED_APPS"]
    # Half a login is not dropped silently.
    assert find_errors(caches["varnish"]) == []
    assert find_errors(caches["fastly"]) == ["API_TOKEN is missing."]
