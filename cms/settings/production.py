"""Settings for a public server. They refuse to start when something is unsafe."""

from django.core.exceptions import ImproperlyConfigured

from cms.settings import base, env
from cms.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")

SECRET_KEY_MIN_LENGTH = 50
SECRET_KEY_MIN_UNIQUE_CHARACTERS = 10
PLACEHOLDER_WORDS = ("insecure", "changeme", "change-me", "secret-key", "example")


def _find_problems() -> list[str]:
    """Return one sentence for each variable that makes this server unsafe."""
    problems = []
    if env.boolean("DEBUG"):
        problems.append(
            "DEBUG is on: remove it, error pages would show code and settings."
        )
    if not SECRET_KEY:
        problems.append("SECRET_KEY is missing: set it to a long random value.")
    elif (
        len(SECRET_KEY) < SECRET_KEY_MIN_LENGTH
        or len(set(SECRET_KEY)) < SECRET_KEY_MIN_UNIQUE_CHARACTERS
    ):
        problems.append(
            f"SECRET_KEY is too short or too simple: it needs "
            f"{SECRET_KEY_MIN_LENGTH} random characters."
        )
    elif any(word in SECRET_KEY.lower() for word in PLACEHOLDER_WORDS):
        problems.append("SECRET_KEY is a placeholder: set it to a long random value.")
    if not ALLOWED_HOSTS:
        problems.append("ALLOWED_HOSTS is empty: name the hosts of this site.")
    elif "*" in ALLOWED_HOSTS:
        problems.append(
            "ALLOWED_HOSTS must not contain *: name the hosts of this site."
        )
    return problems


if problems := _find_problems():
    raise ImproperlyConfigured(" ".join(problems))

WAGTAILADMIN_BASE_URL = env.text(
    "WAGTAILADMIN_BASE_URL", f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
)

# HTTPS

SECURE_SSL_REDIRECT = env.boolean("SECURE_SSL_REDIRECT", True)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
if env.boolean("BEHIND_TLS_PROXY"):
    # Only where a proxy sets this header itself: otherwise any client could.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.boolean("SECURE_HSTS_INCLUDE_SUBDOMAINS", True)
SECURE_HSTS_PRELOAD = env.boolean("SECURE_HSTS_PRELOAD")
# Browsers keep a preloaded domain for months after it asks to leave their list, so
# joining it is the decision of the domain's owner and no default.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# Files, data and mail

# Behind the security middleware, as its documentation asks.
_position = base.MIDDLEWARE.index("django.middleware.security.SecurityMiddleware") + 1
MIDDLEWARE = [
    *base.MIDDLEWARE[:_position],
    "whitenoise.middleware.WhiteNoiseMiddleware",
    *base.MIDDLEWARE[_position:],
]
STORAGES = {
    **base.STORAGES,
    "staticfiles": {
        "BACKEND": "home.storage.ModuleStaticFilesStorage",
    },
}
DATABASES = {
    "default": {
        **base.DATABASES["default"],
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "webmaster@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "line",
        },
    },
    "root": {"handlers": ["stdout"], "level": env.text("LOG_LEVEL", "INFO").upper()},
    # Django's own handlers would print each message a second time.
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
