"""Production settings refuse to start when something is unsafe, and say what."""

import runpy

import pytest
from django.core.exceptions import ImproperlyConfigured

from cms.settings import dev, env
from cms.settings import test as test_settings

STRONG_KEY = "q7Zr0mN2xT5vB8kL1pW4sD9gH6jF3cY_aE-uI7oR2tQ5wX8zM0nV"


@pytest.fixture
def load_production(monkeypatch):
    """Return a function that runs the production settings with given variables."""
    for name in ("DEBUG", "BEHIND_TLS_PROXY", "WAGTAILADMIN_BASE_URL", "LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)

    def load(**variables: str) -> dict:
        safe = {"SECRET_KEY": STRONG_KEY, "ALLOWED_HOSTS": "www.example.org"}
        for name, value in {**safe, **variables}.items():
            monkeypatch.setenv(name, value)
        file = env.REPOSITORY_DIR / "cms" / "settings" / "production.py"
        return runpy.run_path(str(file))

    return load


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": STRONG_KEY[:40]}, "SECRET_KEY is too short"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY is too short or too simple"),
        ({"SECRET_KEY": "django-insecure-" + STRONG_KEY}, "SECRET_KEY is a placeh"),
        ({"SECRET_KEY": "ChangeMe" + STRONG_KEY}, "SECRET_KEY is a placeholder"),
        ({"DEBUG": "true"}, "DEBUG is on"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is empty"),
        ({"ALLOWED_HOSTS": " , "}, "ALLOWED_HOSTS is empty"),
        ({"ALLOWED_HOSTS": "*"}, r"ALLOWED_HOSTS must not contain \*"),
        ({"ALLOWED_HOSTS": "www.example.org,*"}, r"ALLOWED_HOSTS must not contain \*"),
    ],
)
def test_production_refuses_to_start(load_production, variables, message):
    with pytest.raises(ImproperlyConfigured, match=message):
        load_production(**variables)


def test_production_names_everything_that_is_wrong_at_once(load_production):
    with pytest.raises(ImproperlyConfigured) as caught:
        load_production(SECRET_KEY="", DEBUG="1", ALLOWED_HOSTS="")
    for name in ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS"):
        assert name in str(caught.value)


@pytest.mark.parametrize("settings_module", [dev, test_settings])
def test_production_refuses_the_keys_that_stand_in_the_repository(
    load_production, settings_module
):
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        load_production(SECRET_KEY=settings_module.SECRET_KEY)
    # Also if somebody makes it long enough.
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is a placeholder"):
        load_production(SECRET_KEY=settings_module.SECRET_KEY + STRONG_KEY)


def test_a_refusal_does_not_repeat_the_key(load_production):
    with pytest.raises(ImproperlyConfigured) as caught:
        load_production(SECRET_KEY="hush-hush")  # noqa: S106
    assert "hush-hush" not in str(caught.value)


def test_safe_values_start(load_production):
    settings = load_production()
    assert settings["DEBUG"] is False
    assert settings["ALLOWED_HOSTS"] == ["www.example.org"]
    assert settings["WAGTAILADMIN_BASE_URL"] == "https://www.example.org"
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SECURE_HSTS_SECONDS"] > 0
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["CSRF_COOKIE_SECURE"] is True


def test_a_proxys_header_is_believed_only_on_request(load_production):
    assert "SECURE_PROXY_SSL_HEADER" not in load_production()
    behind_proxy = load_production(BEHIND_TLS_PROXY="yes", SECURE_SSL_REDIRECT="no")
    assert behind_proxy["SECURE_PROXY_SSL_HEADER"] == (
        "HTTP_X_FORWARDED_PROTO",
        "https",
    )
    assert behind_proxy["SECURE_SSL_REDIRECT"] is False


def test_static_files_are_served_right_after_the_security_middleware(load_production):
    # Before both stands only what turns an error below /api/ into JSON.
    assert load_production()["MIDDLEWARE"][:3] == [
        "treatments.api.middleware.ApiProblemMiddleware",
        "django.middleware.security.SecurityMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
    ]
