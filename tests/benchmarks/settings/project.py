"""The reference project as in production: the articles, the ledger, the short path."""

from cms.settings.base import CACHES as BASE_CACHES
from cms.settings.production import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls.project"
LOGGING = {"version": 1, "disable_existing_loggers": True}

#: Like the competitors' server; the API itself caches nothing there.
CACHES = {"default": {**BASE_CACHES["default"]}}
