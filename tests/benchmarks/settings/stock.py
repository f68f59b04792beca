"""Wagtail alone: the models of the articles with their data, and nothing else of ours.

The apps that answer, index, store and follow articles are not loaded; the middleware is that of a new
project with several languages.
"""

from cms.settings import base, env
from tests.benchmarks.settings.project import *  # noqa: F403

INSTALLED_APPS = [
    {
        "home": "tests.benchmarks.stock.apps.StockHomeConfig",
        "treatments": "tests.benchmarks.stock.apps.StockTreatmentsConfig",
    }.get(name, name)
    for name in base.INSTALLED_APPS
    if not name.startswith("treatments.")
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
ROOT_URLCONF = "tests.benchmarks.urls.stock"

#: No entry is thrown out of the local memory.
CACHES = {
    **CACHES,  # noqa: F405
    "memory": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "memory",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
    "redis": {
        **env.cache_backend("BENCH_REDIS_URL"),
        "KEY_PREFIX": env.text("BENCH_CACHE_PREFIX", "benchmark"),
    },
}
