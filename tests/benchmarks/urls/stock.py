"""Wagtail's own APIs, and its v2 detail behind ``cache_page`` in local memory and in Redis."""

from django.urls import path
from django.views.decorators.cache import cache_page
from wagtail.api.v3.urls import api

from tests.benchmarks.stock.views import detail_view, router

#: Longer than a run takes: the caches stay warm.
SECONDS = 3600

urlpatterns = [
    path("api/v2/", router.urls),
    path("api/v3/", api.urls),
    *(
        path(
            f"cached/{name}/pages/<int:pk>/",
            cache_page(SECONDS, cache=name)(detail_view),
        )
        for name in ("memory", "redis")
    ),
]
