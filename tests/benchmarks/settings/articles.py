"""The reference project without the ledger: the article index and its search, and nothing stored."""

from cms.settings import base
from tests.benchmarks.settings.project import *  # noqa: F403

INSTALLED_APPS = [name for name in base.INSTALLED_APPS if name != "treatments.delivery"]
MIDDLEWARE = [
    name
    for name in base.MIDDLEWARE
    if name != "treatments.delivery.middleware.StoredDocumentMiddleware"
]
