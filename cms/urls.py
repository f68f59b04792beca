"""The URLs of the reference project."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms.api import v2_router, v3_api
from home.drafts import DraftReaderView
from treatments.api.errors import not_found
from treatments.api.media import build_media_urlpatterns
from treatments.api.redirects import build_v3_urlpatterns

urlpatterns = [
    path("django-admin/", admin.site.urls),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    *build_media_urlpatterns(),
    path("api/v2/", v2_router.urls),
    # Before the API itself: its own list of redirects shows where unpublished pages were.
    path("api/v3/", include(build_v3_urlpatterns(v3_api))),
    path("api/v3/", v3_api.urls),
    # Without this the page URLs below would answer for the API: with a redirect to
    # /en/api/… where a client expects a 404.
    re_path(r"^api/", not_found),
]

if settings.DEBUG:
    urlpatterns += staticfiles_urlpatterns()

urlpatterns += i18n_patterns(
    path("draft/", DraftReaderView.as_view()),
    path("", include(wagtail_urls)),
    prefix_default_language=True,
)
