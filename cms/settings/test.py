"""Settings for the tests.

``DATABASE_URL`` and ``REDIS_URL`` are honored, so that the same tests run against
PostgreSQL and Redis. A ``.env`` file is not read.
"""

from cms.settings import base
from cms.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = "insecure-test-key-that-production-refuses"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

if base.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    base.DATABASES["default"]["NAME"] = ":memory:"
else:
    base.DATABASES["default"]["TEST"] = {"NAME": "test_treatments"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
