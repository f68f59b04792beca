"""The URLs of the reference project, and behind its whole middleware the bare views and the live render."""

from django.urls import path

from cms.urls import urlpatterns as project_urlpatterns
from tests.benchmarks.live import render_article
from tests.benchmarks.urls.limits import urlpatterns as limits

urlpatterns = [
    *limits,
    path("live/<int:page_id>/", render_article),
    *project_urlpatterns,
]
