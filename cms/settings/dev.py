"""Settings for a developer's machine and for the demo."""

from cms.settings import env
from cms.settings.base import *  # noqa: F403

DEBUG = True
SECRET_KEY = "insecure-development-key-that-production-refuses"  # noqa: S105
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", [".localhost", "127.0.0.1", "[::1]"])

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

# Where the development servers of frontends usually listen.
CORS_ALLOWED_ORIGINS = env.origins(
    "CORS_ALLOWED_ORIGINS",
    ["http://localhost:3000", "http://localhost:4321", "http://localhost:5173"],
)
CORS_URLS_REGEX = env.CORS_URLS
