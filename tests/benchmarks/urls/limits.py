"""The bare views."""

from django.urls import path

from tests.benchmarks.limits import get_constant, get_stored_bytes

urlpatterns = [
    path("limits/constant/", get_constant),
    path("limits/stored/<int:page_id>/", get_stored_bytes),
]
