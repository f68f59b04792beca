"""Settings that hold wherever the project runs."""

from corsheaders.defaults import default_headers

from cms.settings import env
from cms.settings.frontend_caches import find_frontend_caches

BASE_DIR = env.REPOSITORY_DIR

# The database file, uploads and collected static files, all below one ignored folder.
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / ".data")

# Applications

INSTALLED_APPS = [
    # Ours stand before Wagtail's: the v3 API builds its registry of field schemas when
    # it is first imported, and a StreamField that is not registered by then becomes {}.
    # "home" adds its own page type to the representation before "treatments" registers it.
    "home",
    "treatments",
    "treatments.delivery",
    "treatments.preview",
    "treatments.review",
    "treatments.translation",
    "treatments.webhooks",
    "snippets",
    "wagtail_localize",
    # Takes the place of wagtail.locales: the same app label, with translation settings.
    "wagtail_localize.locales",
    "wagtail_localize.modeladmin",
    "wagtail_modeladmin",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.api.v2",
    "wagtail.api.v3",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "django_filters",
    "corsheaders",
    # Serves the interactive API documentation's scripts from here instead of a CDN.
    "ninja",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "treatments.api.middleware.ApiProblemMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Answers preflights itself, and gives its headers to errors too.
    "corsheaders.middleware.CorsMiddleware",
    "treatments.delivery.middleware.StoredDocumentMiddleware",
    "treatments.api.middleware.ApiCacheMiddleware",
    "treatments.api.throttling.AnonymousWriteThrottleMiddleware",
    "treatments.api.middleware.ApiRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    # Django's, except that it leaves /api/ alone.
    "treatments.api.middleware.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "treatments.api.middleware.PublicRedirectMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"
ASGI_APPLICATION = "cms.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Data

DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR / "db.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    INSTALLED_APPS.append("django.contrib.postgres")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache_backend("REDIS_URL")}
WAGTAILFRONTENDCACHE = find_frontend_caches()
if WAGTAILFRONTENDCACHE:
    INSTALLED_APPS.append("wagtail.contrib.frontend_cache")

# Files

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# The reader is plain ES modules: what is in the folder is what is served.
STATICFILES_DIRS = [("reader", BASE_DIR / "home" / "reader")]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}

# A long article has more form fields than the 1,000 that Django allows.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Accounts

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{validator}"}
    for validator in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Languages and time

USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("es", "español")]
USE_TZ = True
TIME_ZONE = "UTC"

# Wagtail

WAGTAIL_SITE_NAME = "Wagtail Treatments"
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_BASE_URL = env.text("WAGTAILADMIN_BASE_URL", "http://127.0.0.1:8000")
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
# No hash of an editor's e-mail address leaves for an outside service.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# The editors' browsers ask no outside service whether there is a newer Wagtail.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAILAPI_LIMIT_MAX = 100
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "rtf", "txt", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# Which browsers' pages may read the API

CORS_ALLOWED_ORIGINS = env.origins("CORS_ALLOWED_ORIGINS")
CORS_URLS_REGEX = env.CORS_URLS if CORS_ALLOWED_ORIGINS else env.NO_URLS
CORS_ALLOW_CREDENTIALS = False
# With these a frontend elsewhere shows a draft to whoever holds a link.
CORS_ALLOW_HEADERS = [*default_headers, "if-match", "x-draft-token"]
CORS_EXPOSE_HEADERS = ["ETag", "Link", "Location", "Publication-Warning", "Retry-After"]

# wagtail-localize

# Translators work segment by segment, with the English beside the Spanish. "simple"
# would leave them a copy in English and no record of what is still missing.
WAGTAIL_LOCALIZE_DEFAULT_TRANSLATION_MODE = "synced"
# By default, submitting a live page publishes English text under the Spanish URL at once.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
# Deleting a translated page stops its translation. By default it also deletes every
# translated segment, which is work that nobody can bring back.
WAGTAILLOCALIZE_DISABLE_ON_DELETE = True
# Nothing is sent to a translation service unless a project chooses one.
WAGTAILLOCALIZE_MACHINE_TRANSLATOR = None
# Submissions run while their author waits, so that an error reaches the author.
WAGTAILLOCALIZE_JOBS = {"BACKEND": "wagtail_localize.tasks.ImmediateBackend"}

# Wagtail Treatments

TREATMENTS = {
    "FRONTEND_URL": env.text("FRONTEND_URL") or None,
    "READER_TEMPLATE": "home/reader.html",
    "PREVIEW_VIEW": "treatments.preview.live.preview_page",
    "PREVIEW_URL": env.text("PREVIEW_URL") or None,
    "ANONYMOUS_WRITE_RATE": env.text("ANONYMOUS_WRITE_RATE", "30/min"),
    "TRUSTED_PROXY_COUNT": env.integer("TRUSTED_PROXY_COUNT", 0),
    "WEBHOOK_ALLOWED_HOSTS": env.words("WEBHOOK_ALLOWED_HOSTS"),
    "MEDIA_INTERNAL_URL": env.text("MEDIA_INTERNAL_URL") or None,
    "AUDIT_KEY": env.text("AUDIT_KEY") or None,
}
