"""Settings for a developer's machine and for the demo."""

from cms.settings import env
from cms.settings.base import *  # noqa: F403

DEBUG = True
SECRET_KEY = "insecure-development-key-that-production-refuses"  # noqa: S105
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", [".localhost", "127.0.0.1", "[::1]"])

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
