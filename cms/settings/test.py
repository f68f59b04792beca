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
    # What a power cut would lose is of no use to anybody here.
    base.DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )
else:
    # Named like the database that is given, so that two runs on one server can keep out of each other's way.
    base.DATABASES["default"]["TEST"] = {
        "NAME": f"test_{base.DATABASES['default']['NAME']}"
    }

# Between tests that commit, Django empties tables whose rows are kept for ever elsewhere.
base.TREATMENTS["ALLOW_FLUSH"] = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
