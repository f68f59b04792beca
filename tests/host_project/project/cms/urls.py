"""The addresses of the clinic's project: its pages, the admin, and both APIs."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v3.urls import api as v3_api
from wagtail.documents import urls as wagtaildocs_urls

from treatments.api.errors import not_found
from treatments.api.media import build_media_urlpatterns
from treatments.api.redirects import build_v3_urlpatterns
from treatments.api.v2 import register_endpoints
from treatments.api.v3 import register_routers
from treatments.preview.api import register_routers as register_preview
from treatments.review.api import register_routers as register_review
from treatments.webhooks.api import register_routers as register_webhooks

v2_router = WagtailAPIRouter("wagtailapi")
register_endpoints(v2_router)
register_routers(v3_api)
register_preview(v3_api)
register_review(v3_api)
register_webhooks(v3_api)

urlpatterns = [
    path("documents/", include(wagtaildocs_urls)),
    path("admin/", include(wagtailadmin_urls)),
    *build_media_urlpatterns(),
    path("api/v2/", v2_router.urls),
    path("api/v3/", include(build_v3_urlpatterns(v3_api))),
    path("api/v3/", v3_api.urls),
    re_path(r"^api/", not_found),
    *i18n_patterns(path("", include(wagtail_urls)), prefix_default_language=True),
]
