"""The limits: the middleware that a stored document passes, and a bare view behind it."""

from cms.settings import production
from tests.benchmarks.settings.project import *  # noqa: F403

_stored = "treatments.delivery.middleware.StoredDocumentMiddleware"
MIDDLEWARE = production.MIDDLEWARE[: production.MIDDLEWARE.index(_stored)]
ROOT_URLCONF = "tests.benchmarks.urls.limits"
